// What reached a party on each of its connections, and what it did: the log seen from one seat. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/event.hpp"
#include "value/units.hpp"

namespace wsfault::verdict {

/// A fact of the log with its time and its place in the order. `fact` points into the log, which must outlive
/// it.
template <typename T>
struct Seen {
  std::int64_t at = 0;
  std::size_t index = 0;
  const T* fact = nullptr;
};
using SeenFrame = Seen<record::FrameSeen>;
using SeenEnd = Seen<record::StreamEnded>;
using SeenReport = Seen<record::Report>;

/// A stretch of log time; without `until` it lasts.
struct Span {
  std::int64_t from = 0;
  std::optional<std::int64_t> until;
};
struct Quiet : Span {
  record::EffectKind kind = record::EffectKind::silence;
};

/// One connection of the party; number 0 stands for attempts that were refused and left no trace on the wire.
struct Observed {
  int number = 0;
  std::int64_t accepted = 0;  ///< of number 0: since when attempts are refused
  std::size_t index = 0;      ///< of that event

  std::optional<Seen<record::RequestSeen>> request;  ///< as the client sent it

  // What reached the party.
  std::optional<std::int64_t> interim;               ///< a 1xx before the answer
  std::optional<Seen<record::ResponseSeen>> answer;  ///< the final one
  std::optional<Seen<record::NotHttp>> garbage;
  std::vector<SeenFrame> received;
  std::vector<Seen<record::ViolationSeen>> violations;
  std::vector<Seen<record::MessageSeen>> messages;  ///< whole ones that arrived
  std::optional<SeenEnd> ended;                     ///< TCP, towards it
  std::vector<Quiet> quiet;                         ///< silence, stall, no answer
  std::optional<Seen<record::Effect>> tls_failure;  ///< its TLS handshake must fail
  bool tls_unmet = false;                           ///< the link and it did not come to terms in TLS
  std::size_t peer_frames = 0;                      ///< what its peer sent, whether it arrived or not

  // What it did.
  std::vector<SeenFrame> sent;
  std::optional<SeenEnd> own_end;
  std::vector<SeenReport> opens, told, errors, closes;  ///< reports; `told`: messages
  std::optional<std::int64_t> next_attempt;             ///< when its next connection was accepted

  /// A 101 without flaws arrived.
  bool open() const;
  /// Since when; only if open().
  std::int64_t opened_at() const { return answer->at; }
  std::optional<SeenFrame> own_close() const;
  std::optional<SeenFrame> peer_close() const;
  /// Anything that could have made it end has arrived.
  bool struck() const;
  /// It ended TCP and had sent no Close: so it looks, too, when its process ends.
  std::optional<std::int64_t> cut_off() const;
  /// When something last arrived from the peer before `at`; the accept if nothing did.
  std::int64_t last_arrival(std::int64_t at) const;
};

/// Something done to the party's process, or an end of its own.
struct ProcessEvent {
  std::int64_t at = 0;
  record::ProcessChange change = record::ProcessChange::started;
};

/// One party in one seat.
struct Observation {
  std::vector<Observed> connections;  ///< in the order of their accepts, number 0 (if any) first
  std::vector<Span> frozen;           ///< its own process stood still
  std::vector<Span> refused;          ///< nobody listened
  std::vector<ProcessEvent> process;
  bool any_report = false;
  std::optional<std::int64_t> ready;  ///< all parties were

  /// Time between two moments in which the party's process ran.
  Duration running(std::int64_t from, std::int64_t to) const;
  /// The log time at which it will have run for `limit` since `from`, if it is not frozen again after `now`.
  std::int64_t after(std::int64_t from, Duration limit, std::int64_t now) const;
  /// First stop or kill from outside at or after `from`.
  std::optional<std::int64_t> stopped_after(std::int64_t from) const;
  /// It ended at or after `from` without being told to.
  std::optional<std::int64_t> exited_after(std::int64_t from) const;
  /// The harness started its process, and nothing was done to it, nor has it ended. Not so of one that runs
  /// elsewhere.
  bool lives() const;
};

/// The seat of a party: which connections are its own, and which side of them it is.
struct Seat {
  std::string link = "link";
  std::string party = "sut";
  record::Side side = record::Side::client;
  bool plain = false;  ///< connections of plain HTTP requests are kept, though they give their numbers back
};

/// Events after RunEnded are passed over. Reports name no connection: a close or an error belongs to the
/// latest connection accepted before it that has no close report yet; an earlier one that is struck and
/// unreported comes first where the later is brand new (a party's output and its sockets have no order
/// between them), and an error right behind a close speaks of the same connection.
Observation observe(const std::vector<record::Event>& events, const Seat& seat);
/// What observe() says of each party that connects on the link, in one reading, by name.
std::map<std::string, Observation> observe_parties(const std::vector<record::Event>& events,
                                                   const Seat& each);

}  // namespace wsfault::verdict

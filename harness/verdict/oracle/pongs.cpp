#include "verdict/oracle/pongs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "value/words.hpp"
#include "verdict/cause.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using record::ProcessChange;
using trace::Leg;
using trace::SeenFrame;

/// A pong may be late behind so many bytes of one frame; what is short keeps nobody from answering.
constexpr std::uint64_t long_payload = 64 * 1024;

/// Since when no answer is owed, or none can be seen.
std::int64_t end_of_answers(const Leg& party, const trace::Process& process) {
  std::int64_t end = party.sound_until();
  for (const trace::ProcessEvent& event : process.events) {
    const bool struck = event.change == ProcessChange::killed || event.change == ProcessChange::stopping ||
                        event.change == ProcessChange::exited;
    if (struck && event.at >= party.accepted()) end = std::min(end, event.at);
  }
  return end;
}

/// Goes back in time over pings, and over the pongs after each.
class AnsweredPings {
 public:
  explicit AnsweredPings(const Leg& party) : pongs_(party.sent_heartbeats.pongs()), next_(pongs_.size()) {}

  /// A pong after this ping has its data, or that of a ping that came later.
  bool has(const SeenFrame& ping) {
    for (; next_ > 0 && pongs_[next_ - 1].index > ping.index; --next_) {
      const std::string_view data = pongs_[next_ - 1].fact->text;
      found_ = found_ || asked_.contains(data);
      given_.insert(data);
    }
    asked_.insert(ping.fact->text.view());
    found_ = found_ || given_.contains(ping.fact->text.view());
    return found_;
  }

 private:
  const trace::Facts<record::FrameSeen>& pongs_;
  std::size_t next_;
  bool found_ = false;
  std::unordered_set<std::string_view> asked_;
  std::unordered_set<std::string_view> given_;
};

}  // namespace

std::optional<SeenFrame> answer_to(const SeenFrame& ping, const Leg& party) {
  const auto& pongs = party.sent_heartbeats.pongs();
  const auto behind =
      std::ranges::upper_bound(pongs, ping.index, {}, [](const SeenFrame& each) { return each.index; });
  const auto found = std::find_if(behind, pongs.end(),
                                  [&](const SeenFrame& pong) { return pong.fact->text == ping.fact->text; });
  return found == pongs.end() ? std::nullopt : std::optional(*found);
}

Opinion on_pongs(const Leg& party, const Scene& scene, const std::string& expected) {
  const auto& pings = party.received_heartbeats.pings();
  if (pings.empty() || !party.open()) return {};
  const std::int64_t end = end_of_answers(party, scene.process);
  AnsweredPings answers(party);
  Opinion waits;
  for (auto place = pings.rbegin(); place != pings.rend(); ++place) {
    const SeenFrame ping = *place;
    // What answers it answers all that came before it.
    if (answers.has(ping)) return waits;
    const std::int64_t due = scene.later(ping.at, grace);
    if (due >= end || (scene.horizon.over && scene.horizon.now <= due)) continue;
    const bool pongs = !party.sent_heartbeats.pongs().empty();
    Opinion opinion =
        scene
            .wait_until(due,
                        pongs ? "a ping was not answered by a pong with its data" : "a ping was not answered",
                        Cause::no_pong)
            .expecting(expected);
    if (opinion.state != Verdict::pending) return opinion;
    // Of all that wait the first decides.
    waits = std::move(opinion);
  }
  return waits;
}

Opinion on_late_pong(const Leg& party, const Scene& scene, const std::string& expected) {
  const auto& pings = party.received_heartbeats.pings();
  if (pings.empty() || !party.open() || !party.quiet.empty()) return {};
  const SeenFrame ping = pings.back();
  const auto pong = answer_to(ping, party);
  const std::int64_t due = scene.later(ping.at, grace);
  if (!pong || pong->at <= due || due >= end_of_answers(party, scene.process)) return {};
  const auto behind = std::ranges::upper_bound(party.sent, ping.index, {}, &SeenFrame::index);
  for (auto frame = behind; frame != party.sent.end() && frame->index < pong->index; ++frame) {
    if (frame->fact->length >= long_payload) return {};
  }
  return Opinion{Verdict::violated, fmt::format("a ping was answered {} too late", measured(Duration(pong->at - due))),
                 Cause::no_pong}
      .expecting(expected);
}

}  // namespace wsfault::verdict::oracle

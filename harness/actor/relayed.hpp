// A connection on the fast lane: what the relay asks for, and what the log is told.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actor/fast_lane.hpp"
#include "wire/head_scan.hpp"

namespace wsfault::actor {

struct FastLane::State {
  relay::Loop& loop;
  const LinkSetting& setting;
  std::function<void(Transfer)> leave;
  std::vector<net::tcp::endpoint> targets = {};  // of the name, in the order in which they are tried
  std::string looked_up = {};                    // the name
  fault::Clock::time_point known_until = {};
  std::vector<std::unique_ptr<Relayed>> here = {};
  Traffic of_ended_ones = {};
  net::asio::steady_timer dial_timer;
  bool times_dials = false;

  relay::Passage::Books books() const { return {setting.untold->tally, setting.untold->stops, setting.delays.get()}; }
  std::unique_ptr<Relayed> take_out(Relayed& one);
  void time_dials(const std::shared_ptr<State>& self);
};

/// A connection on the lane.
class FastLane::Relayed final : public relay::Passage {
 public:
  Relayed(State& lane, net::FileDescriptor client, int number, std::optional<std::int16_t> address)
      : Passage(lane.loop, std::move(client), lane.books()),
        lane_(lane),
        number_(number),
        address_(address) {}
  /// One that was here before.
  Relayed(State& lane, Transfer from);

  void begin(const std::string& peer);
  using Passage::go_on;
  void dial_next();
  void depart(std::optional<Side> from = {}, std::string_view unread = {});
  void give_up_dialling(int error) {
    dial_error_ = error;
    depart();
  }
  bool dials_since(fault::Clock::time_point before) const { return !connected_ && accepted_at_ <= before; }
  bool is_dialling() const { return !connected_; }
  int number() const { return number_; }
  void record(record::What what) {
    lane_.setting.log->record({lane_.setting.name, lane_.setting.client_party, number_}, std::move(what));
  }
  Traffic traffic() const {
    return {read_from(Side::client), read_from(Side::server), written_to(Side::client),
            written_to(Side::server)};
  }
  Connection::Glance glance() const;

  std::size_t place = 0;  // on the lane

 private:
  /// Until the frames begin.
  struct Opening {
    std::array<wire::HeadScan, 2> scans{wire::HeadScan(Side::client), wire::HeadScan(Side::server)};
    std::array<std::string, 2> texts;  // of the heads, as far as they have come
    std::optional<wire::RequestHead> request;
  };

  Read read_heads(Side from, std::string_view bytes) override;
  Read begin_raw(Side from, std::string_view bytes);
  bool pass_request(const std::string& text, std::size_t passed);
  bool pass_response(const std::string& text, std::size_t passed);
  void connected() override;
  void dial_failed(int error) override;
  void caught_up(Side side) override {
    if (side == Side::client) open();
  }
  void fin_read(Side side) override { record(record::StreamEnded{.tap = record::Tap::sent, .side = side}); }
  void fin_passed(Side side) override {
    record(record::StreamEnded{.tap = record::Tap::arrived, .side = side});
  }
  void over() override;
  void must_leave(std::optional<Side> from, std::string_view unread) override { depart(from, unread); }
  void open();

  State& lane_;
  std::unique_ptr<Opening> opening_ = std::make_unique<Opening>();
  std::array<std::string, 2> heads_;
  fault::Clock::time_point accepted_at_ = fault::Clock::now();
  int number_;
  int dial_error_ = 0;
  std::optional<std::int16_t> address_;
  std::uint8_t tried_ = 0;  // so many of the target's addresses
  bool connected_ = false;
  bool answered_ = false;
  bool opened_ = false;
};

}  // namespace wsfault::actor

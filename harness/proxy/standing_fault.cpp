#include "proxy/standing_fault.hpp"

#include <fmt/format.h>

#include <utility>

#include "scenario/references.hpp"

namespace wsfault::proxy {
namespace {

constexpr std::size_t most_struck = 10'000;

}  // namespace

std::optional<FaultOrder> read_order(const Value& table, const fault::Seats& seats, std::vector<std::string> names,
                                     Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.errors().size();
  auto spec = fault::read_fault(table, seats, diagnostics);
  if (!spec) return std::nullopt;
  if (spec->on_party || spec->on_network) {
    diagnostics.error(table.place,
                      fmt::format("`{}` acts on {}, and a proxy has none", spec->inject,
                                  spec->on_party ? "a process" : "a network of its own"),
                      "faults of a link: connecting, tcp, tls, upgrade, websocket");
    return std::nullopt;
  }
  const Value* when = table.find("when");
  FaultOrder order{.spec = *std::move(spec), .stated = table, .at_once = when == nullptr};
  // What strikes now has no connection whose moment it was.
  if (order.at_once && order.spec.strikes_connections && !table.find("connections") && !order.spec.whole_link)
    order.spec.connections = *fault::parse_connection_set("all");
  names.push_back(order.spec.name);
  const scenario::References references(seats, std::move(names), {}, {}, diagnostics);
  if (when && order.spec.when.kind != fault::Moment::Kind::mark)
    references.check(scenario::MomentUse{order.spec.when, when->place});
  return diagnostics.errors().size() == before ? std::optional(std::move(order)) : std::nullopt;
}

bool name_apart(FaultOrder& order, const std::function<bool(const std::string&)>& is_taken) {
  std::string& name = order.spec.name;
  if (order.stated.find("name")) return !is_taken(name);
  for (int number = 2; is_taken(name); ++number) name = fmt::format("{}#{}", order.spec.inject, number);
  return true;
}

StandingFault::StandingFault(FaultOrder order, std::shared_ptr<actor::Link> link, actor::Parties& parties,
                             record::EventLog& log, const net::asio::any_io_executor& executor,
                             std::uint64_t seed)
    : specs_{std::move(order.spec)},
      stated_(std::move(order.stated)),
      at_once_(order.at_once),
      of_file_(order.of_file),
      link_(std::move(link)) {
  need_log(true);
  if (needs_units()) link_->need_units(true);
  if (reads_messages()) link_->decline_compression(true);
  link_->ask_for(spec().when, true);
  subscription_ = log.subscribe([this](const record::Event& event) { see(event); });
  board_ = std::make_unique<actor::FaultBoard>(
      executor, specs_, std::map<std::string, actor::Link*>{{link_->name(), link_.get()}}, parties, log, seed);
  if (at_once_) board_->begin();
}

/// A moment on the wire comes at an exact place in the stream; so does what works on frames.
bool StandingFault::needs_units() const {
  return fault::find_entry(spec().inject)->needs_units() || (!at_once_ && fault::is_on_wire(spec().when.kind));
}

bool StandingFault::reads_messages() const { return fault::find_entry(spec().inject)->reads_messages; }

void StandingFault::need_log(bool needed) {
  if (at_once_) return;
  // What has one moment counts over all connections.
  if (!spec().has_one_moment() && fault::is_counted(spec().when)) {
    link_->need_count(spec().when, needed);
  } else {
    link_->need_events(needed);
  }
}

void StandingFault::withdraw() {
  if (std::exchange(withdrawn_, true)) return;
  if (needs_units()) link_->need_units(false);
  need_log(false);
  if (reads_messages()) link_->decline_compression(false);
  link_->ask_for(spec().when, false);
  board_->withdraw();
}

net::Task<void> StandingFault::close() {
  withdraw();
  board_->close();
  co_await board_->join();
}

void StandingFault::see(const record::Event& event) {
  if (const auto* fired = std::get_if<record::FaultFired>(&event.what); fired && fired->name == name()) {
    ++fired_;
    struck_.insert(event.where.connection);
    if (struck_.size() > most_struck) struck_.erase(struck_.begin());
  }
  if (const auto* healed = std::get_if<record::FaultHealed>(&event.what)) healed_ += healed->name == name();
}

StandingFault::State StandingFault::state() const {
  if (fired_ == 0) return State::armed;
  return healed_ > 0 && healed_ >= fired_ ? State::healed : State::fired;
}

}  // namespace wsfault::proxy

// Faults of whole messages: lost, doubled, late, in another order.
#include <algorithm>
#include <array>
#include <numeric>

#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

class DropMessage : public CountedFault<> {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::message || !takes(unit)) return {};
    return {.kind = Treatment::Kind::drop};
  }
};

class DuplicateMessage : public CountedFault<> {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::message || !takes(unit)) return {};
    return {.kind = Treatment::Kind::replace, .bytes = std::string(unit.bytes) + std::string(unit.bytes)};
  }
};

struct DelayMessage {
  Duration delay;
};

class DelayMessageFault : public CountedFault<DelayMessage> {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::message || !takes(unit)) return {};
    return {.kind = Treatment::Kind::delay, .delay = own_.delay};
  }
};

BOOST_DEFINE_ENUM_CLASS(NewOrder, reversed, first_last, shuffled)
struct ReorderMessages {
  std::uint32_t messages;
  NewOrder order;
  Duration wait;
};

/// Puts messages aside until there are enough of them, then lets them go in another order.
class ReorderMessagesFault : public CountedFault<ReorderMessages> {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (unit.kind != Unit::Kind::message || !covers(spec_.direction, unit.from)) return {};
    Batch& batch = batches_[unit.from == Side::client ? 0 : 1];
    if (!batch.held.empty() && situation.now >= batch.due) {  // they have gone on as they came
      batch.held.clear();
      give_back();
    }
    if (batch.held.empty()) {
      if (!takes(unit)) return {};
      batch.due = situation.now + own_.wait;
    }
    batch.held.push_back(unit.number);
    if (batch.held.size() < own_.messages) {
      return {.kind = Treatment::Kind::aside, .delay = batch.due - situation.now, .strikes = false};
    }
    Release release{unit.from, std::exchange(batch.held, {})};
    rearrange(release.units, situation.random);
    return {.kind = Treatment::Kind::aside, .then = {std::move(release)}};
  }

 private:
  struct Batch {
    std::vector<std::uint64_t> held;
    Clock::time_point due;
  };

  void rearrange(std::vector<std::uint64_t>& units, std::mt19937_64& random) const {
    switch (own_.order) {
      case NewOrder::reversed:
        std::ranges::reverse(units);
        break;
      case NewOrder::first_last:
        std::rotate(units.begin(), units.begin() + 1, units.end());  // not of std::ranges: clang 14 cannot
        break;
      case NewOrder::shuffled:
        while (std::ranges::is_sorted(units)) std::ranges::shuffle(units, random);
        break;
    }
  }

  std::array<Batch, 2> batches_;
};

}  // namespace

namespace entries {

Entry drop_message() {
  Entry entry =
      counted_entry("drop_message", "Messages are lost whole.", "A server or broker that drops under load.");
  entry.reads_messages = true;
  return class_entry<DropMessage>(std::move(entry));
}

Entry duplicate_message() {
  Entry entry =
      counted_entry("duplicate_message", "Messages arrive twice.", "A broker that delivers at least once.");
  entry.reads_messages = true;
  return class_entry<DuplicateMessage>(std::move(entry));
}

Entry delay_message() {
  Entry entry =
      counted_entry("delay_message",
                    "Messages are held whole for a time; what follows in their direction waits behind "
                    "them, so that the order is kept.",
                    "A server or broker that computes before it answers, a proxy that scans what passes.");
  entry.faithful =
      "Pings, pongs and the Close behind the message wait as well: a real server may send those meanwhile. "
      "An "
      "RST waits for 1 s at most.";
  return class_entry<DelayMessageFault>(
      std::move(entry), {{&DelayMessage::delay,
                          {.name = "delay", .above_zero = true, .doc = "how long each of them is held"}}});
}

Entry reorder_messages() {
  Entry entry = counted_entry(
      "reorder_messages",
      "Consecutive messages of a direction change places, whole; control frames stay where they "
      "are, and a Close goes after all of them. `count` is how many times.",
      "A server or broker with several workers, or one that sends again what was lost.");
  entry.faithful =
      "TCP never changes the order: what changes it sends from several threads, or puts a queue between.";
  entry.reads_messages = true;
  return class_entry<ReorderMessagesFault>(
      std::move(entry),
      {{&ReorderMessages::messages,
        {.name = "messages", .fallback = "2", .low = 2, .high = 100, .doc = "how many change places"}},
       {&ReorderMessages::order,
        {.name = "order",
         .fallback = "reversed",
         .doc = "the last first, or the first after the others, or drawn from the run's seed and never the "
                "old one"}},
       {&ReorderMessages::wait,
        {.name = "wait",
         .fallback = "1s",
         .above_zero = true,
         .doc = "how long the first is held for the others: if they do not come, all go on as they came, and "
                "the fault has not fired"}}});
}

}  // namespace entries
}  // namespace wsfault::fault

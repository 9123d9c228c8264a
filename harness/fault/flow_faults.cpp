// Faults of the byte flow: slow, in small pieces, ended after some bytes, or ended late.
#include <array>

#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

struct Bandwidth {
  std::size_t rate;
};

class BandwidthFault : public FaultWith<Bandwidth> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind == Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    return {.kind = Treatment::Kind::pace, .rate = static_cast<std::int64_t>(own_.rate)};
  }
};

struct Slicer {
  std::size_t average_size;
  std::size_t size_variation;
  Duration delay;
};

class SlicerFault : public FaultWith<Slicer> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (unit.kind == Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    Treatment treatment{.kind = Treatment::Kind::slice, .delay = own_.delay};
    const std::size_t variation = std::min(own_.size_variation, own_.average_size - 1);
    std::uniform_int_distribution<std::size_t> draw(own_.average_size - variation,
                                                    own_.average_size + variation);
    for (std::size_t left = unit.bytes.size(); left > 0; left -= treatment.sizes.back()) {
      treatment.sizes.push_back(std::min(left, draw(situation.random)));
    }
    return treatment;
  }
};

struct LimitData {
  std::size_t bytes;
};

/// Each direction that it covers is counted separately.
class LimitDataFault : public FaultWith<LimitData> {
 public:
  explicit LimitDataFault(const FaultSpec& spec) : FaultWith(spec) { left_.fill(own_.bytes); }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind == Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    std::size_t& left = left_[unit.from == Side::client ? 0 : 1];
    if (unit.bytes.size() < left) {
      left -= unit.bytes.size();
      return {};
    }
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes.substr(0, std::exchange(left, 0))),
            .then = end_both(spec_.end)};
  }

 private:
  std::array<std::size_t, 2> left_;
};

struct SlowClose {
  Duration delay;
};

class SlowCloseFault : public FaultWith<SlowClose> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    return {.kind = Treatment::Kind::delay, .delay = own_.delay};
  }
};

Entry path_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name, .layer = "tcp", .does = does, .imitates = imitates};
}

Attribute size(std::string_view name, std::string_view fallback, double low, std::string_view doc) {
  return {.name = name, .fallback = fallback, .low = low, .high = 1 << 30, .doc = doc};
}

}  // namespace

namespace entries {

Entry bandwidth() {
  Entry entry = path_entry("bandwidth", "Bytes pass at a rate, in each direction for itself, and in order.",
                           "A mobile network at its edge, a path that others use too.");
  entry.faithful =
      "The path's queue is 256 KiB long, and what fits into none waits at its sender: nothing is lost.";
  entry.when = "connect";
  entry.connections = "all";
  entry.heals = true;
  return class_entry<BandwidthFault>(std::move(entry),
                                     {{&Bandwidth::rate, size("rate", "", 1, "so much a second")}});
}

Entry slicer() {
  Entry entry = path_entry("slicer", "Whatever passes is cut into small writes.",
                           "A path with small packets, a proxy with a small buffer.");
  entry.faithful =
      "With a `delay` of 0 the kernel may join them again, and a slow reader finds them together anyhow.";
  entry.when = "connect";
  entry.connections = "all";
  entry.heals = true;
  return class_entry<SlicerFault>(
      std::move(entry),
      {{&Slicer::average_size, size("average_size", "16B", 1, "of a write")},
       {&Slicer::size_variation,
        size("size_variation", "0B", 0, "uniformly more or less than that; always less than it")},
       {&Slicer::delay, {.name = "delay", .fallback = "0s", .doc = "between two writes"}}});
}

Entry limit_data() {
  Entry entry = path_entry("limit_data",
                           "Both ends of the connection end once so many bytes have passed in one direction, "
                           "counted from `when`; no byte more arrives.",
                           "A quota, a proxy that buffers an answer up to its limit.");
  entry.when = "connect";
  entry.ends = {"fin", "reset"};
  return class_entry<LimitDataFault>(
      std::move(entry),
      {{&LimitData::bytes, size("bytes", "", 1, "in each direction that it covers, heads included")}});
}

Entry slow_close() {
  return class_entry<SlowCloseFault>(
      path_entry("slow_close", "The FIN comes late; an RST does not.",
                 "A peer that lingers, a proxy that keeps its connections a while."),
      {{&SlowClose::delay, {.name = "delay", .above_zero = true, .doc = "how late"}}});
}

}  // namespace entries
}  // namespace wsfault::fault

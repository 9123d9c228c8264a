// Faults of the byte flow: slow, in small pieces, ended after some bytes, or ended late.
#include <array>

#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"

namespace wsfault::fault {
namespace {

class Bandwidth : public ConnectionFault {
 public:
  explicit Bandwidth(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind == Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    return {
        .kind = Treatment::Kind::pace, .bytes = {}, .delay = {}, .then = {}, .rate = spec_.integer("rate")};
  }

 private:
  FaultSpec spec_;
};

class Slicer : public ConnectionFault {
 public:
  explicit Slicer(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (unit.kind == Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    Treatment treatment{
        .kind = Treatment::Kind::slice, .bytes = {}, .delay = spec_.duration("delay"), .then = {}};
    const std::int64_t average = spec_.integer("average_size");
    const std::int64_t variation = std::min(spec_.integer("size_variation"), average - 1);
    std::uniform_int_distribution<std::size_t> draw(static_cast<std::size_t>(average - variation),
                                                    static_cast<std::size_t>(average + variation));
    for (std::size_t left = unit.bytes.size(); left > 0; left -= treatment.sizes.back()) {
      treatment.sizes.push_back(std::min(left, draw(situation.random)));
    }
    return treatment;
  }

 private:
  FaultSpec spec_;
};

/// Each direction that it covers is counted separately.
class LimitData : public ConnectionFault {
 public:
  explicit LimitData(FaultSpec spec) : spec_(std::move(spec)) {
    left_.fill(static_cast<std::size_t>(spec_.integer("bytes")));
  }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind == Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    std::size_t& left = left_[unit.from == Side::client ? 0 : 1];
    if (unit.bytes.size() < left) {
      left -= unit.bytes.size();
      return {};
    }
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes.substr(0, std::exchange(left, 0))),
            .delay = {},
            .then = end_both(spec_.end)};
  }

 private:
  FaultSpec spec_;
  std::array<std::size_t, 2> left_;
};

class SlowClose : public ConnectionFault {
 public:
  explicit SlowClose(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::fin || !covers(spec_.direction, unit.from)) return {};
    return {.kind = Treatment::Kind::delay, .bytes = {}, .delay = spec_.duration("delay"), .then = {}};
  }

 private:
  FaultSpec spec_;
};

Entry path_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name, .layer = "tcp", .does = does, .imitates = imitates};
}

Attribute size_attribute(std::string_view name, std::string_view fallback, double low, std::string_view doc) {
  return {.name = name,
          .type = AttributeType::size,
          .fallback = fallback,
          .low = low,
          .high = 1 << 30,
          .doc = doc};
}

}  // namespace

namespace entries {

Entry bandwidth() {
  Entry entry = path_entry("bandwidth", "Bytes pass at a rate, in each direction for itself, and in order.",
                           "A mobile network at its edge, a path that others use too.");
  entry.faithful =
      "The path's queue is 256 KiB long, and what fits into none waits at its sender: nothing is lost.";
  entry.attributes = {size_attribute("rate", "", 1, "so much a second")};
  entry.when = "connect";
  entry.connections = "all";
  entry.heals = true;
  entry.make = make_treating<Bandwidth>;
  return entry;
}

Entry slicer() {
  Entry entry = path_entry("slicer", "Whatever passes is cut into small writes.",
                           "A path with small packets, a proxy with a small buffer.");
  entry.faithful =
      "With a `delay` of 0 the kernel may join them again, and a slow reader finds them together anyhow.";
  entry.attributes = {
      size_attribute("average_size", "16B", 1, "of a write"),
      size_attribute("size_variation", "0B", 0, "uniformly more or less than that; always less than it"),
      {.name = "delay", .type = AttributeType::duration, .fallback = "0s", .doc = "between two writes"}};
  entry.when = "connect";
  entry.connections = "all";
  entry.heals = true;
  entry.make = make_treating<Slicer>;
  return entry;
}

Entry limit_data() {
  Entry entry = path_entry("limit_data",
                           "Both ends of the connection end once so many bytes have passed in one direction, "
                           "counted from `when`; no byte more arrives.",
                           "A quota, a proxy that buffers an answer up to its limit.");
  entry.attributes = {size_attribute("bytes", "", 1, "in each direction that it covers, heads included")};
  entry.when = "connect";
  entry.ends = {"fin", "reset"};
  entry.make = make_treating<LimitData>;
  return entry;
}

Entry slow_close() {
  Entry entry = path_entry("slow_close", "The FIN comes late; an RST does not.",
                           "A peer that lingers, a proxy that keeps its connections a while.");
  entry.attributes = {{.name = "delay", .type = AttributeType::duration, .doc = "how late"}};
  entry.make = make_treating<SlowClose>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault

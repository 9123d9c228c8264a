// When faults on the network were at work: what is lost then is lost there, and not on the link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "record/event.hpp"

namespace wsfault::report {

class NetworkSpans {
 public:
  explicit NetworkSpans(const record::Events& events);

  /// An effect on a link that the line of such a fault describes already.
  bool is_told(std::size_t index) const { return told_.contains(index); }
  /// Such a fault fired or healed, or it is the network in which something vanishes.
  bool acts(const record::Event& event) const;
  /// What was sent there at that time, and did not arrive, was lost in the network.
  bool loses(const record::Where& where, std::int64_t at) const;

 private:
  struct Span {
    std::string fault;
    record::Where where;
    std::set<std::string> links;  // all that it concerns
    std::int64_t from = 0;
    std::int64_t until = INT64_MAX;
  };
  void heal(const record::Event& event, std::size_t index, const record::Events& events);
  bool began(const record::Where& where, std::int64_t at) const;

  std::vector<Span> spans_;
  std::set<std::size_t> told_;
};

}  // namespace wsfault::report

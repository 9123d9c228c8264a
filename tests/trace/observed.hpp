// A log, and what was seen of one party in it.
#pragma once

#include <memory>
#include <utility>

#include "trace/view.hpp"

namespace wsfault::trace::test {

/// The log must outlive it.
struct Observed {
  explicit Observed(const record::Events& events, const Vantage& from = {})
      : trace(Trace::of(events)), view(trace::view(*trace, from)) {}
  std::unique_ptr<Trace> trace;
  View view;

  const Leg& operator[](std::size_t place) const { return view.connections().at(place); }
  std::size_t size() const { return view.size(); }
};

}  // namespace wsfault::trace::test

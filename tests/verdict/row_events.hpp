// The events of one row of a table of tests.
#pragma once

#include <memory>
#include <utility>

#include "record/event.hpp"

namespace wsfault::verdict::test {

/// Copies share their events until one of them adds to its own: googletest copies the rows of every table at
/// the start of each process, whichever test runs in it.
class RowEvents {
 public:
  void push_back(record::Event event) {
    if (events_.use_count() > 1) events_ = std::make_shared<record::Events>(*events_);
    events_->push_back(std::move(event));
  }
  operator const record::Events&() const { return *events_; }  // NOLINT: it stands for them

 private:
  std::shared_ptr<record::Events> events_ = std::make_shared<record::Events>();
};

}  // namespace wsfault::verdict::test

// Waiting for the turn.
#include "reference/turn.hpp"

namespace wsfault::reference {

net::Task<void> Turn::free() {
  while (holder_ != nullptr) co_await changed_.wait();
}

net::Task<void> TurnHolder::take() {
  if (turn_ == nullptr || turn_->holder_ == this) co_return;
  co_await turn_->free();
  turn_->holder_ = this;
}

void TurnHolder::give() {
  if (turn_ == nullptr || turn_->holder_ != this) return;
  turn_->holder_ = nullptr;
  turn_->changed_.notify();
}

}  // namespace wsfault::reference

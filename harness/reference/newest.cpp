// One entry per address.
#include "reference/newest.hpp"

#include <utility>

namespace wsfault::reference {

NewestConnections::Entry::Entry(NewestConnections& all, std::string address,
                                const net::asio::any_io_executor& executor)
    : all_(all), address_(std::move(address)), end_(executor) {
  all_.by_address_[address_] = this;
}

NewestConnections::Entry::~Entry() {
  const auto newest = all_.by_address_.find(address_);
  if (newest == all_.by_address_.end()) return;
  newest->second->end_.request();
  all_.by_address_.erase(newest);
}

}  // namespace wsfault::reference

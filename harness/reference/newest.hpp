// Connections identified only by their client's address. Of the defect confuses-connections.
#pragma once

#include <map>
#include <string>

#include "reference/stop_signal.hpp"

namespace wsfault::reference {

/// The newest connection of each address. Must outlive its entries.
class NewestConnections {
 public:
  class Entry {
   public:
    /// Makes it the newest of that address.
    Entry(NewestConnections& all, std::string address, const net::asio::any_io_executor& executor);
    /// Ends the newest of that address, whichever connection it is.
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    /// Waits until the end of another connection ends this one.
    net::Task<void> ended() { return end_.wait(); }

   private:
    NewestConnections& all_;
    std::string address_;
    StopSignal end_;
  };

 private:
  std::map<std::string, Entry*> by_address_;
};

}  // namespace wsfault::reference

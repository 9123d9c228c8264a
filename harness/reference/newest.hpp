// Connections known by their client's address alone. Of the defect confuses-connections.
#pragma once

#include <map>
#include <string>

#include "reference/stop_signal.hpp"

namespace wsfault::reference {

/// The newest connection of each address. Outlives its entries.
class NewestConnections {
 public:
  class Entry {
   public:
    /// From now on the newest of that address.
    Entry(NewestConnections& all, std::string address, const net::asio::any_io_executor& executor);
    /// Ends the newest of that address, whichever it is.
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    /// Until another one's end ends it.
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

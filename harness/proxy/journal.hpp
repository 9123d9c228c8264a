// What happened at the proxies of a session, in one order: a bounded memory that is read from a cursor on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "net/event_gate.hpp"
#include "record/event.hpp"

namespace wsfault::proxy {

class Journal {
 public:
  struct Entry {
    std::uint64_t cursor = 0;  ///< from 1, without gaps
    record::Text proxy;        ///< its name; empty: of the session itself
    record::Event event;
  };
  /// The oldest are dropped beyond so many bytes of memory.
  static constexpr std::size_t usual_bound = 32 * 1024 * 1024;

  explicit Journal(const net::asio::any_io_executor& executor, std::size_t bound = usual_bound)
      : bound_(bound), changed_(executor) {}

  void add(record::Text proxy, const record::Event& event);

  /// The first entry after that cursor which is still here; null: there is none yet.
  const Entry* next(std::uint64_t cursor) const;
  /// How many entries after that cursor were dropped before they could be read.
  std::uint64_t lost_after(std::uint64_t cursor) const;
  /// Notified with each entry.
  net::EventGate& changed() { return changed_; }

 private:
  std::size_t bound_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  net::EventGate changed_;
};

}  // namespace wsfault::proxy

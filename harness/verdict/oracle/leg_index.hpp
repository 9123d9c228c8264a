// Finds the connection that an event is about, while the events are read in their order.
#pragma once

#include <cstddef>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "record/event.hpp"

namespace wsfault::verdict::oracle {

/// Over connections in the order of their accepts; `index`, `link`, `party` and `number` say of one where its
/// accept stands in the log, and what its events name. One number may be given to several, one after the other.
class LegIndex {
 public:
  struct Entry {
    std::size_t accepted = 0;  ///< index of the event
    record::Name link;
    record::Name party;
    int number = 0;
  };
  explicit LegIndex(std::vector<Entry> entries) : entries_(std::move(entries)) {}

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  /// Which of them was accepted last of those that the event may be about; `none` if none was. Ask in the order
  /// of the log.
  std::size_t find(const record::Where& where, std::size_t event) {
    for (; next_ < entries_.size() && entries_[next_].accepted <= event; ++next_)
      latest_[key_of(entries_[next_].link, entries_[next_].party, entries_[next_].number)] = next_;
    if (where.connection == 0) return none;
    const auto found = latest_.find(key_of(where.link, where.party, where.connection));
    return found == latest_.end() ? none : found->second;
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, int>;
  struct Hash {
    std::size_t operator()(const Key& key) const {
      const std::uint64_t place = (std::uint64_t{std::get<0>(key)} << 32) | std::get<1>(key);
      return std::hash<std::uint64_t>()(place * 0x9E3779B97F4A7C15ULL ^
                                        static_cast<std::uint32_t>(std::get<2>(key)));
    }
  };
  static Key key_of(record::Name link, record::Name party, int number) {
    return {link.id(), party.id(), number};
  }

  std::vector<Entry> entries_;
  std::size_t next_ = 0;
  std::unordered_map<Key, std::size_t, Hash> latest_;
};

}  // namespace wsfault::verdict::oracle

// Messages as a party got or sent them, on all of its connections.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "verdict/expect/question.hpp"

namespace wsfault::verdict {

struct Message {
  std::int64_t at = 0;
  int connection = 0;
  std::string_view payload;  ///< in the log; of large ones the beginning
  std::uint64_t size = 0;
  bool reported = false;
  bool compressed = false;  ///< on the wire: `payload` and `size` say nothing of what it says
};

/// As the party reported them, where it reports messages; else those that were forwarded to it whole.
std::vector<Message> messages_received(const Question& question);
std::vector<Message> messages_on_wire(const Question& question, record::Tap tap, record::Side from);

}  // namespace wsfault::verdict

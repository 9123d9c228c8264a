// The client's own numbered messages: which one is in flight, and what to send next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reference/defect.hpp"

namespace wsfault::reference {

/// "id=1", "id=2" … up to a number, each sent when the echo of the previous one has arrived. Delivery is at
/// least once: a message without an echo is sent again on the next connection.
class OwnMessages {
 public:
  explicit OwnMessages(int count, Defects defects = {});

  /// The message that waits for its echo; none when all are done. Send it at open, and after each echo.
  std::optional<std::string> outstanding() const;
  /// True if `text` is the expected echo; outstanding() is then the next message.
  bool take_echo(std::string_view text);

 private:
  void pass_over_lost();
  int count_;
  Defects defects_;
  int number_ = 1;
};

}  // namespace wsfault::reference

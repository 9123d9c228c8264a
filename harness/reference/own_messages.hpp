// The client's own numbered messages: which is under way, and what to send next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reference/defect.hpp"

namespace wsfault::reference {

/// "id=1", "id=2" … up to a number, each sent when the echo of the one before has come. Delivery is at least
/// once: what has no echo yet is sent again on the next connection.
class OwnMessages {
 public:
  explicit OwnMessages(int count, Defects defects = {});

  /// The message that waits for its echo; none when all are through. To be sent at open, and after each echo.
  std::optional<std::string> outstanding() const;
  /// True if `text` is the echo that was waited for; outstanding() is then the next one.
  bool take_echo(std::string_view text);

 private:
  void pass_over_lost();
  int count_;
  Defects defects_;
  int number_ = 1;
};

}  // namespace wsfault::reference

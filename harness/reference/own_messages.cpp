// The numbered messages, and the defects that lose some of them.
#include "reference/own_messages.hpp"

namespace wsfault::reference {

OwnMessages::OwnMessages(int count, Defects defects) : count_(count), defects_(defects) {}

std::optional<std::string> OwnMessages::outstanding() const {
  if (number_ > count_) return std::nullopt;
  return "id=" + std::to_string(number_);
}

bool OwnMessages::take_echo(std::string_view text) {
  const auto awaited = outstanding();
  if (!awaited || (*awaited != text && !defects_.has(Defect::takes_any_answer))) return false;
  ++number_;
  pass_over_lost();
  return true;
}

void OwnMessages::pass_over_lost() {
  if (defects_.has(Defect::loses_one_in_twenty) && number_ % 20 == 0) ++number_;
}

}  // namespace wsfault::reference

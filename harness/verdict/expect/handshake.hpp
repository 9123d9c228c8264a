// The two heads of a handshake, and how a connection ended, held against what is expected of them.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "verdict/expect/question.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {

/// The first header that is not as expected, as a phrase; none if all are.
std::optional<std::string> wrong_header(const wire::Headers& headers, const HeaderPatterns& expected);

/// One fact of each connection that is looked at, in the order of the log.
template <typename T>
std::vector<trace::Seen<T>> of_legs(const Question& question, trace::Once<T> trace::Leg::*fact) {
  std::vector<trace::Seen<T>> found;
  for (const trace::Leg* leg : question.legs()) {
    if (leg->*fact) found.push_back(*(leg->*fact));
  }
  std::ranges::sort(found, {}, &trace::Seen<T>::index);
  return found;
}

}  // namespace wsfault::verdict

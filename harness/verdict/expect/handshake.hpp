// The two heads of a handshake, and how a connection ended, held against what is expected of them.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "verdict/expect/answer.hpp"
#include "verdict/expect/question.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {

/// The first header that is not as expected, as a phrase; none if all are.
std::optional<std::string> wrong_header(const wire::Headers& headers, const HeaderPatterns& expected);

/// The body of a head that came, held against what is expected of it.
struct BodyFit {
  enum class Kind {
    right,
    wrong,
    open,    ///< it may still come
    unknown  ///< the log does not keep enough of it
  };
  Kind kind = Kind::open;
  std::string seen;  ///< "body \"go away\""
  std::int64_t at = 0;
};
BodyFit fit_of_answer_body(const trace::Leg& leg, const TextPattern& expected);
BodyFit fit_of_request_body(const trace::Leg& client, const TextPattern& expected);
/// Adds what was seen of a head, and of its body if one is expected after it. An answer: it is inconclusive.
std::optional<Answer> take(Sightings& sightings, Sighting head, const std::optional<BodyFit>& body);

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

// The decision whether to reconnect, computed only from values.
#include "reference/afterwards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "wire/close_code.hpp"

namespace wsfault::reference {
namespace {

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

bool is_final_status(int status) {
  const bool redirection = status >= 300 && status < 400;
  return redirection || status == 400 || status == 404 || status == 405 || status == 426;
}

bool is_final_code(int code) { return wire::close_code(code).close_class == wire::CloseClass::final; }

bool is_final(const AttemptEnd& end, const FinalOutcomes& final) {
  if (end.status) return is_final_status(*end.status) || final.contains(*end.status);
  return end.close_code && (is_final_code(*end.close_code) || final.contains(*end.close_code));
}

}  // namespace

Result<FinalOutcomes> FinalOutcomes::parse(std::string_view text) {
  FinalOutcomes outcomes;
  if (text.empty() || text == "none") return outcomes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::string_view item = text.substr(begin, text.find(',', begin) - begin);
    begin += item.size() + 1;
    const std::size_t dash = item.find('-');
    const auto first = parse_number(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_number(item.substr(dash + 1));
    if (!first || !last || *last < *first) {
      return Error{
          fmt::format(R"("{}" is neither a code or status (1008) nor a range of them (4400-4499))", item)};
    }
    outcomes.ranges_.push_back({*first, *last});
  }
  return outcomes;
}

bool FinalOutcomes::contains(int code_or_status) const {
  return std::ranges::any_of(ranges_, [&](const Range& range) {
    return code_or_status >= range.first && code_or_status <= range.last;
  });
}

Afterwards afterwards(const AttemptEnd& end, const FinalOutcomes& final, const Defects& defects) {
  using enum Afterwards;
  if (defects.has(Defect::no_reconnect)) return stay_away;
  if (end.close_code == 1000) return stay_away;
  if (defects.has(Defect::gives_up_after_1014) && end.close_code == 1014) return stay_away;
  if (defects.has(Defect::gives_up_after_any_close) && end.close_code && end.close_code != 1006) return stay_away;
  if (defects.has(Defect::reconnects_after_final)) return come_back;
  return is_final(end, final) ? stay_away : come_back;
}

}  // namespace wsfault::reference

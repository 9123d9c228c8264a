// Traits of a system, read as durations, numbers, a backoff schedule and ranges of codes.
#include <charconv>

#include "model/system.hpp"

namespace wsfault::model {
namespace {

constexpr int highest_code = 65535;

std::optional<int> parse_code(std::string_view text) {
  int code = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return code;
}

std::optional<CodeRange> checked(std::optional<int> first, std::optional<int> last) {
  if (!first || !last || *first < 0 || *last > highest_code || *first > *last) return std::nullopt;
  return CodeRange{*first, *last};
}

bool says_none(const Value& value) { return value.text() && *value.text() == "none"; }

std::optional<Duration> read_duration(const Value* value) {
  if (!value || !value->text() || says_none(*value)) return std::nullopt;
  const Result<Duration> duration = parse_duration(*value->text());
  return duration ? std::optional(*duration) : std::nullopt;
}

}  // namespace

std::optional<CodeRange> read_code_range(const Value& value) {
  if (const std::int64_t* code = value.integer()) {
    if (*code < 0 || *code > highest_code) return std::nullopt;
    return CodeRange{static_cast<int>(*code), static_cast<int>(*code)};
  }
  if (!value.text()) return std::nullopt;
  const std::string_view text = *value.text();
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return checked(parse_code(text), parse_code(text));
  return checked(parse_code(text.substr(0, dash)), parse_code(text.substr(dash + 1)));
}

const Value* Traits::find(std::string_view name) const {
  if (const auto found = values.find(name); found != values.end()) return &found->second;
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto found = values.find(name.substr(0, dot));
  return found == values.end() ? nullptr : found->second.find(name.substr(dot + 1));
}

std::optional<Duration> Traits::duration(std::string_view name) const { return read_duration(find(name)); }

std::optional<std::int64_t> Traits::integer(std::string_view name) const {
  const Value* value = find(name);
  if (!value) return std::nullopt;
  if (value->integer()) return *value->integer();
  if (!value->text() || says_none(*value)) return std::nullopt;
  const Result<std::uint64_t> size = parse_size(*value->text());
  return size ? std::optional(static_cast<std::int64_t>(*size)) : std::nullopt;
}

bool Traits::is_none(std::string_view name) const {
  if (name == "backoff.jitter") return false;  // there it is a jitter like any other
  const Value* value = find(name);
  return value && says_none(*value);
}

Backoff Traits::backoff() const {
  Backoff backoff;
  const Value* table = find("backoff");
  if (!table || !table->table()) return backoff;
  backoff.first = read_duration(table->find("first"));
  backoff.max = read_duration(table->find("max"));
  if (const Value* factor = table->find("factor")) {
    if (factor->real()) backoff.factor = *factor->real();
    if (factor->integer()) backoff.factor = static_cast<double>(*factor->integer());
  }
  if (const Value* jitter = table->find("jitter"); jitter && jitter->text()) backoff.jitter = *jitter->text();
  return backoff;
}

std::optional<std::vector<CodeRange>> Traits::final_codes() const {
  const Value* list = find("final");
  if (!list || !list->array()) return std::nullopt;
  std::vector<CodeRange> ranges;
  for (const Value& value : *list->array()) {
    if (const std::optional<CodeRange> range = read_code_range(value)) ranges.push_back(*range);
  }
  return ranges;
}

}  // namespace wsfault::model

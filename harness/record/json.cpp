// Events to and from JSON objects, by the description in fields.hpp.
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <utility>

#include "record/fields.hpp"
#include "value/enums.hpp"

namespace wsfault::record {
namespace {

/// For enumerations of wire, which have no Boost.Describe description.
template <typename T>
constexpr auto all() {
  if constexpr (std::same_as<T, Side>) {
    return std::array{Side::client, Side::server};
  } else {
    return all_of<T>();
  }
}

template <typename T>
concept Number = std::integral<T> && !std::same_as<T, bool>;
template <typename T>
concept Named = std::is_enum_v<T>;

/// Absent optionals, empty texts and empty lists are left out.
class Writer {
 public:
  explicit Writer(Value& object) : object_(object) {}

  void operator()(std::string_view name, const Value& value) { add(name, value); }
  void operator()(std::string_view name, const std::string& text) {
    if (!text.empty()) add(name, text);
  }
  void operator()(std::string_view name, const Name& text) { (*this)(name, text.str()); }
  void operator()(std::string_view name, const Text& text) { (*this)(name, text.str()); }
  void operator()(std::string_view name, const bool& flag) { add(name, flag); }
  void where_true(std::string_view name, const bool& flag) {
    if (flag) add(name, flag);
  }
  void operator()(std::string_view name, const Number auto& number) {
    // Neither a Value nor most JSON readers can hold such a number: its digits are written as a text.
    if (std::cmp_greater(number, std::numeric_limits<std::int64_t>::max()))
      return add(name, std::to_string(number));
    add(name, number);
  }
  void operator()(std::string_view name, const Named auto& enumerator) { add(name, to_string(enumerator)); }
  template <typename T>
  void operator()(std::string_view name, const std::optional<T>& member) {
    if (!member) return;
    // An empty text is not the same as an absent one.
    if constexpr (std::same_as<T, Text>) return add(name, member->str());
    (*this)(name, *member);
  }
  void operator()(std::string_view name, const std::vector<std::string>& texts) {
    if (!texts.empty()) add(name, Value::Array(texts.begin(), texts.end()));
  }
  void operator()(std::string_view name, const wire::Headers& headers) {
    Value::Array pairs;
    for (const wire::Header& header : headers) pairs.emplace_back(Value::Array{header.name, header.value});
    if (!pairs.empty()) add(name, std::move(pairs));
  }

 private:
  void add(std::string_view name, Value value) {
    object_.table()->push_back({std::string(name), {}, std::move(value)});
  }
  Value& object_;
};

/// What is wrong with a line; becomes a Result's error in event_from_json.
struct Wrong {
  std::string message;
};

/// The bytes of a text, or of {"hex": "…"}, which replaces one that is not UTF-8.
std::string bytes_of(std::string_view name, const Value& value) {
  if (const std::string* text = value.text()) return *text;
  const Value* hex = value.find("hex");
  const std::string* digits = hex != nullptr ? hex->text() : nullptr;
  if (digits == nullptr) throw Wrong{"\"" + std::string(name) + "\" is " + std::string(value.type_name())};
  std::string bytes;
  for (std::size_t at = 0; at < digits->size(); at += 2) {
    std::uint8_t byte = 0;
    const char* begin = digits->data() + at;
    const auto end = std::from_chars(begin, digits->data() + std::min(at + 2, digits->size()), byte, 16);
    if (end.ec != std::errc() || end.ptr != begin + 2)
      throw Wrong{"\"" + std::string(name) + "\" has a wrong hex"};
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

class Reader {
 public:
  explicit Reader(const Value& object) : object_(object) {}

  void operator()(std::string_view name, Value& value) { value = required(name); }
  void operator()(std::string_view name, std::string& text) {
    if (const Value* value = object_.find(name)) text = bytes_of(name, *value);
  }
  void operator()(std::string_view name, Name& text) {
    if (const Value* value = object_.find(name)) text = Name(bytes_of(name, *value));
  }
  void operator()(std::string_view name, Text& text) {
    if (const Value* value = object_.find(name)) text = Text(bytes_of(name, *value));
  }
  void operator()(std::string_view name, bool& flag) {
    const bool* found = required(name).boolean();
    if (found == nullptr) refuse(name);
    flag = *found;
  }
  void where_true(std::string_view name, bool& flag) {
    if (object_.find(name) != nullptr) (*this)(name, flag);
  }
  template <Number T>
  void operator()(std::string_view name, T& number) {
    const Value& value = required(name);
    if (const std::int64_t* integer = value.integer(); integer != nullptr && std::in_range<T>(*integer)) {
      number = static_cast<T>(*integer);
      return;
    }
    const std::string* digits = std::same_as<T, std::uint64_t> ? value.text() : nullptr;
    if (digits == nullptr) refuse(name);
    const char* last = digits->data() + digits->size();
    const auto end = std::from_chars(digits->data(), last, number);
    if (end.ec != std::errc() || end.ptr != last) refuse(name);
  }
  template <Named T>
  void operator()(std::string_view name, T& enumerator) {
    const std::string* text = required(name).text();
    for (const T candidate : all<T>()) {
      if (text != nullptr && *text == to_string(candidate)) {
        enumerator = candidate;
        return;
      }
    }
    refuse(name);
  }
  template <typename T>
  void operator()(std::string_view name, std::optional<T>& member) {
    if (object_.find(name) != nullptr) (*this)(name, member.emplace());
  }
  void operator()(std::string_view name, std::vector<std::string>& texts) {
    for (const Value& element : list(name)) texts.push_back(bytes_of(name, element));
  }
  void operator()(std::string_view name, wire::Headers& headers) {
    for (const Value& element : list(name)) {
      const Value::Array* pair = element.array();
      if (pair == nullptr || pair->size() != 2) refuse(name);
      headers.push_back({bytes_of(name, pair->front()), bytes_of(name, pair->back())});
    }
  }

  [[noreturn]] static void refuse(std::string_view name) {
    throw Wrong{"\"" + std::string(name) + "\" has no value that this version knows"};
  }

 private:
  const Value& required(std::string_view name) const {
    const Value* value = object_.find(name);
    if (value == nullptr) throw Wrong{"\"" + std::string(name) + "\" is missing"};
    return *value;
  }
  const Value::Array& list(std::string_view name) const {
    static const Value::Array none;
    const Value* value = object_.find(name);
    if (value == nullptr) return none;
    if (value->array() == nullptr) refuse(name);
    return *value->array();
  }
  const Value& object_;
};

void describe(auto& fields, Is<Where> auto& where) {
  fields("link", where.link);
  fields("party", where.party);
}

/// The event of that index in the variant, with all members at their defaults.
template <std::size_t... Index>
What event_of(std::size_t index, std::index_sequence<Index...>) {
  static constexpr std::array<What (*)(), sizeof...(Index)> make = {
      [] { return What(std::in_place_index<Index>); }...};
  return make[index]();
}

Event read_event(const Value& object) {
  if (object.table() == nullptr)
    throw Wrong{"an event is a JSON object, not " + std::string(object.type_name())};
  Reader fields(object);
  std::string type;
  fields("type", type);
  const auto known = std::ranges::find(event_names, type);
  if (known == event_names.end()) throw Wrong{"no event has the type \"" + type + "\""};
  Event event;
  event.what = event_of(static_cast<std::size_t>(known - event_names.begin()),
                        std::make_index_sequence<std::variant_size_v<What>>());
  if (std::holds_alternative<RunStarted>(event.what)) {
    int version = 0;
    fields("log_version", version);
    if (version != log_version) {
      throw Wrong{"this log has version " + std::to_string(version) + ", and only version " +
                  std::to_string(log_version) + " can be read"};
    }
  }
  fields("at", event.at);
  describe(fields, event.where);
  if (object.find("connection") != nullptr) fields("connection", event.where.connection);
  std::visit([&](auto& what) { describe(fields, what); }, event.what);
  return event;
}

/// No run lasts a year, and no sum of times of less than that overflows.
constexpr std::int64_t longest_time = std::int64_t{365} * 24 * 3600 * 1'000'000'000;

bool has_impossible_time(const Event& event) {
  const auto is_possible = [](std::int64_t time) { return time >= -longest_time && time <= longest_time; };
  if (!is_possible(event.at)) return true;
  if (const auto* accepted = std::get_if<Accepted>(&event.what)) return !is_possible(accepted->waited);
  if (const auto* reached = std::get_if<IdleReached>(&event.what)) return !is_possible(reached->idle);
  if (const auto* ended = std::get_if<RunEnded>(&event.what)) return !is_possible(ended->stalled);
  return false;
}

}  // namespace

std::string to_json(const Event& event) {
  Value object(Value::Table{});
  Writer fields(object);
  fields("type", std::string(event_names[event.what.index()]));
  if (std::holds_alternative<RunStarted>(event.what)) fields("log_version", log_version);
  fields("at", event.at);
  describe(fields, event.where);
  if (event.where.connection != 0) fields("connection", event.where.connection);
  std::visit([&](const auto& what) { describe(fields, what); }, event.what);
  return wsfault::to_json(object);
}

Result<Event> event_from_json(std::string_view line) {
  try {
    return read_event(parse_json(line));
  } catch (const Wrong& wrong) {
    return Error{wrong.message};
  } catch (const std::runtime_error& failure) {
    return Error{failure.what()};
  }
}

std::string to_json_lines(const Events& events) {
  std::string out;
  for (const Event& event : events) out += to_json(event) + '\n';
  return out;
}

Result<Events> log_from_json_lines(std::string_view text) {
  Events events;
  if (text.empty()) return Error{"the log is empty"};
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    Result<Event> event = event_from_json(text.substr(0, end));
    if (!event) return Error{"line " + std::to_string(number) + ": " + event.error()};
    if (events.empty() && !std::holds_alternative<RunStarted>(event->what)) {
      return Error{"line 1: a log begins with run_started"};
    }
    if (!events.empty() && std::holds_alternative<RunEnded>(events.back().what))
      return Error{"line " + std::to_string(number) + ": a log ends with run_ended"};
    if (event->at < (events.empty() ? 0 : events.back().at))
      return Error{"line " + std::to_string(number) + ": `at` is earlier than in the line before"};
    if (has_impossible_time(*event))
      return Error{"line " + std::to_string(number) + ": a time in it is longer than any run"};
    events.push_back(*std::move(event));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return events;
}

}  // namespace wsfault::record

// Value trees to and from JSON: written here, read with Boost.JSON's event parser.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "value/value.hpp"
#include "wire/utf8.hpp"

namespace wsfault {
namespace {

namespace json = boost::json;

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += hex_digits[byte >> 4U];
      out += hex_digits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_text(std::string& out, std::string_view text) {
  if (wire::is_utf8(text)) return append_quoted(out, text);
  out += R"({"hex":")";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += hex_digits[byte >> 4U];
    out += hex_digits[byte & 0xFU];
  }
  out += "\"}";
}

/// A key has no hex form: bytes in it that are not UTF-8 are lost.
void append_key(std::string& out, std::string_view key) {
  if (wire::is_utf8(key)) return append_quoted(out, key);
  std::string readable(key);
  std::ranges::replace_if(
      readable, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  append_quoted(out, readable);
}

/// The shortest digits that read back equal, never in the form of an integer.
void append_real(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  const std::string_view text(digits, static_cast<std::size_t>(end - digits));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append(std::string& out, const Value& value) {
  if (const bool* boolean = value.boolean()) {
    out += *boolean ? "true" : "false";
  } else if (const std::int64_t* integer = value.integer()) {
    out += std::to_string(*integer);
  } else if (const double* real = value.real()) {
    append_real(out, *real);
  } else if (const std::string* text = value.text()) {
    append_text(out, *text);
  } else if (const Value::Array* array = value.array()) {
    out += '[';
    for (const Value& element : *array) {
      if (&element != array->data()) out += ',';
      append(out, element);
    }
    out += ']';
  } else if (const Value::Table* table = value.table()) {
    out += '{';
    for (const Value::Member& member : *table) {
      if (&member != table->data()) out += ',';
      append_key(out, member.key);
      out += ':';
      append(out, member.value);
    }
    out += '}';
  } else {
    out += "null";
  }
}

/// The key that occurs twice in a table; null if none does.
const std::string* repeated_key(const Value::Table& table) {
  std::vector<const std::string*> keys;
  for (const Value::Member& member : table) keys.push_back(&member.key);
  auto by_name = [](const std::string* a, const std::string* b) { return *a < *b; };
  std::ranges::sort(keys, by_name);
  const auto twice =
      std::ranges::adjacent_find(keys, {}, [](const std::string* key) { return std::string_view(*key); });
  return twice == keys.end() ? nullptr : *twice;
}

/// Receives the parser's events and builds the tree. Boost.JSON defines the names and signatures.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;
  using error_code = json::error_code;
  using Chars = json::string_view;

  Value take() { return std::move(root_); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(Value::Table{}); }
  bool on_object_end(std::size_t, error_code&) {
    if (const std::string* key = repeated_key(*open_.back().value.table())) {
      throw std::runtime_error("not JSON: the key \"" + *key + "\" stands twice in one object");
    }
    return close();
  }
  bool on_array_begin(error_code&) { return open(Value::Array{}); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(Chars part, std::size_t, error_code&) { return collect(part); }
  bool on_key(Chars part, std::size_t, error_code&) {
    collect(part);
    open_.back().key = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(Chars part, std::size_t, error_code&) { return collect(part); }
  bool on_string(Chars part, std::size_t, error_code&) {
    collect(part);
    return add(std::exchange(text_, {}));
  }
  bool on_number_part(Chars part, error_code&) { return collect(part); }
  bool on_int64(std::int64_t integer, Chars, error_code&) {
    text_.clear();
    return add(integer);
  }
  bool on_uint64(std::uint64_t integer, Chars, error_code&) {
    text_.clear();
    return add(static_cast<double>(integer));  // beyond int64
  }
  bool on_double(double rounded, Chars part, error_code&) {
    // Boost 1.81 may be wrong by one unit in the last place; a log must read back equal.
    collect(part);
    const std::string digits = std::exchange(text_, {});
    if (!std::isfinite(rounded))
      throw std::runtime_error("not JSON: " + digits + " is too large for a number");
    double exact = rounded;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), exact);
    return add(end.ec == std::errc() ? exact : rounded);
  }
  bool on_bool(bool boolean, error_code&) { return add(boolean); }
  bool on_null(error_code&) { return add(Value()); }
  bool on_comment_part(Chars, error_code&) { return true; }
  bool on_comment(Chars, error_code&) { return true; }

 private:
  /// An array or object that has not ended yet, and the key of its next value.
  struct Open {
    Value value;
    std::string key;
  };

  bool collect(Chars part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool open(Value container) {
    open_.push_back({std::move(container), {}});
    return true;
  }
  bool close() {
    Value whole = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(whole));
  }
  bool add(Value value) {
    value.place = {1, 0};
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Value::Array* array = open_.back().value.array()) {
      array->push_back(std::move(value));
    } else {
      open_.back().value.table()->push_back({std::move(open_.back().key), {1, 0}, std::move(value)});
    }
    return true;
  }

  Value root_;
  std::vector<Open> open_;
  std::string text_;
};

}  // namespace

std::string to_json(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

Value parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 255;  // as deep as TOML allows, so that whatever was read from TOML can be read back
  json::basic_parser<TreeBuilder> parser(options);
  json::error_code failure;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
  if (!failure && read < text.size()) failure = json::error::extra_data;
  if (failure) {
    throw std::runtime_error("not JSON: " + failure.message() + " at byte " + std::to_string(read + 1));
  }
  return parser.handler().take();
}

}  // namespace wsfault

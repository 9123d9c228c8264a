// One table of types for each direction; the members of a type are those of its struct.
#include "runner/upstream_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <limits>
#include <stdexcept>

#include "net/line_reader.hpp"
#include "value/reader.hpp"

namespace wsfault::runner {
namespace {

namespace mp11 = boost::mp11;

/// In the order of the variants.
using Types = std::vector<std::string_view>;
const Types order_types = {"serve", "connection", "moment", "injected"};
const Types notice_types = {"listening", "wait", "inject", "sequence"};

/// Calls visit(name, member) for each member of the content.
void visit_members(auto& content, const auto& visit) {
  using Content = std::remove_cvref_t<decltype(content)>;
  using Members = boost::describe::describe_members<Content, boost::describe::mod_public>;
  mp11::mp_for_each<Members>([&](auto member) { visit(member.name, content.*member.pointer); });
}

template <typename T>
Value written(const T& member) {
  if constexpr (std::same_as<T, std::vector<std::string>>)
    return Value::Array(member.begin(), member.end());
  else
    return member;
}

/// Every member is required.
template <typename T>
void read_member(TableReader& reader, std::string_view name, T& member) {
  if (!reader.has(name)) return reader.error(fmt::format("\"{}\" is missing", name));
  if constexpr (std::same_as<T, Value>) {
    member = *reader.raw(name);
  } else if constexpr (std::same_as<T, std::string>) {
    member = reader.text(name).value_or(T());
  } else if constexpr (std::same_as<T, std::vector<std::string>>) {
    member = reader.texts(name).value_or(T());
  } else {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    constexpr auto high = std::min<std::uint64_t>(std::numeric_limits<T>::max(), most);
    constexpr std::int64_t low = std::numeric_limits<T>::min();
    member = static_cast<T>(reader.integer(name, low, static_cast<std::int64_t>(high)).value_or(0));
  }
}

template <typename Message>
Result<Message> read_message(std::string_view line, const Types& types) {
  if (line.size() >= net::LineReader::max_line)
    return Error{fmt::format("it is not shorter than {} bytes", net::LineReader::max_line)};
  Value value;
  try {
    value = parse_json(line);
  } catch (const std::runtime_error& failure) {
    return Error{failure.what()};
  }
  Diagnostics diagnostics("", "");
  TableReader reader(value, diagnostics, "the line");
  Message message;
  std::string type;
  read_member(reader, "type", type);
  if (diagnostics.ok()) reader.one_of("type", types);
  if (diagnostics.ok()) {
    const auto index = static_cast<std::size_t>(std::ranges::find(types, type) - types.begin());
    mp11::mp_with_index<std::variant_size_v<Message>>(index, [&](auto at) {
      visit_members(message.template emplace<at>(),
                    [&](const char* name, auto& member) { read_member(reader, name, member); });
    });
    reader.finish();
  }
  if (diagnostics.ok()) return message;
  const Diagnostic& first = diagnostics.errors().front();
  return Error{first.hint.empty() ? first.message : first.message + "; " + first.hint};
}

template <typename Message>
std::string line_of(const Message& message, const Types& types) {
  Value object(Value::Table{});
  object.set("type", types[message.index()]);
  const auto set = [&](const char* name, const auto& member) { object.set(name, written(member)); };
  std::visit([&](const auto& content) { visit_members(content, set); }, message);
  return to_json(object);
}

}  // namespace

std::string to_line(const UpstreamOrder& order) { return line_of(order, order_types); }
std::string to_line(const UpstreamNotice& notice) { return line_of(notice, notice_types); }

Result<UpstreamOrder> read_order(std::string_view line) {
  return read_message<UpstreamOrder>(line, order_types);
}
Result<UpstreamNotice> read_notice(std::string_view line) {
  return read_message<UpstreamNotice>(line, notice_types);
}

}  // namespace wsfault::runner

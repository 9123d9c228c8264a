// One table for each direction, one description for writing and reading each type.
#include "runner/upstream_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <stdexcept>

#include "net/line_reader.hpp"
#include "record/fields.hpp"
#include "record/json.hpp"
#include "value/reader.hpp"

namespace wsfault::runner {
namespace {

using record::Is;

void describe(auto& fields, Is<ServeOrder> auto& order) {
  fields("upstream", order.upstream);
  fields("marks", order.marks);
  fields("seed", order.seed);
  fields("sequence", order.sequence);
  fields("certificate", order.certificate);
  fields("key", order.key);
}
void describe(auto& fields, Is<ConnectionOrder> auto& order) {
  fields("port", order.port);
  fields("connection", order.connection);
}
void describe(auto& fields, Is<MomentOrder> auto& order) {
  fields("wait", order.wait);
  fields("connection", order.connection);
}
void describe(auto& fields, Is<InjectedOrder> auto& order) { fields("serial", order.serial); }
void describe(auto& fields, Is<ListeningNotice> auto& notice) { fields("port", notice.port); }
void describe(auto& fields, Is<WaitNotice> auto& notice) {
  fields("wait", notice.wait);
  fields("connection", notice.connection);
}
void describe(auto& fields, Is<InjectNotice> auto& notice) {
  fields("serial", notice.serial);
  fields("connection", notice.connection);
  fields("bytes", notice.bytes);
  fields("mark", notice.mark);
}
void describe(auto& fields, Is<SequenceNotice> auto& notice) { fields("sequence", notice.sequence); }

class MemberWriter {
 public:
  explicit MemberWriter(Value& object) : object_(object) {}
  void operator()(std::string_view name, const auto& member) { object_.set(name, Value(member)); }
  void operator()(std::string_view name, const std::vector<std::string>& texts) {
    object_.set(name, Value::Array(texts.begin(), texts.end()));
  }

 private:
  Value& object_;
};

/// All members are required.
class MemberReader {
 public:
  explicit MemberReader(TableReader& reader) : reader_(reader) {}
  void operator()(std::string_view name, Value& member) {
    if (const Value* value = reader_.raw(name)) member = *value;
    require(name);
  }
  void operator()(std::string_view name, std::string& member) {
    member = reader_.text(name).value_or("");
    require(name);
  }
  void operator()(std::string_view name, std::vector<std::string>& member) {
    member = reader_.texts(name).value_or(std::vector<std::string>());
    require(name);
  }
  template <std::integral T>
  void operator()(std::string_view name, T& member) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr T high = std::cmp_greater(std::numeric_limits<T>::max(), most) ? static_cast<T>(most)
                                                                             : std::numeric_limits<T>::max();
    constexpr auto low = static_cast<std::int64_t>(std::numeric_limits<T>::min());
    member = static_cast<T>(reader_.integer(name, low, static_cast<std::int64_t>(high)).value_or(0));
    require(name);
  }

 private:
  void require(std::string_view name) {
    if (!reader_.has(name)) reader_.error(fmt::format("\"{}\" is missing", name));
  }
  TableReader& reader_;
};

template <typename Message>
struct Row {
  std::string_view type;
  Message (*read)(MemberReader&);
};
template <typename Message, typename Type>
Message read_as(MemberReader& fields) {
  Type content;
  describe(fields, content);
  return content;
}

/// In the order of the variants.
constexpr std::array<Row<UpstreamOrder>, 4> order_rows = {{
    {"serve", read_as<UpstreamOrder, ServeOrder>},
    {"connection", read_as<UpstreamOrder, ConnectionOrder>},
    {"moment", read_as<UpstreamOrder, MomentOrder>},
    {"injected", read_as<UpstreamOrder, InjectedOrder>},
}};
constexpr std::array<Row<UpstreamNotice>, 4> notice_rows = {{
    {"listening", read_as<UpstreamNotice, ListeningNotice>},
    {"wait", read_as<UpstreamNotice, WaitNotice>},
    {"inject", read_as<UpstreamNotice, InjectNotice>},
    {"sequence", read_as<UpstreamNotice, SequenceNotice>},
}};

std::string line_of(std::string_view type, const auto& content) {
  Value object(Value::Table{});
  object.set("type", type);
  MemberWriter fields(object);
  describe(fields, content);
  return to_json(object);
}

Result<Value> parse_line(std::string_view line) {
  if (line.size() >= net::LineReader::max_line)
    return Error{fmt::format("it is not shorter than {} bytes", net::LineReader::max_line)};
  try {
    return parse_json(line);
  } catch (const std::runtime_error& failure) {
    return Error{failure.what()};
  }
}

template <typename Message, std::size_t Count>
Result<Message> read_row(const Value& value, const std::array<Row<Message>, Count>& rows) {
  Diagnostics diagnostics("", "");
  TableReader reader(value, diagnostics, "the line");
  MemberReader fields(reader);
  Message message;
  std::string type;
  fields("type", type);
  std::vector<std::string_view> types;
  for (const Row<Message>& row : rows) types.push_back(row.type);
  if (diagnostics.ok()) reader.one_of("type", types);
  for (const Row<Message>& row : rows) {
    if (row.type == type) message = row.read(fields);
  }
  if (diagnostics.ok()) reader.finish();
  if (diagnostics.ok()) return message;
  const Diagnostic& first = diagnostics.errors().front();
  return Error{first.hint.empty() ? first.message : first.message + "; " + first.hint};
}

}  // namespace

std::string to_line(const UpstreamOrder& order) {
  return std::visit([&](const auto& content) { return line_of(order_rows[order.index()].type, content); },
                    order);
}

std::string to_line(const UpstreamNotice& notice) {
  return std::visit(
      [&]<typename Content>(const Content& content) {
        if constexpr (std::same_as<Content, record::Event>)
          return record::to_json(content);
        else
          return line_of(notice_rows[notice.index()].type, content);
      },
      notice);
}

Result<UpstreamOrder> read_order(std::string_view line) {
  const auto value = parse_line(line);
  return value ? read_row(*value, order_rows) : Error{value.error()};
}

Result<UpstreamNotice> read_notice(std::string_view line) {
  const auto value = parse_line(line);
  if (!value) return Error{value.error()};
  const Value* type = value->find("type");
  const auto is_own = [&](const auto& row) { return type && type->text() && *type->text() == row.type; };
  if (std::ranges::any_of(notice_rows, is_own)) return read_row(*value, notice_rows);
  auto event = record::event_from_json(line);
  if (!event) return Error{event.error()};
  return UpstreamNotice(*std::move(event));
}

}  // namespace wsfault::runner

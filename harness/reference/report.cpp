// Report lines made with Boost.JSON, keys in a fixed order.
#include "reference/report.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cstdio>

#include "wire/utf8.hpp"

namespace wsfault::reference {
namespace {

namespace json = boost::json;

std::string hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(byte));
  }
  return out;
}

}  // namespace

std::string open_line() { return json::serialize(json::object{{"event", "open"}}); }

std::string message_line(std::string_view payload, bool is_text) {
  json::object line{{"event", "message"}};
  if (is_text && wire::is_utf8(payload)) {
    line["text"] = payload;
  } else {
    line["hex"] = hex(payload);
  }
  return json::serialize(line);
}

std::string error_line(std::string_view message, std::optional<int> status) {
  json::object line{{"event", "error"}, {"message", message}};
  if (status) line["status"] = *status;
  return json::serialize(line);
}

std::string close_line(const CloseReport& close) {
  return json::serialize(json::object{
      {"event", "close"}, {"code", close.code}, {"reason", close.reason}, {"clean", close.clean}});
}

std::string reconnecting_line(Duration delay, int attempt) {
  const auto rounded = std::chrono::round<std::chrono::milliseconds>(delay).count();
  return json::serialize(
      json::object{{"event", "reconnecting"}, {"delay_ms", rounded}, {"attempt", attempt}});
}

void print_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

}  // namespace wsfault::reference

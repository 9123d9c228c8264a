#include "api.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "read_answers.hpp"

namespace wsfault::client {
namespace {

constexpr std::chrono::seconds answered_within{30};

/// None: it is not JSON.
std::optional<Value> read(const std::string& text) {
  try {
    return parse_json(text);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

WsfaultError refusal(const std::string& request, const HttpAnswer& answer) {
  const auto problem = read(answer.body);
  if (!problem || text_of(*problem, "detail").empty())  // not of wsfault: another server at that address
    return {request, answer.status, fmt::format("status {}: {}", answer.status, answer.body.substr(0, 200))};
  std::vector<WsfaultError::Detail> errors;
  for (const Value& each : list_of(*problem, "errors"))
    errors.push_back({text_of(each, "pointer"), text_of(each, "detail"), text_of(each, "hint")});
  return {request, answer.status, text_of(*problem, "detail"), text_of(*problem, "hint"), std::move(errors)};
}

HttpAddress address_of(const std::string& url) {
  auto address = read_http_url(url);
  if (!address) throw WsfaultError("wsfault", 0, address.error());
  return *std::move(address);
}

}  // namespace

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Api::Api(std::string url, std::string token, std::function<std::string()> why_gone)
    : url_(std::move(url)),
      address_(address_of(url_)),
      token_(std::move(token)),
      why_gone_(std::move(why_gone)) {}

Value Api::call(std::string_view method, std::string_view path, const std::optional<Value>& body,
                const Query& query, std::chrono::milliseconds waits) const {
  HttpRequest request{.method = std::string(method), .target = std::string(path), .fields = {}, .body = {}};
  char separator = '?';
  for (const auto& [key, value] : query) {
    if (value.empty()) continue;
    request.target += fmt::format("{}{}={}", std::exchange(separator, '&'), key, encoded(value));
  }
  request.fields = "Accept: application/json\r\n";
  if (!token_.empty()) request.fields += "Authorization: Bearer " + token_ + "\r\n";
  if (body) {
    request.fields += "Content-Type: application/json\r\n";
    request.body = to_json(*body);
  }
  const std::string named = fmt::format("{} {}", method, path);
  const auto answer =
      exchange(address_, request, std::chrono::steady_clock::now() + waits + answered_within, interrupt_);
  if (!answer)
    throw WsfaultError(named, 0, fmt::format("{} does not answer: {}", url_, answer.error()),
                       why_gone_ ? why_gone_() : std::string());
  if (answer->status >= 400) throw refusal(named, *answer);
  if (answer->body.empty()) return {};
  auto value = read(answer->body);
  if (!value)
    throw WsfaultError(named, answer->status, fmt::format("{} is no wsfault: its answer is not JSON", url_));
  return *std::move(value);
}

}  // namespace wsfault::client

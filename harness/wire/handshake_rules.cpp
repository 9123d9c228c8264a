// What RFC 6455 4 asks of the two heads of a handshake, and the key that joins them.
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "wire/field.hpp"
#include "wire/handshake.hpp"

namespace wsfault::wire {
namespace {

constexpr std::string_view key_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::vector<std::string_view> extension_names(const Headers& headers) {
  std::vector<std::string_view> names = list_items(headers, "Sec-WebSocket-Extensions");
  for (std::string_view& name : names) name = trim(until(name, ';'));
  return names;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// 16 bytes in base64: 22 characters and two of padding.
bool is_key(std::string_view value) {
  constexpr std::string_view padding = "==";
  constexpr std::size_t digits = 22;
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return value.size() == digits + padding.size() && value.substr(digits) == padding &&
         value.find_first_not_of(alphabet) == digits;
}

bool is_right_accept(const RequestHead& request, std::string_view accept) {
  return accept == accept_key(trim(find_header(request.headers, "Sec-WebSocket-Key").value_or("")));
}

/// 4.1: the whole value must match; a 101 that names a second protocol switches to more than was requested.
bool switches_to_websocket(const ResponseHead& response) {
  const auto upgrades = values(response.headers, "Upgrade");
  return !upgrades.empty() && std::ranges::all_of(upgrades, [](std::string_view value) {
    return equal_without_case(value, "websocket");
  });
}

/// 4.1 and 11.3.4: none, or one that was offered; subprotocols are compared with case.
bool is_right_subprotocol(const RequestHead& request, const ResponseHead& response) {
  const auto chosen = values(response.headers, "Sec-WebSocket-Protocol");
  if (chosen.empty()) return true;
  const auto offered = list_items(request.headers, "Sec-WebSocket-Protocol");
  return chosen.size() == 1 && std::ranges::find(offered, chosen.front()) != offered.end();
}

bool are_extensions_offered(const RequestHead& request, const ResponseHead& response) {
  const auto offered = extension_names(request.headers);
  return std::ranges::all_of(extension_names(response.headers), [&](std::string_view name) {
    return std::ranges::any_of(offered,
                               [&](std::string_view each) { return equal_without_case(each, name); });
  });
}

// --- permessage-deflate, RFC 7692 7

constexpr std::string_view deflate = "permessage-deflate";

std::vector<std::string_view> extension_items(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> items = list_items(headers, "Sec-WebSocket-Extensions");
  std::erase_if(items,
                [&](std::string_view item) { return !equal_without_case(trim(until(item, ';')), name); });
  return items;
}

struct Parameter {
  std::string_view name;
  std::optional<std::string_view> value;  ///< without its quotes
};

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

std::vector<Parameter> parameters(std::string_view extension) {
  std::vector<Parameter> found;
  extension.remove_prefix(std::min(extension.size(), until(extension, ';').size() + 1));
  while (!extension.empty()) {
    const std::string_view item = until(extension, ';');
    extension.remove_prefix(std::min(extension.size(), item.size() + 1));
    const std::string_view name = until(item, '=');
    Parameter parameter{trim(name), std::nullopt};
    if (name.size() < item.size()) parameter.value = unquoted(trim(item.substr(name.size() + 1)));
    found.push_back(parameter);
  }
  return found;
}

const Parameter* find_parameter(const std::vector<Parameter>& all, std::string_view name) {
  const auto found =
      std::ranges::find_if(all, [&](const Parameter& each) { return equal_without_case(each.name, name); });
  return found == all.end() ? nullptr : &*found;
}

/// 8 to 15, in decimal digits without a leading zero; none if it is anything else.
std::optional<int> window_bits(const std::optional<std::string_view>& value) {
  if (!value) return std::nullopt;
  if (*value == "8" || *value == "9") return value->front() - '0';
  if (value->size() == 2 && value->front() == '1' && (*value)[1] >= '0' && (*value)[1] <= '5')
    return 10 + (*value)[1] - '0';
  return std::nullopt;
}

/// 7.1.2.1: at most what was offered. 7.1.2.2: only where the offer names it.
bool is_valid_window(const Parameter& parameter, const Parameter* offered) {
  const auto bits = window_bits(parameter.value);
  if (!bits) return false;
  if (offered == nullptr) return equal_without_case(parameter.name, "server_max_window_bits");
  return !offered->value || *bits <= window_bits(offered->value).value_or(0);
}

bool answers(const std::vector<Parameter>& answer, const std::vector<Parameter>& offer) {
  return std::ranges::all_of(answer, [&](const Parameter& each) {
    const bool is_single = std::ranges::count_if(answer, [&](const Parameter& other) {
                             return equal_without_case(each.name, other.name);
                           }) == 1;
    if (!is_single) return false;
    if (equal_without_case(each.name, "server_no_context_takeover") ||
        equal_without_case(each.name, "client_no_context_takeover"))
      return !each.value.has_value();
    if (equal_without_case(each.name, "server_max_window_bits") ||
        equal_without_case(each.name, "client_max_window_bits"))
      return is_valid_window(each, find_parameter(offer, each.name));
    return false;
  });
}

}  // namespace

bool names_extension(const Headers& headers, std::string_view name) {
  return !extension_items(headers, name).empty();
}

bool agrees_on_compression(const RequestHead& request, const ResponseHead& response) {
  const auto agreed = extension_items(response.headers, deflate);
  if (response.status != 101 || agreed.size() != 1 || !are_extensions_offered(request, response))
    return false;
  const auto answer = parameters(agreed.front());
  // An offer may be made several times, with other parameters; the answer is to one of them.
  return std::ranges::any_of(extension_items(request.headers, deflate),
                             [&](std::string_view offer) { return answers(answer, parameters(offer)); });
}

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (equal_without_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

bool has_token(const Headers& headers, std::string_view name, std::string_view token) {
  return std::ranges::any_of(list_items(headers, name),
                             [&](std::string_view item) { return equal_without_case(item, token); });
}

std::string accept_key(std::string_view key) {
  const std::string joined = std::string(key) + std::string(key_guid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest.data());
  return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string encode_key(std::string_view sixteen_bytes) { return base64(sixteen_bytes); }

bool is_upgrade(const RequestHead& request) {
  return request.method == "GET" && has_token(request.headers, "Upgrade", "websocket") &&
         has_token(request.headers, "Connection", "upgrade") &&
         find_header(request.headers, "Sec-WebSocket-Key").has_value();
}

std::string_view to_string(HandshakeFlaw flaw) {
  switch (flaw) {
    case HandshakeFlaw::status_not_101:
      return "status-not-101";
    case HandshakeFlaw::no_upgrade:
      return "no-upgrade";
    case HandshakeFlaw::no_connection:
      return "no-connection";
    case HandshakeFlaw::no_accept:
      return "no-accept";
    case HandshakeFlaw::wrong_accept:
      return "wrong-accept";
    case HandshakeFlaw::wrong_subprotocol:
      return "wrong-subprotocol";
    case HandshakeFlaw::unoffered_extension:
      return "unoffered-extension";
    case HandshakeFlaw::not_get:
      return "not-get";
    case HandshakeFlaw::bad_key:
      return "bad-key";
    case HandshakeFlaw::wrong_version:
      return "wrong-version";
    case HandshakeFlaw::not_http_1_1:
      return "not-http-1-1";
    case HandshakeFlaw::no_host:
      return "no-host";
  }
  return "unknown";
}

std::vector<HandshakeFlaw> check_response(const RequestHead& request, const ResponseHead& response) {
  using enum HandshakeFlaw;
  if (response.status != 101) return {status_not_101};
  std::vector<HandshakeFlaw> flaws;
  if (!switches_to_websocket(response)) flaws.push_back(no_upgrade);
  if (!has_token(response.headers, "Connection", "upgrade")) flaws.push_back(no_connection);
  const auto accepts = values(response.headers, "Sec-WebSocket-Accept");
  if (accepts.empty()) {
    flaws.push_back(no_accept);
  } else if (!std::ranges::all_of(accepts, [&](auto accept) { return is_right_accept(request, accept); })) {
    flaws.push_back(wrong_accept);
  }
  if (!are_extensions_offered(request, response)) flaws.push_back(unoffered_extension);
  if (!is_right_subprotocol(request, response)) flaws.push_back(wrong_subprotocol);
  return flaws;
}

std::vector<HandshakeFlaw> check_request(const RequestHead& request) {
  using enum HandshakeFlaw;
  std::vector<HandshakeFlaw> flaws;
  if (request.method != "GET") flaws.push_back(not_get);
  if (request.version < 11) flaws.push_back(not_http_1_1);
  if (!find_header(request.headers, "Host")) flaws.push_back(no_host);
  if (!has_token(request.headers, "Upgrade", "websocket")) flaws.push_back(no_upgrade);
  if (!has_token(request.headers, "Connection", "upgrade")) flaws.push_back(no_connection);
  const auto keys = values(request.headers, "Sec-WebSocket-Key");
  if (keys.size() != 1 || !is_key(keys.front())) flaws.push_back(bad_key);
  const auto versions = values(request.headers, "Sec-WebSocket-Version");
  if (versions.size() != 1 || versions.front() != "13") flaws.push_back(wrong_version);
  return flaws;
}

}  // namespace wsfault::wire

#include "cli/external_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/beast/core/detail/base64.hpp>
#include <cstdlib>
#include <stdexcept>

#include "runner/address.hpp"
#include "scenario/pieces.hpp"
#include "scenario/variables.hpp"
#include "value/url.hpp"
#include "wire/field.hpp"

namespace wsfault::cli {
namespace {

/// RFC 9110 5.6.2: the characters of a field name, and of a subprotocol (RFC 6455 4.1).
bool is_token_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

/// The position of the first character that a token cannot contain; npos if there is none.
std::size_t not_a_token(std::string_view text) {
  const auto found = std::ranges::find_if_not(text, is_token_character);
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

/// Fields that hold credentials (RFC 9110 11, RFC 6265): no log or report shows their values.
bool is_credential(std::string_view name) {
  constexpr std::array names = {"authorization", "cookie", "proxy-authorization", "x-api-key"};
  return std::ranges::any_of(names, [&](const char* each) { return wire::equal_without_case(each, name); });
}

constexpr std::size_t shortest_credential = 4;  // shorter values also occur as ordinary words

/// Decodes up to the first character that is not base64.
std::string base64_decoded(const std::string& text) {
  std::string bytes(boost::beast::detail::base64::decoded_size(text.size()), '\0');
  const auto [written, read] = boost::beast::detail::base64::decode(bytes.data(), text.data(), text.size());
  bytes.resize(written);
  return bytes;
}

/// Replaces ${env:NAME}; the value is a secret.
Result<std::string> from_environment(std::string_view text, Secrets& secrets) {
  constexpr std::string_view prefix = "env:";
  const auto pieces = scenario::split_variables(text);
  if (!pieces) return Error{pieces.error()};
  std::string whole;
  for (const scenario::Piece& piece : *pieces) {
    if (!piece.variable) {
      whole += piece.text;
      continue;
    }
    if (!piece.text.starts_with(prefix))
      return Error{fmt::format("there is no ${{{}}} here; ${{env:NAME}} is of the environment", piece.text)};
    const std::string name = piece.text.substr(prefix.size());
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return Error{fmt::format("the environment has no variable {}", name)};
    if (scenario::is_secret(value)) secrets[value] = "<env:" + name + ">";
    whole += value;
  }
  return whole;
}

/// The whole value, and the parts of it that others may print separately: a token after its scheme, the
/// decoded text of Basic (RFC 7617), the value of each cookie.
void add_credential(const wire::Header& header, Secrets& secrets) {
  const std::string instead = "<" + header.name + ">";
  const auto add = [&](const std::string& value) {
    if (value.size() >= shortest_credential) secrets.emplace(value, instead);
  };
  if (header.value.empty()) return;
  secrets[header.value] = instead;
  const std::size_t space = header.value.find(' ');
  if (wire::equal_without_case(header.name, "cookie")) {
    std::vector<std::string> cookies;
    boost::algorithm::split(cookies, header.value, [](char c) { return c == ';'; });
    for (const std::string& cookie : cookies) {
      if (const std::size_t equals = cookie.find('='); equals != std::string::npos)
        add(cookie.substr(equals + 1));
    }
  } else if (space != std::string::npos) {
    const std::string token = header.value.substr(space + 1);
    add(token);
    if (!wire::equal_without_case(header.value.substr(0, space), "basic")) return;
    const std::string pair = base64_decoded(token);
    add(pair);
    if (const std::size_t colon = pair.find(':'); colon != std::string::npos) add(pair.substr(colon + 1));
  }
}

/// The error names the wrong character.
Result<wire::Header> read_header(const std::string& name, const std::string& text, Secrets& secrets) {
  if (const std::size_t wrong = not_a_token(name); wrong != std::string::npos) {
    return Error{
        fmt::format("--header '{} …': character {} ('{}') cannot stand in a field name (RFC 9110 5.6.2)",
                    name, wrong + 1, name[wrong])};
  }
  const auto value = from_environment(text, secrets);
  if (!value) return Error{fmt::format("--header '{}': {}", name, value.error())};
  const auto wrong = std::ranges::find_if(*value, [](unsigned char c) { return c < ' ' && c != '\t'; });
  if (wrong != value->end()) {
    return Error{fmt::format("--header '{}': character {} of the value is a control character (RFC 9110 5.5)",
                             name, wrong - value->begin() + 1)};
  }
  wire::Header header{name, std::string(wire::trim(*value))};
  if (is_credential(name)) add_credential(header, secrets);
  return header;
}

/// "NAME: VALUE". The rest after a name may be a secret: it is not shown.
Result<std::pair<std::string, std::string>> split_header(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, std::min(colon, text.find_first_of(" \t")));
  if (colon == std::string::npos) return Error{fmt::format("--header '{} …': must be 'NAME: VALUE'", name)};
  if (colon == 0) return Error{"--header ': …': there is no name before the colon"};
  return std::pair(text.substr(0, colon), text.substr(colon + 1));
}

/// `ca_file`: of --ca; empty: the authorities that this machine trusts.
Result<net::TlsContext> read_demands(const std::string& ca_file) {
  net::TlsDemands demands;
  demands.ca_file = ca_file;
  try {
    return net::TlsContext::client(demands);
  } catch (const std::runtime_error& thrown) {
    return Error{fmt::format("--ca {}", thrown.what())};
  }
}

}  // namespace

Result<std::optional<External>> external_of(const RunOptions& options, const model::System* file) {
  External external;
  const bool asked = !options.gateway.empty() || !options.server.empty();
  const model::Running* running = file && file->running && !asked ? &*file->running : nullptr;
  if (!asked && !running) {
    if (!options.headers.empty()) return Error{"--header is for --server and --gateway"};
    if (!options.subprotocols.empty()) return Error{"--subprotocol is for --server and --gateway"};
    return std::optional<External>();
  }
  external.is_server = running ? file->role == model::Role::server : !options.server.empty();
  external.url = running ? running->url : external.is_server ? options.server : options.gateway;
  external.ca = options.ca;
  external.upstream_listen = options.upstream_listen;
  external.subprotocols = options.subprotocols;
  for (const std::string& text : options.headers) {
    auto header = split_header(text);
    if (!header) return Error{header.error()};
    external.headers.push_back(std::move(*header));
  }
  if (!running) return std::optional(std::move(external));
  external.headers.insert(external.headers.end(), running->headers.begin(), running->headers.end());
  external.subprotocols.insert(external.subprotocols.end(), running->subprotocols.begin(),
                               running->subprotocols.end());
  if (external.ca.empty()) external.ca = running->ca_file;
  if (external.upstream_listen.empty()) external.upstream_listen = running->upstream_listen;
  return std::optional(std::move(external));
}

Result<runner::ExternalSystem> read_external(const External& external, Secrets& secrets) {
  const std::string_view option = external.is_server ? "--server" : "--gateway";
  const auto target = parse_url(external.url);
  if (!target) return Error{fmt::format("{}: {}", option, target.error())};
  if (!target->tls && !external.ca.empty())
    return Error{fmt::format("--ca is for a {} that is wss://", option)};
  runner::ExternalSystem system;
  if (target->tls) {
    auto demands = read_demands(external.ca);
    if (!demands) return Error{demands.error()};
    system.tls = std::move(*demands);
  }
  system.listen = {target->host, target->port};
  system.authority = target->authority;
  system.path = target->path;
  for (const std::string& listen : external.upstream_listen) {
    auto address = runner::parse_address(listen);
    if (!address) return Error{"--upstream-listen " + address.error()};
    system.upstreams.push_back(std::move(*address));
  }
  for (const auto& [name, value] : external.headers) {
    auto header = read_header(name, value, secrets);
    if (!header) return Error{header.error()};
    system.headers.push_back(std::move(*header));
  }
  for (const std::string& name : external.subprotocols) {
    if (name.empty() || not_a_token(name) != std::string::npos)
      return Error{fmt::format("--subprotocol '{}': must be a token (RFC 6455 4.1)", name)};
    system.subprotocols.push_back(name);
  }
  return system;
}

std::string check_upstream(const RunOptions& options) {
  const auto target = parse_url(options.upstream);
  if (!target) return "--upstream: " + target.error();
  if (!target->tls) return options.ca.empty() ? "" : "--ca is for an --upstream that is wss://";
  const auto demands = read_demands(options.ca);
  return demands ? "" : demands.error();
}

}  // namespace wsfault::cli

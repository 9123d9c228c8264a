// Requests and responses of the control port as values (RFC 9110).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/asio.hpp"

namespace wsfault::control {

struct Request {
  std::string method;
  std::string path;                          ///< decoded, without the query
  std::map<std::string, std::string> query;  ///< decoded; of a name that comes twice, the last
  std::map<std::string, std::string> fields;  ///< names in lower case
  std::string body;

  /// Empty if there is none.
  const std::string& field(const std::string& name) const {
    static const std::string none;
    const auto found = fields.find(name);
    return found == fields.end() ? none : found->second;
  }
  std::optional<std::string> argument(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::nullopt : std::optional(found->second);
  }
};

/// Writes a part of a response that has no length of its own; false: the client has gone, or the server stops.
using WritePart = std::function<net::Task<bool>(std::string part)>;

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> fields = {};
  /// In place of `body`: writes parts until it returns.
  std::function<net::Task<void>(WritePart)> stream = nullptr;
};

}  // namespace wsfault::control

// Requests of the control port.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsfault/errors.hpp>

#include "http_exchange.hpp"
#include "value/value.hpp"

namespace wsfault::client {

using Query = std::vector<std::pair<std::string_view, std::string>>;

/// Percent-encoded, as a segment of a path or a value of a query (RFC 3986 2.3).
std::string encoded(std::string_view text);

class Api {
 public:
  /// `why_gone` says what became of a program of our own that does not answer; empty: nothing is known.
  /// Throws WsfaultError where the URL is none.
  Api(std::string url, std::string token, std::function<std::string()> why_gone = {});

  const std::string& url() const { return url_; }
  /// Requests end early where this becomes readable.
  void interrupt_by(int descriptor) { interrupt_ = descriptor; }

  /// The answer; null: it is empty. What is empty in the query is left out. `waits`: how long the server may
  /// wait before it answers. Throws WsfaultError.
  Value call(std::string_view method, std::string_view path, const std::optional<Value>& body = {},
             const Query& query = {}, std::chrono::milliseconds waits = {}) const;

 private:
  std::string url_;
  HttpAddress address_;
  std::string token_;
  std::function<std::string()> why_gone_;
  int interrupt_ = -1;
};

}  // namespace wsfault::client

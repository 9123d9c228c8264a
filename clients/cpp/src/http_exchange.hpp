// One request of HTTP and its answer, over plain TCP. Without Beast: it would be a second one in the programs
// of others.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "value/result.hpp"

namespace wsfault::client {

struct HttpAddress {
  std::string host;
  std::string port;
  std::string authority;  ///< as it was written
};
/// "http://HOST:PORT"; an address of IPv6 stands in brackets.
Result<HttpAddress> read_http_url(std::string_view url);

struct HttpRequest {
  std::string method;
  std::string target;
  std::string fields;  ///< further lines of the head
  std::string body;
};
struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// The error is a sentence. It ends early where `interrupt`, a descriptor, becomes readable; -1: none.
Result<HttpAnswer> exchange(const HttpAddress& address, const HttpRequest& request,
                            std::chrono::steady_clock::time_point due, int interrupt = -1);

}  // namespace wsfault::client

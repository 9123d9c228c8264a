// Serves the control port: HTTP/1.1 with limits, from one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "control/http.hpp"

namespace wsfault::control {

struct ServerSetting {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string token;                  ///< if not empty: requests need "Authorization: Bearer TOKEN" (RFC 6750 2.1)
  std::vector<std::string> origins;   ///< of pages in a browser that may use it (CORS); "*": any
  std::size_t most_connections = 2000;
  std::size_t most_body = 1024 * 1024;
};

class HttpServer {
 public:
  using Serve = std::function<net::Task<Response>(const Request&)>;
  /// Binds and listens. Throws boost::system::system_error.
  HttpServer(const net::asio::any_io_executor& executor, ServerSetting setting, Serve serve);
  ~HttpServer();

  std::uint16_t port() const;
  /// Serves until close(); returns when every connection has ended.
  net::Task<void> run();
  /// Accepts none any more; what is being served has a second.
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

/// What keeps a request of a page in a browser out (DNS rebinding, other origins); empty: nothing.
std::string why_not_from_a_page(const Request& request, const ServerSetting& setting);

}  // namespace wsfault::control

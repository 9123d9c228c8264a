// A reference client in the test's own loop, and the lines that it reported.
#pragma once

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "reference/client.hpp"
#include "reference/loop.hpp"

namespace wsfault::reference {

using Lines = std::vector<std::string>;

inline constexpr std::string_view opened = R"({"event":"open"})";
inline constexpr std::string_view closed_1006 = R"({"event":"close","code":1006,"reason":"","clean":false})";

/// Limits short enough for a test, and no heartbeat: tests of the heartbeat set it.
inline ClientOptions quick_options(std::uint16_t port) {
  using std::chrono::milliseconds;
  ClientOptions options;
  options.target = {
      .host = "127.0.0.1", .port = port, .path = "/", .authority = "127.0.0.1:" + std::to_string(port)};
  options.heartbeat.reset();
  options.heartbeat_timeout = milliseconds(100);
  options.handshake_limit = std::chrono::seconds(5);
  options.close_limit = std::chrono::seconds(5);
  options.backoff = {milliseconds(1), 2, milliseconds(16), Jitter::full};
  options.messages = 0;
  options.final = *FinalOutcomes::parse("1008,4400-4499,401,403");
  options.seed = 1;
  return options;
}

inline ClientOptions with(ClientOptions options, Defect defect) {
  options.defects.add(defect);
  return options;
}

class TestClient {
 public:
  TestClient(Loop& loop, const ClientOptions& options)
      : client_(loop.executor(), options, [this](std::string_view line) { lines.emplace_back(line); }) {
    loop.start(run());
  }

  void stop() { client_.stop(); }
  bool finished() const { return finished_; }

  std::size_t count(std::string_view event) const {
    const std::string start = R"({"event":")" + std::string(event) + '"';
    return static_cast<std::size_t>(
        std::ranges::count_if(lines, [&](const std::string& line) { return line.starts_with(start); }));
  }
  /// All lines before the first "reconnecting".
  Lines first_attempt() const {
    const auto next = std::ranges::find_if(
        lines, [](const std::string& line) { return line.starts_with(R"({"event":"reconnecting")"); });
    return Lines(lines.begin(), next);
  }

  Lines lines;

 private:
  net::Task<void> run() {
    co_await client_.run();
    finished_ = true;
  }
  Client client_;
  bool finished_ = false;
};

}  // namespace wsfault::reference

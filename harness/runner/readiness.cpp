// Retries every few milliseconds, because no event reports that another process listens.
#include "runner/readiness.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "net/dial.hpp"
#include "scenario/render.hpp"
#include "value/regex.hpp"
#include "value/url.hpp"
#include "wire/handshake.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;
using namespace net::asio::experimental::awaitable_operators;

constexpr Duration try_again = std::chrono::milliseconds(10);
constexpr Duration one_try = std::chrono::seconds(2);
constexpr std::size_t longest_head = 64 * 1024;

/// Empty: it accepts connections there; else why not.
net::Task<std::string> try_connect(WebSocketUrl target, net::SocketSource sockets) {
  auto result = co_await net::dial(target.host, target.port, one_try, {}, std::move(sockets));
  co_return result.socket ? std::string() : result.detail;
}

/// Empty: it answers with a status below 400; else what it answered.
net::Task<std::string> ask_http(WebSocketUrl target, net::SocketSource sockets) {
  auto result = co_await net::dial(target.host, target.port, one_try, {}, std::move(sockets));
  if (!result.socket) co_return result.detail;
  const std::string request = wire::serialize(
      wire::RequestHead{.method = "GET",
                        .target = target.path,
                        .headers = wire::Headers{{"Host", target.authority}, {"Connection", "close"}}});
  co_await result.socket->write(request);
  std::string head;
  std::vector<char> buffer(4096);
  while (!wire::head_size(head) && head.size() < longest_head) {
    const auto read = co_await result.socket->read_some(buffer);
    if (read.size == 0) break;
    head.append(buffer.data(), read.size);
  }
  const auto size = wire::head_size(head);
  const auto response = wire::parse_response(std::string_view(head).substr(0, size.value_or(0)));
  if (!response) co_return std::string("it did not answer with HTTP");
  co_return response->status < 400 ? std::string() : fmt::format("it answered {}", response->status);
}

/// A system may accept the request and never answer.
net::Task<std::string> try_http(WebSocketUrl target, net::SocketSource sockets) {
  auto first = co_await (ask_http(std::move(target), std::move(sockets)) || net::sleep_for(one_try));
  co_return first.index() == 0 ? std::get<0>(std::move(first))
                               : std::string("it takes the request and does not answer");
}

bool prints(const record::Event& event, const Regex& pattern) {
  const auto* line = std::get_if<record::OutputLine>(&event.what);
  return line != nullptr && event.where.party == "sut" && pattern.search(line->line.view());
}

/// Since its process was started last: what an earlier one printed says nothing of it.
bool has_printed(const record::EventLog& log, const Regex& pattern) {
  const record::Events& events = log.events();
  for (std::size_t left = events.size(); left > 0; --left) {
    const record::Event& event = events[left - 1];
    if (prints(event, pattern)) return true;
    const auto* changed = std::get_if<record::ProcessChanged>(&event.what);
    if (changed && changed->change == record::ProcessChange::started && event.where.party == "sut") return false;
  }
  return false;
}

/// "127.0.0.1:80" and "http://127.0.0.1:80/health" alike.
Result<WebSocketUrl> target_of(std::string text) {
  const std::size_t scheme = text.find("://");
  text = scheme == std::string::npos ? "ws://" + text : "ws" + text.substr(scheme);
  return parse_url(text);
}

std::string describe(const model::System& system, const std::string& where, const std::string& why) {
  if (system.ready_kind == "log") return fmt::format("it never printed {}", where);
  return fmt::format("{}: {}", where, why);
}

}  // namespace

net::Task<std::string> await_ready(const model::System& system, const SystemProcess& process,
                                   const std::map<std::string, std::string>& variables, record::EventLog& log,
                                   net::EventGate& changed, double timeout_scale, net::SocketSource sockets) {
  if (system.ready_kind.empty() && system.role == model::Role::client) co_return std::string();
  const std::string stated = system.ready_kind.empty() ? "${listen}" : system.ready_target;
  const auto rendered =
      system.ready_kind == "log" ? Result<std::string>(stated) : scenario::render(stated, variables);
  if (!rendered) co_return fmt::format("ready: {}", rendered.error());
  std::optional<Regex> pattern;
  WebSocketUrl target;
  if (system.ready_kind == "log") {
    pattern = *Regex::compile(std::string_view(stated).substr(1, stated.size() - 2));
  } else {
    const auto parsed = target_of(*rendered);
    if (!parsed) co_return fmt::format("ready: {}", parsed.error());
    target = *parsed;
  }
  const Duration limit = scaled(system.ready_within, timeout_scale);
  const auto deadline = Clock::now() + limit;
  std::string why;
  bool printed = pattern && has_printed(log, *pattern);
  const auto subscription = log.subscribe([&](const record::Event& event) {
    if (pattern && !printed) printed = prints(event, *pattern);
  });
  while (Clock::now() < deadline) {
    if (!process.running()) co_return std::string("the system ended before it was ready");
    if (printed) co_return std::string();
    if (!pattern && system.ready_kind == "http") why = co_await try_http(target, sockets);
    if (!pattern && system.ready_kind != "http") why = co_await try_connect(target, sockets);
    if (!pattern && why.empty()) co_return std::string();
    co_await changed.wait_until(std::min(Clock::now() + try_again, deadline));
  }
  const auto host = variables.find("listen_host");
  const bool is_ours = system.ready_kind.empty() && host != variables.end() && host->second != "127.0.0.1";
  co_return fmt::format(
      "the system was not ready within {}: {}{}", format_duration(limit), describe(system, *rendered, why),
      is_ours ? fmt::format(" (does it listen on ${{listen_host}}, {}, which differs from case to "
                            "case, or only on 127.0.0.1?)",
                            host->second)
              : "");
}

}  // namespace wsfault::runner

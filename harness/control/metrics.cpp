// What passes, as Prometheus reads it (text exposition format 0.0.4).
#include <fmt/format.h>

#include <array>

#include "proxy/route.hpp"
#include "control/page.hpp"
#include "control/router.hpp"

namespace wsfault::control {
namespace {

constexpr std::array<std::string_view, 2> sides = {"client", "server"};

std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string_view opcode_name(std::size_t opcode) {
  switch (opcode) {
    case 0: return "continuation";
    case 1: return "text";
    case 2: return "binary";
    case 8: return "close";
    case 9: return "ping";
    case 10: return "pong";
    default: return "reserved";
  }
}

/// By sender.
using BySide = std::array<std::uint64_t, 2>;
BySide bytes_read(const proxy::Proxy& proxy) {
  const auto traffic = proxy.traffic();
  return {traffic.from_client, traffic.from_server};
}
BySide bytes_written(const proxy::Proxy& proxy) {
  const auto traffic = proxy.traffic();
  return {traffic.to_server, traffic.to_client};
}

/// Collects the samples of each metric, which must stand together.
class Samples {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
    name_ = name;
  }
  /// Of a histogram; the buckets count from below.
  void add(const std::string& labels, const relay::Delays& delays) {
    const auto seconds = [](std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); };
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < delays.counts.size(); ++i) {
      count += delays.counts[i];
      const std::string limit =
          i < relay::Delays::limits.size() ? fmt::format("{}", seconds(relay::Delays::limits[i])) : "+Inf";
      text_ += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name_, labels, limit, count);
    }
    text_ += fmt::format("{0}_sum{{{1}}} {2}\n{0}_count{{{1}}} {3}\n", name_, labels, seconds(delays.sum), count);
  }
  void add(const std::string& labels, std::uint64_t value) { text_ += fmt::format("{}{{{}}} {}\n", name_, labels, value); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
};

/// Calls `add` with each proxy and the labels that name it.
void for_each(Context& context, auto add) {
  for (const auto& session : context.sessions.all())
    for (const proxy::Proxy* proxy : session->proxies())
      add(*proxy, fmt::format("session=\"{}\",proxy=\"{}\"", label(session->id()), label(proxy->name())));
}

void add_frames(Samples& samples, Context& context) {
  samples.begin("wsfault_frames_total", "counter", "Frames as sent, by sender and opcode (RFC 6455 5.2).");
  for_each(context, [&](const proxy::Proxy& proxy, const std::string& labels) {
    const proxy::Counters counters = proxy.counters();
    for (std::size_t side = 0; side < sides.size(); ++side) {
      std::uint64_t reserved = 0;
      for (std::size_t opcode = 0; opcode < 16; ++opcode) {
        const std::uint64_t count = counters.frames[side][opcode];
        if (opcode_name(opcode) == "reserved") {
          reserved += count;
        } else if (count > 0) {
          samples.add(fmt::format("{},from=\"{}\",opcode=\"{}\"", labels, sides[side], opcode_name(opcode)), count);
        }
      }
      if (reserved > 0) samples.add(fmt::format("{},from=\"{}\",opcode=\"reserved\"", labels, sides[side]), reserved);
    }
  });
}

void add_closes(Samples& samples, Context& context) {
  samples.begin("wsfault_closes_total", "counter", "Close frames as sent, by sender and code; 1005: without one.");
  for_each(context, [&](const proxy::Proxy& proxy, const std::string& labels) {
    const proxy::Counters counters = proxy.counters();
    for (const auto& [key, count] : counters.closes)
      samples.add(fmt::format("{},from=\"{}\",code=\"{}\"", labels, sides[proxy::index_of(key.first)], key.second), count);
  });
}

void add_one(Samples& samples, Context& context, std::string_view name, std::string_view type, std::string_view help, auto value) {
  samples.begin(name, type, help);
  for_each(context, [&](const proxy::Proxy& proxy, const std::string& labels) { samples.add(labels, value(proxy)); });
}

void add_by_side(Samples& samples, Context& context, std::string_view name, std::string_view help, auto value) {
  samples.begin(name, "counter", help);
  for_each(context, [&](const proxy::Proxy& proxy, const std::string& labels) {
    for (std::size_t side = 0; side < sides.size(); ++side)
      samples.add(fmt::format("{},from=\"{}\"", labels, sides[side]), value(proxy)[side]);
  });
}

/// Under Toxiproxy's names, too: dashboards know them.
void add_toxiproxy_bytes(Samples& samples, Context& context) {
  for (const std::string_view name : {"toxiproxy_proxy_received_bytes_total", "toxiproxy_proxy_sent_bytes_total"}) {
    const bool received = name.find("received") != std::string_view::npos;
    samples.begin(name, "counter", received ? "Bytes read." : "Bytes written.");
    for (const proxy::Proxy* proxy : context.sessions.standing().proxies()) {
      for (std::size_t side = 0; side < sides.size(); ++side) {
        const std::string labels = fmt::format("direction=\"{}\",listener=\"{}\",proxy=\"{}\",upstream=\"{}\"",
                                               side == 0 ? "upstream" : "downstream", label(proxy::listen_text(proxy->route())),
                                               label(proxy->name()), label(proxy::upstream_text(proxy->route())));
        samples.add(labels, received ? bytes_read(*proxy)[side] : bytes_written(*proxy)[side]);
      }
    }
  }
}

net::Task<Response> show_metrics(Context& context, const Call&) {
  Samples samples;
  add_one(samples, context, "wsfault_connections_total", "counter", "Connections accepted.",
          [](const proxy::Proxy& proxy) { return proxy.counters().connections; });
  add_one(samples, context, "wsfault_connections_open", "gauge", "Connections that are open.",
          [](const proxy::Proxy& proxy) { return proxy.living(); });
  add_one(samples, context, "wsfault_connections_relayed", "gauge",
          "Connections that are open, and on which no fault is armed.",
          [](const proxy::Proxy& proxy) { return proxy.relayed(); });
  add_one(samples, context, "wsfault_upgrades_total", "counter", "Connections that became WebSocket connections.",
          [](const proxy::Proxy& proxy) { return proxy.counters().upgrades; });
  add_one(samples, context, "wsfault_dial_failures_total", "counter", "Connections whose server could not be reached.",
          [](const proxy::Proxy& proxy) { return proxy.counters().dial_failures; });
  add_by_side(samples, context, "wsfault_received_bytes_total", "Bytes read, by their sender.",
              bytes_read);
  add_by_side(samples, context, "wsfault_sent_bytes_total", "Bytes written, by their sender.",
              bytes_written);
  add_by_side(samples, context, "wsfault_messages_total", "Whole messages, by their sender.",
              [](const proxy::Proxy& proxy) { return proxy.counters().messages; });
  add_frames(samples, context);
  add_closes(samples, context);
  add_one(samples, context, "wsfault_faults_fired_total", "counter", "How often faults have fired.",
          [](const proxy::Proxy& proxy) { return proxy.counters().faults_fired; });
  add_one(samples, context, "wsfault_violations_total", "counter", "Violations of RFC 6455, as sent.",
          [](const proxy::Proxy& proxy) { return proxy.counters().violations; });
  add_one(samples, context, "wsfault_own_latency_seconds", "histogram",
          "How long the proxy keeps bytes of its own accord, beyond what faults ask for; of what passes without a fault, "
          "every sixteenth read is measured.",
          [](const proxy::Proxy& proxy) { return proxy.delays(); });
  add_toxiproxy_bytes(samples, context);
  co_return Response{.type = "text/plain; version=0.0.4; charset=utf-8", .body = samples.take()};
}

net::Task<Response> show_page(Context&, const Call&) {
  Response response{.type = "text/html; charset=utf-8", .body = std::string(page_html())};
  // What it needs is in it: nothing else is loaded, and nothing else may run.
  response.fields.emplace_back("Content-Security-Policy",
                               "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; "
                               "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  co_return response;
}

}  // namespace

std::vector<Route> other_routes() {
  return {
      {"GET", "/metrics", "Counters in Prometheus' text form", show_metrics, {}, {}, "Text"},
      {"GET", "/", "A page for people", show_page, {}, {}, "Page"},
  };
}

}  // namespace wsfault::control

// The attempt is followed from the client to the upstream and back; the message names the point where it
// stopped.
#include "runner/precheck_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <variant>

namespace wsfault::runner {
namespace {

using record::Side;
using record::Tap;

constexpr std::string_view link_to_system = "front";

/// What was seen on one side of the system.
struct Leg {
  bool dialled = false;
  bool accepted = false;
  int dial_error = 0;
  std::string tls_error;
  const wire::RequestHead* request = nullptr;  ///< as its client sent it
  bool upgrade = false;
  const record::ResponseSeen* answer = nullptr;  ///< as its server sent it; no 1xx except 101
  const record::NotHttp* not_http = nullptr;
  const record::StreamEnded* end = nullptr;          ///< by its server
  bool message_asked = false;                        ///< of the client, as it was sent
  std::vector<const record::MessageSeen*> messages;  ///< of the server, as they were sent
};

struct Legs {
  Leg front;
  Leg back;
};

struct Reader {
  Leg& leg;

  void operator()(const record::Accepted&) { leg.accepted = true; }
  void operator()(const record::Dialled&) { leg.dialled = true; }
  void operator()(const record::DialFailed& failed) { leg.dial_error = failed.error; }
  void operator()(const record::TlsHandshake& handshake) {
    if (!handshake.error.empty()) leg.tls_error = handshake.error;
  }
  void operator()(const record::RequestSeen& request) {
    if (request.tap != Tap::sent) return;
    leg.request = &*request.head;
    leg.upgrade = request.upgrade;
  }
  void operator()(const record::ResponseSeen& response) {
    const int status = response.head->status;
    if (response.tap == Tap::sent && (status == 101 || status >= 200) && !leg.answer) leg.answer = &response;
  }
  void operator()(const record::NotHttp& bytes) {
    if (bytes.tap == Tap::sent && !leg.not_http) leg.not_http = &bytes;
  }
  void operator()(const record::StreamEnded& end) {
    if (end.tap == Tap::sent && end.side == Side::server && !leg.end) leg.end = &end;
  }
  void operator()(const record::MessageSeen& message) {
    if (message.tap != Tap::sent) return;
    if (message.from == Side::client) leg.message_asked = true;
    if (message.from == Side::server) leg.messages.push_back(&message);
  }
  void operator()(const auto&) {}
};

Legs read(const record::Events& events) {
  Legs legs;
  for (const record::Event& event : events) {
    if (event.where.link.empty()) continue;
    std::visit(Reader{event.where.link == link_to_system ? legs.front : legs.back}, event.what);
  }
  return legs;
}

std::string status_line(const wire::ResponseHead& head) {
  return head.reason.empty() ? fmt::format("HTTP {}", head.status)
                             : fmt::format("HTTP {} {}", head.status, head.reason.substr(0, 40));
}

std::string header(const wire::Headers& headers, std::string_view name) {
  return std::string(wire::find_header(headers, name).value_or(""));
}

/// A record of TLS: a handshake message, or an alert.
bool is_tls(const record::NotHttp& bytes) {
  const std::string_view start = bytes.start;
  return start.size() >= 2 && (start[0] == 0x16 || start[0] == 0x15) && start[1] == 3;
}

// --- reaching the system

Hindrance way_in(const Asked& asked, const Leg& front) {
  if (front.dial_error != 0)
    return {fmt::format("{}: {}", asked.system, std::strerror(front.dial_error)),
            "Is it running, and at that address?"};
  if (!front.tls_error.empty()) return {fmt::format("{}: {}", asked.system, front.tls_error), "", true};
  return {};
}

/// It ended, stayed silent, or did not speak HTTP.
Hindrance no_http(const Asked& asked, const Leg& front) {
  const bool wants_tls = front.not_http && is_tls(*front.not_http);
  if (wants_tls)
    return {fmt::format("{} speaks TLS, and was spoken to without", asked.system),
            "Its URL begins with wss://.", true};
  if (front.not_http)
    return {fmt::format("{} answers GET {} with bytes that are not HTTP", asked.system, asked.path),
            "Does something else listen there?", true};
  if (front.end)
    return {fmt::format("{} ends the connection without an answer to GET {}", asked.system, asked.path),
            "Its own log may say why. Does it speak TLS (wss://)?"};
  return {fmt::format("{} does not answer GET {}", asked.system, asked.path),
          "It accepted the connection: does it wait for something that does not answer?"};
}

std::string remedy_of_status(const wire::ResponseHead& head) {
  const std::string location = header(head.headers, "Location");
  if (head.status >= 300 && head.status < 400)
    return fmt::format("It sends clients elsewhere{}: use that URL.",
                       location.empty() ? "" : fmt::format(", to {}", location.substr(0, 200)));
  switch (head.status) {
    case 401:
    case 403:
      return "What lets a client in goes into every request with --header 'NAME: VALUE' (Authorization, "
             "Cookie, "
             "Origin).";
    case 404:
    case 405:
      return "Does the URL have the path at which WebSockets are served?";
    case 400:
    case 426:
      return "Does it serve WebSockets at that path, and without TLS? It may want a subprotocol "
             "(--subprotocol NAME).";
    case 429:
    case 503:
      return "It has no place, or is not ready yet.";
    default:
      return "Its own log may say why.";
  }
}

/// Its answer admits no client.
Hindrance refused(const Asked& asked, const Leg& front) {
  const wire::ResponseHead& head = front.answer->head;
  if (head.status != 101)
    return {fmt::format("{} answers {} to GET {}", asked.system, status_line(head), asked.path),
            remedy_of_status(head), head.status < 500 && head.status != 429};
  return {fmt::format("{} answers GET {} with a 101 that a client must refuse ({})", asked.system, asked.path,
                      fmt::join(*front.answer->flaws, ", ")),
          "RFC 6455 4.2.2 says what the answer must have.", true};
}

// --- how a gateway handled it

/// "Upgrade and Connection".
std::string lost_headers(const wire::RequestHead& request) {
  std::vector<std::string> lost;
  if (!wire::has_token(request.headers, "Upgrade", "websocket")) lost.emplace_back("Upgrade");
  if (!wire::has_token(request.headers, "Connection", "upgrade")) lost.emplace_back("Connection");
  if (!wire::find_header(request.headers, "Sec-WebSocket-Key")) lost.emplace_back("Sec-WebSocket-Key");
  if (lost.empty()) return {};
  std::string last = std::move(lost.back());
  lost.pop_back();
  return lost.empty() ? last : fmt::format("{} and {}", fmt::join(lost, ", "), last);
}

Hindrance lost_upgrade(const Asked& asked, const wire::RequestHead& request) {
  const std::string lost = lost_headers(request);
  if (lost.empty())
    return {fmt::format("{} makes {} {} of an upgrade: its upstream was asked for no WebSocket", asked.system,
                        request.method, request.target),
            "It must pass on GET, with all headers of the upgrade.", true};
  return {
      fmt::format("{} drops the headers of the upgrade: its upstream was asked for {} without {}",
                  asked.system, request.target, lost),
      "In nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "
      "\"upgrade\"; in Apache: ProxyPass … upgrade=websocket.",
      true};
}

/// It answered by itself, or not at all, and its upstream received nothing.
Hindrance never_came(const Asked& asked, const Leg& front) {
  const std::string never = fmt::format("and never connected to the upstream at {}", asked.upstream);
  if (!front.answer) {
    Hindrance found = no_http(asked, front);
    if (!found.lasts) {
      found.what += fmt::format(", {}", never);
      found.remedy = fmt::format(
          "Does it look for its upstream at {}? --upstream-listen must be the address in its configuration.",
          asked.upstream);
    }
    return found;
  }
  const wire::ResponseHead& head = front.answer->head;
  const std::string what = fmt::format("{} answers {} to GET {} by itself, {}", asked.system,
                                       status_line(head), asked.path, never);
  if (head.status == 502 || head.status == 503 || head.status == 504)
    return {
        what,
        fmt::format(
            "It looks for its upstream elsewhere, or has not seen yet that it is there: --upstream-listen "
            "must be the address in its configuration; --timeout-scale waits longer than this.")};
  if (head.status == 101) return {what, "Something else serves WebSockets at that path.", true};
  return {what, remedy_of_status(head), true};
}

/// The upstream answered, and the gateway did not forward that.
Hindrance lost_answer(const Asked& asked, const Legs& legs) {
  const std::string said = status_line(legs.back.answer->head);
  if (legs.back.request->version < 11)
    return {fmt::format("{} asks its upstream in HTTP/1.0, in which there is no upgrade", asked.system),
            "In nginx: proxy_http_version 1.1.", true};
  if (legs.front.answer)
    return {fmt::format("{} answers {} to GET {}, though its upstream answered {}", asked.system,
                        status_line(legs.front.answer->head), asked.path, said),
            "It refuses the upstream's answer, or does not let WebSockets pass: its own log may say why."};
  if (legs.front.end)
    return {fmt::format("{} ends the connection, though its upstream answered {} to GET {}", asked.system,
                        said, asked.path),
            "Its own log may say why."};
  return {fmt::format("{} keeps the upstream's {} back", asked.system, said),
          "It waits for the whole of the answer: it must not buffer it, and become a tunnel after a 101."};
}

Hindrance wrong_101(const Asked& asked, const Legs& legs) {
  Hindrance found = refused(asked, legs.front);
  const std::string theirs = header(legs.front.request->headers, "Sec-WebSocket-Key");
  const std::string its = header(legs.back.request->headers, "Sec-WebSocket-Key");
  if (theirs != its) {
    found.what += fmt::format(
        ": it asked its upstream with another Sec-WebSocket-Key, and passed on the answer to that");
    found.remedy =
        "It must pass the key on, or answer its client with the Sec-WebSocket-Accept of the client's own.";
  } else if (header(legs.front.answer->head->headers, "Sec-WebSocket-Accept") !=
             header(legs.back.answer->head->headers, "Sec-WebSocket-Accept")) {
    found.what += ": it changed the upstream's Sec-WebSocket-Accept";
    found.remedy = "It must pass the header on as it is.";
  }
  return found;
}

/// A message arrived that its upstream, which sends more than the echo, did not send.
bool changes_messages(const Legs& legs) {
  return !std::ranges::all_of(legs.front.messages, [&](const record::MessageSeen* came) {
    return std::ranges::any_of(legs.back.messages, [&](const record::MessageSeen* sent) {
      return came->opcode == sent->opcode && came->payload == sent->payload;
    });
  });
}

Hindrance lost_message(const Asked& asked, const Legs& legs) {
  constexpr const char* no_tunnel =
      "After a 101 it must pass bytes on as they come, in both directions, unbuffered.";
  if (!legs.back.message_asked)
    return {fmt::format("{} lets the upgrade pass, and not the message that its client sent", asked.system),
            no_tunnel};
  if (changes_messages(legs))
    return {fmt::format("{} changed the message that its upstream sent back", asked.system), no_tunnel, true};
  return {
      fmt::format("{} lets the upgrade pass, and not the message that its upstream sent back", asked.system),
      no_tunnel};
}

Hindrance through_gateway(const Asked& asked, const Legs& legs) {
  const Leg& back = legs.back;
  if (!back.accepted) return never_came(asked, legs.front);
  if (back.not_http && is_tls(*back.not_http))
    return {fmt::format("{} speaks TLS to its upstream, and this run's upstream at {} speaks none",
                        asked.system, asked.upstream),
            "Its upstream is http:// (ws://) there, not https://.", true};
  if (back.not_http)
    return {fmt::format("{} sends its upstream bytes that are not HTTP", asked.system),
            "A PROXY protocol header, for instance, must be switched off.", true};
  if (!back.request && legs.front.answer) {
    Hindrance found = refused(asked, legs.front);
    found.what += fmt::format(", and connected to the upstream at {} without asking it", asked.upstream);
    return found;
  }
  if (!back.request)
    return {
        fmt::format("{} connected to the upstream at {}, and sent no request", asked.system, asked.upstream),
        "Does it wait for a body, or for the whole of something? It must pass an upgrade on as it comes."};
  if (!back.upgrade) return lost_upgrade(asked, *back.request);
  if (!back.answer) return no_http(asked, legs.front);
  const bool opened = legs.front.answer && legs.front.answer->head->status == 101;
  if (!opened) return lost_answer(asked, legs);
  if (!legs.front.answer->flaws->empty()) return wrong_101(asked, legs);
  return lost_message(asked, legs);
}

}  // namespace

std::string to_string(const Hindrance& hindrance) {
  return hindrance.remedy.empty() ? hindrance.what
                                  : fmt::format("{}\n  remedy  {}", hindrance.what, hindrance.remedy);
}

Hindrance hindrance(const Asked& asked, const record::Events& events) {
  const Legs legs = read(events);
  Hindrance found = way_in(asked, legs.front);
  if (!found.what.empty()) return found;
  if (!asked.upstream.empty()) return through_gateway(asked, legs);
  if (!legs.front.answer) return no_http(asked, legs.front);
  const record::ResponseSeen& answer = *legs.front.answer;
  if (answer.head->status == 101 && answer.flaws->empty()) return {};
  return refused(asked, legs.front);
}

}  // namespace wsfault::runner

// What `wsfault ctl` changes: proxies, faults, connections, marks.
#include <fmt/format.h>

#include <algorithm>

#include "cli/ctl.hpp"
#include "cli/terminal.hpp"
#include "read_answers.hpp"
#include "report/escape.hpp"
#include "report/exit_code.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::cli {
namespace {

using client::list_of;
using client::text_of;

/// A session that a terminal begins lasts without heartbeats.
constexpr std::string_view longest_ttl = "24h";

int said(const Ctl& ctl, const Value& answer, const std::string& line) {
  if (ctl.options().json && !answer.is_null()) put_json(answer);
  if (!ctl.options().json) put(report::printable(line) + "\n");
  return report::exit_passed;
}

std::string fault_line(const Value& fault) {
  const std::string when = text_of(fault, "when");
  return fmt::format("{}: {} {}", text_of(fault, "proxy"), text_of(fault, "name"),
                     when == "now" ? "strikes now" : "waits for " + when);
}

/// The session that --session names, which begins if it is not there; the standing one by default.
std::string made_session(Ctl& ctl) {
  const std::string& id = ctl.options().session;
  if (id.empty()) return path_of_session("standing");
  const Value all = ctl.sessions();
  const Value::Array& sessions = list_of(all, "sessions");
  if (std::ranges::none_of(sessions, [&](const Value& each) { return text_of(each, "id") == id; })) {
    Value body;
    body.set("id", id);
    body.set("ttl", longest_ttl);
    ctl.call("POST", "/v1/sessions", body);
  }
  return path_of_session(id);
}

}  // namespace

int ctl_create(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  Value body;
  body.set("name", options.proxy);
  Value upstream(options.upstream);
  const bool is_fake = options.upstream.starts_with('{');
  if (is_fake) upstream = ctl.typed("--upstream", options.upstream);
  body.set("upstream", upstream);
  if (!options.listen.empty()) body.set("listen", options.listen);
  std::vector<Value> faults;
  for (const std::string& each : options.faults) faults.push_back(ctl.typed("--fault", each));
  const std::string session = made_session(ctl);
  // One after another, so that an error is said in the text in which it is; the proxy accepts once it has
  // them.
  body.set("enabled", faults.empty());
  Value proxy = ctl.call("POST", session + "/proxies", body);
  const std::string path = session + "/proxies/" + client::encoded(options.proxy);
  if (!faults.empty()) {
    try {
      for (std::size_t i = 0; i < faults.size(); ++i) {
        faults[i].set("at", options.proxy);
        ctl.send(session + "/faults", "--fault", options.faults[i], faults[i]);
      }
    } catch (const CtlFailure&) {
      ctl.call("DELETE", path);
      throw;
    }
    Value enabled;
    enabled.set("enabled", true);
    proxy = ctl.call("PATCH", path, enabled);
  }
  return said(ctl, proxy, fmt::format("{} listens at {}", options.proxy, text_of(proxy, "url")));
}

int ctl_remove(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  if (options.proxy.empty() && options.session.empty())
    throw CtlFailure{report::exit_usage,
                     "say what: a proxy, or --session, which ends with all that is in it"};
  if (options.proxy.empty()) {
    ctl.call("DELETE", path_of_session(options.session));
    return said(ctl, {}, fmt::format("the session {} has ended", options.session));
  }
  const Ctl::Found proxy = ctl.proxy(options.proxy);
  ctl.call("DELETE", proxy.path());
  return said(ctl, {}, proxy.name() + " is removed");
}

int ctl_inject(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  Value table = ctl.typed("the fault", options.table);
  const Ctl::Found proxy = ctl.proxy(options.proxy);
  table.set("at", proxy.name());
  const Value fault = ctl.send(proxy.session + "/faults", "the fault", options.table, table);
  return said(ctl, fault, fault_line(fault));
}

int ctl_heal(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  const Ctl::Found proxy = ctl.proxy(options.proxy);
  std::vector<std::string> names;
  for (const Value& each : list_of(proxy.shown, "faults")) names.push_back(text_of(each, "name"));
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (!options.fault.empty()) {
    if (std::ranges::find(names, options.fault) == names.end())
      throw CtlFailure{report::exit_usage,
                       fmt::format("{} has no fault \"{}\"{}", proxy.name(), options.fault,
                                   names.empty() ? "" : "; " + suggest(options.fault, known))};
    names = {options.fault};
  }
  for (const std::string& each : names)
    ctl.call("DELETE", proxy.session + "/faults/" + client::encoded(each));
  const std::string healed =
      names.empty() ? "no faults"
                    : fmt::format("{} {} healed", fmt::join(names, ", "), names.size() == 1 ? "is" : "are");
  return said(ctl, {}, fmt::format("{}: {}", proxy.name(), healed));
}

int ctl_act(Ctl& ctl, std::string_view act) {
  const CtlOptions& options = ctl.options();
  Value table = options.table.empty() ? Value(Value::Table{}) : ctl.typed("the attributes", options.table);
  if (options.code) table.set("code", *options.code);
  if (!options.reason.empty()) table.set("reason", options.reason);
  if (act == "send") table.set("payload", options.payload);
  const Ctl::Found proxy = ctl.proxy(options.proxy);
  const std::string path = fmt::format("{}/connections/{}/{}", proxy.path(), options.connection, act);
  const Value fault = ctl.send(path, "the attributes", options.table, table);
  const std::string until_healed =
      act == "freeze" ? fmt::format(", until `wsfault ctl heal {} {}`", proxy.name(), text_of(fault, "name"))
                      : "";
  return said(ctl, fault, fmt::format("{} #{}: {}{}", proxy.name(), options.connection, act, until_healed));
}

int ctl_mark(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  Value body;
  body.set("name", options.name);
  std::string session;
  if (options.proxy.empty()) {
    session = ctl.session_path();
  } else {
    const Ctl::Found proxy = ctl.proxy(options.proxy);
    session = proxy.session;
    body.set("proxy", proxy.name());
  }
  ctl.call("POST", session + "/marks", body);
  return said(ctl, {}, "mark " + options.name);
}

}  // namespace wsfault::cli

// Requests of `wsfault ctl`, and which session and proxy is meant.
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>

#include <csignal>

#include "cli/ctl.hpp"
#include "cli/terminal.hpp"
#include "read_answers.hpp"
#include "report/exit_code.hpp"
#include "typed_table.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::cli {
namespace {

constexpr std::string_view standing = "standing";

std::string url_of(const std::string& control) {
  return control.find("://") == std::string::npos ? "http://" + control : control;
}

client::Api api_of(const CtlOptions& options) {
  try {
    return client::Api(url_of(options.control), options.token);
  } catch (const WsfaultError& error) {
    throw CtlFailure{report::exit_usage, fmt::format("--control {}", error.detail())};
  }
}

CtlFailure failure_of(const WsfaultError& error, const std::string& url) {
  const std::string hint = error.hint().empty() ? "" : "; " + error.hint();
  if (error.status() == 0)
    return {report::exit_undecided,
            fmt::format("{}; `wsfault proxy` listens there if it runs, or --control says where else",
                        error.detail())};
  if (error.status() == 401)
    return {report::exit_usage, fmt::format("{} needs a token: --token, or WSFAULT_TOKEN", url)};
  std::string sentence = error.errors().empty() ? error.detail() + hint : "";
  for (const WsfaultError::Detail& each : error.errors())
    sentence += fmt::format("{}{}{}{}", sentence.empty() ? "" : "\n", each.detail,
                            each.hint.empty() ? "" : "; ", each.hint);
  return {error.status() >= 500 ? report::exit_undecided : report::exit_usage, std::move(sentence)};
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

std::string path_of_session(std::string_view id) { return "/v1/sessions/" + client::encoded(id); }

void put_json(const Value& value) { put(to_json(value) + "\n"); }

Ctl::Ctl(const CtlOptions& options) : options_(options), api_(api_of(options)) {}

Value Ctl::call(std::string_view method, const std::string& path, const std::optional<Value>& body,
                const client::Query& query, std::chrono::milliseconds waits) {
  try {
    return api_.call(method, path, body, query, waits);
  } catch (const WsfaultError& error) {
    if (is_interrupted()) throw CtlFailure{report::exit_interrupted, {}};
    throw failure_of(error, api_.url());
  }
}

Value Ctl::send(const std::string& path, const std::string& named, std::string_view text, const Value& table,
                std::chrono::milliseconds waits) {
  try {
    return api_.call("POST", path, table, {}, waits);
  } catch (const WsfaultError& error) {
    if (is_interrupted()) throw CtlFailure{report::exit_interrupted, {}};
    if (error.errors().empty()) throw failure_of(error, api_.url());
    throw CtlFailure{report::exit_usage, client::print_in_place(named, text, table, error.errors())};
  }
}

Value Ctl::typed(const std::string& named, std::string_view text) {
  auto table = client::read_typed_table(named, text);
  if (!table) throw CtlFailure{report::exit_usage, table.error()};
  return *std::move(table);
}

Value Ctl::sessions() { return call("GET", "/v1/sessions"); }

std::string Ctl::session_path() {
  if (!options_.session.empty()) return path_of_session(options_.session);
  const Value all = sessions();
  std::vector<std::string> of_tests;
  for (const Value& each : client::list_of(all, "sessions"))
    if (const std::string id = client::text_of(each, "id"); id != standing) of_tests.push_back(id);
  if (of_tests.size() > 1)
    throw CtlFailure{report::exit_usage, fmt::format("there are several sessions: --session says which: {}",
                                                     fmt::join(of_tests, ", "))};
  return path_of_session(of_tests.empty() ? standing : of_tests.front());
}

std::string Ctl::Found::name() const { return client::text_of(shown, "name"); }

std::string Ctl::Found::path() const { return session + "/proxies/" + client::encoded(name()); }

Ctl::Found Ctl::proxy(const std::string& name) {
  const std::size_t slash = name.find('/');
  const std::string session = slash == std::string::npos ? options_.session : name.substr(0, slash);
  const std::string wanted = slash == std::string::npos ? name : name.substr(slash + 1);
  const Value all = sessions();
  std::vector<Found> found;
  std::vector<std::string> in_sessions;
  std::vector<std::string> names;
  bool has_session = session.empty();
  for (const Value& each : client::list_of(all, "sessions")) {
    const std::string id = client::text_of(each, "id");
    if (!session.empty() && id != session) continue;
    has_session = true;
    for (const Value& proxy : client::list_of(each, "proxies")) {
      names.push_back(client::text_of(proxy, "name"));
      if (names.back() != wanted) continue;
      found.push_back({path_of_session(id), proxy});
      in_sessions.push_back(id + "/" + wanted);
    }
  }
  if (!has_session) throw CtlFailure{report::exit_usage, fmt::format("there is no session \"{}\"", session)};
  if (found.size() == 1) return found.front();
  if (found.empty())
    throw CtlFailure{report::exit_usage,
                     fmt::format("there is no proxy \"{}\"; {}", wanted,
                                 names.empty() ? "there are none: `wsfault ctl create` adds one"
                                               : suggest(wanted, views(names)))};
  throw CtlFailure{report::exit_usage,
                   fmt::format("there are several proxies \"{}\": {}", wanted, fmt::join(in_sessions, ", "))};
}

void Ctl::catch_signals() {
  sigset_t caught;
  sigemptyset(&caught);
  for (const int number : {SIGINT, SIGTERM}) sigaddset(&caught, number);
  ::sigprocmask(SIG_BLOCK, &caught, nullptr);
  signals_ = ::signalfd(-1, &caught, SFD_CLOEXEC);
  api_.interrupt_by(signals_);
}

bool Ctl::is_interrupted() const {
  pollfd watched{signals_, POLLIN, 0};
  return signals_ >= 0 && ::poll(&watched, 1, 0) == 1;
}

}  // namespace wsfault::cli

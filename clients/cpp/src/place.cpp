#include "place.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "read_answers.hpp"
#include "typed_table.hpp"

namespace wsfault::client {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr milliseconds longest_wait{50'000};  // of one request

}  // namespace

Place::Place(std::shared_ptr<const Api> api, std::string id, milliseconds timeout)
    : api_(std::move(api)), id_(std::move(id)), timeout_(timeout), path_("/v1/sessions/" + encoded(id_)) {}

Place Place::of_proxy(std::string name) const {
  Place place = below("/proxies/" + encoded(name), name);
  place.proxy_ = std::move(name);
  return place;
}

Place Place::below(std::string path, std::string name) const {
  Place place = *this;
  place.path_ = session(path);
  place.name_ = std::move(name);
  return place;
}

std::string Place::session(std::string_view rest) const {
  return fmt::format("/v1/sessions/{}{}", encoded(id_), rest);
}

std::string Place::path(std::string_view rest) const { return path_ + std::string(rest); }

Place::Came Place::until(std::string_view moment, milliseconds timeout, std::uint64_t after,
                         const std::string& proxy) const {
  const auto due = Clock::now() + timeout;
  std::vector<Event> seen;
  std::uint64_t lost = 0;
  for (;;) {
    const auto left =
        std::clamp(std::chrono::ceil<milliseconds>(due - Clock::now()), milliseconds(0), longest_wait);
    const Query query = {{"after", std::to_string(after)},
                         {"until", std::string(moment)},
                         {"timeout", fmt::format("{}ms", left.count())},
                         {"proxy", proxy}};
    const Value page = api_->call("GET", session("/events"), {}, query, left);
    for (const Value& each : list_of(page, "events")) seen.push_back(read_event(each));
    after = static_cast<std::uint64_t>(number_of(page, "cursor"));
    const Value* came = page.find("came");
    if (came != nullptr && came->boolean() != nullptr && *came->boolean() && !seen.empty())
      return {seen.back(), after};
    lost += static_cast<std::uint64_t>(number_of(page, "lost"));
    if (Clock::now() >= due) throw MomentTimeout(std::string(moment), timeout, std::move(seen), lost);
  }
}

Finding Place::judge(const Table& expectation, milliseconds timeout, const std::string& proxy) const {
  const auto due = Clock::now() + timeout;
  for (;;) {
    const auto left =
        std::clamp(std::chrono::ceil<milliseconds>(due - Clock::now()), milliseconds(0), longest_wait);
    Table body = expectation.with({"timeout", left});
    if (!proxy.empty()) body = body.with({"proxy", proxy});
    Finding finding = read_finding(send("POST", session("/expect"), body, left));
    if (finding.state != "pending" || Clock::now() >= due) return finding;
  }
}

Value Place::send(std::string_view method, const std::string& path, const Table& table,
                  milliseconds waits) const {
  try {
    return api_->call(method, path, table.value(), {}, waits);
  } catch (const WsfaultError& error) {
    if (table.text().empty() || error.errors().empty()) throw;
    const std::string shown = print_in_place("the table", table.text(), table.value(), error.errors());
    throw WsfaultError(error.request(), error.status(), error.detail(), error.hint(), error.errors(), shown);
  }
}

}  // namespace wsfault::client

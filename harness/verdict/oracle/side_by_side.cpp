#include "verdict/oracle/side_by_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "value/words.hpp"
#include "verdict/cause.hpp"
#include "verdict/oracle/break.hpp"
#include "wire/handshake.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// When it was open and sound.
struct SoundLife {
  std::int64_t from = 0;
  std::int64_t to = INT64_MAX;
  int connection = 0;
};

/// Those of one request, in the order of their opening.
using SoundLives = std::vector<SoundLife>;

std::map<std::string, SoundLives> lives_by_request(const trace::View& seen) {
  std::map<std::string, SoundLives> lives;
  for (const Leg& each : seen.connections()) {
    if (!each.open() || each.tls_failure || !each.request) continue;
    const wire::RequestHead& request = each.request->fact->head;
    const auto protocols = wire::find_header(request.headers, "Sec-WebSocket-Protocol");
    lives[fmt::format("{}\n{}", request.target, protocols.value_or(""))].push_back({each.opened_at(), each.sound_until(), each.number()});
  }
  for (auto& [request, all] : lives) std::ranges::sort(all, {}, &SoundLife::from);
  return lives;
}

/// The end of a connection, or an attempt that found nobody; INT64_MAX: none.
std::int64_t first_loss(const trace::View& seen) {
  std::int64_t first = INT64_MAX;
  for (const trace::Span& refused : seen.refused) first = std::min(first, refused.from);
  for (const Leg& each : seen.connections()) {
    if (each.number() == 0) continue;
    if (each.ended) first = std::min(first, each.ended->at);
    if (each.own_end) first = std::min(first, each.own_end->at);
    if (each.answer && !each.open()) first = std::min(first, each.answer->at);
    for (const Quiet& quiet : each.quiet) first = std::min(first, quiet.from);
  }
  return first;
}

/// At most so many at once, of those that opened before that time.
std::size_t most_before(const SoundLives& lives, std::int64_t until) {
  std::size_t most = 0;
  std::vector<std::int64_t> ends;
  for (const SoundLife& life : lives) {
    if (life.from >= until) break;
    std::erase_if(ends, [&](std::int64_t end) { return end <= life.from; });
    ends.push_back(life.to);
    most = std::max(most, ends.size());
  }
  return most;
}

class SideBySide {
 public:
  SideBySide(const trace::View& seen, const Scene& scene)
      : scene_(scene), loss_(first_loss(seen)), declared_(scene.traits().integer("instances").has_value()) {}

  std::optional<Finding> judge(const SoundLives& lives) const {
    const std::size_t usual = declared_ ? scene_.scenario.instances() : most_before(lives, loss_);
    const std::size_t allowed = std::max<std::size_t>(1, usual);
    if (loss_ == INT64_MAX || lives.size() <= allowed) return std::nullopt;
    std::vector<std::int64_t> ends;  // of those that were open when the last one opened
    for (const SoundLife& life : lives) {
      std::erase_if(ends, [&](std::int64_t end) { return end <= life.from; });
      ends.push_back(life.to);
      if (life.from < loss_ || ends.size() <= allowed) continue;
      const std::int64_t due = scene_.later(life.from, grace);
      const auto lasting =
          static_cast<std::size_t>(std::ranges::count_if(ends, [&](std::int64_t end) { return end > due; }));
      if (lasting > allowed) return opinion(life, lasting, due);
    }
    return std::nullopt;
  }

 private:
  std::optional<Finding> opinion(const SoundLife& life, std::size_t count, std::int64_t due) const {
    const bool up = scene_.horizon.now > due;
    if (!up && scene_.horizon.over) return std::nullopt;
    const Opinion opinion{up ? Verdict::violated : Verdict::pending, {}, Cause::side_by_side, due + 1};
    std::string text = fmt::format("{} were open, with the same request, and each was sound", count);
    if (!declared_) text += "; if it is several clients, say so (--set instances=2)";
    return at_time(finding_of(opinion, "the sut has one connection at a time, also after it has lost one",
                              std::move(text), life.connection),
                   life.from);
  }

  const Scene& scene_;
  std::int64_t loss_;
  bool declared_;
};

}  // namespace

std::size_t most_at_once(const trace::View& seen) {
  SoundLives lives;
  for (const Leg& each : seen.connections()) {
    if (each.number() != 0) lives.push_back({each.accepted(), each.sound_until(), each.number()});
  }
  return most_before(lives, first_loss(seen));
}

std::optional<Finding> judge_side_by_side(const trace::View& seen, const Case& scenario, Horizon horizon) {
  const Scene scene{scenario, seen.process, seen.ready, horizon};
  const SideBySide judge(seen, scene);
  std::optional<Finding> waits;
  for (const auto& [request, lives] : lives_by_request(seen)) {
    auto finding = judge.judge(lives);
    if (finding && finding->state == Verdict::violated) return finding;
    if (!waits) waits = std::move(finding);
  }
  return waits;
}

}  // namespace wsfault::verdict::oracle

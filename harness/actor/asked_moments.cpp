#include "actor/asked_moments.hpp"

#include <algorithm>

#include "fault/moment_kinds.hpp"

namespace wsfault::actor {
namespace {

/// As often as it is asked for.
void change(auto& list, const auto& value, bool needed) {
  if (needed) return list.push_back(value);
  if (const auto found = std::ranges::find(list, value); found != list.end()) list.erase(found);
}

}  // namespace

void ask_for(const fault::Moment& moment, bool needed, LinkSetting& setting) {
  const int change_by = needed ? 1 : -1;
  if (moment.done) setting.tells_forwarded += change_by;
  switch (fault::moment_kind(moment.kind).telling) {
    case fault::Telling::nothing:
      break;
    case fault::Telling::silences:
      change(setting.idles, moment.idle, needed);
      break;
    case fault::Telling::bytes:
      for (const Side side : {Side::client, Side::server}) {
        if (!moment.from || *moment.from == side) change(setting.bytes, std::pair(side, moment.number), needed);
      }
      break;
    case fault::Telling::whole_messages:
      setting.holds_messages += change_by;
      break;
  }
}

}  // namespace wsfault::actor

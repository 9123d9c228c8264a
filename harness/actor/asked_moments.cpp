#include "actor/asked_moments.hpp"

#include <algorithm>

#include "fault/moment_kinds.hpp"

namespace wsfault::actor {
namespace {

void add_once(auto& list, auto value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

}  // namespace

void ask_for(const fault::Moment& moment, LinkSetting& setting) {
  if (moment.done) setting.tells_forwarded = true;
  switch (fault::moment_kind(moment.kind).telling) {
    case fault::Telling::nothing:
      break;
    case fault::Telling::silences:
      add_once(setting.idles, moment.idle);
      break;
    case fault::Telling::bytes:
      for (const Side side : {Side::client, Side::server}) {
        if (!moment.from || *moment.from == side) add_once(setting.bytes, std::pair(side, moment.number));
      }
      break;
    case fault::Telling::whole_messages:
      setting.holds_messages = true;
      break;
  }
}

}  // namespace wsfault::actor

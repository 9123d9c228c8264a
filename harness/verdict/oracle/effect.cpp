// The words for phases and effects.
#include "verdict/oracle/effect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "value/enums.hpp"
#include "verdict/oracle/words.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

/// What is added to the words of an effect.
enum class Tail {
  none,
  detail,  // "(bad-utf8)"
  inside,  // "inside a frame", "after half an HTTP head"; else that nothing was said before
  value,   // "{}" stands for its value
  close,   // the same, what is wrong with the code, and ", then RST"
  start,   // the first bytes of it
};

struct Words {
  EffectKind kind;
  std::string_view deed;
  Tail tail = Tail::none;
};

constexpr auto words = std::to_array<Words>({
    {EffectKind::refused, "refused the connection"},
    {EffectKind::unconnected, "answered no attempt to connect"},
    {EffectKind::fin, "ended TCP with FIN", Tail::inside},
    {EffectKind::reset, "ended TCP with RST", Tail::inside},
    {EffectKind::silence, "fell silent"},
    {EffectKind::answer, "answered {}", Tail::value},
    {EffectKind::invalid_101, "answered with a 101 that must be refused", Tail::detail},
    {EffectKind::garbage, "answered with something that is not HTTP", Tail::start},
    {EffectKind::tls_failure, "offered no TLS that may be accepted"},
    {EffectKind::close, "sent Close {}", Tail::close},
    {EffectKind::close_empty, "sent an empty Close", Tail::close},
    {EffectKind::close_invalid, "sent a Close with an illegal body"},
    {EffectKind::illegal_frame, "sent an illegal frame", Tail::detail},
    {EffectKind::bad_compression, "sent broken compression", Tail::detail},
    {EffectKind::no_close_reply, "answered no Close"},
    {EffectKind::killed, "was killed"},
    {EffectKind::stopped, "was told to stop"},
    {EffectKind::frozen, "was frozen"},
    {EffectKind::reloaded, "was reloaded"},
    {EffectKind::nothing, "did nothing"},
});

constexpr bool in_order_of_the_enum() {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (static_cast<std::size_t>(words[i].kind) != i) return false;
  }
  return words.back().kind == EffectKind::nothing;
}
static_assert(in_order_of_the_enum());

std::string in_brackets(const std::string& text) {
  return text.empty() ? std::string() : fmt::format(" ({})", text);
}

std::string tail_of(Tail tail, const Effect& effect, Phase phase) {
  const bool is_illegal_code = effect.kind == EffectKind::close && !wire::may_be_on_wire(effect.value);
  const std::string start = effect.start.empty() ? std::string() : quoted_start(effect.start);
  switch (tail) {
    case Tail::none:
    case Tail::value:
      return {};
    case Tail::detail:
      return in_brackets(effect.detail);
    case Tail::inside:
      if (effect.detail == "head") return " after half an HTTP head" + in_brackets(start);
      if (!effect.detail.empty()) return " inside a " + effect.detail;
      return phase == Phase::before_101 ? " without an answer" : " without a Close";
    case Tail::close:
      return std::string(is_illegal_code ? " (an illegal code)" : "") + (effect.then_reset ? ", then RST" : "");
    case Tail::start:
      return in_brackets(start) + (effect.then_silent ? ", and was silent" : "");
  }
  return {};
}

}  // namespace

bool is_illegal(const Effect& effect) {
  return effect.kind == EffectKind::illegal_frame || effect.kind == EffectKind::bad_compression ||
         effect.kind == EffectKind::close_invalid;
}

bool is_of_size(const Effect& effect) {
  return effect.detail == too_large || effect.detail == absurd_length || effect.detail == message_too_big;
}

std::string_view to_string(Phase phase) {
  constexpr auto names = std::to_array<std::string_view>({"before the 101", "open", "closing"});
  return names[static_cast<std::size_t>(phase)];
}

std::string_view to_string(EffectKind kind) {
  static const auto names = [] {
    std::array<std::string, words.size()> all;
    for (const EffectKind each : all_of<EffectKind>()) {
      std::string& name = all[static_cast<std::size_t>(each)] = wsfault::name_of(each);
      std::ranges::replace(name, '_', '-');
    }
    return all;
  }();
  return names[static_cast<std::size_t>(kind)];
}

std::string deed(const Effect& effect, Phase phase) {
  if (effect.detail == too_large) return "sent a message larger than it takes";
  if (effect.detail == absurd_length) return "sent a length that no sane receiver takes";
  if (effect.kind == EffectKind::silence && phase == Phase::before_101) return "accepted and was silent";
  const Words& row = words[static_cast<std::size_t>(effect.kind)];
  return fmt::format(fmt::runtime(row.deed), effect.value) + tail_of(row.tail, effect, phase);
}

}  // namespace wsfault::verdict::oracle

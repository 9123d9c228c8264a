// The words for phases and effects.
#include "verdict/oracle/effect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "value/enums.hpp"

namespace wsfault::verdict::oracle {
namespace {

/// What is added to the words of an effect.
enum class Tail {
  none,
  detail,  // "(bad-utf8)"
  inside,  // "inside a head"; else, of a deed, that nothing was said before
  value,   // "{}" stands for its value
  close,   // the same, and ", then RST"
};

struct Words {
  EffectKind kind;
  std::string_view noun;
  std::string_view deed;
  Tail tail = Tail::none;
};

constexpr auto words = std::to_array<Words>({
    {EffectKind::refused, "a refused connection", "refused the connection"},
    {EffectKind::unconnected, "an attempt to connect without an answer", "answered no attempt to connect"},
    {EffectKind::fin, "FIN without a Close", "ended TCP with FIN", Tail::inside},
    {EffectKind::reset, "RST without a Close", "ended TCP with RST", Tail::inside},
    {EffectKind::silence, "silence", "fell silent"},
    {EffectKind::answer, "the HTTP answer {}", "answered {}", Tail::value},
    {EffectKind::invalid_101, "a 101 that must be refused", "answered with a 101 that must be refused",
     Tail::detail},
    {EffectKind::garbage, "an answer that is not HTTP", "answered with something that is not HTTP",
     Tail::none},
    {EffectKind::tls_failure, "a TLS failure", "failed in TLS"},
    {EffectKind::close, "Close {}", "sent Close {}", Tail::close},
    {EffectKind::close_empty, "an empty Close", "sent an empty Close", Tail::close},
    {EffectKind::close_invalid, "an invalid Close", "sent an invalid Close"},
    {EffectKind::illegal_frame, "an illegal frame", "sent an illegal frame", Tail::detail},
    {EffectKind::bad_compression, "broken compression", "sent broken compression", Tail::detail},
    {EffectKind::no_close_reply, "no Close in reply to its own", "answered no Close"},
    {EffectKind::killed, "its process killed", "was killed"},
    {EffectKind::stopped, "its process told to stop", "was told to stop"},
    {EffectKind::frozen, "its process frozen", "was frozen"},
    {EffectKind::reloaded, "its process reloaded", "was reloaded"},
    {EffectKind::nothing, "nothing", "did nothing"},
});

constexpr bool in_order_of_the_enum() {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (static_cast<std::size_t>(words[i].kind) != i) return false;
  }
  return words.back().kind == EffectKind::nothing;
}
static_assert(in_order_of_the_enum());

const Words& words_of(EffectKind kind) { return words[static_cast<std::size_t>(kind)]; }

std::string completed(std::string_view text, Tail tail, const Effect& effect) {
  switch (tail) {
    case Tail::none:
      return std::string(text);
    case Tail::detail:
      return effect.detail.empty() ? std::string(text) : fmt::format("{} ({})", text, effect.detail);
    case Tail::inside:
      return effect.detail.empty() ? std::string(text) : fmt::format("{} inside a {}", text, effect.detail);
    case Tail::value:
      return fmt::format(fmt::runtime(text), effect.value);
    case Tail::close:
      return fmt::format(fmt::runtime(text), effect.value) + (effect.then_reset ? ", then RST" : "");
  }
  return {};
}

}  // namespace

bool is_illegal(const Effect& effect) {
  return effect.kind == EffectKind::illegal_frame || effect.kind == EffectKind::bad_compression ||
         effect.kind == EffectKind::close_invalid;
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

std::string to_string(const Effect& effect) {
  if (effect.detail == too_large) return "a message larger than it takes";
  if (effect.detail == absurd_length) return "a length that no sane receiver takes";
  const Words& row = words_of(effect.kind);
  return completed(row.noun, row.tail, effect);
}

std::string deed(const Effect& effect, Phase phase) {
  const bool handshake = phase == Phase::before_101;
  if (effect.detail == too_large) return "sent a message larger than it takes";
  if (effect.detail == absurd_length) return "sent a length that no sane receiver takes";
  if (effect.then_silent) return "answered with something that is not HTTP, and was silent";
  if (effect.kind == EffectKind::silence && handshake) return "accepted and was silent";
  const Words& row = words_of(effect.kind);
  std::string text = completed(row.deed, row.tail, effect);
  if (row.tail == Tail::inside && effect.detail.empty())
    text += handshake ? " without an answer" : " without a Close";
  return text;
}

}  // namespace wsfault::verdict::oracle

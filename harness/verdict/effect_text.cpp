// The words for states and effects.
#include <fmt/format.h>

#include "verdict/effect.hpp"

namespace wsfault::verdict::oracle {

std::string_view to_string(State state) {
  switch (state) {
    case State::before_101:
      return "before the 101";
    case State::open:
      return "open";
    case State::closing:
      return "closing";
  }
  return "unknown";
}

std::string_view to_string(EffectKind kind) {
  switch (kind) {
    case EffectKind::refused:
      return "refused";
    case EffectKind::fin:
      return "fin";
    case EffectKind::reset:
      return "reset";
    case EffectKind::silence:
      return "silence";
    case EffectKind::answer:
      return "answer";
    case EffectKind::invalid_101:
      return "invalid-101";
    case EffectKind::garbage:
      return "garbage";
    case EffectKind::tls_failure:
      return "tls-failure";
    case EffectKind::interim:
      return "interim";
    case EffectKind::close:
      return "close";
    case EffectKind::close_empty:
      return "close-empty";
    case EffectKind::close_invalid:
      return "close-invalid";
    case EffectKind::illegal_frame:
      return "illegal-frame";
    case EffectKind::bad_compression:
      return "bad-compression";
    case EffectKind::no_close_reply:
      return "no-close-reply";
    case EffectKind::no_tcp_end:
      return "no-tcp-end";
    case EffectKind::half_close:
      return "half-close";
    case EffectKind::killed:
      return "killed";
    case EffectKind::stopped:
      return "stopped";
    case EffectKind::frozen:
      return "frozen";
    case EffectKind::reloaded:
      return "reloaded";
    case EffectKind::nothing:
      return "nothing";
  }
  return "unknown";
}

namespace {

std::string close_text(const Effect& effect) {
  std::string text = effect.value == 1005 && effect.kind != EffectKind::close
                         ? "an empty Close"
                         : fmt::format("Close {}", effect.value);
  if (effect.then_reset) text += ", then RST";
  return text;
}

std::string with_detail(std::string_view text, const Effect& effect) {
  return effect.detail.empty() ? std::string(text) : fmt::format("{} ({})", text, effect.detail);
}

std::string inside(std::string_view text, const Effect& effect) {
  return effect.detail.empty() ? std::string(text) : fmt::format("{} inside a {}", text, effect.detail);
}

}  // namespace

std::string to_string(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::refused:
      return "a refused connection";
    case EffectKind::fin:
      return inside("FIN without a Close", effect);
    case EffectKind::reset:
      return inside("RST without a Close", effect);
    case EffectKind::silence:
      return "silence";
    case EffectKind::answer:
      return fmt::format("the HTTP answer {}", effect.value);
    case EffectKind::invalid_101:
      return with_detail("a 101 that must be refused", effect);
    case EffectKind::garbage:
      return "an answer that is not HTTP";
    case EffectKind::tls_failure:
      return "a TLS failure";
    case EffectKind::interim:
      return "a 1xx before the 101";
    case EffectKind::close:
    case EffectKind::close_empty:
      return close_text(effect);
    case EffectKind::close_invalid:
      return "an invalid Close";
    case EffectKind::illegal_frame:
      if (effect.detail == too_large) return "a message larger than it takes";
      return with_detail("an illegal frame", effect);
    case EffectKind::bad_compression:
      return with_detail("broken compression", effect);
    case EffectKind::no_close_reply:
      return "no Close in reply to its own";
    case EffectKind::no_tcp_end:
      return close_text(effect) + " and no end of TCP";
    case EffectKind::half_close:
      return "a half-close";
    case EffectKind::killed:
      return "its process killed";
    case EffectKind::stopped:
      return "its process told to stop";
    case EffectKind::frozen:
      return "its process frozen";
    case EffectKind::reloaded:
      return "its process reloaded";
    case EffectKind::nothing:
      return "nothing";
  }
  return "unknown";
}

}  // namespace wsfault::verdict::oracle

// The names of events' enumerators, as they stand in logs.
#include "record/event.hpp"

#include <cstdlib>

namespace wsfault::record {

std::string unreadable(std::size_t compressed_messages) {
  if (compressed_messages == 1) return "1 message was compressed (permessage-deflate), and cannot be read";
  return std::to_string(compressed_messages) +
         " messages were compressed (permessage-deflate), and cannot be read";
}

std::string_view to_string(Tap tap) {
  switch (tap) {
    case Tap::sent:
      return "sent";
    case Tap::arrived:
      return "arrived";
  }
  std::abort();
}

std::string_view to_string(EndKind how) {
  switch (how) {
    case EndKind::fin:
      return "fin";
    case EndKind::reset:
      return "reset";
    case EndKind::error:
      return "error";
  }
  std::abort();
}

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::decided:
      return "decided";
    case EndReason::deadline:
      return "deadline";
    case EndReason::interrupted:
      return "interrupted";
    case EndReason::error:
      return "error";
  }
  std::abort();
}

std::string_view to_string(EffectKind kind) {
  switch (kind) {
    case EffectKind::refused:
      return "refused";
    case EffectKind::silence:
      return "silence";
    case EffectKind::stalled:
      return "stalled";
    case EffectKind::no_answer:
      return "no_answer";
    case EffectKind::resumed:
      return "resumed";
    case EffectKind::tls_failure:
      return "tls_failure";
  }
  std::abort();
}

std::string_view to_string(ProcessChange change) {
  switch (change) {
    case ProcessChange::started:
      return "started";
    case ProcessChange::killed:
      return "killed";
    case ProcessChange::stopping:
      return "stopping";
    case ProcessChange::frozen:
      return "frozen";
    case ProcessChange::thawed:
      return "thawed";
    case ProcessChange::exited:
      return "exited";
    case ProcessChange::reloaded:
      return "reloaded";
  }
  std::abort();
}

std::string_view to_string(CutKind kind) {
  switch (kind) {
    case CutKind::messages:
      return "messages";
    case CutKind::pings:
      return "pings";
    case CutKind::payloads:
      return "payloads";
    case CutKind::output:
      return "output";
    case CutKind::answers:
      return "answers";
    case CutKind::closes:
      return "closes";
    case CutKind::violations:
      return "violations";
    case CutKind::reports:
      return "reports";
  }
  std::abort();
}

}  // namespace wsfault::record

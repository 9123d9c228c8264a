// The names of events' enumerators, as spelled in logs.
#include "record/event.hpp"

#include "value/enums.hpp"

namespace wsfault::record {

std::string unreadable(std::size_t compressed_messages) {
  if (compressed_messages == 1) return "1 message was compressed (permessage-deflate), and cannot be read";
  return std::to_string(compressed_messages) +
         " messages were compressed (permessage-deflate), and cannot be read";
}

std::string_view to_string(Tap tap) { return name_of(tap); }
std::string_view to_string(EndKind how) { return name_of(how); }
std::string_view to_string(EndReason reason) { return name_of(reason); }
std::string_view to_string(LinkEffectKind kind) { return name_of(kind); }
std::string_view to_string(ProcessChange change) { return name_of(change); }
std::string_view to_string(CutKind kind) { return name_of(kind); }
std::string_view to_string(AttemptChange change) { return name_of(change); }

}  // namespace wsfault::record

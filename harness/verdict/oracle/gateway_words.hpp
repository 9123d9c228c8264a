// How the oracle's opinion on a gateway is put into words.
#pragma once

#include <string>
#include <string_view>

#include "verdict/oracle/gateway_outcome.hpp"

namespace wsfault::verdict::oracle {

/// "the client behind the gateway", with its name where it has one of its own.
std::string name_of_client(const Leg& front);
/// "gets 502, 503 or 504, or sees TCP end without a Close".
std::string in_words(const Outcomes& outcomes);
/// "the upstream refused the connection": what `who` did, or what was done to the gateway.
std::string happened(const Effect& effect, State state, std::string_view who);
/// "it got Close 1011 after 4ms": `since` is when the break struck.
std::string in_words(const Did& did, std::int64_t since);
/// "; it reported 1006, not clean"; empty without a report.
std::string reported(const Leg& front);
}  // namespace wsfault::verdict::oracle

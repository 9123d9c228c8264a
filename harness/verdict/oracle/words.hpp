// How the oracle puts reactions and acts into words.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "verdict/oracle/row.hpp"

namespace wsfault::verdict::oracle {

/// Of the party itself: "reports 1006 or reports an error", "answers 502 or ends TCP without a Close".
std::string to_string(const Reactions& reactions);
/// Of a row of a table, with "c" for the code or status that arrived: "sends Close c, 1000 or without a
/// code".
std::string to_string(std::span<const Reaction> written);
/// Of whom is on the other side: "gets 502, 503 or 504, or sees TCP end without a Close".
std::string as_seen(const Reactions& reactions);
/// "it got Close 1011 after 4ms": `since` is when the break struck.
std::string as_seen(const Act& act, std::int64_t since);
/// What a Close carries: "Close 1000", "an empty Close", "Close 1005 (an illegal code)", "a Close with an illegal
/// body (1 byte)".
std::string close_words(const record::FrameSeen& close);
/// The first bytes of something, in quotation marks.
std::string quoted_start(std::string_view bytes);
/// What its API said: "1006, not clean", "an error (connection refused)".
std::string reported_words(const record::Report& report);

}  // namespace wsfault::verdict::oracle

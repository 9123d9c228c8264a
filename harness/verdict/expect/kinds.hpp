// One function for each kind of expectation: what the log shows of it since `since` (which has come).
#pragma once

#include <variant>

#include "verdict/expect/answer.hpp"

namespace wsfault::verdict {

/// Sightings of what is to happen, or the answer itself where something is to hold.
using Look = std::variant<Sightings, Answer>;

Look look(const Question& question, const CloseExpected& expected);
Look look(const Question& question, const WireCloseExpected& expected);
Look look(const Question& question, const StatusExpected& expected);
Look look(const Question& question, const RequestExpected& expected);
Look look(const Question& question, const MessageExpected& expected);
Look look(const Question& question, const EventExpected& expected);
Look look(const Question& question, const ReconnectExpected& expected);
Look look(const Question& question, const ConnectionsExpected& expected);
Look look(const Question& question, const PingExpected& expected);
Look look(const Question& question, const EndExpected& expected);
Look look(const Question& question, const DeliveryExpected& expected);
Look look(const Question& question, const AliveExpected& expected);
Look look(const Question& question, const ExitExpected& expected);
Look look(const Question& question, const UsageExpected& expected);
Look look(const Question& question, const LogExpected& expected);
Look look(const Question& question, const OrderExpected& expected);
Look look(const Question& question, const FaultExpected& expected);

/// What is expected, as a phrase whose subject is the party: "reports close 1006".
std::string phrase(const Expected& what);
/// "1006", "1000-1003, 1006", "any".
std::string to_string(const Codes& codes);

}  // namespace wsfault::verdict

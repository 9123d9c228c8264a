// What a gateway of kind `tcp` may do about a backend that fails before the 101.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

// clang-format off
constexpr auto tcp_rows = std::to_array<TableRow>({
    {before_101, {refused, unconnected}, any, "TCP not established", "", {ends}, {}, within({"connect_limit"},
     Cause::no_response_limit)},
    {before_101, {silence}, any, "connected, silence", "", {ends}, {}, within({"idle_limit"},
     Cause::no_idle_limit)},
    {before_101,
     {fin, reset, answer, invalid_101, garbage, tls_failure, close, close_empty, close_invalid, illegal_frame, bad_compression},
     any, "any answer, or an end", "", {passes_on}},
    {before_101, {killed}, lives_on, "its main process is killed alone, or the signal to drain is sent", "",
     {opens, ends, stays_open}, {}, at_any_time},
    {before_101, {killed}, any, "it is killed", "", {ends}},
    {before_101, {stopped}, any, "it is told to stop", "", {ends, opens}, {}, drain},
    {before_101, {frozen}, any, "it is frozen: nothing until it is thawed", "", {stays_open}, {},
     at_any_time},
    {before_101, others, any, "nothing", "", {opens}},
});
// clang-format on

}  // namespace

Table gateway_tcp_table() { return tcp_rows; }

}  // namespace wsfault::verdict::oracle

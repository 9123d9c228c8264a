// What gateways of kinds `http` and `tcp` may do after the 101, when they pass bytes: judged by what the
// client behind them reports, or would.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

// clang-format off
constexpr auto tunnel_rows = std::to_array<TableRow>({
    {after_101, {fin, reset}, any, "RST or FIN without a Close, between or inside frames", "RFC 6455 7.1.5",
     {reports(1006)}},
    {after_101, {silence}, any, "silence", "RFC 6455 7.1.5", {reports(1006)}, {}, within({"idle_limit"},
     Cause::no_idle_limit)},
    {after_101, {close}, reserved_code, "a Close with 1005, 1006 or 1015", "RFC 6455 7.4.1",
     {reports(1006), reports(1002)}},
    {after_101, {close}, illegal_code,
     "a Close with 0-999, 1004, 1016-2999, 5000 and more", "RFC 6455 7.4.2", {reports(1006), reports(1002)},
     {reports_it}},
    {after_101, {close}, then_reset, "a Close with code c, then RST", "RFC 6455 7.1.5",
     {reports_it, reports(1006)}},
    {after_101, {close}, any, "a whole Close with a legal code c", "RFC 6455 7.1.5", {reports_it}},
    {after_101, {close_empty}, any, "a Close with an empty body", "RFC 6455 7.1.5", {reports(1005)}},
    {after_101, {close_invalid}, any, "a Close of one byte, or with a reason that is not UTF-8",
     "RFC 6455 5.5.1", {reports(1006), reports(1002), reports(1007)}},
    {after_101, {illegal_frame, answer, invalid_101, garbage}, any,
     "an illegal frame, or bytes that are none", "RFC 6455 7.1.7",
     {reports(1006), reports(1002), reports(1007), reports(1009)}},
    {after_101, {bad_compression}, any, "compression that is broken, or a bomb", "RFC 7692 7.2.2",
     {reports(1002), reports(1007), reports(1009), reports(1006)}},
    {after_101, {no_close_reply}, any, "a Close that is not answered", "", {passes_on}},
    {after_101, {killed}, lives_on, "its main process is killed alone, or the signal to drain is sent", "",
     {stays_open, reports(1006), reports(1001)}, {}, at_any_time},
    {after_101, {killed}, any, "it is killed", "RFC 6455 7.1.5", {reports(1006)}},
    {after_101, {stopped}, any, "it is told to stop", "RFC 6455 7.4.1",
     {reports(1006), reports(1001), stays_open}, {}, at_any_time},
    {after_101, {reloaded}, any, "it is reloaded", "RFC 6455 7.4.1",
     {reports(1006), reports(1001), stays_open}, {}, drain},
    {after_101, {frozen}, any, "it is frozen: nothing until it is thawed", "", {stays_open}, {}, at_any_time},
    {after_101, others, any, "nothing", "", {stays_open}, {}, at_any_time},
});
// clang-format on

}  // namespace

Table tunnel_table() { return tunnel_rows; }

}  // namespace wsfault::verdict::oracle

// What a gateway of kind `http` may do about a backend that fails before the 101; one of kind `websocket`
// does the same before its own, but for the rows at the top of its table.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

/// Answers of the upstream that a gateway may turn into a 502 with a warning.
bool may_become_502(const Effect& effect, const Dialect&) {
  const int status = effect.value;
  return status == 200 || (status >= 300 && status < 400) || status == 404 || status == 405 ||
         status == 426 || (status >= 500 && status != 502 && status != 503);
}

// clang-format off
constexpr auto http_rows = std::to_array<TableRow>({
    {before_101, {refused, unconnected}, any, "TCP not established", "RFC 9110 15.6.3, 15.6.5",
     {answers(502), answers(503), answers(504)}, {ends}, connect_limit},
    {before_101, {tls_failure}, any, "TLS failure", "RFC 9110 15.6.3",
     {answers(502), answers(503), answers(504)}, {}, connect_limit},
    {before_101, {fin, reset}, any, "connected, no or half an HTTP answer, then FIN or RST",
     "RFC 9110 15.6.3", {answers(502)}, {answers(500), answers(503), ends}},
    {before_101, {silence}, before_tls, "connected, silence before TLS stands", "RFC 9110 15.6.5",
     {answers(504), answers(502), answers(503)}, {ends}, connect_limit},
    {before_101, {silence}, any, "connected, silence", "RFC 9110 15.6.5", {answers(504), answers(502)},
     {ends}, response_limit},
    {before_101, {answer}, may_become_502, "answered with 200, 3xx, 404, 405, 426 or 5xx", "RFC 9110 15.6.3",
     {answers_it}, {answers(502)}},
    {before_101, {answer}, any, "answered with another status, but not 101: 401, 403, 429, 502, 503 …",
     "RFC 9110 7.7", {answers_it}},
    {before_101, {invalid_101}, lacks_connection, "101 without `Connection: Upgrade`, which each hop writes anew",
     "RFC 9110 7.6.1", {answers(502), opens}, {passes_on}},
    // Passed on, or repaired: a tunnel need not check it.
    {before_101, {invalid_101}, any,
     "101, but invalid (accept key, upgrade, connection, subprotocol, extension)", "RFC 9110 7.8",
     {answers(502)}, {passes_on, opens}},
    {before_101, {garbage}, then_silence, "not HTTP at all, then silence", "RFC 9110 15.6.3, 15.6.5",
     {answers(502), answers(504)}, {answers(500), answers(503), ends}, response_limit},
    {before_101, {garbage, close, close_empty, close_invalid, illegal_frame, bad_compression}, any,
     "not HTTP at all", "RFC 9110 15.6.3", {answers(502)}, {answers(500), answers(503), ends}},
    {before_101, {killed, stopped}, lives_on, "its main process is killed alone, or the signal to drain is sent",
     "", {opens, ends, stays_open, answers(502, 503)}, {}, at_any_time},
    {before_101, {killed}, any, "it is killed", "", {ends}},
    {before_101, {stopped}, any, "it is told to stop", "RFC 9110 15.6.4", {answers(503), opens, ends}, {},
     drain},
    {before_101, {frozen}, any, "it is frozen: nothing until it is thawed", "", {stays_open}, {},
     at_any_time},
    {before_101, others, any, "nothing", "RFC 9110 7.8", {opens}},
});
// clang-format on

}  // namespace

Table gateway_http_table() { return http_rows; }

}  // namespace wsfault::verdict::oracle

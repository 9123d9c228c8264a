// What a gateway of kind `websocket`, a WebSocket peer on both sides, may do about a backend that fails.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

bool unanswered(const Effect& effect, const Dialect&) { return effect.unanswered; }
bool unanswered_before_tls(const Effect& effect, const Dialect&) {
  return effect.unanswered && effect.in_tls;
}
bool denied(const Effect& effect, const Dialect&) { return effect.value == 401 || effect.value == 403; }

// clang-format off
constexpr auto peer_rows = std::to_array<TableRow>({
    // --- before its own 101: what differs from kind `http`
    {before_101, {silence}, before_tls, "connected, silence before TLS stands", "RFC 9110 15.6.5",
     {answers(504), answers(502), answers(503)}, {}, connect_limit},
    {before_101, {silence}, any, "connected, silence", "RFC 9110 15.6.5", {answers(504), answers(502)}, {},
     response_limit},
    {before_101, {invalid_101}, lacks_connection, "101 without `Connection: Upgrade`, which each hop writes anew",
     "RFC 9110 7.6.1", {answers(502), opens}},
    {before_101, {invalid_101}, any,
     "101, but invalid (accept key, upgrade, connection, subprotocol, extension)", "RFC 6455 4.1",
     {answers(502)}},

    // --- after its own 101, and its backend has given none: it can say nothing in HTTP any more
    {after_101, {silence}, unanswered_before_tls, "its backend: connected, silence before TLS stands",
     "IANA: 1014", {closes(1014), closes(1011), closes(1013), closes(1001)}, {}, connect_limit},
    {after_101, {silence}, unanswered, "its backend: connected, silence", "IANA: 1014",
     {closes(1014), closes(1011), closes(1013), closes(1001)}, {}, response_limit},
    {after_101, {fin, reset}, unanswered,
     "its backend: connected, no or half an HTTP answer, then FIN or RST", "IANA: 1014", {closes(1014)},
     {closes(1011), closes(1012), closes(1013)}},
    {after_101, {refused, tls_failure}, any, "its backend: TCP or TLS not established", "IANA: 1014",
     {closes(1014)}, {closes(1011), closes(1012), closes(1013)}, connect_limit},
    {after_101, {answer}, denied, "its backend: answered with 401 or 403", "RFC 6455 7.4.1: 1008",
     {closes(1008), closes(3000, 4999)}},
    {after_101, {answer}, any, "its backend: answered with another status than 101", "IANA: 1014",
     {closes(1014)}, {closes(1011)}},
    {after_101, {invalid_101, garbage}, any, "its backend: 101, but invalid, or not HTTP at all",
     "IANA: 1014", {closes(1014)}, {closes(1011)}},

    // --- open on both sides
    {after_101, {fin, reset}, any, "RST or FIN without a Close, between or inside frames", "IANA: 1014",
     {closes(1014)}, {closes(1011), closes(1012), ends}},
    // Where its heartbeat does not find it, its idle limit ends it.
    {after_101, {silence}, any, "silence", "RFC 6455 5.5.2", {closes(1014)},
     {closes(1011), closes(1001), ends}, heartbeat},
    {after_101, {close}, reserved_code, "a Close with 1005, 1006 or 1015", "RFC 6455 7.4.1",
     {closes(1014), closes(1002), closes(1011)}},
    {after_101, {close}, illegal_code,
     "a Close with 0-999, 1004, 1016-2999, 5000 and more", "RFC 6455 7.4.2",
     {closes(1014), closes(1002), closes(1011)}},
    {after_101, {close}, then_reset, "a Close with code c, then RST", "RFC 6455 7.1.5",
     {closes_with_it, closes(1014)}, {closes(1011)}},
    {after_101, {close}, any, "a whole Close with a legal code c", "RFC 6455 7.1.5", {closes_with_it},
     {closes_alike}},
    {after_101, {close_empty}, any, "a Close with an empty body", "RFC 6455 7.1.5",
     {closes(1005), closes(1000)}},
    {after_101, {illegal_frame}, larger_than_it_takes,
     "a message larger than it takes (more than `max_message`, or 64 KiB), refused with Close 1009",
     "RFC 6455 7.4.1", {closes(1014), closes(1002), closes(1011), closes(1009), closes(1001)}},
    {after_101, {illegal_frame}, no_sane_length, "a length of 1 GiB or more, refused in any way",
     "RFC 6455 10.4", {closes(1014), closes(1002), closes(1011), closes(1009), closes(1001)}, {ends}},
    {after_101, {illegal_frame, close_invalid}, any,
     "an illegal frame, a Close of one byte, or with a reason that is not UTF-8", "RFC 6455 7.1.7",
     {closes(1014), closes(1002), closes(1011)}},
    {after_101, {bad_compression}, any, "compression that is broken, or a bomb", "RFC 7692 7.2.2",
     {closes(1014), closes(1002), closes(1007), closes(1009), closes(1011)}},
    {after_101, {no_close_reply}, any, "a Close that is not answered: it ends both sides", "RFC 6455 7.1.1",
     {ends}, {}, close_limit},
    {after_101, {killed}, lives_on, "its main process is killed alone, or the signal to drain is sent", "",
     {stays_open, ends, closes(1001), closes(1012)}, {}, at_any_time},
    {after_101, {killed}, any, "it is killed", "RFC 6455 7.1.5", {ends}},
    {after_101, {stopped}, any, "it is told to stop", "RFC 6455 7.4.1", {closes(1001), closes(1012)}, {},
     drain},
    {after_101, {reloaded}, any, "it is reloaded", "RFC 6455 7.4.1", {closes(1001), closes(1012), stays_open},
     {}, drain},
    {after_101, {frozen}, any, "it is frozen: nothing until it is thawed", "", {stays_open}, {}, at_any_time},
    {after_101, others, any, "nothing", "", {stays_open}, {}, at_any_time},
});
// clang-format on

}  // namespace

Table gateway_websocket_table() { return peer_rows; }

}  // namespace wsfault::verdict::oracle

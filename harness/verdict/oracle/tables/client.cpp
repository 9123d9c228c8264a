// What a client may do about each effect.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

/// An error and close 1006 alike: languages differ in what they call a failed handshake.
constexpr Written handshake_failure = {reports_error, reports(1006)};

constexpr Demands fails_with(Few<int, 4> codes) {
  return {.own_close = codes, .own_close_expected = true, .ends_tcp = true};
}

bool followed(const Effect& effect, const Dialect& dialect) {
  return effect.value >= 300 && effect.value < 400 && dialect.follows_redirects;
}
bool has_code(const Effect& effect, const Dialect&) { return effect.value > 0; }

// clang-format off
constexpr auto client_rows = std::to_array<TableRow>({
    // --- before the 101
    {before_101, {refused}, any, "TCP not established", "RFC 6455 4.1", handshake_failure},
    {before_101, {unconnected}, any, "TCP not established: its SYN gets no answer", "RFC 9293 3.8.3",
     handshake_failure, {}, handshake_limit},
    {before_101, {fin, reset}, any, "connected, no or half an HTTP answer, then FIN or RST",
     "RFC 6455 4.1, 7.1.7", handshake_failure},
    {before_101, {silence}, any, "connected, silence", "", handshake_failure, {}, handshake_limit},
    {before_101, {answer}, followed, "answered with a redirect that its dialect follows", "RFC 6455 4.1",
     {reports_error, reports(1006), follows}},
    {before_101, {answer}, any, "answered, but not 101", "RFC 6455 4.1", handshake_failure},
    {before_101, {invalid_101}, any,
     "101, but invalid (accept key, upgrade, connection, subprotocol, extension)", "RFC 6455 4.1",
     handshake_failure},
    {before_101, {garbage, close, close_empty, close_invalid, illegal_frame, bad_compression}, any,
     "not HTTP at all", "RFC 6455 4.1", handshake_failure},
    {before_101, {tls_failure}, any, "TLS failure", "RFC 6455 7.4.1",
     {reports_error, reports(1006), reports(1015)}},
    {before_101, {no_close_reply, killed, stopped, frozen, reloaded}, any, "its own process was struck", "",
     {reports_error, reports(1006), ends, stays_open}, {}, at_any_time},
    {before_101, others, any, "nothing", "RFC 6455 4.1", {opens}},

    // --- open; what the peer does is the same while it waits for a Close
    {open, {fin, reset}, any, "RST or FIN without a Close, between or inside frames", "RFC 6455 7.1.5",
     {reports(1006)}, {}, at_once, ends_tcp},
    {open, {silence}, any, "silence", "RFC 6455 5.5.2, 7.1.5", {reports(1006)}, {}, heartbeat, ends_tcp},
    {after_101, {close}, reserved_code, "a Close with 1005, 1006 or 1015", "RFC 6455 7.4.1",
     {reports(1006), reports(1002)}, {}, at_once, ends_tcp},
    {after_101, {close}, illegal_code,
     "a Close with 0-999, 1004, 1016-2999, 5000 and more", "RFC 6455 7.4.2", {reports(1006), reports(1002)},
     {reports_it}, at_once, ends_tcp},
    {after_101, {close}, then_reset, "a Close with code c, then RST: the kernel may drop what was not read",
     "RFC 6455 7.1.5", {reports_it, reports(1006)}, {}, at_once, ends_tcp},
    {after_101, {close}, any, "a whole Close with a legal code c", "RFC 6455 7.1.5", {reports_it}, {},
     at_once, ends_tcp},
    {after_101, {close_empty}, then_reset, "a Close with an empty body, then RST", "RFC 6455 7.1.5",
     {reports(1005), reports(1006)}, {}, at_once, ends_tcp},
    {after_101, {close_empty}, any, "a Close with an empty body", "RFC 6455 7.1.5", {reports(1005)}, {},
     at_once, ends_tcp},
    {after_101, {close_invalid}, any, "a Close of one byte, or with a reason that is not UTF-8",
     "RFC 6455 5.5.1", {reports(1006), reports(1002), reports(1007)}, {}, at_once, ends_tcp},
    {after_101, {illegal_frame}, larger_than_it_takes,
     "a message larger than it takes (more than `max_message`, or 64 KiB), refused with Close 1009",
     "RFC 6455 7.4.1, 10.4", {reports(1006), reports(1009)}, {}, at_once,
     {.own_close = {1009}, .own_close_expected = false, .ends_tcp = true}},
    {after_101, {illegal_frame}, no_sane_length, "a length of 1 GiB or more, refused in any way",
     "RFC 6455 10.4", {reports(1006), reports(1002), reports(1009)}, {}, at_once, ends_tcp},
    {after_101, {illegal_frame}, not_utf8, "text that is not UTF-8", "RFC 6455 8.1",
     {reports(1006), reports(1002), reports(1007)}, {}, at_once, fails_with({1002, 1007})},
    {after_101, {illegal_frame}, too_long, "a length beyond 2^63, a control frame beyond 125 bytes",
     "RFC 6455 5.2, 5.5", {reports(1006), reports(1002), reports(1009)}, {}, at_once,
     fails_with({1002, 1009})},
    {after_101, {illegal_frame}, long_length, "a length in more bytes than needed", "RFC 6455 5.2",
     {reports(1006), reports(1002)}, {stays_open}, at_once, fails_with({1002})},
    {after_101, {illegal_frame}, any, "another illegal frame", "RFC 6455 7.1.7",
     {reports(1006), reports(1002)}, {}, at_once, fails_with({1002})},
    {open, {answer, invalid_101, garbage}, any, "bytes that are no frame", "RFC 6455 7.1.7",
     {reports(1006), reports(1002)}, {}, at_once, fails_with({1002})},
    {after_101, {bad_compression}, any, "compression that is broken, or a bomb", "RFC 7692 7.2.2",
     {reports(1002), reports(1007), reports(1009), reports(1006)}, {}, at_once,
     {.own_close = {1002, 1007, 1009}, .own_close_expected = false, .ends_tcp = true}},
    {after_101, {killed, stopped, reloaded}, any, "its own process was struck", "",
     {reports(0, 4999), reports_error, ends, stays_open}, {}, at_any_time},
    {after_101, {frozen}, any, "its own process was frozen", "", {stays_open, reports(1006), reports_error},
     {}, at_any_time},
    {open, others, any, "nothing", "", {stays_open},
     {}, at_any_time},

    // --- closing
    {closing, others, has_code, "told to stop, it closed first with code c and got no Close back", "RFC 6455 7.1.1, 7.1.5",
     {reports(1006), reports_error, reports_it}, {}, close_limit, ends_tcp},
    {closing, others, any,
     "told to stop, it closed first without a code and got no Close back", "RFC 6455 7.1.1, 7.1.5",
     {reports(1006), reports_error}, {}, close_limit, ends_tcp},
});
// clang-format on

}  // namespace

Table client_table() { return client_rows; }

}  // namespace wsfault::verdict::oracle

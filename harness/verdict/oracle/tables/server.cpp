// What a server may do about a client that fails, or about what is done to itself.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

constexpr Limit drain_of_a_server = within({"drain"}, Cause::drain_endless);
/// RFC 6455 7.1.7: it fails the connection; that it says why is a SHOULD.
constexpr Written fails_with_1002 = {closes(1002)};

bool wrong_version(const Effect& effect, const Dialect&) { return effect.detail == "wrong-version"; }
bool no_longer_read(const Effect& effect, const Dialect&) { return effect.detail == reads_no_more; }
bool beyond_its_limit(const Effect& effect, const Dialect&) { return effect.detail == message_too_big; }

// clang-format off
constexpr auto server_rows = std::to_array<TableRow>({
    // --- whenever
    {always, {killed}, lives_on, "its main process is killed alone, or the signal to drain is sent", "",
     {stays_open, ends, closes(1001), closes(1012), opens, answers(503)}, {}, at_any_time},
    {always, {killed}, any, "it is killed", "", {ends}},
    {always, {frozen}, any, "it is frozen: nothing until it is thawed", "", {stays_open}, {}, at_any_time},
    {always, {reloaded}, any, "it is reloaded", "RFC 6455 7.4.1", {closes(1001), closes(1012), stays_open},
     {}, drain},

    // --- before the 101
    {before_101, {fin, reset}, any, "the client left", "", {ends, answers(400, 408)}},
    {before_101, {silence}, any, "no request, or half of one, then silence, or drops of it",
     "RFC 9110 15.5.9", {ends, answers(400), answers(408)}, {}, handshake_limit},
    {before_101, {tls_failure}, any, "the client broke the TLS handshake off", "", {ends}},
    {before_101, {garbage, close, close_empty, close_invalid, illegal_frame, bad_compression}, any,
     "no HTTP at all", "RFC 9110 15.5.1", {answers(400), ends}, {answers(401, 599)}},
    {before_101, {answer}, any, "a plain GET", "RFC 9110 15.5.22", {answers(426)},
     {answers(400, 425), answers(427, 499)}},
    {before_101, {invalid_101}, wrong_version, "a request for another version", "RFC 6455 4.4",
     {answers(426)}, {answers(400)}},
    {before_101, {invalid_101}, any, "a request that is otherwise no sound upgrade (key, method, host …)",
     "RFC 6455 4.2.1", {answers(400)}, {answers(401, 499), answers(505), ends}},
    {before_101, {stopped}, any, "told to stop (SIGTERM): a handshake under way", "RFC 9110 15.6.4",
     {answers(503)}, {ends}, drain_of_a_server},
    {before_101, others, any, "nothing: a sound request", "RFC 6455 4.2.2",
     {opens, answers(503)}},

    // --- open
    {after_101, {fin, reset}, any, "FIN without a Close, between or inside frames (after an RST nothing can be seen, and nothing is required)", "RFC 6455 7.1.1",
     {ends, closes(1000, 4999)}},
    {after_101, {silence}, no_longer_read, "a client that no longer reads, and there is no heartbeat", "",
     {ends, closes(1000, 4999)}, {}, write_limit},
    {after_101, {silence}, any, "silence, or a client that no longer reads", "RFC 6455 5.5.2",
     {ends, closes(1000, 4999)}, {}, heartbeat},
    {after_101, {close}, legal_code, "a Close with a legal code c", "RFC 6455 5.5.1",
     {closes_with_it, closes(1000), closes(1005)},
     {closes(1001), closes(1003), closes(1008, 2999), closes(3000, 4999)}, at_once, ends_tcp},
    {after_101, {close}, reserved_code, "a Close with 1005, 1006 or 1015", "RFC 6455 7.4.1", fails_with_1002,
     {ends}, at_once, ends_tcp},
    {after_101, {close}, any, "a Close with 0-999, 1004, 1016-2999, 5000 and more", "RFC 6455 7.4.2",
     fails_with_1002, {ends, closes(1000)}, at_once, ends_tcp},
    {after_101, {close_empty}, any, "a Close with an empty body", "RFC 6455 5.5.1",
     {closes(1000), closes(1005)}, {closes(1001), closes(3000, 4999)}, at_once, ends_tcp},
    {after_101, {close_invalid}, any, "a Close of one byte, or with a reason that is not UTF-8",
     "RFC 6455 5.5.1, 8.1", {closes(1002), closes(1007)}, {ends}, at_once, ends_tcp},
    {after_101, {illegal_frame}, beyond_its_limit, "a message beyond `max_message`", "RFC 6455 7.4.1",
     {closes(1009)}, {ends, closes(1008)}, at_once, ends_tcp},
    {after_101, {illegal_frame}, larger_than_it_takes, "a message of more than 64 KiB, refused with Close 1009",
     "RFC 6455 7.4.1, 10.4", {closes(1009)}, {}, at_once, ends_tcp},
    {after_101, {illegal_frame}, no_sane_length, "a length of 1 GiB or more, refused in any way",
     "RFC 6455 10.4", {closes(1009), closes(1002), closes(1008), ends}, {}, at_once, ends_tcp},
    {after_101, {illegal_frame}, not_utf8, "text that is not UTF-8", "RFC 6455 8.1",
     {closes(1007), closes(1002)}, {ends}, at_once, ends_tcp},
    {after_101, {illegal_frame}, too_long, "a length beyond 2^63, a control frame beyond 125 bytes",
     "RFC 6455 5.2, 5.5", {closes(1002), closes(1009)}, {ends}, at_once, ends_tcp},
    {after_101, {illegal_frame}, long_length, "a length in more bytes than needed", "RFC 6455 5.2",
     fails_with_1002, {ends, stays_open}, at_once, ends_tcp},
    {after_101, {illegal_frame, answer, invalid_101, garbage}, any, "another illegal frame", "RFC 6455 7.1.7",
     fails_with_1002, {ends}, at_once, ends_tcp},
    {after_101, {bad_compression}, any, "compression that is broken, or a bomb", "RFC 7692 7.2.2",
     {closes(1002), closes(1007), closes(1009)}, {ends}, at_once, ends_tcp},
    {after_101, {no_close_reply}, any, "the client answers no Close", "RFC 6455 7.1.1", {ends}, {},
     close_limit, ends_tcp},
    {after_101, {stopped}, any, "told to stop (SIGTERM)", "RFC 6455 7.4.1", {closes(1001), closes(1012)}, {},
     drain_of_a_server},
    {after_101, others, any, "nothing", "", {stays_open}, {},
     at_any_time},
});
// clang-format on

}  // namespace

Table server_table() { return server_rows; }

}  // namespace wsfault::verdict::oracle

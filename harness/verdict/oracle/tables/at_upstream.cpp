// What a gateway whose client fails may then do to its backend.
#include "verdict/oracle/tables/tables.hpp"

namespace wsfault::verdict::oracle {
namespace {

using namespace words;

/// Kinds `http` and `tcp` pass the end on, and every byte before it.
// clang-format off
constexpr auto tunnel_upstream_rows = std::to_array<TableRow>({
    {always, {fin, reset}, any, "its client left without a Close", "RFC 9110 7.8", {ends}},
    {always, {silence}, any, "its client fell silent", "", {ends, closes(1000, 4999)}, {}, idle_limit},
    {always, {close}, any, "its client closed with code c", "RFC 9110 7.8", {closes_with_it}},
    {always, {close_empty}, any, "its client closed without a code", "RFC 9110 7.8", {closes(1005)}},
    {always, {close_invalid, illegal_frame, bad_compression}, any, "its client sent an illegal frame",
     "RFC 9110 7.8", {passes_on, ends}},
    {always, others, any, "nothing that its client did", "", {stays_open}, {}, at_any_time},
});
// clang-format on

/// Kind `websocket` never passes on what breaks the protocol.
// clang-format off
constexpr auto peer_upstream_rows = std::to_array<TableRow>({
    {always, {fin, reset}, any, "its client left without a Close", "RFC 6455 7.4.1: 1001",
     {closes(1001), ends}, {closes(1000), closes(1011)}},
    {always, {silence}, any, "its client fell silent", "", {ends, closes(1000, 4999)}, {}, idle_limit},
    {always, {close}, legal_code, "its client closed with a legal code c", "RFC 6455 7.1.5",
     {closes_with_it}},
    {always, {close}, any, "its client closed with an illegal code", "RFC 6455 7.4",
     {closes(1001), ends, closes(1002), closes(1011)}, {closes(1000)}},
    {always, {close_empty}, any, "its client closed without a code", "RFC 6455 7.1.5",
     {closes(1005), closes(1000)}},
    {always, {close_invalid, illegal_frame, bad_compression}, any, "its client sent an illegal frame",
     "RFC 6455 7.1.7", {closes(1001), ends, closes(1002), closes(1007), closes(1009), closes(1011)},
     {closes(1000)}},
    {always, others, any, "nothing that its client did", "", {stays_open}, {}, at_any_time},
});
// clang-format on

}  // namespace

Table tunnel_at_upstream_table() { return tunnel_upstream_rows; }
Table peer_at_upstream_table() { return peer_upstream_rows; }

}  // namespace wsfault::verdict::oracle

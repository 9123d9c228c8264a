// What a run and its upstream process write to each other: JSON Lines, each an object with a "type"
// (docs/architecture.md, Processes).
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "value/result.hpp"
#include "value/value.hpp"

namespace wsfault::runner {

// --- orders of the run, on the process's stdin

/// "serve", the first order and only the first: what to serve.
struct ServeOrder {
  Value upstream{Value::Table{}};  ///< the table of [upstream]
  std::vector<std::string> marks;  ///< at these marks faults strike
  std::uint64_t seed = 1;          ///< at most 2^63 - 1, as all numbers here
  std::uint64_t sequence = 0;      ///< the last number for ${seq} of the process's predecessor
  std::string certificate;         ///< PEM file; empty: no TLS
  std::string key;                 ///< PEM file
};
BOOST_DESCRIBE_STRUCT(ServeOrder, (), (upstream, marks, seed, sequence, certificate, key))
/// "connection": the connection with that number is about to come from that port of the link.
struct ConnectionOrder {
  std::uint16_t port = 0;
  int connection = 0;
};
BOOST_DESCRIBE_STRUCT(ConnectionOrder, (), (port, connection))
/// "moment": the moment of a WaitNotice has come.
struct MomentOrder {
  std::size_t wait = 0;
  int connection = 0;
};
BOOST_DESCRIBE_STRUCT(MomentOrder, (), (wait, connection))
/// "injected": the mark of the InjectNotice with that serial number is recorded.
struct InjectedOrder {
  std::uint64_t serial = 0;
};
BOOST_DESCRIBE_STRUCT(InjectedOrder, (), (serial))
using UpstreamOrder = std::variant<ServeOrder, ConnectionOrder, MomentOrder, InjectedOrder>;

// --- notices of the process, on its stdout; besides them come the events of its log (record/json.hpp)

/// "listening"
struct ListeningNotice {
  std::uint16_t port = 0;
};
BOOST_DESCRIBE_STRUCT(ListeningNotice, (), (port))
/// "wait": the script on that connection waits for the moment with that index in waits_of().
struct WaitNotice {
  std::size_t wait = 0;
  int connection = 0;
};
BOOST_DESCRIBE_STRUCT(WaitNotice, (), (wait, connection))
/// "inject": the mark is to be recorded once that many bytes of the connection have passed the link.
struct InjectNotice {
  std::uint64_t serial = 0;
  int connection = 0;
  std::uint64_t bytes = 0;
  std::string mark;
};
BOOST_DESCRIBE_STRUCT(InjectNotice, (), (serial, connection, bytes, mark))
/// "sequence": the last number for ${seq}.
struct SequenceNotice {
  std::uint64_t sequence = 0;
};
BOOST_DESCRIBE_STRUCT(SequenceNotice, (), (sequence))
using UpstreamNotice = std::variant<ListeningNotice, WaitNotice, InjectNotice, SequenceNotice>;

/// One line, without the newline.
std::string to_line(const UpstreamOrder& order);
std::string to_line(const UpstreamNotice& notice);
/// The error of a broken line is one sentence: no JSON, an unknown type, a missing or unknown member, a value
/// of the wrong type or out of range, net::LineReader::max_line bytes or more.
Result<UpstreamOrder> read_order(std::string_view line);
Result<UpstreamNotice> read_notice(std::string_view line);

}  // namespace wsfault::runner

// The part of Asio that coroutines use, with the names used here. Include it only in code with coroutines.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace wsfault::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;
template <typename T>
using Task = asio::awaitable<T>;
/// Completion token: expected outcomes are returned as error codes, `auto [error, n] = co_await
/// …(as_result)`.
inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using namespace asio::experimental::awaitable_operators;

}  // namespace wsfault::net

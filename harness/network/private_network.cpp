#include "network/private_network.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "net/event_gate.hpp"
#include "network/control.hpp"
#include "network/order.hpp"

namespace wsfault::network {
namespace {

using namespace net::asio::experimental::awaitable_operators;

constexpr std::chrono::seconds make_limit{20};
/// An order is done in microseconds; a holder that was stopped must not stop the run.
constexpr timeval order_limit{10, 0};

[[noreturn]] void throw_errno(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

/// False: not in its time.
net::Task<bool> readable(const net::FileDescriptor& descriptor) {
  const auto executor = co_await net::asio::this_coro::executor;
  const int copy = ::dup(descriptor.get());
  if (copy < 0) co_return false;
  net::asio::posix::stream_descriptor watched(executor, copy);
  auto first = co_await (watched.async_wait(net::asio::posix::stream_descriptor::wait_read, net::as_result) ||
                         net::sleep_for(make_limit));
  co_return first.index() == 0;
}

/// The connection of the holder that calls there; the error is the end of a sentence.
net::Task<Result<net::FileDescriptor>> accept_from(const net::FileDescriptor& listening) {
  while (co_await readable(listening)) {
    net::FileDescriptor control(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const int error = errno;
    if (control.is_open()) co_return std::move(control);
    // On a busy loop an event of a descriptor that is closed by now may wake who waits for another one.
    if (error != EAGAIN) co_return Error{std::strerror(error)};
  }
  co_return Error{"it does not call"};
}

Answer ask(const net::FileDescriptor& control, const Order& order) {
  Answer gone;
  gone.error = "the process that holds the network is gone";
  if (!send(control.get(), order)) return gone;
  auto answer = receive_answer(control.get());
  return answer ? *std::move(answer) : std::move(gone);
}

/// A keyword of nft(8) would be no name.
std::string table_of(const std::string& name) { return "wsfault_" + name; }

}  // namespace

PrivateNetwork::PrivateNetwork(net::Child holder, net::FileDescriptor control, pid_t far_process)
    : holder_(std::move(holder)), control_(std::move(control)), far_process_(far_process) {}
PrivateNetwork::~PrivateNetwork() = default;

net::Task<Result<std::unique_ptr<PrivateNetwork>>> PrivateNetwork::make(net::asio::any_io_executor executor,
                                                                        net::Warden& warden,
                                                                        std::string program,
                                                                        std::string folder) {
  const std::string path = folder + "/network";
  const net::FileDescriptor listening = listen_at(path);
  if (!listening.is_open()) throw_errno(errno, path.c_str());
  net::ChildSpec spec;
  spec.argv = {std::move(program), "network", path};
  net::Child holder = co_await warden.spawn(executor, spec);
  Result<net::FileDescriptor> called = Error{holder.start_error()};
  if (called.error().empty()) called = co_await accept_from(listening);
  ::unlink(path.c_str());
  if (!called) co_return Error{"the process that holds the network does not start: " + called.error()};
  net::FileDescriptor control = *std::move(called);
  ::setsockopt(control.get(), SOL_SOCKET, SO_RCVTIMEO, &order_limit, sizeof order_limit);
  const bool told = co_await readable(control);
  ::fcntl(control.get(), F_SETFL, 0);  // to watch it made it non-blocking
  const auto made = told ? receive_answer(control.get()) : std::nullopt;
  if (!made) co_return Error{"the process that holds the network says nothing"};
  if (!made->error.empty()) co_return Error{made->error};
  const pid_t far = made->pid;
  co_return std::unique_ptr<PrivateNetwork>(new PrivateNetwork(std::move(holder), std::move(control), far));
}

net::FileDescriptor PrivateNetwork::socket(int family) const {
  Answer answer = ask(control_, {Order::Kind::socket, family, {}});
  if (!answer.socket.is_open()) throw_errno(ENETDOWN, answer.error.c_str());
  return std::move(answer.socket);
}

std::string PrivateNetwork::disturb(const std::string& name, const Disturbance& disturbance,
                                    const std::vector<Path>& paths) {
  switch (disturbance.kind) {
    case Disturbance::Kind::unplug:
      return ++unplugged_ > 1 ? std::string() : ask(control_, {Order::Kind::cable, 0, {}}).error;
    case Disturbance::Kind::roam:
      return ask(control_, {Order::Kind::roam, 0, {}}).error;
    default:
      return rules(rules_of(disturbance, table_of(name), paths));
  }
}

std::string PrivateNetwork::repair(const std::string& name, const Disturbance& disturbance) {
  switch (disturbance.kind) {
    case Disturbance::Kind::unplug:
      return --unplugged_ > 0 ? std::string() : ask(control_, {Order::Kind::cable, 1, {}}).error;
    case Disturbance::Kind::roam:
      return {};
    default:
      return rules(end_of_rules(table_of(name)));
  }
}

Result<std::vector<Flow>> PrivateNetwork::flows(std::uint16_t port) const {
  const Answer answer = ask(control_, {Order::Kind::flows, port, {}});
  if (!answer.error.empty()) return Error{answer.error};
  if (auto flows = read_flows(answer.text)) return *std::move(flows);
  return Error{"what connection tracking says cannot be read"};
}

net::FileDescriptor PrivateNetwork::far_table() const {
  return ask(control_, {Order::Kind::table, 0, {}}).socket;
}

std::string PrivateNetwork::rules(std::string commands) const {
  if (commands.size() > longest_text) return "too many rules";
  return ask(control_, {Order::Kind::rules, 0, std::move(commands)}).error;
}

}  // namespace wsfault::network

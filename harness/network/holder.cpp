#include "network/holder.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cstring>

#include "net/file_descriptor.hpp"
#include "network/control.hpp"
#include "network/flows.hpp"
#include "network/namespaces.hpp"
#include "network/order.hpp"
#include "network/rules.hpp"

namespace wsfault::network {
namespace {

Answer obey(const Order& order, Namespaces& namespaces) {
  Answer answer;
  switch (order.kind) {
    case Order::Kind::socket:
      answer.socket = net::FileDescriptor(::socket(order.value, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (!answer.socket.is_open()) answer.error = std::string("no socket: ") + std::strerror(errno);
      break;
    case Order::Kind::cable:
      answer.error = namespaces.plug(order.value != 0);
      break;
    case Order::Kind::rules:
      answer.error = run_rules(order.text);
      break;
    case Order::Kind::roam:
      answer.error = namespaces.roam();
      break;
    case Order::Kind::flows: {
      const auto flows = tracked_flows(static_cast<std::uint16_t>(order.value));
      (flows ? answer.text : answer.error) = flows ? write_flows(*flows) : flows.error();
      break;
    }
    case Order::Kind::table:
      answer.socket = net::FileDescriptor(::fcntl(namespaces.far_table().get(), F_DUPFD_CLOEXEC, 0));
      if (!answer.socket.is_open()) answer.error = "the kernel does not tell of the system's sockets";
      break;
  }
  return answer;
}

}  // namespace

int hold_network(const std::string& path) {
  const net::FileDescriptor harness = call(path);
  if (!harness.is_open()) return 1;
  Namespaces namespaces;
  Answer made;
  made.error = namespaces.make();
  made.pid = namespaces.far_holder();
  if (!send(harness.get(), made) || !made.error.empty()) return 1;
  while (const auto order = receive_order(harness.get())) {
    if (!send(harness.get(), obey(*order, namespaces))) break;
  }
  return 0;
}

}  // namespace wsfault::network

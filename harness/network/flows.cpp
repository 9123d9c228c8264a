#include "network/flows.hpp"

#include <fmt/format.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <netinet/in.h>
#include <netlink/cache.h>
#include <netlink/netfilter/ct.h>
#include <netlink/netfilter/nfnl.h>

#include <memory>
#include <sstream>

namespace wsfault::network {
namespace {

using Socket = std::unique_ptr<nl_sock, decltype(&nl_socket_free)>;
using Cache = std::unique_ptr<nl_cache, decltype(&nl_cache_free)>;

constexpr int from_the_first = 0;  // of the two directions of a flow, that of its first packet

/// A thousand of them fit into an answer.
constexpr std::size_t most_flows = 1000;

}  // namespace

Result<std::vector<Flow>> tracked_flows(std::uint16_t port) {
  const Socket socket(nl_socket_alloc(), &nl_socket_free);
  if (!socket || nfnl_connect(socket.get()) < 0) return Error{"connection tracking does not answer"};
  nl_cache* read = nullptr;
  if (const int error = nfnl_ct_alloc_cache(socket.get(), &read); error < 0)
    return Error{fmt::format("connection tracking does not answer: {}", nl_geterror(error))};
  const Cache cache(read, &nl_cache_free);
  std::vector<Flow> flows;
  for (nl_object* each = nl_cache_get_first(cache.get()); each != nullptr && flows.size() < most_flows;
       each = nl_cache_get_next(each)) {
    auto* entry = reinterpret_cast<nfnl_ct*>(each);
    const Flow flow{nfnl_ct_get_src_port(entry, from_the_first), nfnl_ct_get_dst_port(entry, from_the_first),
                    nfnl_ct_get_timeout(entry)};
    if (nfnl_ct_get_proto(entry) == IPPROTO_TCP && (flow.from == port || flow.to == port))
      flows.push_back(flow);
  }
  return flows;
}

std::string write_flows(const std::vector<Flow>& flows) {
  std::string text;
  for (const Flow& flow : flows) text += fmt::format("{} {} {}\n", flow.from, flow.to, flow.rest);
  return text;
}

std::optional<std::vector<Flow>> read_flows(const std::string& text) {
  std::istringstream lines(text);
  std::vector<Flow> flows;
  Flow flow;
  while (lines >> flow.from >> flow.to >> flow.rest) flows.push_back(flow);
  return lines.eof() ? std::optional(std::move(flows)) : std::nullopt;
}

}  // namespace wsfault::network

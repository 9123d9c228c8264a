// The link: a chaos proxy that passes on ends unchanged. While its target is down it does not listen.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "actor/connection.hpp"
#include "actor/link_address.hpp"
#include "fault/party_fault.hpp"
#include "net/task_group.hpp"

namespace wsfault::actor {

class FastLane;

class Link {
 public:
  /// Binds host:port (0: any) and does not listen yet. Throws
  /// boost::system::system_error.
  Link(const net::asio::any_io_executor& executor, LinkSetting setting, const std::string& host,
       std::uint16_t port);
  /// With several addresses, all of the same port.
  Link(const net::asio::any_io_executor& executor, LinkSetting setting, const std::vector<std::string>& hosts,
       std::uint16_t port);

  ~Link();

  /// The target of future connections.
  void set_target(const std::string& host, std::uint16_t port);
  /// Listens while the target is up and no fault refuses.
  void set_target_up(bool up);
  /// `address` counts from 1; none: all of them.
  void set_refusing(bool refusing, std::optional<int> address = {});
  /// While dark, attempts to connect get no answer, or nothing passes on connections that are open, or both.
  /// Several faults may be the reason: it is over when each has taken its own back. `by_network`: the network
  /// keeps SYNs from the link.
  void set_dark(fault::Reach reach, bool dark, bool by_network, std::optional<int> address = {});
  /// What is open is dark for good.
  void strand();
  /// Packets are lost on the way to its system: faults may overlap as with set_dark().
  void set_lossy(bool lossy);
  /// Connections accepted before it are not in the log: readiness probes. Call it once all parties are ready.
  void start_counting() { setting_.counts = true; }
  /// Accepts until close(); returns when every connection is over.
  net::Task<void> run();
  void close();

  /// False if the fault strikes certain requests or an address, and that connection has another one.
  bool may_strike(const fault::FaultSpec& spec, const std::string& party, int connection) const;
  /// A fault's moment came on that connection of that party.
  void strike(const fault::FaultSpec& spec, const std::string& party, int connection);
  /// The moment came on no connection, or is that of the whole link: the fault strikes all living ones that
  /// it lists, and those that come while it lasts. `drawn`: each with the fault's probability.
  void strike_all(const fault::FaultSpec& spec, bool drawn = false);
  /// Strikes those of them that are open, each with its probability; which these were, struck or not.
  std::vector<std::pair<std::string, int>> strike_open_ones(const fault::FaultSpec& spec);
  /// The fault is taken back: it ends on all connections, and strikes none that come.
  void withdraw(const fault::FaultSpec& spec);
  /// False once nothing here refers to it any more: it may be destroyed.
  bool knows(const fault::FaultSpec& spec) const;
  /// Somebody needs that the log tells of what the moment needs, or no longer does.
  void ask_for(const fault::Moment& moment, bool needed = true);
  /// Of Passing::as_needed: somebody needs whole heads and frames, or no longer does.
  void need_units(bool needed) { setting_.unit_needs += needed ? 1 : -1; }
  /// Somebody needs what the log tells of frames, or no longer does: meanwhile nothing passes by the fast lane.
  void need_events(bool needed);
  /// The same of a moment that is counted: a connection leaves the fast lane when it comes there.
  void need_count(const fault::Moment& moment, bool needed);
  /// Messages are to be read, or no longer: meanwhile the offer of extensions is removed from requests that come.
  void decline_compression(bool needed);
  /// Ends the connections that are open, or the one with that number: Connection::end_by.
  void end_connections(std::optional<int> number = {}, std::string_view close_body = {});
  std::vector<Connection::Glance> glances() const;
  /// Of all its connections, those that are over, too.
  Traffic traffic() const;
  /// What has passed, of which the log does not tell.
  const relay::Tally& tally() const;

  /// Waits until the first `bytes` that the script of `party`, at either side, wrote on that connection have
  /// been forwarded, as far as they move (Connection::passed). Returns at once if there is no such
  /// connection.
  net::Task<void> passed(std::string party, int connection, std::uint64_t bytes);

  const std::string& name() const { return setting_.name; }
  /// Connections that are not over yet.
  std::size_t living() const;
  /// Of these, how many pass by the fast lane.
  std::size_t on_fast_lane() const;
  /// Connections accepted before counting began.
  std::size_t uncounted_ones() const { return uncounted_ones_; }
  std::uint16_t port() const { return addresses_.front()->listener().port(); }
  /// The port to which connections with the system under test are made, and whether the link listens there.
  std::uint16_t port_with_system() const { return listens_to_system() ? port() : setting_.target_port; }
  bool listens_to_system() const { return setting_.sut == Side::client; }
  const std::string& host() const { return addresses_.front()->listener().host(); }
  /// Of all its addresses.
  std::vector<std::string> hosts() const;

 private:
  net::Task<void> accept_all();
  net::Task<void> accept_at(LinkAddress& address);
  bool may_go_fast() const;
  /// Before anything is done to connections.
  void leave_fast_lane();
  void adopt(Transfer departed);
  void take_back(Connection& connection, Transfer transfer);
  /// To connections that left it, once nothing is armed.
  void offer_lane();
  net::Task<void> serve(net::Socket socket, std::optional<std::int16_t> address);
  net::Task<void> tend(Connection& connection, std::vector<Strike> standing);
  std::vector<Connection*> living_of(const std::string& party, int connection) const;
  Numbered number(const std::string& party, Sign sign, std::optional<std::int16_t> address);
  void give_back(const std::string& party, int number);
  std::vector<Strike> standing_for(const std::string& party, int number,
                                   std::optional<std::int16_t> address) const;
  bool is_spared(const Strike& strike, const std::string& party, int number);
  net::Task<void> end();
  using Answer = LinkAddress::Answer;
  void bind(const std::vector<std::string>& hosts, std::uint16_t port);
  /// What all addresses answer to a SYN; none: not the same.
  std::optional<Answer> common_answer() const;
  void update();
  void tell_answer(Answer answer, std::optional<std::int16_t> address);
  template <typename F>
  void for_address(std::optional<int> number, F change);
  void fail(const std::string& why);

  net::asio::any_io_executor executor_;
  LinkSetting setting_;
  std::vector<std::unique_ptr<LinkAddress>> addresses_;
  net::TaskGroup tasks_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Connection>> returned_;  // what is left of them has not come to its end yet
  std::unique_ptr<FastLane> lane_;
  std::vector<fault::Moment> counted_;  // moments that somebody waits for
  std::vector<Strike> standing_;                   // struck without a connection: future ones are struck too
  std::map<std::string, int> accepted_;            // by the client's name
  int plain_ = 0;                                  // plain HTTP requests, counted separately
  std::size_t uncounted_ones_ = 0;
  Traffic of_ended_ones_;
  std::mt19937_64 random_;
  int lossy_ = 0;  // faults that lose packets
  bool ever_listened_ = false;
  bool target_up_ = false;
  bool closed_ = false;
};

}  // namespace wsfault::actor

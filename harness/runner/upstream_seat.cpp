// The in-process fake and the real server.
#include "runner/upstream_seat.hpp"

#include "net/shortage.hpp"

namespace wsfault::runner {
namespace {

class FakeUpstream : public UpstreamSeat {
 public:
  FakeUpstream(const net::asio::any_io_executor& executor, const model::Upstream& model,
               actor::ScriptHost& host, std::uint64_t seed, std::optional<net::TlsContext> tls)
      : upstream_(executor, model, host, actor::Upstream::Place{"127.0.0.1"}, seed, std::move(tls)),
        tasks_(executor, [&host](const std::exception_ptr& thrown) {
          host.record(0, record::HarnessError{net::describe_failure(thrown)});
        }) {}

  net::Task<std::string> start() override {
    tasks_.spawn(upstream_.run());
    co_return std::string();
  }
  std::string host() const override { return "127.0.0.1"; }
  std::uint16_t port() const override { return upstream_.port(); }
  void announce(std::uint16_t peer_port, int connection) override {
    upstream_.announce(peer_port, connection);
  }
  net::Task<void> stop() override {
    upstream_.close();
    co_await tasks_.join();
  }

 private:
  actor::Upstream upstream_;
  net::TaskGroup tasks_;
};

class RealUpstream : public UpstreamSeat {
 public:
  RealUpstream(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}
  net::Task<std::string> start() override { co_return std::string(); }
  std::string host() const override { return host_; }
  std::uint16_t port() const override { return port_; }
  void announce(std::uint16_t, int) override {}
  net::Task<void> stop() override { co_return; }

 private:
  std::string host_;
  std::uint16_t port_;
};

}  // namespace

std::unique_ptr<UpstreamSeat> fake_upstream(const net::asio::any_io_executor& executor,
                                            const model::Upstream& model, actor::ScriptHost& host,
                                            std::uint64_t seed,
                                            const std::optional<net::CertificateFiles>& shown) {
  std::optional<net::TlsContext> tls;
  if (shown) tls = net::TlsContext::server(shown->certificate, shown->key);
  return std::make_unique<FakeUpstream>(executor, model, host, seed, std::move(tls));
}

std::unique_ptr<UpstreamSeat> real_upstream(std::string host, std::uint16_t port) {
  return std::make_unique<RealUpstream>(std::move(host), port);
}

std::vector<fault::Moment> waits_of(const model::Upstream& model) {
  std::vector<fault::Moment> waits;
  model::visit_waits(model, [&](const fault::Moment& moment) { waits.push_back(moment); });
  return waits;
}

}  // namespace wsfault::runner

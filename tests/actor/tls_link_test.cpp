// A link that ends TLS towards its client: the contents are the same as without TLS, and so are the ends.
#include <gtest/gtest.h>

#include "../net/temporary_folder.hpp"
#include "net/certificates.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"

namespace wsfault::actor {
namespace {

class TlsLink : public testing::Test {
 protected:
  StageSetting setting(std::string faults = {}) const {
    StageSetting setting;
    setting.faults = std::move(faults);
    setting.client_tls = net::TlsContext::client({.ca_file = authority_.file()});
    setting.tls.to_client = [this](fault::Shown shown) {
      const auto validity = shown == fault::Shown::expired ? net::Validity::over : net::Validity::now;
      const auto files = authority_.issue(folder_.path() + "/leaf", {"localhost"}, validity);
      return net::TlsContext::server(files.certificate, files.key);
    };
    return setting;
  }

 private:
  net::TemporaryFolder folder_;
  net::CertificateAuthority authority_{"test", folder_.path() + "/ca.pem"};
};

TEST_F(TlsLink, TheServerGetsWhatIsInside) {
  Stage stage(setting());
  auto [client, server] = stage.open();
  EXPECT_EQ(stage.tls_error, "");
  client.send(sample::from_client("hello"));
  ASSERT_TRUE(stage.until(
      [&server = server] { return server.received == sample::request + sample::from_client("hello"); }));
}

TEST_F(TlsLink, AFinIsOneWithCloseNotify) {
  Stage stage(setting());
  auto [client, server] = stage.open();
  server.send_fin();
  ASSERT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
  EXPECT_FALSE(client.end->truncated);
}

TEST_F(TlsLink, ARstIsARst) {
  Stage stage(setting());
  auto [client, server] = stage.open();
  server.send_reset();
  ASSERT_TRUE(stage.until([&client = client] { return client.has_reset(); }));
}

TEST_F(TlsLink, ATruncatedEndHasNoCloseNotify) {
  Stage stage(setting("[[fault]]\ninject = \"tls_truncate\"\n"));
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
  EXPECT_TRUE(client.end->truncated);
}

TEST_F(TlsLink, AnExpiredCertificateIsShownAndTheRefusalIsTold) {
  Stage stage(setting("[[fault]]\ninject = \"tls_expired\"\n"));
  ASSERT_NE(stage.dial(), nullptr);
  EXPECT_EQ(stage.tls_error, "certificate verify failed: certificate has expired");
  EXPECT_TRUE(stage.until_told("TLS with client: the peer refused: alert \"certificate expired\""));
  EXPECT_EQ(stage.servers(), 0u);  // a client whose TLS handshake fails gets no further
}

TEST_F(TlsLink, AnAbortIsAnAlert) {
  Stage stage(setting("[[fault]]\ninject = \"tls_abort\"\n"));
  ASSERT_NE(stage.dial(), nullptr);
  EXPECT_EQ(stage.tls_error, "the peer refused: alert \"handshake failure\"");
}

}  // namespace
}  // namespace wsfault::actor

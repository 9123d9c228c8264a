// Certificates of a run, read back with OpenSSL's own parser.
#include "net/certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <stdexcept>

#include "temporary_folder.hpp"

namespace wsfault::net {
namespace {

std::shared_ptr<X509> read_certificate(const std::string& file) {
  FILE* in = std::fopen(file.c_str(), "r");
  if (in == nullptr) return nullptr;
  std::shared_ptr<X509> certificate(PEM_read_X509(in, nullptr, nullptr, nullptr), X509_free);
  std::fclose(in);
  return certificate;
}

TEST(Certificates, ServeTheNamesAndAddressesThatTheyWereAskedFor) {
  const TemporaryFolder folder;
  const CertificateAuthority authority("test", folder.path() + "/ca.pem");
  const auto files = authority.issue(folder.path() + "/leaf", {"localhost", "127.0.0.9", "::1"});
  const auto leaf = read_certificate(files.certificate);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(X509_check_host(leaf.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(leaf.get(), "example.test", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "127.0.0.9", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "127.0.0.1", 0), 0);
}

TEST(Certificates, AreSignedByTheirAuthority) {
  const TemporaryFolder folder;
  const CertificateAuthority authority("test", folder.path() + "/ca.pem");
  const CertificateAuthority other("other", folder.path() + "/other.pem");
  const auto files = authority.issue(folder.path() + "/leaf", {"localhost"});
  const auto leaf = read_certificate(files.certificate);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(read_certificate(authority.file()).get())), 1);
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(read_certificate(other.file()).get())), 0);
}

TEST(Certificates, AreValidNowOrOver) {
  const TemporaryFolder folder;
  const CertificateAuthority authority("test", folder.path() + "/ca.pem");
  const auto now = read_certificate(authority.issue(folder.path() + "/now", {"a"}).certificate);
  const auto over =
      read_certificate(authority.issue(folder.path() + "/over", {"a"}, Validity::over).certificate);
  EXPECT_GT(X509_cmp_current_time(X509_get0_notAfter(now.get())), 0);
  EXPECT_LT(X509_cmp_current_time(X509_get0_notAfter(over.get())), 0);
}

TEST(Certificates, KeepTheirKeysForTheUser) {
  const TemporaryFolder folder;
  const CertificateAuthority authority("test", folder.path() + "/ca.pem");
  struct stat state {};
  ASSERT_EQ(::stat(authority.issue(folder.path() + "/leaf", {"a"}).key.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
}

TEST(Certificates, SayWhatCannotBeWritten) {
  try {
    const CertificateAuthority authority("test", "/nowhere/ca.pem");
    FAIL() << "it was written";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot write /nowhere/ca.pem: No such file or directory");
  }
}

}  // namespace
}  // namespace wsfault::net

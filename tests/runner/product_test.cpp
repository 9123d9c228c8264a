// What is known of a product counts wherever its answers name it.
#include "runner/product.hpp"

#include <gtest/gtest.h>

#include "verdict/cause.hpp"

namespace wsfault::runner {
namespace {

using report::CaseResult;
using verdict::Outcome;

model::System nginx() {
  model::System system;
  system.name = "nginx";
  system.role = model::Role::gateway;
  system.server_field = *Regex::compile("^nginx");
  system.known = {{"1014/early-hints", "failed", "takes a 103 for final"}};
  system.remedies = {{"no_idle_limit", "nginx: proxy_read_timeout."}};
  return system;
}

CaseResult result(std::string id, Outcome outcome, std::string_view server, std::string link = "front") {
  CaseResult result;
  result.id = std::move(id);
  result.role = "gateway";
  result.outcome = outcome;
  if (server.empty()) return result;
  const wire::ResponseHead head{502, "", 11, {{"Server", std::string(server)}}};
  result.events.push_back({1, {std::move(link), "client", 1}, record::ResponseSeen{record::Tap::sent, head, {}, false}});
  return result;
}

TEST(ProductQuirks, CountWhereAnAnswerNamesTheProduct) {
  ProductQuirks quirks({nginx()}, nullptr, false);
  CaseResult known = result("1014/early-hints", Outcome::failed, "nginx/1.22.1");
  EXPECT_TRUE(quirks.take(known));
  EXPECT_EQ(known.outcome, Outcome::passed);
  EXPECT_EQ(known.known, "nginx: takes a 103 for final");
  CaseResult another = result("1014/backend-down", Outcome::failed, "nginx/1.22.1");
  EXPECT_TRUE(quirks.take(another));
  EXPECT_EQ(another.outcome, Outcome::failed);
}

TEST(ProductQuirks, ACaseMayWaitForTheOneThatNamesTheProduct) {
  ProductQuirks quirks({nginx()}, nullptr, false);
  CaseResult early = result("1014/early-hints", Outcome::failed, "");
  EXPECT_FALSE(quirks.take(early));
  CaseResult sound = result("1014/backend-down", Outcome::passed, "");
  EXPECT_TRUE(quirks.take(sound));
  CaseResult names = result("1014/wrong-port", Outcome::failed, "nginx");
  EXPECT_TRUE(quirks.take(names));
  quirks.apply(early);
  EXPECT_EQ(early.outcome, Outcome::passed);
}

TEST(ProductQuirks, WhatTheBackendOrAnotherProductSaysIsNothingOfIts) {
  for (const auto& [server, link] : {std::pair{"nginx/1.22.1", "back"}, std::pair{"Apache/2.4", "front"}}) {
    ProductQuirks quirks({nginx()}, nullptr, false);
    CaseResult one = result("1014/early-hints", Outcome::failed, server, link);
    EXPECT_FALSE(quirks.take(one));
    quirks.apply(one);
    EXPECT_EQ(one.outcome, Outcome::failed) << server;
    EXPECT_EQ(quirks.product(), "");
  }
}

TEST(ProductQuirks, ANamedProductNeedsNoSign) {
  const model::System product = nginx();
  ProductQuirks quirks({}, &product, false);
  CaseResult one = result("1014/early-hints", Outcome::failed, "");
  EXPECT_TRUE(quirks.take(one));
  EXPECT_EQ(one.outcome, Outcome::passed);
}

TEST(ProductQuirks, TheRemedyNamesItsSetting) {
  ProductQuirks quirks({nginx()}, nullptr, false);
  CaseResult one = result("idle/idle-limit-holds", Outcome::failed, "nginx");
  verdict::Finding finding;
  verdict::explain_by(finding, verdict::Cause::no_idle_limit);
  const std::string general = finding.remedy;
  one.judgement.findings.push_back(finding);
  quirks.take(one);
  EXPECT_EQ(one.judgement.findings[0].remedy, general + " nginx: proxy_read_timeout.");
  quirks.apply(one);  // once
  EXPECT_EQ(one.judgement.findings[0].remedy, general + " nginx: proxy_read_timeout.");
}

}  // namespace
}  // namespace wsfault::runner

#include "runner/product.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "runner/known.hpp"
#include "runner/selection.hpp"
#include "verdict/cause.hpp"
#include "wire/handshake.hpp"

namespace wsfault::runner {
namespace {

using verdict::Outcome;

/// The Server field of an answer that the system under test gave: a gateway in front, a server on its link.
std::optional<std::string_view> server_field(const record::Event& event) {
  const auto* answer = std::get_if<record::ResponseSeen>(&event.what);
  if (!answer || event.where.link == "back") return std::nullopt;
  return wire::find_header(answer->head->headers, "Server");
}

void add_remedies(const model::System& product, report::CaseResult& result) {
  for (verdict::Finding& finding : result.judgement.findings) {
    if (finding.cause.empty() || finding.why == verdict::Cause::none) continue;
    const auto own = product.remedies.find(std::string(verdict::describe(finding.why).key));
    if (own != product.remedies.end() && !finding.remedy.ends_with(own->second)) finding.remedy += " " + own->second;
  }
}

}  // namespace

std::vector<model::System> recognisable_products(const std::string& shipped) {
  std::vector<model::System> products;
  for (const std::string& name : shipped_systems(shipped)) {
    auto system = find_shipped_system(name, shipped);
    if (system && system->server_field) products.push_back(*std::move(system));
  }
  return products;
}

ProductQuirks::ProductQuirks(std::vector<model::System> candidates, const model::System* named, bool tls)
    : candidates_(std::move(candidates)), tls_(tls) {
  if (named) product_ = *named;
}

void ProductQuirks::recognise(const report::CaseResult& result) {
  for (const record::Event& event : result.events) {
    const auto field = server_field(event);
    if (!field) continue;
    const auto found = std::ranges::find_if(candidates_, [&](const model::System& each) {
      return result.role == to_string(each.role) && each.server_field->search(*field);
    });
    if (found == candidates_.end()) continue;
    product_ = *found;
    return;
  }
}

bool ProductQuirks::take(report::CaseResult& result) {
  if (!is_known()) recognise(result);
  if (is_known()) apply(result);
  const bool is_sound = result.outcome == Outcome::passed || result.outcome == Outcome::skipped;
  return is_known() || candidates_.empty() || is_sound;
}

void ProductQuirks::apply(report::CaseResult& result) const {
  if (!is_known()) return;
  add_remedies(product_, result);
  for (const model::KnownFinding& entry : product_.known) {
    if (entry.tls && !tls_) continue;
    if (!result.known.empty() || !is_known_as(entry, result)) continue;
    result.outcome = Outcome::passed;
    result.known = fmt::format("{}: {}", product_.name, entry.reason);
  }
}

}  // namespace wsfault::runner

// Quirks of a product: what its shipped system file knows of it counts wherever it is recognised.
#pragma once

#include <string>
#include <vector>

#include "model/system.hpp"
#include "report/case_result.hpp"

namespace wsfault::runner {

/// The shipped system files that say how their product is recognised.
std::vector<model::System> recognisable_products(const std::string& shipped);

/// Recognises the product of a system by the answers that it gave, and applies what is known of it.
class ProductQuirks {
 public:
  /// `named`: it is this product, whatever its answers say. Without `candidates` and a name it does nothing.
  ProductQuirks(std::vector<model::System> candidates, const model::System* named, bool tls);

  /// Applies what is known. False: the product may still be recognised by a later case, which may change this one.
  bool take(report::CaseResult& result);
  /// What is known of the product that a later case showed.
  void apply(report::CaseResult& result) const;
  /// Empty: none.
  const std::string& product() const { return product_.name; }

 private:
  bool is_known() const { return !product_.name.empty(); }
  void recognise(const report::CaseResult& result);

  std::vector<model::System> candidates_;
  model::System product_;
  bool tls_;
};

}  // namespace wsfault::runner

// Replaces secrets in texts, and in every text of a case.
#include "cli/secrets.hpp"

#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <variant>

#include "record/fields.hpp"
#include "report/secret_mask.hpp"

namespace wsfault::cli {
namespace {

/// Visits the members of events (record::describe) and of cases.
class Masker {
 public:
  explicit Masker(const Secrets& secrets) : mask_(secrets) {}

  void operator()(std::string_view, auto& member) const { mask(member); }

  void where_true(std::string_view, const bool&) const {}

  void mask(std::string& text) const { text = mask_.mask(text); }
  void mask(record::Text& text) const {
    const std::string masked = mask_.mask(text.str());
    if (text != masked) text = record::Text(masked);
  }
  void mask(std::optional<record::Text>& text) const {
    if (text) mask(*text);
  }
  /// Names of links, parties and rules come from this program and from the scenario.
  void mask(record::Name&) const {}
  void mask(std::vector<std::string>& texts) const {
    for (std::string& text : texts) mask(text);
  }
  void mask(wire::Headers& headers) const {
    for (auto& header : headers) {
      mask(header.name);
      mask(header.value);
    }
  }
  void mask(Value& value) const {
    if (value.text() != nullptr) {
      std::string text = *value.text();
      mask(text);
      if (text == *value.text()) return;
      const Place place = value.place;
      value = Value(std::move(text));
      value.place = place;
    } else if (value.array() != nullptr) {
      for (Value& member : *value.array()) mask(member);
    } else if (value.table() != nullptr) {
      for (Value::Member& member : *value.table()) {
        mask(member.key);
        mask(member.value);
      }
    }
  }
  void mask(record::OutputLine& output) const { mask(output.line); }
  void mask(verdict::Finding& finding) const {
    for (std::string* text : {&finding.subject, &finding.expected, &finding.seen, &finding.broke,
                              &finding.cause, &finding.remedy})
      mask(*text);
  }
  void mask(record::Event& event) const {
    std::visit([this](auto& what) { record::describe(*this, what); }, event.what);
  }
  /// Numbers, booleans and names from this program.
  template <typename T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void mask(T&) const {}
  template <typename T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void mask(std::optional<T>&) const {}

  void mask_all(std::ranges::range auto& all) const {
    for (auto& one : all) mask(one);
  }

 private:
  report::SecretMask mask_;
};

}  // namespace

std::string masked(const std::string& text, const Secrets& secrets) {
  return secrets.empty() ? text : report::SecretMask(secrets).mask(text);
}

void add_secrets(const std::vector<std::pair<std::string, std::string>>& named, Secrets& secrets) {
  for (const auto& [name, value] : named) secrets[value] = "<env:" + name + ">";
}

report::CaseResult masked(report::CaseResult result, const Secrets& secrets) {
  if (secrets.empty()) return result;
  const Masker masker(secrets);
  for (std::string* text : {&result.id, &result.title, &result.file, &result.system, &result.reason,
                            &result.known, &result.repeat})
    masker.mask(*text);
  masker.mask(result.spec);
  masker.mask_all(result.judgement.findings);
  masker.mask_all(result.events);
  masker.mask_all(result.output);
  for (report::ExplainedLine& line : result.explanation) masker.mask(line.text);
  return result;
}

}  // namespace wsfault::cli

// The rules for every row of the catalogue; a fault can be made from each.
#include "fault/catalogue.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "fault/attributes_of.hpp"
#include "fault/connection_fault.hpp"
#include "fault/party_fault.hpp"
#include "value/toml.hpp"

namespace wsfault::fault {

void PrintTo(const Entry& entry, std::ostream* out) { *out << entry.name; }

namespace {

const Seats seats{.links = {"link"}, .default_link = "link", .parties = {"sut", "upstream"}};

std::optional<FaultSpec> read(const std::string& toml, std::string& errors) {
  Diagnostics diagnostics("test.toml", toml);
  const std::optional<Value> table = parse_toml(toml, diagnostics);
  auto spec = table ? read_fault(*table, seats, diagnostics) : std::nullopt;
  errors = diagnostics.print();
  return spec;
}

/// A value of that attribute as a file would write it.
std::string valid_value(const Attribute& attribute) {
  switch (attribute.type) {
    case AttributeType::duration:
      return "\"2s\"";
    case AttributeType::size:
      return "\"1KiB\"";
    case AttributeType::integer:
      return attribute.names.empty() ? fmt::format("{:.0f}", attribute.low)
                                     : std::string(attribute.names.front());
    case AttributeType::number:
      return fmt::format("{}", attribute.low);
    case AttributeType::boolean:
      return "true";
    case AttributeType::text:
      return "\"x\"";
    case AttributeType::one_of:
      return fmt::format("\"{}\"", attribute.names.front());
    case AttributeType::headers:
      return "{ X = \"1\" }";
    case AttributeType::command:
      return "[\"true\"]";
    case AttributeType::durations:
      return "[\"50ms\", \"20ms\"]";
  }
  return {};
}

/// The smallest table that defines the fault: only the required keys.
std::string smallest(const Entry& entry) {
  std::string toml = fmt::format("inject = \"{}\"\n", entry.name);
  if (entry.stand == Stand::party) toml += "at = \"sut\"\n";
  for (const Attribute& attribute : entry.attributes) {
    const bool required = attribute.fallback.empty() && !attribute.optional;
    if (required) toml += fmt::format("{} = {}\n", attribute.name, valid_value(attribute));
  }
  return toml;
}

/// What a text and header fields are if they may be left out, and are.
bool is_empty(const AttributeValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* headers = std::get_if<wire::Headers>(&value);
  return (text != nullptr && text->empty()) || (headers != nullptr && headers->empty());
}

class CatalogueEntry : public testing::TestWithParam<Entry> {};

TEST_P(CatalogueEntry, SaysWhatItIs) {
  const Entry& entry = GetParam();
  static const std::set<std::string_view> layers = {"process", "connecting", "tcp",    "tls",
                                                    "upgrade", "websocket",  "network"};
  EXPECT_TRUE(layers.contains(entry.layer)) << entry.layer;
  EXPECT_TRUE(entry.does.ends_with('.')) << entry.does;
  EXPECT_TRUE(entry.imitates.ends_with('.') || entry.imitates.ends_with('?')) << entry.imitates;
  EXPECT_TRUE(entry.faithful.empty() || entry.faithful.ends_with('.')) << entry.faithful;
  EXPECT_EQ(entry.stand == Stand::party, entry.layer == "process");
  EXPECT_EQ(entry.stand == Stand::network, entry.layer == "network");
  EXPECT_EQ(entry.stand == Stand::network, static_cast<bool>(entry.disturb));
  EXPECT_TRUE(entry.stand != Stand::party || !entry.strikes_connections());
}

TEST_P(CatalogueEntry, HasDefaultsThatAreValid) {
  const Entry& entry = GetParam();
  EXPECT_TRUE(parse_moment(entry.when)) << entry.when;
  EXPECT_TRUE(parse_connection_set(entry.connections)) << entry.connections;
  const std::set<std::string_view> directions = {"both", "to-sut", "to-client", "to-server"};
  EXPECT_TRUE(directions.contains(entry.direction)) << entry.direction;
  for (const std::string_view end : entry.ends) {
    const std::set<std::string_view> known{"fin", "reset", "none", "reset_next", "follow", "close"};
    EXPECT_TRUE(known.contains(end)) << end;
  }
}

// "connect (connecting, tls, latency, bandwidth ...), upgrade (upgrade layer), start (refuse, process), else
// open"
TEST_P(CatalogueEntry, FiresByDefaultWhenTheReferenceSays) {
  const Entry& entry = GetParam();
  static const std::map<std::string_view, std::string_view> exceptions = {
      {"refuse", "start"},       {"latency", "connect"}, {"bandwidth", "connect"},
      {"slicer", "connect"},     {"dark", "open"},       {"flap", "open"},
      {"loss", "start"},         {"rate", "start"},      {"firewall", "start"},
      {"limit_data", "connect"}, {"max_age", "connect"}, {"tls_truncate", "open"}};
  static const std::map<std::string_view, std::string_view> of_layer = {
      {"process", "start"}, {"connecting", "connect"}, {"tls", "connect"}, {"upgrade", "upgrade"}};
  const auto exception = exceptions.find(entry.name);
  const auto layer = of_layer.find(entry.layer);
  const std::string_view expected = exception != exceptions.end() ? exception->second
                                    : layer != of_layer.end()     ? layer->second
                                                                  : "open";
  EXPECT_EQ(entry.when, expected);
}

// Default: "all" for faults before the 101 and for what a path does to everyone, else "1".
TEST_P(CatalogueEntry, StrikesByDefaultWhomTheReferenceSays) {
  const Entry& entry = GetParam();
  if (!entry.strikes_connections()) return;
  static const std::set<std::string_view> of_everyone = {"idle_kill", "max_age", "latency", "bandwidth",
                                                         "slicer", "firewall"};
  const bool handshake = entry.layer == "tls" && entry.name != "tls_truncate";
  const bool all = entry.layer == "connecting" || entry.layer == "upgrade" || handshake ||
                   of_everyone.contains(entry.name);
  EXPECT_EQ(entry.connections, all ? "all" : "1");
}

TEST_P(CatalogueEntry, HasAttributesThatAreWellFormed) {
  static const std::set<std::string_view> keys_of_all = {"inject",    "at",    "of",    "connections",
                                                         "when",      "after", "lasts", "end",
                                                         "direction", "count", "name",  "probability"};
  std::set<std::string_view> names;
  for (const Attribute& attribute : GetParam().attributes) {
    SCOPED_TRACE(attribute.name);
    EXPECT_TRUE(names.insert(attribute.name).second) << "twice";
    // For a fault that does not change things one by one, `count` may be an attribute.
    const bool own_count = attribute.name == "count" && !GetParam().counts;
    EXPECT_TRUE(own_count || !keys_of_all.contains(attribute.name)) << "a key of every fault";
    EXPECT_FALSE(attribute.doc.empty());
    const bool may_have_names =
        attribute.type == AttributeType::one_of || attribute.type == AttributeType::integer;
    EXPECT_TRUE(may_have_names || attribute.names.empty());
    EXPECT_TRUE(attribute.type != AttributeType::one_of || !attribute.names.empty());
    const bool bounded = attribute.type == AttributeType::integer || attribute.type == AttributeType::number;
    const bool may_be_bounded = bounded || attribute.type == AttributeType::size;
    EXPECT_TRUE(!bounded || attribute.low < attribute.high);
    EXPECT_TRUE(may_be_bounded || attribute.high == 0);
    EXPECT_FALSE(describe_type(attribute).empty());
  }
}

TEST_P(CatalogueEntry, ReadsFromItsSmallestTableWithDefaultsFilledIn) {
  const Entry& entry = GetParam();
  std::string errors;
  const auto spec = read(smallest(entry), errors);
  ASSERT_TRUE(spec) << errors;
  EXPECT_EQ(spec->inject, entry.name);
  EXPECT_EQ(spec->name, entry.name);
  EXPECT_EQ(spec->on_party, entry.stand == Stand::party);
  EXPECT_EQ(spec->middlebox, entry.middlebox);
  EXPECT_EQ(spec->strikes_connections, entry.strikes_connections());
  for (const Attribute& attribute : entry.attributes) {
    const auto value = attribute.get(spec->attributes);
    EXPECT_EQ(!value || is_empty(*value), attribute.optional && attribute.fallback.empty()) << attribute.name;
  }
}

TEST_P(CatalogueEntry, TakesTheDefaultsWrittenOut) {
  const Entry& entry = GetParam();
  std::string errors;
  const auto implied = read(smallest(entry), errors);
  std::string toml = smallest(entry);
  for (const Attribute& attribute : entry.attributes) {
    if (attribute.fallback.empty()) continue;
    const bool quoted = attribute.type == AttributeType::duration || attribute.type == AttributeType::size ||
                        attribute.type == AttributeType::text || attribute.type == AttributeType::one_of ||
                        attribute.type == AttributeType::durations;
    const std::string quote = quoted ? "\"" : "";
    toml += fmt::format("{} = {}{}{}\n", attribute.name, quote, attribute.fallback, quote);
  }
  const auto stated = read(toml, errors);
  ASSERT_TRUE(stated) << errors;
  ASSERT_TRUE(implied);
  EXPECT_EQ(attributes_of(*stated), attributes_of(*implied));
}

void expect_that_it_works(const Entry& entry, ConnectionFault& fault) {
  std::mt19937_64 random(1);
  const Situation situation{random, nullptr, Side::client};
  const ConnectionActions fired = fault.fire(situation);
  const std::string frame("\x81\x01x", 3);
  const Unit message{.kind = Unit::Kind::message, .from = Side::server, .bytes = frame, .opcode = 1};
  const Treatment treated = fault.treat(message, situation);
  const ConnectionActions healed = fault.heal();
  const auto due = fault.due(Activity{}, Clock::time_point());
  EXPECT_EQ(due.has_value(), entry.middlebox);
  // A fault without any action treats units; the tests of the link show which ones.
  const bool only_treats = fired.empty();
  EXPECT_TRUE(!only_treats || healed.empty()) << describe(treated);
  EXPECT_TRUE(only_treats || !describe(fired).empty());
  if (entry.heals && !only_treats) {
    EXPECT_FALSE(healed.empty());
  }
}

void expect_that_it_works(const Entry& entry, const PartyFault& fault) {
  const bool on_network = entry.stand == Stand::network;
  const std::string fired = describe(fault.fire, on_network);
  const std::string healed = describe(fault.heal, on_network);
  EXPECT_FALSE(fired.empty());
  EXPECT_EQ(healed.empty(), !entry.heals);
  EXPECT_FALSE(entry.middlebox);
  // There it is the network that does it.
  EXPECT_TRUE(!on_network || (fired + healed).find("link") == std::string::npos) << fired << "; " << healed;
}

/// Whatever is left out, firing, treating and healing work.
TEST_P(CatalogueEntry, MakesAFaultThatFiresFromItsSmallestTable) {
  const Entry& entry = GetParam();
  std::string errors;
  const auto spec = read(smallest(entry), errors);
  ASSERT_TRUE(spec) << errors;
  if (entry.strikes_connections()) {
    expect_that_it_works(entry, *make_connection_fault(*spec));
  } else {
    expect_that_it_works(entry, make_party_fault(*spec));
  }
}

/// Optional attributes may also be given.
TEST_P(CatalogueEntry, FiresWithEveryAttributeStated) {
  const Entry& entry = GetParam();
  std::string toml = fmt::format("inject = \"{}\"\n", entry.name);
  if (entry.stand == Stand::party) toml += "at = \"sut\"\n";
  for (const Attribute& attribute : entry.attributes) {
    toml += fmt::format("{} = {}\n", attribute.name, valid_value(attribute));
  }
  // A Close is stated only where one is sent.
  if (std::ranges::find(entry.ends, "close") != entry.ends.end()) toml += "end = \"close\"\n";
  std::string errors;
  const auto spec = read(toml, errors);
  ASSERT_TRUE(spec) << errors;
  if (!entry.strikes_connections()) return expect_that_it_works(entry, make_party_fault(*spec));
  std::mt19937_64 random(1);
  const ConnectionActions fired = make_connection_fault(*spec)->fire({random, nullptr, Side::client});
  EXPECT_EQ(fired.empty(), make_connection_fault(*spec)->fire({random, nullptr, Side::server}).empty());
}

INSTANTIATE_TEST_SUITE_P(All, CatalogueEntry, testing::ValuesIn(catalogue()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Catalogue, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const Entry& entry : catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(find_entry(entry.name), &entry);
  }
  EXPECT_EQ(find_entry("no such fault"), nullptr);
  EXPECT_EQ(find_entry(""), nullptr);
}

TEST(Catalogue, DescribesTypesForLists) {
  using enum AttributeType;
  EXPECT_EQ(describe_type({.type = duration}), "a duration like \"250ms\"");
  EXPECT_EQ(describe_type({.type = integer, .low = 1, .high = 64}), "an integer from 1 to 64");
  EXPECT_EQ(describe_type({.type = one_of, .names = {"tree", "main"}}), "one of: tree, main");
  EXPECT_EQ(describe_type({.type = boolean}), "true or false");
  EXPECT_EQ(describe_type({.type = size}), "a size like \"64KiB\"");
  EXPECT_EQ(describe_type({.type = size, .low = 32, .high = 1 << 20}), "a size from 32B to 1MiB");
}

}  // namespace
}  // namespace wsfault::fault

#include "control/toxic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <stdexcept>

#include "wire/field.hpp"

namespace wsfault::control {
namespace {

using Attributes = std::vector<std::pair<std::string, std::int64_t>>;
using Tables = std::vector<Value>;

Value fault(std::string_view inject, const Toxic& toxic) {
  Value table;
  table.set("inject", Value(inject));
  table.set("direction", Value(toxic.is_upstream() ? "to-server" : "to-client"));
  return table;
}

Value milliseconds(std::int64_t count) { return Value(fmt::format("{}ms", std::max<std::int64_t>(0, count))); }
/// A fault that delays by nothing is none; a toxic may.
Value delay(std::int64_t count) { return count > 0 ? milliseconds(count) : Value("1us"); }
Value bytes(std::int64_t count) { return Value(fmt::format("{}B", std::max<std::int64_t>(0, count))); }

Tables latency(const Toxic& toxic) {
  Value table = fault("latency", toxic);
  table.set("latency", delay(toxic.attribute("latency")));
  table.set("jitter", milliseconds(toxic.attribute("jitter")));
  return {table};
}

/// Its KB are of 1,000 bytes; none is no limit.
Tables bandwidth(const Toxic& toxic) {
  if (toxic.attribute("rate") <= 0) return {};
  Value table = fault("bandwidth", toxic);
  table.set("rate", bytes(toxic.attribute("rate") * 1000));
  return {table};
}

Tables slow_close(const Toxic& toxic) {
  Value table = fault("slow_close", toxic);
  table.set("delay", delay(toxic.attribute("delay")));
  return {table};
}

Tables timeout(const Toxic& toxic) {
  Tables tables{fault("blackhole", toxic)};
  if (toxic.attribute("timeout") <= 0) return tables;
  Value end;
  end.set("inject", Value("fin"));
  end.set("after", milliseconds(toxic.attribute("timeout")));
  tables.push_back(std::move(end));
  return tables;
}

Tables reset_peer(const Toxic& toxic) {
  Value table;
  table.set("inject", Value("reset"));
  if (toxic.attribute("timeout") > 0) table.set("after", milliseconds(toxic.attribute("timeout")));
  return {table};
}

Tables slicer(const Toxic& toxic) {
  const std::int64_t average = std::max<std::int64_t>(1, toxic.attribute("average_size"));
  Value table = fault("slicer", toxic);
  table.set("average_size", bytes(average));
  table.set("size_variation", bytes(std::min(toxic.attribute("size_variation"), average - 1)));
  table.set("delay", Value(fmt::format("{}us", std::max<std::int64_t>(0, toxic.attribute("delay")))));
  return {table};
}

Tables limit_data(const Toxic& toxic) {
  if (toxic.attribute("bytes") <= 0) {  // not even the first byte
    Value end;
    end.set("inject", Value("fin"));
    return {end};
  }
  Value table = fault("limit_data", toxic);
  table.set("bytes", bytes(toxic.attribute("bytes")));
  return {table};
}

struct Kind {
  std::string_view type;
  std::vector<std::string_view> attributes;
  Tables (*faults)(const Toxic&);
  bool ends_what_it_held = false;  ///< removing it ends the connections that it struck
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"latency", {"latency", "jitter"}, latency},
      {"bandwidth", {"rate"}, bandwidth},
      {"slow_close", {"delay"}, slow_close},
      {"timeout", {"timeout"}, timeout, true},
      {"reset_peer", {"timeout"}, reset_peer},
      {"slicer", {"average_size", "size_variation", "delay"}, slicer},
      {"limit_data", {"bytes"}, limit_data},
  };
  return all;
}

const Kind* find_kind(std::string_view type) {
  const auto found = std::ranges::find(kinds(), type, &Kind::type);
  return found == kinds().end() ? nullptr : &*found;
}

/// A toxic's first fault says whose it is.
Value as_value(const Toxic& toxic) {
  Value value;
  value.set("toxic", Value(toxic.type));
  value.set("stream", Value(toxic.stream));
  value.set("toxicity", Value(static_cast<double>(toxic.toxicity)));
  for (const auto& [name, number] : toxic.attributes) value.set(name, Value(number));
  return value;
}

std::optional<Toxic> toxic_of(const proxy::StandingFault& fault) {
  const Value* type = fault.stated().find("toxic");
  if (type == nullptr) return std::nullopt;
  Toxic toxic{.name = fault.name(), .type = *type->text(), .stream = *fault.stated().find("stream")->text()};
  toxic.toxicity = static_cast<float>(*fault.stated().find("toxicity")->real());
  toxic.attributes = attributes_of(toxic.type);
  for (auto& [name, number] : toxic.attributes) number = *fault.stated().find(name)->integer();
  return toxic;
}

/// The name of a toxic's further fault: no toxic of a client has it.
std::string further(const std::string& name, std::size_t number) { return fmt::format("{} ({})", name, number); }

}  // namespace

std::optional<bool> is_upstream(std::string_view stream) {
  if (wire::equal_without_case(stream, "upstream")) return true;
  if (wire::equal_without_case(stream, "downstream")) return false;
  return std::nullopt;
}

bool Toxic::is_upstream() const { return control::is_upstream(stream).value_or(false); }

std::int64_t Toxic::attribute(std::string_view name) const {
  const auto found = std::ranges::find(attributes, name, &std::pair<std::string, std::int64_t>::first);
  return found == attributes.end() ? 0 : found->second;
}

Attributes attributes_of(std::string_view type) {
  Attributes found;
  if (const Kind* kind = find_kind(type))
    for (const std::string_view name : kind->attributes) found.emplace_back(name, 0);
  return found;
}

namespace {

void inject(proxy::Proxy& proxy, const Toxic& toxic, std::optional<int> place) {
  Tables tables = find_kind(toxic.type)->faults(toxic);
  if (tables.empty()) {  // it does nothing, and is there
    tables.push_back(fault("latency", toxic));
    tables.back().set("latency", delay(0));
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    Diagnostics diagnostics("", "");
    auto order = proxy.read_fault(tables[i], diagnostics);
    if (!order) throw std::runtime_error(diagnostics.print());
    order->spec.name = i == 0 ? toxic.name : further(toxic.name, i + 1);
    order->spec.probability = toxic.toxicity;
    order->stated = i == 0 ? as_value(toxic) : Value();
    order->place = place;
    proxy.inject(*std::move(order));
  }
}

void heal(proxy::Proxy& proxy, const std::string& name) {
  proxy.heal(name);
  for (std::size_t i = 2; proxy.heal(further(name, i)); ++i) {}
}

}  // namespace

bool add_toxic(proxy::Proxy& proxy, const Toxic& toxic) {
  if (proxy.find_fault(toxic.name)) return false;
  inject(proxy, toxic, std::nullopt);
  return true;
}

void change_toxic(proxy::Proxy& proxy, const Toxic& toxic) {
  const int place = proxy.find_fault(toxic.name)->spec().index;
  heal(proxy, toxic.name);
  inject(proxy, toxic, place);
}

bool remove_toxic(proxy::Proxy& proxy, const std::string& name) {
  const auto toxic = find_toxic(proxy, name);
  if (!toxic) return false;
  const bool ends = find_kind(toxic->type)->ends_what_it_held;
  std::set<int> struck;
  if (ends) struck = proxy.struck_by(name);
  heal(proxy, name);
  for (const int number : struck) proxy.link().end_connections(number);
  return true;
}

void remove_all_toxics(proxy::Proxy& proxy) {
  for (const Toxic& toxic : toxics_of(proxy)) remove_toxic(proxy, toxic.name);
}

std::vector<Toxic> toxics_of(const proxy::Proxy& proxy) {
  std::vector<Toxic> found;
  for (const proxy::StandingFault* fault : proxy.faults())
    if (auto toxic = toxic_of(*fault)) found.push_back(*std::move(toxic));
  std::ranges::stable_partition(found, &Toxic::is_upstream);
  return found;
}

std::optional<Toxic> find_toxic(const proxy::Proxy& proxy, const std::string& name) {
  const proxy::StandingFault* fault = proxy.find_fault(name);
  return fault ? toxic_of(*fault) : std::nullopt;
}

std::string to_json(const Toxic& toxic) {
  std::string attributes;
  for (const auto& [name, number] : toxic.attributes)
    attributes += fmt::format("{}\"{}\":{}", attributes.empty() ? "" : ",", name, number);
  const auto quoted = [](const std::string& text) { return boost::json::serialize(boost::json::string(text)); };
  return fmt::format("{{\"attributes\":{{{}}},\"name\":{},\"type\":{},\"stream\":{},\"toxicity\":{}}}", attributes,
                     quoted(toxic.name), quoted(toxic.type), quoted(toxic.stream), toxic.toxicity);
}

}  // namespace wsfault::control

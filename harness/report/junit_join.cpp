// Joins JUnit documents of shards: suites of the same name become one suite.
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "report/junit.hpp"

namespace wsfault::report {
namespace {

constexpr const char* counts[] = {"tests", "failures", "errors", "skipped"};

void add_counts(pugi::xml_node to, pugi::xml_node from) {
  for (const char* name : counts) {
    if (from.attribute(name))
      to.attribute(name).set_value(to.attribute(name).as_uint() + from.attribute(name).as_uint());
  }
}

void set_time(pugi::xml_node node, double seconds) {
  node.attribute("time").set_value(fmt::format("{:.3f}", seconds).c_str());
}

/// For two shards with different seeds, both are listed.
void join_property(pugi::xml_node to, pugi::xml_node from, const char* name) {
  const auto value = [name](pugi::xml_node suite) {
    return suite.child("properties").find_child_by_attribute("property", "name", name).attribute("value");
  };
  const std::string known = value(to).value();
  const std::string other = value(from).value();
  if (known != other) value(to).set_value((known + ", " + other).c_str());
}

/// If one shard could not work, the whole run could not.
void join_stopped(pugi::xml_node to, pugi::xml_node from) {
  const auto find = [](pugi::xml_node suite) {
    return suite.child("properties").find_child_by_attribute("property", "name", "stopped");
  };
  if (!find(to) && find(from)) to.child("properties").append_copy(find(from));
}

void forget_shard(pugi::xml_node suite) {
  pugi::xml_node properties = suite.child("properties");
  for (const char* name : {"shard", "selection"})
    properties.remove_child(properties.find_child_by_attribute("property", "name", name));
}

void join_suite(pugi::xml_node root, pugi::xml_node suite) {
  pugi::xml_node known = root.find_child_by_attribute("testsuite", "name", suite.attribute("name").value());
  if (!suite.child("testcase")) return;  // from a shard that had nothing to run
  if (!known) return forget_shard(root.append_copy(suite));
  add_counts(known, suite);
  set_time(known, known.attribute("time").as_double() + suite.attribute("time").as_double());
  join_property(known, suite, "seed");
  join_stopped(known, suite);
  for (const pugi::xml_node test : suite.children("testcase")) known.append_copy(test);
}

}  // namespace

std::string join_junit_documents(const std::vector<std::string>& documents) {
  // Loaded as read_junit_results() does, which does not look at the declaration.
  pugi::xml_document joined;
  joined.load_buffer(documents.front().data(), documents.front().size());
  pugi::xml_node declaration = joined.prepend_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = joined.child("testsuites");
  for (pugi::xml_node suite : root.children("testsuite")) forget_shard(suite);
  for (std::size_t i = 1; i < documents.size(); ++i) {
    pugi::xml_document document;
    document.load_buffer(documents[i].data(), documents[i].size());
    const pugi::xml_node other = document.child("testsuites");
    add_counts(root, other);
    set_time(root, std::max(root.attribute("time").as_double(), other.attribute("time").as_double()));
    for (const pugi::xml_node suite : other.children("testsuite")) join_suite(root, suite);
  }
  std::ostringstream out;
  joined.save(out, "  ");
  return out.str();
}

}  // namespace wsfault::report

// The parties played by the harness: [upstream] and [[client]].
#include "scenario/parties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "scenario/load.hpp"
#include "scenario/payload.hpp"
#include "value/url.hpp"

namespace wsfault::scenario {
namespace {

constexpr std::int64_t most_clients = 10'000;
constexpr std::int64_t most_connections = 1'000'000;

class UpstreamReader {
 public:
  /// `further`: a gateway's second or later upstream, whose link has its name.
  UpstreamReader(const Value& table, Diagnostics& diagnostics, bool further = false)
      : table_(table),
        diagnostics_(diagnostics),
        name_(name_of(table)),
        scripts_(name_, Player::upstream, further ? name_ : "", diagnostics) {}

  model::Upstream read() {
    TableReader reader(table_, diagnostics_, "[upstream]");
    model::Upstream upstream;
    upstream.source = table_;
    upstream.name = name_;
    if (const Value* name = reader.raw("name")) read_name(*name, "name", diagnostics_);
    if (const Value* steps = reader.raw("steps")) upstream.steps = scripts_.script(*steps);
    for (const Value* session : tables_of(reader, "session", "[[upstream.session]]")) {
      add_session(*session, upstream.sessions);
    }
    read_url(reader, upstream);
    reader.finish();
    return upstream;
  }

  const ScriptYield& yield() const { return scripts_.yield(); }

 private:
  static std::string name_of(const Value& table) {
    const Value* name = table.find("name");
    return name && name->text() ? *name->text() : model::Upstream{}.name;
  }

  void add_session(const Value& table, std::vector<model::Session>& sessions) {
    TableReader reader(table, diagnostics_, "[[upstream.session]]");
    model::Session session;
    const auto connection = reader.integer("connection", 1, most_connections);
    if (!reader.has("connection")) reader.error("a session needs `connection`, the number of its connection");
    session.connection = static_cast<int>(connection.value_or(0));
    const Value* steps = reader.raw("steps");
    if (steps) {
      session.steps = scripts_.script(*steps, session.connection);
    } else {
      reader.error("a session needs `steps`");
    }
    reader.finish();
    if (!connection || !steps) return;
    if (std::ranges::find(sessions, session.connection, &model::Session::connection) != sessions.end()) {
      reader.error(*reader.raw("connection"),
                   fmt::format("connection {} has a session already", session.connection));
      return;
    }
    sessions.push_back(std::move(session));
  }

  /// A path in a scenario is relative to its file.
  std::string beside(const std::string& path) const {
    return (std::filesystem::path(diagnostics_.file()).parent_path() / path).string();
  }

  void read_url(TableReader& reader, model::Upstream& upstream) {
    upstream.url = reader.text("url");
    const Value* ca_file = reader.raw("ca_file");
    if (ca_file) upstream.ca_file = beside(reader.text("ca_file").value_or(""));
    const auto parsed = upstream.url ? parse_url(*upstream.url) : Result<WebSocketUrl>(Error{""});
    const bool is_secure = parsed && parsed->tls;
    if (ca_file && !is_secure) reader.error(*ca_file, "`ca_file` is for a real server", "url = \"wss://…\"");
    if (!upstream.url) return;
    if (!parsed)
      reader.error(*reader.raw("url"), "`url`: " + parsed.error(),
                   "ws://host:port/path or wss://host:port/path");
    for (const std::string_view key : {"steps", "session"}) {
      if (reader.has(key)) reader.error(*reader.raw(key), fmt::format("a real server plays no `{}`", key));
    }
  }

  const Value& table_;
  Diagnostics& diagnostics_;
  std::string name_;
  ScriptReader scripts_;
};

model::ClientRequest read_request(const Value& value, Diagnostics& diagnostics) {
  TableReader reader(value, diagnostics, "`request`");
  model::ClientRequest request;
  request.path = reader.text("path");
  if (const Value* headers = reader.raw("headers")) request.headers = read_headers(*headers, diagnostics);
  request.subprotocols = reader.texts("subprotocols").value_or(request.subprotocols);
  request.origin = reader.text("origin");
  request.extensions = reader.text("extensions");
  request.upgrade = reader.boolean("upgrade").value_or(true);
  request.stop_after = reader.integer("stop_after", 0, 65536);
  reader.finish();
  return request;
}

/// Reads [[client]] tables, and what their scripts contribute.
class ClientReader {
 public:
  ClientReader(model::Role role, Parties& parties, Diagnostics& diagnostics)
      : link_(role == model::Role::gateway ? "front" : ""), parties_(parties), diagnostics_(diagnostics) {}

  void add(const Value& table) {
    TableReader reader(table, diagnostics_, "[[client]]");
    model::Client client;
    if (const Value* name = reader.raw("name"))
      client.name = read_name(*name, "name", diagnostics_).value_or("");
    client.count = static_cast<int>(reader.integer("count", 1, most_clients).value_or(1));
    if (const Value* start = reader.raw("start")) add_start(*start, client);
    if (const Value* request = reader.raw("request")) client.request = read_request(*request, diagnostics_);
    if (const Value* steps = reader.raw("steps")) {
      ScriptReader scripts(client.name, Player::client, link_, diagnostics_);
      client.steps = scripts.script(*steps);
      parties_.yield.append(scripts.yield());
    }
    reader.finish();
    parties_.clients.push_back(std::move(client));
  }

 private:
  void add_start(const Value& value, model::Client& client) {
    const std::optional<fault::Moment> start = fault::read_moment(value, diagnostics_);
    if (!start) return;
    parties_.starts.push_back({*start, value.place});
    client.start = *start;
    if (!link_.empty() && !start->at && fault::is_on_wire(start->kind)) client.start.at = link_;
  }

  std::string link_;
  Parties& parties_;
  Diagnostics& diagnostics_;
};

void read_upstreams(TableReader& scenario, model::Role role, Parties& parties) {
  const Value* value = scenario.raw("upstream");
  if (role == model::Role::server) {
    if (value)
      scenario.error(*value,
                     "a scenario of role server has no upstream: the system under test is the server");
    return;
  }
  std::vector<const Value*> tables;
  if (value && value->array()) {
    tables = tables_of(scenario, "upstream", "[[upstream]]");
  } else if (value) {
    tables.push_back(value);
  }
  for (const Value* table : tables) {
    const bool further = role == model::Role::gateway && !parties.upstreams.empty();
    UpstreamReader reader(*table, scenario.diagnostics(), further);
    parties.upstreams.push_back(reader.read());
    parties.yield.append(reader.yield());
  }
  if (!parties.upstreams.empty()) return;
  parties.upstreams.emplace_back();
  parties.upstreams.back().source = Value(Value::Table{});
}

void read_clients(TableReader& scenario, model::Role role, Parties& parties) {
  const Value* value = scenario.raw("client");
  if (role == model::Role::client) {
    if (value) {
      scenario.error(*value,
                     "a scenario of role client has no [[client]]: the system under test is the client");
    }
    return;
  }
  ClientReader reader(role, parties, scenario.diagnostics());
  for (const Value* table : tables_of(scenario, "client", "[[client]]")) reader.add(*table);
  if (parties.clients.empty()) parties.clients.emplace_back();
}

/// The `name` of the n-th table under a key, or the table itself; for messages.
Place name_place(const Value* list, std::size_t index) {
  const Value* table = list && list->array() ? &(*list->array())[index] : list;
  if (!table) return {};
  const Value* name = table->find("name");
  return name ? name->place : table->place;
}

void check_names(TableReader& scenario, model::Role role, const Parties& parties) {
  std::set<std::string> taken = {"sut", "network", std::string(verdict::visitor)};
  const auto check = [&](const std::string& name, std::string_view key, std::size_t index) {
    if (role == model::Role::gateway && (name == "front" || name == "back")) {
      scenario.diagnostics().error(name_place(scenario.raw(key), index),
                                   fmt::format("\"{}\" is the name of a link", name),
                                   "a party has a name that no link has");
    }
    if (taken.insert(name).second) return;
    scenario.diagnostics().error(name_place(scenario.raw(key), index),
                                 fmt::format("there is a party \"{}\" already", name),
                                 "each party has a `name` of its own");
  };
  for (std::size_t i = 0; i < parties.clients.size(); ++i) check(parties.clients[i].name, "client", i);
  for (std::size_t i = 0; i < parties.upstreams.size(); ++i) check(parties.upstreams[i].name, "upstream", i);
}

}  // namespace

std::vector<const Value*> tables_of(TableReader& reader, std::string_view key, std::string_view what) {
  std::vector<const Value*> tables;
  const Value* value = reader.raw(key);
  if (!value) return tables;
  if (!value->array()) {
    reader.error(*value, fmt::format("`{}` is a list of tables, found {}", key, value->type_name()),
                 fmt::format("write {}", what));
    return tables;
  }
  for (const Value& member : *value->array()) {
    if (member.table()) {
      tables.push_back(&member);
    } else {
      reader.error(member, fmt::format("`{}` is a list of tables, found {} in it", key, member.type_name()),
                   fmt::format("write {}", what));
    }
  }
  return tables;
}

Parties read_parties(TableReader& scenario, model::Role role) {
  Parties parties;
  read_upstreams(scenario, role, parties);
  read_clients(scenario, role, parties);
  check_names(scenario, role, parties);
  return parties;
}

fault::Seats seats_of(model::Role role, const Parties& parties) {
  fault::Seats seats;
  for (const model::Client& client : parties.clients) seats.parties.push_back(client.name);
  seats.parties.push_back("sut");
  for (const model::Upstream& upstream : parties.upstreams) seats.parties.push_back(upstream.name);
  const bool gateway = role == model::Role::gateway;
  seats.links = gateway ? std::vector<std::string>{"front", "back"} : std::vector<std::string>{"link"};
  seats.default_link = seats.links.back();
  if (role != model::Role::client) seats.served_by_sut = {seats.links.front()};
  if (gateway) seats.also_called = {{parties.upstreams.front().name, seats.default_link}};
  for (std::size_t i = 1; gateway && i < parties.upstreams.size(); ++i) {
    seats.links.push_back(parties.upstreams[i].name);  // the runner gives further links these names
  }
  return seats;
}

std::optional<model::Upstream> read_upstream(const Value& table, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.errors().size();
  model::Upstream upstream = UpstreamReader(table, diagnostics).read();
  if (diagnostics.errors().size() != before) return std::nullopt;
  return upstream;
}

ScriptYield upstream_yield(const Value& table, Diagnostics& diagnostics) {
  UpstreamReader reader(table, diagnostics);
  reader.read();
  return reader.yield();
}

}  // namespace wsfault::scenario

// Scripts of upstreams and clients: reads lists of step tables into steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"
#include "value/diagnostic.hpp"
#include "value/reader.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// A moment in a file, with its place: its references are checked once everything is read.
struct MomentUse {
  fault::Moment moment;
  Place place;
};

/// What a script contributes to the rest of the scenario.
struct ScriptYield {
  std::vector<Value> injected;     ///< of steps that inject: [[fault]] tables whose `when` is a mark
  std::vector<std::string> marks;  ///< of { mark = NAME }
  std::vector<MomentUse> moments;  ///< of waits
  void append(ScriptYield other);
};

/// The keys that name a step: "accept", "send" …
std::vector<std::string_view> step_keys();

enum class Player { upstream, client };

/// Reads all scripts of one party; every error has its place.
class ScriptReader {
 public:
  /// `link`: where faults injected by its steps act; empty: the role's default.
  ScriptReader(std::string party, Player player, std::string link, Diagnostics& diagnostics)
      : party_(std::move(party)), player_(player), link_(std::move(link)), diagnostics_(diagnostics) {}

  /// A whole script; `session`: only for that connection, 0: for every connection.
  model::Steps script(const Value& list, int session = 0);
  const ScriptYield& yield() const { return yield_; }

 private:
  using Content = decltype(model::Step::what);
  /// What kind of block contains a list of steps.
  enum class Block { script, repeat, rule, request_rule };
  struct Row;
  static const Row rows[];
  friend std::vector<std::string_view> step_keys();

  model::Steps steps(const Value& list, Block block);
  std::optional<model::Step> step(const Value& value, bool first);
  const Row* row_of(const Value& value);
  bool allowed_here(const Row& row, const Value& at, bool first);
  const Value* list_of(TableReader& reader, std::string_view of);
  bool can_start_rule(const fault::Moment& moment, Place place);

  std::optional<Content> accept(TableReader& reader);
  std::optional<Content> respond(TableReader& reader);
  std::optional<Content> expect(TableReader& reader);
  std::optional<Content> send(TableReader& reader);
  std::optional<Content> wait(TableReader& reader);
  std::optional<Content> ping(TableReader& reader);
  std::optional<Content> frame(TableReader& reader);
  std::optional<Content> raw(TableReader& reader);
  std::optional<Content> repeat(TableReader& reader);
  std::optional<Content> rule(TableReader& reader);
  std::optional<Content> mark(TableReader& reader);
  std::optional<Content> close(TableReader& reader);
  std::optional<Content> inject(const Value& table);

  std::string party_;
  Player player_;
  std::string link_;
  Diagnostics& diagnostics_;
  int session_ = 0;
  int injections_ = 0;
  Block block_ = Block::script;
  ScriptYield yield_;
};

}  // namespace wsfault::scenario

// The oracle's tables: for each phase × effect × role × kind the reactions that are appropriate, those that
// pass with a warning, and the time that they may take.
#pragma once

#include <array>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/system.hpp"
#include "verdict/cause.hpp"
#include "verdict/oracle/act.hpp"
#include "verdict/oracle/declared.hpp"
#include "verdict/oracle/effect.hpp"

namespace wsfault::verdict::oracle {

/// At most N things, written into a table at compile time.
template <typename T, std::size_t N>
class Few {
 public:
  using value_type = T;
  using const_iterator = const T*;
  constexpr Few() = default;
  constexpr Few(std::initializer_list<T> items) {
    for (const T& item : items) add(item);
  }
  constexpr void add(const T& item) {
    if (size_ == N) std::abort();
    items_[size_++] = item;
  }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr bool contains(const T& item) const {
    for (const T& each : *this) {
      if (each == item) return true;
    }
    return false;
  }

 private:
  std::array<T, N> items_{};
  std::size_t size_ = 0;
};

/// Which numbers a reaction may carry.
enum class Numbers {
  these,          ///< from `first` to `last`
  of_the_effect,  ///< the code or status that arrived
  same_class,     ///< registered codes that say the same about coming back as the one that arrived
};

struct Reaction {
  ReactionKind kind = ReactionKind::stays_open;
  int first = 0;  ///< of report, close, status: a range
  int last = 0;
  Numbers numbers = Numbers::these;

  constexpr bool is(ReactionKind other) const { return kind == other; }
  constexpr bool matches(ReactionKind other, int value) const {
    return kind == other && value >= first && value <= last;
  }
};
using Reactions = std::vector<Reaction>;

/// In which time: the sum of traits, from 0.8 of it to 1 s more; none named: at once, within 1 s.
struct Limit {
  Few<std::string_view, 2> traits;
  /// The party is held to it; false: what happens may happen at any time.
  bool binds = true;
  /// What is missing where it is not declared.
  Cause missing = Cause::none;

  constexpr bool at_once() const { return traits.empty(); }
};

using Effects = Few<EffectKind, 24>;

/// What a row asks for beside a reaction.
struct Demands {
  /// Close codes that the party's own Close may carry on the wire; empty: any.
  Few<int, 4> own_close;
  bool own_close_expected = false;  ///< none at all passes with a warning
  bool ends_tcp = false;            ///< it has to end TCP in `close_limit` where the peer does not
};

/// Does the row speak of such an effect? Of the client's dialect.
using Condition = bool (*)(const Effect& effect, const model::Dialect& dialect);

/// A row as it is written in a table: the first that fits counts.
struct TableRow {
  Few<Phase, 3> phases;
  Effects effects;
  Condition condition = nullptr;  ///< null: of all
  std::string_view broke;         ///< what broke the connection, in the words of docs/verdicts.md
  std::string_view source;        ///< RFC and section, or registry; empty: the product's own judgement
  Few<Reaction, 7> fine;          ///< ✓, never empty
  Few<Reaction, 6> warned;        ///< ⚠
  Limit limit;
  Demands demands;

  bool fits(Phase phase, const Effect& effect, const model::Dialect& dialect) const;
};
using Table = std::span<const TableRow>;

/// Whose table: a role, of a gateway its kind, or a gateway judged by what it does at its upstream.
struct Column {
  model::Role role = model::Role::client;
  model::Kind kind = model::Kind::none;
  bool at_upstream = false;
};
/// Its tables in the order in which they are searched.
std::vector<Table> tables_of(const Column& column);

/// A row with the numbers of an effect and the limits of a system.
struct Row {
  const TableRow* of = nullptr;  ///< never null
  Reactions fine;
  Reactions warned;
  Limit limit;
  Declared declared;  ///< what the system says of the limit
  Demands demands;

  bool is_fine(ReactionKind kind) const;
  bool is_warned(ReactionKind kind) const;
  bool allows(ReactionKind kind) const { return is_fine(kind) || is_warned(kind); }
};

/// Total: there is a row for every combination. What cannot happen in a phase has the row of what it amounts
/// to there (bytes before the 101 that are no answer are garbage; an HTTP answer after it is no frame).
Row appropriate(const Column& column, Phase phase, const Effect& effect, const model::Traits& traits = {},
                const model::Dialect& dialect = {});

/// The longest that a row of the system's tables lets it take, at its client or at its upstream, a closing
/// handshake that follows included. `wait`: for what is not declared.
Duration longest_limit(model::Role role, model::Kind kind, const model::Traits& traits, Duration wait);

/// `passed`: what broke the connection went through as it came.
bool matches(const Reaction& reaction, const Act& act, bool passed = false);
bool any_matches(const Reactions& reactions, const Act& act, bool passed = false);

}  // namespace wsfault::verdict::oracle

#include "report/verdict_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "value/enums.hpp"
#include "value/words.hpp"
#include "verdict/oracle/words.hpp"

namespace wsfault::report {
namespace {

using namespace verdict::oracle;
using model::Kind;
using model::Role;

constexpr auto all_seats = std::to_array<Seat>({
    {"client", {Role::client}, "a client"},
    {"server", {Role::server}, "a server"},
    {"gateway http",
     {Role::gateway, Kind::http},
     "a gateway of kind http: what its client gets; after the 101: what its client would report"},
    {"gateway tcp",
     {Role::gateway, Kind::tcp},
     "a gateway of kind tcp: what its client gets; after the 101: what its client would report"},
    {"gateway websocket",
     {Role::gateway, Kind::websocket},
     "a gateway of kind websocket: what its client gets"},
    {"tunnel at upstream",
     {Role::gateway, Kind::http, true},
     "a gateway of kind http or tcp whose client fails: what its upstream gets"},
    {"websocket at upstream",
     {Role::gateway, Kind::websocket, true},
     "a gateway of kind websocket whose client fails: what its upstream gets"},
});

std::string limit_words(const TableRow& row, std::string_view quote) {
  if (!row.limit.binds) return "at any time";
  if (row.limit.at_once()) return "at once";
  std::vector<std::string> names;
  for (const std::string_view name : row.limit.traits) names.push_back(fmt::format("{0}{1}{0}", quote, name));
  return fmt::format("{}", fmt::join(names, " + "));
}

std::string demand_words(const Demands& demands, std::string_view quote) {
  std::vector<std::string> words;
  if (!demands.own_close.empty()) {
    std::vector<std::string> codes;
    for (const int code : demands.own_close) codes.push_back(std::to_string(code));
    words.push_back(fmt::format("its own Close carries {}{}", listed(codes, "or"),
                                demands.own_close_expected ? " (⚠ none)" : ""));
  }
  if (demands.ends_tcp) words.push_back(fmt::format("it ends TCP in {0}close_limit{0}", quote));
  return fmt::format("{}", fmt::join(words, "; "));
}

std::string_view phase_title(const TableRow& row) {
  if (row.phases.size() == 3) return "At any time";
  if (row.phases.contains(Phase::before_101)) return "Before the 101";
  return row.phases.contains(Phase::open) ? "Open" : "Closing";
}

/// What is wrong with a party of that role whose limit is missing.
std::string lack_words(const TableRow& row, Role role) {
  return fmt::format("\"{}\"", verdict::sentence_of(row.limit.missing, model::to_string(role)));
}

std::string markdown_row(const TableRow& row, Role role) {
  std::string fine = to_string(std::span<const Reaction>(row.fine));
  if (const std::string also = demand_words(row.demands, "`"); !also.empty()) fine += "; " + also;
  if (row.limit.missing != verdict::Cause::none)
    fine += "; ✗ nothing: " + lack_words(row, role);
  return fmt::format("| {} | {} | {} | {} | {} |\n", row.broke, fine,
                     to_string(std::span<const Reaction>(row.warned)), limit_words(row, "`"), row.source);
}

/// Written for this effect among others, not for all that a role has no row of its own for.
bool names(const TableRow& row, EffectKind effect) {
  return effect == EffectKind::nothing || row.effects.size() < all_of<EffectKind>().size();
}

/// Those that can be picked for an effect in a phase, in order: none after one without a condition. Empty: it
/// does not come about there.
std::vector<const TableRow*> rows_of(const Column& column, Phase phase, EffectKind effect) {
  std::vector<const TableRow*> rows;
  for (const Table& table : tables_of(column)) {
    for (const TableRow& row : table) {
      if (!row.phases.contains(phase) || !row.effects.contains(effect)) continue;
      if (names(row, effect)) rows.push_back(&row);
      if (row.condition == nullptr) return rows;
    }
  }
  return rows;
}

std::string text_row(const TableRow& row, Role role) {
  std::string text = fmt::format("  {}{}\n    appropriate  {}\n", row.broke,
                                 row.source.empty() ? "" : fmt::format(" ({})", row.source),
                                 to_string(std::span<const Reaction>(row.fine)));
  if (!row.warned.empty())
    text += fmt::format("    warned       {}\n", to_string(std::span<const Reaction>(row.warned)));
  text += fmt::format("    time limit   {}\n", limit_words(row, ""));
  if (row.limit.missing != verdict::Cause::none)
    text += fmt::format("    never        fails: {}\n", lack_words(row, role));
  if (const std::string also = demand_words(row.demands, ""); !also.empty())
    text += fmt::format("    also         {}\n", also);
  return text;
}

}  // namespace

std::string print_causes_markdown() {
  std::string text = "| key | outcome | shown by the log | cause | remedy |\n| --- | --- | --- | --- | --- |\n";
  for (const verdict::CauseRow& row : verdict::cause_rows()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.key, row.outcomes.empty() ? "–" : row.outcomes,
                        row.shown, verdict::sentence_of(row.id), row.remedy);
  }
  return text;
}

std::span<const Seat> seats() { return all_seats; }

std::string print_table_markdown(const Seat& seat) {
  const auto tables = tables_of(seat.column);
  const bool shares = seat.column.kind == Kind::websocket && tables.size() > 1;
  std::string text;
  std::string_view last;
  for (const Table& table : std::span(tables).first(shares ? 1 : tables.size())) {
    for (const TableRow& row : table) {
      if (const std::string_view title = phase_title(row); title != last) {
        text += fmt::format(
            "{}**{}.**\n\n| what broke it | appropriate | ⚠ | in | source |\n"
            "| --- | --- | --- | --- | --- |\n",
            text.empty() ? "" : "\n", title);
        last = title;
      }
      text += markdown_row(row, seat.column.role);
    }
  }
  return text;
}

std::string print_rows(const Seat& seat, EffectKind effect) {
  std::string text = fmt::format("{}\n", seat.title);
  std::vector<const TableRow*> printed;
  for (const Phase phase : all_of<Phase>()) {
    // Only a client is judged while it waits for the answer to its Close.
    if (phase == Phase::closing && (seat.column.role != Role::client || effect == EffectKind::nothing))
      continue;
    const auto rows = rows_of(seat.column, phase, effect);
    if (rows.empty() || rows == printed) continue;
    printed = rows;
    text += rows.front()->phases.size() == all_of<Phase>().size() ? std::string(" at any time\n")
                                                                  : fmt::format(" {}\n", to_string(phase));
    for (const TableRow* row : rows) text += text_row(*row, seat.column.role);
  }
  return printed.empty() ? text + " does not happen there, or is not judged\n" : text;
}

}  // namespace wsfault::report

// A system under test as values: how it is started, how it reports, its traits and dialect.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "value/regex.hpp"
#include "value/units.hpp"
#include "value/value.hpp"

namespace wsfault::model {

enum class Role { client, gateway, server };
/// How a gateway works; clients and servers are `none`.
enum class Kind { none, tcp, http, websocket };
/// How a client reports what it saw.
enum class ReportMode { json, patterns, http, none, automatic };

std::string_view to_string(Role role);
std::string_view to_string(Kind kind);
std::string_view to_string(ReportMode mode);
/// As the files spell them; `automatic` is "auto". None for any other text.
std::optional<Role> parse_role(std::string_view text);
std::optional<Kind> parse_kind(std::string_view text);
std::optional<ReportMode> parse_report_mode(std::string_view text);

struct Backoff {
  std::optional<Duration> first;
  std::optional<double> factor;
  std::optional<Duration> max;
  std::optional<std::string> jitter;  ///< "full": 0 to the cap; "equal": half the cap to the cap; "none"
};

/// A range of close codes or statuses: trait `final`, expectation `close`.
struct CodeRange {
  int first = 0;
  int last = 0;
  bool contains(int code) const { return code >= first && code <= last; }
};
/// 1008 (first equal to last), "1008" or "4400-4499"; 0 to 65535. None for anything else.
std::optional<CodeRange> read_code_range(const Value& value);

/// The system's own timing and limits. A duration that is absent was not declared; `none` means that the
/// system has no such limit.
struct Traits {
  std::map<std::string, Value, std::less<>> values;  ///< as declared, with requirements and --set applied
  /// As declared; "backoff.max" reads inside a table. Null if not declared.
  const Value* find(std::string_view name) const;
  /// None if not declared or "none".
  std::optional<Duration> duration(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;  ///< a size ("64KiB") is in bytes
  bool is_none(std::string_view name) const;                         ///< declared as "none"
  Backoff backoff() const;
  /// None if not declared.
  std::optional<std::vector<CodeRange>> final_codes() const;
};

/// What a client's API is known not to show or accept.
struct Dialect {
  bool hides_status = false;
  bool follows_redirects = false;
  std::vector<int> refuses_codes;
};

struct KnownFinding {
  std::string scenario;
  std::string outcome;
  std::string reason;
  bool tls = false;        ///< only with --tls
  bool sometimes = false;  ///< may be absent
};

/// What differs when the system speaks TLS. Values here replace the system's own; files and environment
/// variables are replaced by name.
struct TlsForm {
  std::vector<std::string> start;
  bool starts_by_shell = false;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::pair<std::string, std::string>> files;
};

/// How to reach a gateway or server that is already running.
struct Running {
  std::string url;
  std::vector<std::pair<std::string, std::string>>
      headers;  ///< in each request; ${env:NAME} is not yet replaced
  std::vector<std::string> subprotocols;
  std::string ca_file;                       ///< trusted CA, PEM; empty: this machine's authorities
  std::vector<std::string> upstream_listen;  ///< HOST:PORT where a gateway expects its upstreams
};

struct System {
  std::string name;
  std::string file;  ///< the path of its system file; empty: it has none
  Role role = Role::client;
  Kind kind = Kind::none;
  std::vector<std::string> start;  ///< argv; a shell string is { "sh", "-c", … }. Empty: not started by us
  bool starts_by_shell = false;    ///< the start command was such a string: the program counts, not the shell
  std::optional<Running> running;
  std::string path;  ///< the request target, with query, for requests to it or from it; empty: "/"
  std::vector<std::pair<std::string, std::string>> environment;
  std::string cwd;
  std::vector<std::pair<std::string, std::string>> files;  ///< name in ${dir} → template path
  std::optional<TlsForm> tls;       ///< for a client, or a server's client side. None: no TLS
  std::optional<TlsForm> tls_back;  ///< of a gateway, towards its upstreams
  std::string ready_kind;           ///< "connect", "http", "log" or empty
  std::string ready_target;
  Duration ready_within{std::chrono::seconds(5)};
  std::string stop_signal = "SIGTERM";
  std::map<std::string, std::vector<std::string>> commands;
  std::vector<std::string> version;
  std::string install;
  bool share = false;
  int upstreams = 1;
  ReportMode report = ReportMode::automatic;
  std::map<std::string, Regex> patterns;  ///< event → pattern, for ReportMode::patterns
  Dialect dialect;
  Traits traits;
  std::vector<std::string> settable;  ///< traits that a scenario may requirement for
  std::vector<KnownFinding> known;
  std::string product;  ///< the shipped system file whose quirks and settings are its own, too; empty: none
  std::optional<Regex> server_field;  ///< the Server field (RFC 9110 10.2.4) by which the product is recognised
  /// Defects that the system can be given on purpose, for `prove`: the trait `defect` names one. Name,
  /// sentence.
  std::vector<std::pair<std::string, std::string>> defects;
  /// A cause's key → one sentence on what to set in this product; it is added to the general remedy.
  std::map<std::string, std::string> remedies;
  std::string folder;  ///< of the system file; templates are relative to it
};

/// "the system nginx"; "the system" where a command or an address of the command line stands for its name.
std::string called(const System& system);

/// The value of the trait `defect` that stands for the sound system.
inline constexpr std::string_view no_defect = "none";

/// The system as started in that form.
System with_form(const System& system, const TlsForm& form);

}  // namespace wsfault::model

// `wsfault ctl`: for people at a terminal, against a running `wsfault proxy`.
#include "cli/ctl.hpp"

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/arguments.hpp"
#include "cli/duration_option.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {
namespace {

using Command = std::function<int(Ctl&)>;

/// The command line, and the command that it names.
class Commands {
 public:
  Commands(CLI::App& app, CtlOptions& options) : app_(app), options_(options) {
    // So that --json and the like may stand after the command, too.
    app.fallthrough();
    app.require_subcommand(1);
  }

  CLI::App* add(const std::string& name, const std::string& does, Command command) {
    CLI::App* added = app_.add_subcommand(name, does);
    added->callback([this, command = std::move(command)] { chosen = command; });
    return added;
  }
  CLI::App* add_of_proxy(const std::string& name, const std::string& does, Command command) {
    CLI::App* added = add(name, does, std::move(command));
    added->add_option("PROXY", options_.proxy, "Its name, or SESSION/NAME")->required();
    return added;
  }
  CLI::App* add_act(const std::string& name, const std::string& does) {
    CLI::App* added = add_of_proxy(name, does, [name](Ctl& ctl) { return ctl_act(ctl, name); });
    added->add_option("CONNECTION", options_.connection, "Its number, from 1")->required();
    return added;
  }

  Command chosen;

 private:
  CLI::App& app_;
  CtlOptions& options_;
};

void add_changes(Commands& commands, CtlOptions& options) {
  CLI::App* create = commands.add("create", "Add a proxy", ctl_create);
  create->add_option("NAME", options.proxy, "Its name")->required();
  create
      ->add_option("--upstream", options.upstream,
                   "What stands behind it: ws://HOST:PORT, or the table of a fake server: '{}'")
      ->required();
  create->add_option("--listen", options.listen,
                     "Where it listens: HOST:PORT; default: any port of 127.0.0.1");
  create
      ->add_option("--fault", options.faults, "A fault from the beginning, a table of TOML; may be repeated")
      ->type_name("TABLE")
      ->take_all();
  CLI::App* remove = commands.add("remove", "Remove a proxy, or end a session", ctl_remove);
  remove->add_option("PROXY", options.proxy,
                     "Its name, or SESSION/NAME; without it the session of --session ends");
  commands.add_of_proxy("inject", "Inject a fault, in the words of [[fault]]", ctl_inject)
      ->add_option("FAULT", options.table, "A table of TOML or JSON")
      ->required()
      ->type_name("TABLE");
  commands.add_of_proxy("heal", "Take a fault back, or all of a proxy", ctl_heal)
      ->add_option("FAULT", options.fault, "Its name; default: all");
  CLI::App* close = commands.add_act("close", "Send a Close frame on a connection");
  close->add_option("--code", options.code, "The close code")->type_name("CODE");
  close->add_option("--reason", options.reason, "The reason");
  CLI::App* reset = commands.add_act("reset", "Reset a connection (TCP RST)");
  CLI::App* fin = commands.add_act("fin", "End a connection (TCP FIN), without a Close frame");
  CLI::App* freeze = commands.add_act("freeze", "Let nothing pass on a connection, until it is healed");
  CLI::App* send = commands.add_act("send", "Send a text message on a connection");
  send->add_option("TEXT", options.payload, "The message")->required();
  CLI::App* ping = commands.add_act("ping", "Send a ping on a connection");
  for (CLI::App* each : {close, reset, fin, freeze, send, ping})
    each->add_option("--with", options.table,
                     "Further attributes of the fault that does it: '{ direction = \"to-server\" }'")
        ->type_name("TABLE");
  commands.add("mark", "Add a mark: the moment of faults with when = \"mark NAME\"", ctl_mark)
      ->add_option("NAME", options.name, "The mark")
      ->required();
}

void add_waits(Commands& commands, CtlOptions& options) {
  CLI::App* events =
      commands.add("events", "Show what happened, a line each; its number is a cursor", ctl_events);
  events->add_option("PROXY", options.proxy, "Only what happened there");
  CLI::Option* follow =
      events->add_flag("-f,--follow", options.follow, "Go on with what happens, until Ctrl-C");
  events->add_option("--after", options.after, "Only what came after this cursor")->type_name("CURSOR");
  events
      ->add_option("--until", options.until,
                   "Wait for a moment, and show what came until then: close, \"message 3\", \"fault reset\"")
      ->type_name("MOMENT")
      ->excludes(follow);
  add_duration(*events, "--timeout", options.timeout, "How long to wait; 30s for --until");
  CLI::App* expect =
      commands.add("expect", "Wait until an expectation, in the words of [[expect]], is decided", ctl_expect);
  expect->add_option("EXPECTATION", options.table, "A table of TOML or JSON")->required()->type_name("TABLE");
  add_duration(*expect, "--timeout", options.timeout, "How long to wait; 30s");
  CLI::App* verdict = commands.add("verdict", "Judge what has happened in a session", ctl_verdict);
  verdict->add_flag("--ended", options.ended, "Nothing more will happen: decide what is pending");
}

int run_chosen(const Command& command, const CtlOptions& options) {
  try {
    Ctl ctl(options);
    return command(ctl);
  } catch (const CtlFailure& failure) {
    // What is wrong in a table is said with its place, in lines.
    if (failure.sentence.ends_with('\n')) {
      complain_of_files(failure.sentence);
    } else if (!failure.sentence.empty()) {
      complain("wsfault ctl", failure.sentence);
    }
    return failure.code;
  }
}

}  // namespace

int run_ctl(int argc, char** argv) {
  CLI::App app("Control a running `wsfault proxy` (docs/proxy.md)", "wsfault ctl");
  CtlOptions options;
  app.add_option("--control", options.control, "The control port: HOST:PORT or http://HOST:PORT")
      ->envname("WSFAULT_URL")
      ->capture_default_str();
  app.add_option("--token", options.token, "Where the control port needs one")->envname("WSFAULT_TOKEN");
  app.add_option("--session", options.session,
                 "Only this session; default: the only one of a test, or the standing one");
  app.add_flag("--json", options.json, "The API's JSON, for machines; events: a line each");
  Commands commands(app, options);
  commands.add("list", "Show sessions, proxies, faults and open connections", ctl_list);
  add_changes(commands, options);
  add_waits(commands, options);
  for (CLI::App* each : app.get_subcommands({})) {
    if (each->get_name() == "expect" || each->get_name() == "verdict" || each->get_name() == "mark")
      each->add_option("--proxy", options.proxy, "NAME or SESSION/NAME, where there are several");
  }
  app.footer(
      "\nExamples:\n"
      "  wsfault ctl list\n"
      "  wsfault ctl create api --upstream ws://127.0.0.1:9000 --listen 127.0.0.1:9001\n"
      "  wsfault ctl inject api '{ inject = \"reset\", when = \"message 3\" }'\n"
      "  wsfault ctl events api --until 'fault reset' --timeout 5s\n"
      "  wsfault ctl close api 1 --code 1012\n"
      "  wsfault ctl create api --session mine --upstream '{}'    # a session, which is judged, and a fake "
      "server\n"
      "  wsfault ctl expect '{ wire_close = 1012, within = \"1s\" }'; wsfault ctl verdict --ended\n"
      "\nExit codes: 0 done, it came, it holds; 1 it did not come in time, it is violated, the verdict is "
      "failed; 2 the command\n"
      "line is wrong, or what it names is not there; 3 undecided, or no proxy answers; 130 interrupted. "
      "Ctrl-C ends --follow\n"
      "with 0.");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  return run_chosen(commands.chosen, options);
}

}  // namespace wsfault::cli

"""causes_test.py: for each cause that a finding can have there is a run that fails with it, and its words name who must change.

Each row is a real run: a scenario of the library against a reference system with a defect, or against a small program
with one fault (misfit.py). A cause without a row fails the test."""
import concurrent.futures
import json
import pathlib
import re
import tempfile
import unittest

from program import SOURCE, wsfault

MISFIT = pathlib.Path(__file__).with_name("misfit.py")


def client(scenario, defect, *more):
    return scenario, ["--system", "reference-client", "--set", f"defect={defect}", *more]


def gateway(scenario, kind, defect, *more):
    return scenario, ["--system", f"reference-gateway-{kind}", "--set", f"defect={defect}", *more]


def server(scenario, defect, *more):
    return scenario, ["--system", "reference-server", "--set", f"defect={defect}", *more]


def misfit(scenario, role, mode):
    return scenario, (role, mode)


FAILS = {
    # what is wrong with a client, or with any party
    "no_handshake_limit": client("handshake/never-answers", "no-handshake-limit", "--set", "handshake_limit=none", "--wait", "1s"),
    "no_heartbeat": client("1006/server-frozen", "no-heartbeat"),
    "no_close_limit": client("close/close-not-answered", "no-close-limit", "--set", "close_limit=none", "--wait", "1s"),
    "limit_too_early": gateway("1014/slow-answer", "http", "response-limit-too-early"),
    "limit_too_late": gateway("1014/backend-hangs", "http", "no-response-limit"),
    "end_unreported": client("1006/server-reset", "never-notices"),
    "wrong_code_reported": client("1006/server-reset", "wrong-code"),
    "status_not_reported": misfit("handshake/unauthorised[status=403]", "client", "wrong-status"),
    "end_reported_twice": client("1006/server-reset", "double-close-report"),
    "wrong_close_sent": misfit("frames/illegal-frames[inject=reserved_bits]", "client", "says-1000"),
    "no_close_sent": misfit("frames/illegal-frames[inject=reserved_bits]", "client", "says-nothing"),
    "tcp_kept": server("server/client-leaves[inject=fin]", "never-notices"),
    "certificate_unchecked": client("tls/expired", "accepts-expired"),
    "close_misreported": client("close/bad-gateway-1014", "drops-reasons"),
    "code_unknown": misfit("close/every-legal-code[code=1014]", "client", "knows-no-1014"),
    "handshake_unchecked": client("handshake/bad-101[flaw=wrong-accept]", "accepts-bad-101"),
    "opened_unanswered": misfit("handshake/never-answers", "client", "opens-at-once"),
    "bad_frame_accepted": client("frames/illegal-frames[inject=reserved_bits]", "delivers-bad-frame"),
    "comes_back_unchanged": client("handshake/unauthorised[status=403]", "reconnects-after-final"),
    "retry_after_ignored": client("handshake/overloaded[status=503]", "ignores-retry-after"),
    "no_backoff": client("reconnect/accepted-and-closed", "no-backoff"),
    "no_jitter": client("reconnect/exponential-backoff", "no-jitter"),
    "gives_up": client("close/bad-gateway-1014", "gives-up-after-1014"),
    "backoff_too_long": misfit("reconnect/exponential-backoff", "client", "slow"),
    "outage_outlived": ("short-outage", ["--system", "reference-client"]),
    "one_address_only": client("network/first-address-dark", "first-address-only"),
    "side_by_side": misfit("handshake/unauthorised[status=403]", "client", "restless"),
    "ends_by_itself": gateway("idle/handshake-limit-ends-with-101", "websocket", "limits-open-connections"),
    "client_died": client("handshake/server-down", "dies-when-refused"),
    "application_silent": misfit("server/ping-is-answered[data=x]", "server", "mute"),
    "message_misreported": client("legal/many-fragments", "delivers-fragments"),
    "messages_lost": client("delivery/narrow-path", "duplicates-messages"),
    "serves_no_more": misfit("server/client-resets", "server", "mute-afterwards"),
    "uses_too_much": server("server/many-come-and-go[leaves=fin]", "leaks-connections"),
    # what is wrong with a gateway
    "gateway_idle_limit": gateway("idle/idle-limit-holds", "http", "idle-limit-too-early"),
    "no_response_limit": gateway("1014/backend-hangs", "http", "no-response-limit", "--set", "response_limit=none", "--wait", "1s"),
    "no_idle_limit": gateway("idle/idle-limit-holds", "http", "no-idle-limit"),
    "upgrade_headers_dropped": misfit("gateway/giant-message-from-the-backend", "gateway", "strips"),
    "agreement_changed": gateway("gateway/keeps-the-subprotocol", "http", "strips-subprotocol"),
    "never_contacted": misfit("gateway/giant-message-from-the-backend", "gateway", "elsewhere"),
    "answers_by_itself": gateway("gateway/killed", "http", "stays-down-after-crash"),
    "remembers_failure": misfit("long-after", "gateway", "remembers"),
    "class_changed": gateway("1014/backend-503[status=503]", "http", "hides-retryable"),
    "code_rewritten": gateway("close/passes-an-empty-close", "websocket", "rewrites-codes"),
    "reason_dropped": gateway("close/passes-every-code[code=4000]", "websocket", "drops-close-reason"),
    "hides_the_failure": gateway("1014/backend-down", "http", "answers-200"),
    "retries_too_long": misfit("1014/backend-down", "gateway", "retries"),
    "left_open": gateway("gateway/client-vanishes[inject=fin]", "http", "leaves-upstream-open"),
    "tail_lost": gateway("gateway/bytes-before-the-end-arrive", "http", "forgets-tail"),
    "message_changed": gateway("1014/backend-crashes-open[inject=truncate_frame]", "http", "writes-page-into-stream"),
    "answer_in_stream": gateway("1014/backend-crashes-open[inject=fin]", "http", "writes-page-into-stream"),
    "message_withheld": gateway("gateway/giant-message-from-the-backend", "http", "swallows-messages"),
    "drain_too_short": gateway("gateway/reload-keeps-connections", "http", "reload-drops-everyone"),
    "passes_illegal": gateway("close/illegal-codes-from-the-backend[code=1005]", "websocket", "passes-illegal-codes"),
    "bad_101_passed": gateway("1014/bad-101[flaw=wrong-accept]", "websocket", "accepts-bad-101"),
    "interim_misread": gateway("1014/early-hints[glued=true]", "http", "takes-103-as-final"),
    "gateway_died": gateway("gateway/one-bad-backend-harms-no-other-client", "http", "dies-with-upstream"),
    "cannot_match": misfit("gateway/one-bad-backend-harms-no-other-client", "gateway", "nameless"),
    # what is wrong with a server
    "upstream_down": misfit("server/client-crashes-mid-frame[end=fin]", "server", "gone-afterwards"),
    "server_died": server("server/client-resets", "dies-on-reset"),
    "not_let_in": gateway("gateway/reload-keeps-connections", "http", "deaf-while-reloading"),
    "request_unchecked": server("server/plain-get", "upgrades-anything"),
    "refused_too_early": server("server/restart-and-return", "stays-down-after-crash"),
    "over_its_limit": server("server/full", "no-connection-limit"),
    "no_pong": server("server/ping-is-answered[data=x]", "no-pong"),
    "no_close_reply": server("server/close-is-answered[code=1000]", "no-close-reply"),
    "tcp_left_open": server("server/close-is-answered[code=1000]", "keeps-tcp-open"),
    "illegal_code_echoed": server("server/illegal-close-codes[code=1005]", "passes-illegal-codes"),
    "no_write_limit": server("server/slow-reader", "unbounded-buffer", "--set", "heartbeat=none"),
    "no_message_limit": server("server/giant-fragments", "buffers-giant-messages"),
    "no_goodbye": server("server/drain-on-stop", "no-goodbye"),
    "no_503_on_stop": server("server/stop-during-handshake", "drops-handshakes-on-stop"),
    "drain_endless": server("server/drain-on-stop", "never-exits"),
    "echo_differs": server("server/fragments", "duplicates-messages"),
    "breaks_protocol": client("close/close-not-answered", "stops-with-1005"),
}
# They say how a code or a status comes about, and are no cause of a finding: `wsfault explain` prints them.
EXPLAINED = {
    "server_ended": 1006, "host_vanished": 1006, "flow_forgotten": 1006, "upgrade_misrouted": 1006, "upstream_hangs": 1006,
    "answer_invalid": 1006, "closing_unanswered": 1006, "closed_without_code": 1005, "peer_broke_protocol": 1002,
    "closed_by_peer": 1000, "bad_gateway_told": 1014, "access_denied": 403, "overloaded": 503,
}
# Findings that are none of a failure: nothing is proved, or it is allowed.
STATES = {"never_contacted": "inconclusive", "cannot_match": "inconclusive", "no_close_sent": "warned",
          "retries_too_long": "warned"}
# The library has no scenario in which a client comes long after a failure, or that expects what a sound client need not do.
OWN = {"short-outage": """title = "The network is away for a moment, and a second connection is expected"
role  = "client"

[[fault]]
inject = "dark"
when   = "message 3"
lasts  = "50ms"

[[expect]]
event  = { moment = "open", connection = 2 }
since  = "healed dark"
within = "1s"
""", "long-after": """title = "A backend was down for a moment, and a client comes long after"
role  = "gateway"

[[fault]]
inject = "refuse"
when   = "message 3"
lasts  = "300ms"

[[client]]
name  = "talker"
steps = [{ repeat = 50, steps = [{ send = "tick" }, { expect = "tick" }, { wait = "50ms" }] }]

[[client]]
name  = "soon"
start = "fault refuse"

[[client]]
name  = "later"
start = { moment = "message 40", from = "client" }
"""}
# What only the implementation would say, and what the words may not say of an end.
NEVER = ["wire only", "after nothing", "{", "()", "  ", "::"]


def catalogue():
    """Key and sentence of each cause, as docs/verdicts.md shows them."""
    page = (SOURCE / "docs/verdicts.md").read_text()
    table = page[page.index("<!-- table: causes -->"):]
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*) \| (.*) \| (.*) \| (.*) \|$", table[:table.index("<!-- end -->")])
    return {row[0]: row[3] for row in rows}


def system_of(folder, role, mode):
    file = pathlib.Path(folder) / f"{mode}.toml"
    where = {"client": ["${url}"], "server": ["${listen}"], "gateway": ["${listen}", "${upstream}"]}[role]
    start = ["/usr/bin/python3", str(MISFIT), role, mode, *where]
    more = {"client": 'report = "json"\n', "server": "", "gateway": 'kind = "http"\n'}[role]
    if mode == "slow":
        more += '[traits]\nbackoff = { first = "100ms", factor = 2, max = "500ms", jitter = "full" }\n'
    if mode == "retries":
        more += '[traits]\nconnect_limit = "1s"\n'
    file.write_text(f'name = "{mode}"\nrole = "{role}"\nstart = {json.dumps(start)}\n{more}')
    return ["--system", file]


def findings_of(folder, key):
    scenario, options = FAILS[key]
    if isinstance(options, tuple):
        options = system_of(folder, *options)
    result = pathlib.Path(folder) / f"{key}.json"
    what = scenario.split("[")[0]
    if what in OWN:
        what = pathlib.Path(folder) / f"{what}.toml"
        what.write_text(OWN[scenario])
    _, text = wsfault("run", what, "--case", scenario, *options, "--seed", 42, "--json", result)
    if not result.exists():
        return text, []
    cases = json.loads(result.read_text())["cases"]
    return text, [finding for case in cases for finding in case["findings"]]


class Causes(unittest.TestCase):
    def test_each_has_a_row(self):
        keys = catalogue().keys()
        self.assertEqual(sorted(keys), sorted(FAILS.keys() | EXPLAINED.keys()))
        self.assertEqual(FAILS.keys() & EXPLAINED.keys(), set())

    def test_those_that_explain_a_code_are_printed(self):
        sentences = catalogue()
        for key, code in EXPLAINED.items():
            with self.subTest(cause=key):
                self.assertIn(sentences[key], wsfault("explain", code)[1])

    def test_each_is_the_cause_of_a_run_that_fails(self):
        with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(24) as pool:
            runs = {key: pool.submit(findings_of, folder, key) for key in FAILS}
            concurrent.futures.wait(runs.values())
            for key, run in runs.items():
                with self.subTest(cause=key):
                    result = run.result()
                    # On a busy machine all waits differ: those without jitter, too. Alone it runs again.
                    for _ in range(3):
                        if not self.found(key, result[1]):
                            result = findings_of(folder, key)
                    self.check(key, *result)

    @staticmethod
    def found(key, findings):
        state = STATES.get(key, "violated")
        return [finding for finding in findings if finding["cause_key"] == key and finding["state"] == state]

    def check(self, key, text, findings):
        self.assertTrue(self.found(key, findings), text)
        role = re.search(r"(?m)^  (client|gateway|server) under test", text)
        for finding in findings:
            if finding["state"] in ("holds", "pending") or not finding["cause"]:
                continue
            words = " | ".join(str(finding[part]) for part in ("expected", "seen", "broke", "cause", "remedy"))
            for never in NEVER:
                self.assertNotIn(never, words)
            if role and finding["cause_key"]:
                self.assertIn(role[1], finding["cause"].lower(), words)


if __name__ == "__main__":
    unittest.main()

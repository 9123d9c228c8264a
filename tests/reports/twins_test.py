"""twins_test.py: what a real network does to a client is judged as what the link imitates; where they differ it is said here.

Each real scenario (a cable, a firewall, lost SYNs) has a twin that a proxy makes. Both run against the reference client,
sound and with each defect that the real one names; outcomes and causes must be the same, but for DIFFERENCES."""
import concurrent.futures
import json
import pathlib
import re
import tempfile
import unittest

from program import SOURCE, wsfault

TWINS = {
    "1006/cable-unplugged": "1006/server-vanishes",
    "1006/cable-out-for-good": "network/outage-and-back",
    "1006/firewall-conntrack-drop": "1006/firewall-idle-drop",
    "1006/firewall-conntrack-reject": "1006/firewall-idle-reset-next",
    "1006/heartbeat-shorter-than-the-firewall": "1006/heartbeat-keeps-alive[renewed_by=any]",
}

# (real scenario, defect): what the imitation does differently, and why that is right.
NO_PING_IS_SEEN = "that it pings would not be seen: what it sends is lost before anybody could see it"
DIFFERENCES = {
    ("1006/cable-unplugged", "no-heartbeat"): NO_PING_IS_SEEN,
    ("1006/cable-out-for-good", "no-heartbeat"): NO_PING_IS_SEEN,
    ("1006/firewall-conntrack-drop", "no-heartbeat"): NO_PING_IS_SEEN,
    ("1006/firewall-conntrack-reject", "no-heartbeat"): NO_PING_IS_SEEN,
    ("1006/heartbeat-shorter-than-the-firewall", "no-heartbeat"): NO_PING_IS_SEEN,
}

TRAITS = ["--set", "handshake_limit=1s"]


def refuted(scenario):
    text = (SOURCE / f"scenarios/{scenario}.toml").read_text()
    return re.findall(r'"([^"]+)"', re.search(r"(?m)^refutes *= *\[(.*?)\]", text)[1])


def judged(folder, case, defect):
    """Its outcome and the causes that its findings name."""
    scenario = case.split("[")[0]
    file = pathlib.Path(folder) / f"{case.replace('/', '-')}-{defect}.json"
    options = ["--set", f"defect={defect}"] if defect else []
    _, text = wsfault("run", f"scenarios/{scenario}.toml", "--case", case, "--system", "reference-client",
                      "--require-network", *TRAITS, *options, "--json", file)
    if not file.exists():
        raise AssertionError(text)
    result = json.loads(file.read_text())["cases"][0]
    causes = sorted({each["cause_key"] for each in result["findings"] if each["state"] == "violated"})
    return result["outcome"], causes, text


def why_no_network():
    code, text = wsfault("run", "scenarios/1006/cable-unplugged.toml", "--system", "reference-client")
    reason = re.search(r"no network of its own can be had here: (.*)", text)
    return reason[1] if reason else ""


class Twins(unittest.TestCase):
    def test_the_real_one_and_its_imitation_are_judged_alike(self):
        if why := why_no_network():
            self.skipTest(why)
        with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(8) as pool:
            runs = {}
            for real, imitation in TWINS.items():
                for defect in ["", *refuted(real)]:
                    runs[real, defect] = [pool.submit(judged, folder, case, defect) for case in (real, imitation)]
            for (real, defect), pair in runs.items():
                with self.subTest(scenario=real, defect=defect or "none"):
                    (outcome, causes, text), (other, other_causes, other_text) = [run.result() for run in pair]
                    if (real, defect) in DIFFERENCES:
                        self.assertNotEqual((outcome, causes), (other, other_causes), "they no longer differ")
                        continue
                    self.assertEqual((outcome, causes), (other, other_causes), text + other_text)
                    self.assertEqual(outcome, "failed" if defect else "passed", text)


if __name__ == "__main__":
    unittest.main()

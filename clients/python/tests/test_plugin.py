"""The plugin, in runs of pytest of their own."""
import os
import pathlib

import pytest

import wsfault as package

TESTS = pathlib.Path(__file__).parent


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(pathlib.Path(package.__file__).parents[1]), str(TESTS)]))

    def run(text, *options):
        pytester.makepyfile(text)
        return pytester.runpytest_subprocess("-p", "wsfault.pytest_plugin", *options)

    return run


FAILS = """
    from peers import Client, EchoServer, Loop

    def test_fails(wsfault_session):
        loop = Loop()
        server = EchoServer(loop)
        proxy = wsfault_session.proxy("api", upstream=server.url)
        proxy.inject("reset", when="message 1")
        with Client(loop, proxy.url) as client:
            wsfault_session.report("open")
            client.send("one")
            code = client.close_code()
        server.close()
        loop.close()
        wsfault_session.report("close", code=1000, clean=True)
        wsfault_session.until("fault reset")
        assert code == 1000
"""


def test_a_test_that_fails_has_the_verdict_in_its_report(run):
    result = run(FAILS)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*wsfault: the verdict on what happened*", "*/api: failed", "*seen * it reported 1000*",
                                 "*cause * The client reports another code than the one that the end has."])


def test_one_that_passes_has_not(run):
    result = run(FAILS.replace("code == 1000", "code == 1006"), "-rA")
    result.assert_outcomes(passed=1)
    assert "the verdict on what happened" not in result.stdout.str()


def test_one_that_fails_without_a_session_fails_as_ever(run):
    result = run("def test_fails():\n    assert False")
    result.assert_outcomes(failed=1)
    assert "wsfault" not in "\n".join(line for line in result.outlines if "rootdir" not in line and "plugins" not in line)


def test_a_session_is_for_one_test_and_the_program_for_all(run):
    run("""
        seen = []

        def look(wsfault, session):
            session.proxy("api", upstream={})
            seen.append((wsfault.url, session.id))

        def test_one(wsfault, wsfault_session):
            look(wsfault, wsfault_session)

        def test_two(wsfault, wsfault_session):
            look(wsfault, wsfault_session)
            (url, first), (url_too, second) = seen
            assert url == url_too
            assert first != second
    """).assert_outcomes(passed=2)


def test_uses_one_that_runs(run, wsfault, monkeypatch):
    text = f"def test_url(wsfault):\n    assert wsfault.url == {wsfault.url!r}\n"
    run(text, "--wsfault-url", wsfault.url).assert_outcomes(passed=1)
    monkeypatch.setenv("WSFAULT_URL", wsfault.url)
    run(text).assert_outcomes(passed=1)


def test_the_option_names_the_program(run):
    result = run("def test_it(wsfault):\n    pass", "--wsfault", "/nowhere/wsfault")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*/nowhere/wsfault cannot be run: *"])


def test_a_mark_sets_the_session(run):
    run("""
        import pytest

        @pytest.mark.wsfault(role="server")
        def test_role(wsfault_session):
            wsfault_session.proxy("api", upstream="ws://127.0.0.1:9")
            wsfault_session.play()
    """, "--strict-markers").assert_outcomes(passed=1)

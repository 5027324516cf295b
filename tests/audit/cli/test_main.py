"""The command line as a user meets it: verbs, help, exit codes, one-line errors."""

from __future__ import annotations

import argparse
import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from audit.cli.main import VERBS

README = Path(__file__).parents[3] / "README.md"


def test_help_names_every_verb_and_exit_code(bioaudit):
    """The first help page is a map: what there is, and what a shell script may rely on."""
    code, out, _ = bioaudit("--help")

    assert code == 0
    assert all(f"\n    {verb}" in out for verb in VERBS)
    assert "3 UNDECIDED, 4 our error, 5 the model failed on the images, 130 interrupted" in out
    assert "exit codes: 0 PASS or WARN, 1 FAIL, 2 wrong call" in out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(bioaudit, verb):
    """`bioaudit VERB --help` says what the verb is for and lists its options."""
    code, out, _ = bioaudit(verb, "--help")

    assert code == 0
    assert f"usage: bioaudit {verb}" in out
    assert len(out.splitlines()) > 5


def test_no_verb_and_an_unknown_verb_are_wrong_calls(bioaudit):
    """A call that asks for nothing, or for what is not there, ends with 2."""
    assert bioaudit()[0] == 2
    assert bioaudit("adit")[0] == 2


def test_version_is_that_of_the_distribution(bioaudit):
    """`--version` prints the installed version."""
    code, out, _ = bioaudit("--version")

    assert code == 0
    assert re.fullmatch(r"bioaudit \d+\.\d+\.\d+\n", out)


def test_every_command_of_the_readme_is_understood():
    """No example in the README uses an option that is not there."""
    text = README.read_text()
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    lines = re.findall(r"^(?:.*&& )?(bioaudit .*)$", blocks, re.MULTILINE)
    lines += re.findall(r"`(bioaudit run [^`]*)`", text)

    assert len(lines) >= 9
    for line in lines:
        verb, *words = shlex.split(line, comments=True)[1:]
        parser = argparse.ArgumentParser()
        import_module(f"audit.cli.{verb}").add_arguments(parser)
        parser.parse_args(words)


def test_an_error_of_ours_is_told_apart_from_the_user_s(bioaudit, monkeypatch):
    """A bug ends with 4 and says how to report it; with BIOAUDIT_DEBUG its traceback is shown."""
    monkeypatch.setattr("audit.cli.probes.main", lambda _: 1 / 0)

    code, _, error = bioaudit("probes")

    assert code == 4
    assert "an error of ours, ZeroDivisionError" in error
    monkeypatch.setenv("BIOAUDIT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        bioaudit("probes")


def test_an_interrupt_says_that_the_run_can_go_on(bioaudit, monkeypatch):
    """Ctrl-C ends with 130."""

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("audit.cli.probes.main", interrupted)

    code, _, error = bioaudit("probes")

    assert code == 130
    assert "run the same command again" in error

"""Laws of progress: a log gets a line now and then, and the end of the work at once."""

from __future__ import annotations

import pytest

from audit.cli import screen
from audit.cli.screen import BREATH_S, Bar


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that the test moves."""
    now = [0.0]
    monkeypatch.setattr(screen, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_now_and_then(clock, capsys):
    """Where no bar can move nothing is printed for half a minute, then one line, then none."""
    with Bar() as bar:
        bar.update("audit", 1, 9, "first")
        clock[0] = BREATH_S
        bar.update("audit", 2, 9, "second [1/2]")
        bar.update("audit", 3, 9, "third")

    assert capsys.readouterr().err == "audit 2/9 second [1/2]\n"


def test_the_end_of_the_work_is_told_at_once(clock, capsys):
    """Whoever reads a log sees that work ended, however soon."""
    with Bar() as bar:
        bar.update("train", 4, 4, "")

    assert capsys.readouterr().err == "train 4/4\n"

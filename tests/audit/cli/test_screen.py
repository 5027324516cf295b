"""Laws of the terminal: a line now and then in a log, and what was left out before the rules."""

from __future__ import annotations

import pytest

from audit.cli import screen
from audit.cli.screen import BREATH_S, MOST_NAMED, Bar, show_unread
from audit.record.record import Record
from tests.toys import scenes


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


def test_the_first_unread_images_are_named_and_the_rest_counted(capsys, tmp_path):
    """Names are printed as they are, brackets too, and a reason once; for none, nothing is."""
    path = tmp_path / "r.sqlite"
    refused = [[f"a{n}[1]", "holds no image", "test"] for n in range(MOST_NAMED + 2)]
    refused = [["b", "is cut off", "test"], *refused]
    for listed in ([], [*refused, ["t", "is empty", "train"], ["m", "no image of this name", ""]]):
        with Record(path) as record:
            record.enlist(scenes(3))
            record.describe(refused=listed)
            show_unread(record)

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    named = ", ".join(f"a{n}[1]" for n in range(MOST_NAMED)) + " and 2 more (holds no image)"
    assert lines[0].endswith("; the verdict counts them as failed.")
    assert f"not read  6 of 9 test images could not be read: {named}, b (is cut off);" in lines[0]
    assert lines[1:] == [
        "not read  1 of 1 training images could not be read: t (is empty); they are left out.",
        "not read  1 of the masks have no image: m (no image of this name); they are left out.",
    ]

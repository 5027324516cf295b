"""The law of streams: the exit code is the verdict's, whoever listens and in whatever letters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audit.measurement import Measurement
from tests.toys import written

CHECKOUT = Path(__file__).parents[3]
PROGRAM = "import sys; from audit.cli.main import main; sys.exit(main())"
RULE = """
format = 2
name = "µ"
[[rule]]
id = "measured"
what = "the mean foreground IoU"
probe = "pipeline.score"
metric = "iou"
at_least = {bound}
why = "It is a bound."
"""


@pytest.fixture
def judging(tmp_path):
    """Return a function that gives the command that judges a record by a bound on its IoU."""
    rows = [Measurement("iou", 0.9, f"s{number}") for number in range(12)]
    written(tmp_path / "record.sqlite", rows).close()

    def words(bound):
        (policy := tmp_path / f"{bound}.toml").write_text(RULE.format(bound=bound), "utf-8")
        return [
            sys.executable,
            "-c",
            PROGRAM,
            "judge",
            tmp_path / "record.sqlite",
            "--policy",
            policy,
        ]

    return words


def ended(command, **given):
    """Return a finished process that ran in the checkout."""
    return subprocess.run(command, cwd=CHECKOUT, check=False, timeout=120, **given)


def gone():
    """Return the end of a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    return write


@pytest.mark.parametrize(("bound", "code"), [(0.0, 0), (1.0, 1)])
@pytest.mark.parametrize("lost", [("stdout",), ("stdout", "stderr")], ids="+".join)
def test_a_closed_pipe_changes_no_verdict(judging, bound, code, lost):
    """With nobody to listen, PASS ends with 0 and FAIL with 1, and no word is said of it."""
    heard = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    done = ended(judging(bound), **(heard | dict.fromkeys(lost, gone())))

    assert done.returncode == code
    assert not done.stderr


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_no_stream_at_all_changes_no_verdict(judging, closed):
    """Streams that are closed from the start are as if nobody listened."""
    assert ended(["bash", "-c", f'exec "$@" {closed}', "bash", *judging(0.0)]).returncode == 0


def test_letters_that_a_stream_lacks_are_written_otherwise(judging):
    """Where the terminal knows only ASCII, a message is escaped and the verdict stands."""
    plain = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = ended(judging(0.0), capture_output=True, env=plain)
    assert done.returncode == 0, done.stderr

"""`bioaudit compare`: says what changed, how far that carries, and ends as `run` does."""

from __future__ import annotations

import numpy as np
import pytest

from audit.measurement import Measurement
from audit.probing.catalog import Catalog
from audit.record.record import Record
from audit.record.unit import Unit
from tests.toys import scene

BASE = np.linspace(0.5, 0.9, 12)
RIPPLE = np.tile([0.001, -0.001], 6)


def recorded(folder, scores, movies):
    """Leave the record of one audited network, as a command finds it."""
    samples = [scene(n, group=f"movie {n % movies}", frame=n) for n in range(len(scores))]
    folder.mkdir()
    with Record(folder / "record.sqlite") as record:
        record.declare(Catalog.installed().suites)
        record.enlist(samples)
        record.assign("audited", folder.name, folder.name)
        rows = [Measurement("iou", float(v), s.id) for v, s in zip(scores, samples, strict=True)]
        unit = Unit(key="k", model=folder.name, probe="pipeline.score", block=0)
        record.write(unit, rows)
    return folder


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        (-0.1 + RIPPLE, 1, "WORSE"),
        (0.1 + RIPPLE, 0, "better"),
        (RIPPLE, 0, "same"),
        (200 * RIPPLE, 3, "undecided"),
    ],
)
def test_the_exit_code_is_what_the_comparison_comes_to(bioaudit, tmp_path, change, code, word):
    """1 where something is surely worse, 3 where nothing can be decided, else 0."""
    before, after = (recorded(tmp_path / str(n), BASE + n * change, 12) for n in (0, 1))
    found, shown, _ = bioaudit("compare", before, after)
    assert (found, word in shown) == (code, True)
    assert "other movies" not in shown


def test_several_movies_stand_beside(bioaudit, tmp_path):
    """What four movies say of others has a column of its own, and may be asked for instead."""
    shift = np.tile([-0.15, 0.02, -0.16, -0.01], 3) + RIPPLE
    before, after = (recorded(tmp_path / str(n), BASE + n * shift, 4) for n in (0, 1))

    here = bioaudit("compare", before, after)
    beyond = bioaudit("compare", before, after, "--scope", "beyond")

    assert (here[0], beyond[0]) == (1, 3)
    assert "other movies" in here[1]
    assert "these very movies; those of others stand beside" in here[1]
    assert "Intervals are of other movies" in beyond[1]


def test_one_movie_says_nothing_of_others(bioaudit, tmp_path):
    """Of one movie a loss of its own frames is found, and of others nothing is decided."""
    before, after = (recorded(tmp_path / str(n), BASE - n * (0.1 + RIPPLE), 1) for n in (0, 1))
    code, shown, _ = bioaudit("compare", before, after)
    assert code == 1
    assert "this one movie" in shown
    assert bioaudit("compare", before, after, "--scope", "beyond")[0] == 3


def test_the_help_says_how_it_ends(bioaudit):
    """Whoever gates on the exit code finds it explained."""
    _, shown, _ = bioaudit("compare", "--help")
    assert "3 where no comparison can be decided" in shown

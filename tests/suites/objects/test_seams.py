"""Laws of objects.seams: what tiles cut is a share of what is predicted."""

from __future__ import annotations

import numpy as np

from audit.models.handed import take
from audit.policy.verdict import Verdict
from suites.objects.seams import Seams
from tests.audit.metrics.test_seams import tiled
from tests.suites.objects.test_controls import IMAGES, STEP, image
from tests.toys import audit_of, judged_of, rows_of


def model(tile: int | None):
    """Return a model that reads the truth, whole or numbered tile by tile."""

    def decode(image):
        numbers = np.rint(image / STEP).astype(np.int64)
        return tiled(numbers, tile) if tile else numbers

    return take(decode, output="objects")


def test_a_model_that_numbers_tiles_is_found():
    """Objects that go on under another number beyond a line are cut; the whole ones are not."""
    samples = tuple(image(number) for number in range(IMAGES))
    for tile, verdict in ((64, Verdict.FAIL), (None, Verdict.PASS)):
        judged = judged_of(audit_of(model(tile), samples, task="instance"), [Seams()])
        assert judged["cut at seams"].verdict is verdict


def test_cut_objects_are_counted_on_both_sides():
    """The share is of predicted objects: each half of what was one counts."""
    rows = rows_of(Seams(), model(64), (image(0),), task="instance")
    found = {row.metric: row.value for row in rows}
    assert found["seams"] == 4
    assert 0.2 < found["seam_cut_fraction"] < 0.8
    rows = rows_of(Seams(), model(None), (image(0),), task="instance")
    assert {row.metric: row.value for row in rows} == {"seams": 0.0, "seam_cut_fraction": 0.0}

"""Comparing two records: each image with itself, and what both hold only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.errors import RecordError
from audit.measurement import Measurement
from audit.quantities.comparison import compare
from audit.record.record import Record
from audit.record.unit import Unit
from tests.toys import scenes

SAMPLES = scenes(12)


def record(path, scores, *, samples=SAMPLES, probe="pipeline.score"):
    """Return a record of one score an image."""
    made = Record(path)
    made.enlist(samples)
    made.assign("audited", path.name, path.name)
    rows = [Measurement("iou", v, s.id) for v, s in zip(scores, samples, strict=True)]
    made.write(Unit(key="k", model=path.name, probe=probe, block=0), rows)
    return made


@pytest.mark.parametrize(
    ("moved", "word", "worse"),
    [(0.1, "better", False), (0.0, "same", False), (-0.1, "WORSE", True)],
)
def test_a_change_is_found_and_named(tmp_path, moved, word, worse):
    """Images differ far more than models: the paired difference is seen all the same."""
    before = record(tmp_path / "before", [0.3 + 0.04 * i for i in range(12)])
    after = record(tmp_path / "after", [0.3 + 0.04 * i + moved for i in range(12)])

    (change,) = compare(before, after, "iou", 0.02)

    assert change.change == pytest.approx(moved)
    assert (change.word, change.worse, change.condition) == (word, worse, "untouched")


def test_a_loss_within_the_margin_is_no_failure(tmp_path):
    """A sure loss of 0.01 is lower, not worse, where 0.02 is the margin."""
    before = record(tmp_path / "before", [0.5] * 12)
    after = record(tmp_path / "after", [0.49] * 12)

    (change,) = compare(before, after, "iou", 0.02)

    assert (change.word, change.worse) == ("lower", False)


def test_what_cannot_be_told_is_not_called_the_same(tmp_path):
    """A wide interval around nothing is undecided, for it may hide a loss."""
    before = record(tmp_path / "before", [0.5] * 12)
    after = record(tmp_path / "after", [0.5 + 0.4 * (-1) ** i for i in range(12)])

    (change,) = compare(before, after, "iou", 0.02)

    assert (change.word, change.worse) == ("undecided", False)


def test_few_images_give_no_word(tmp_path):
    """One image is no evidence of a change."""
    before = record(tmp_path / "before", [0.9], samples=SAMPLES[:1])
    after = record(tmp_path / "after", [0.1], samples=SAMPLES[:1])

    (change,) = compare(before, after, "iou", 0.02)

    assert (change.interval, change.word) == (None, "too few images")


def test_records_of_other_images_are_not_compared(tmp_path):
    """Where nothing is shared, an error says so instead of an empty table."""
    before = record(tmp_path / "before", [0.5] * 6, samples=SAMPLES[:6])
    after = record(tmp_path / "after", [0.5] * 6, samples=SAMPLES[6:])

    with pytest.raises(RecordError, match="share no iou"):
        compare(before, after, "iou", 0.02)


def test_pixels_that_changed_are_another_image(tmp_path):
    """An image of the same name but another digest is left out of the comparison."""
    changed = (replace(SAMPLES[0], digest="redrawn"), *SAMPLES[1:])
    before = record(tmp_path / "before", [0.9, *[0.5] * 11])
    after = record(tmp_path / "after", [0.1, *[0.5] * 11], samples=changed)

    (change,) = compare(before, after, "iou", 0.02)

    assert (change.estimate.n, change.change) == (11, 0.0)

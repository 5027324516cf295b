"""Comparing two records: each image with itself, and what both hold only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.errors import RecordError
from audit.measurement import Measurement
from audit.probing.catalog import Catalog
from audit.quantities.comparison import compare, spoken
from audit.record.record import Record
from audit.record.unit import Unit
from tests.audit.quantities.shown import METRICS
from tests.toys import scene, scenes

SAMPLES = scenes(12)


def record(path, scores, *, samples=SAMPLES, probe="pipeline.score", metric="iou", each=({},)):
    """Return a record of one score an image, or of each of its objects."""
    made = Record(path)
    made.declare(Catalog.installed().suites)
    made.enlist(samples)
    made.assign("audited", path.name, path.name)
    rows = [
        Measurement(metric, v, s.id, at)
        for v, s in zip(scores, samples, strict=True)
        for at in each
    ]
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

    assert change.value == pytest.approx(moved)
    assert (change.word, change.lost, spoken(change.asked)) == (word, worse, "untouched")


def test_a_loss_within_the_margin_is_no_failure(tmp_path):
    """A sure loss of 0.01 is lower, not worse, where 0.02 is the margin."""
    before = record(tmp_path / "before", [0.5] * 12)
    after = record(tmp_path / "after", [0.49] * 12)

    (change,) = compare(before, after, "iou", 0.02)

    assert (change.word, change.lost) == ("lower", False)


def test_what_cannot_be_told_is_not_called_the_same(tmp_path):
    """A wide interval around nothing is undecided, for it may hide a loss."""
    before = record(tmp_path / "before", [0.5] * 12)
    after = record(tmp_path / "after", [0.5 + 0.4 * (-1) ** i for i in range(12)])

    (change,) = compare(before, after, "iou", 0.02)

    assert (change.word, change.lost) == ("undecided", False)


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

    assert (change.answer.estimate.n, change.value) == (11, 0.0)


@pytest.mark.parametrize(("moved", "word"), [(0.1, "WORSE"), (-0.1, "better"), (0.01, "higher")])
def test_less_is_better_where_a_metric_says_so(tmp_path, moved, word):
    """A calibration error that rises is a loss, and one that falls is none."""
    kind = {"metric": "calibration_error", "probe": "pipeline.calibration"}
    before = record(tmp_path / "before", [0.2 + 0.04 * i for i in range(12)], **kind)
    after = record(tmp_path / "after", [0.2 + 0.04 * i + moved for i in range(12)], **kind)

    (change,) = compare(before, after, "calibration_error", 0.02)

    assert (change.word, change.lost) == (word, word == "WORSE")


def test_what_has_no_direction_is_never_worse(tmp_path):
    """Of a difference that is neither good nor bad only the side is told."""
    kind = {"metric": "saturated_fraction", "probe": "pipeline.acquisition"}
    metric = replace(METRICS["saturated_fraction"], better="")
    before = record(tmp_path / "before", [0.2] * 12, **kind)
    after = record(tmp_path / "after", [0.5] * 12, **kind)
    after.metrics = lambda: {metric.name: metric}

    (change,) = compare(before, after, metric.name, 0.02)

    assert (change.word, change.lost) == ("higher", False)


def test_objects_are_no_conditions(tmp_path):
    """An image's objects are averaged: a comparison of one object is none."""
    kind = {"metric": "object_recall", "each": tuple({"decile": 1, "object": n} for n in range(5))}
    before, after = (record(tmp_path / name, [0.5] * 12, **kind) for name in ("before", "after"))

    (change,) = compare(before, after, "object_recall", 0.02)

    assert (change.answer.estimate.n, spoken(change.asked)) == (12, "decile 1")


def test_frames_of_movies_are_told_from_movies(tmp_path):
    """What is sure of these four movies is undecided of others, and both are at hand."""
    movies = tuple(scene(n, group=f"movie {n // 10}", frame=n % 10) for n in range(40))
    shift = np.repeat([-0.15, 0.02, -0.16, -0.01], 10) + np.tile([0.001, -0.001], 20)
    before = record(tmp_path / "before", [0.7] * 40, samples=movies)
    after = record(tmp_path / "after", list(0.7 + shift), samples=movies)

    (here,) = compare(before, after, "iou", 0.02)
    (beyond,) = compare(before, after, "iou", 0.02, "beyond")

    assert (here.word, beyond.word) == ("WORSE", "undecided")
    assert here.elsewhere == beyond.interval
    assert beyond.elsewhere is None

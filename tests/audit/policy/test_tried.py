"""Laws of remedies: what one brings is told of images that did not choose it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.audit.ruling import FAIL, PASS, around, judged, rows, rule
from tests.toys import add

PROBE = "resolution.scale"
RESCALE = {"doing": "Rescaling by {choice}", "probe": PROBE, "over": "factor"}
OTHERWISE = {"doing": "Another way", "at": {"way": "other"}}


def tried(record, **given):
    """Return what the remedy of one rule brings."""
    (outcome,) = judged(record, rule(**given))
    return outcome.tried


def levels(record, by_factor, metric="iou"):
    """Write what images score at each factor."""
    for factor, values in by_factor.items():
        add(record, rows(values, metric, factor=factor), probe=PROBE)


def test_a_gain_is_record_with_its_interval_and_what_is_reached(record):
    """A factor that all images agree on is named, with the mean before and after it."""
    before = around(0.5)
    add(record, rows(before))
    levels(
        record,
        {0.5: around(0.4), 1.0: before, 2.0: [one + 0.1 for one in around(0.5, spread=-0.02)]},
    )
    found = tried(record, tries=RESCALE)
    assert found.sure
    assert found.choices == (2.0,)
    assert (found.before, found.after, found.gain) == pytest.approx((0.5, 0.6, 0.1))
    assert found.interval[0] < 0.1 < found.interval[1]
    low, high = found.interval
    assert found.said == (
        f"Rescaling by 2 would raise the IoU by 0.100 [{low:.3f}, {high:.3f}] on images that did "
        "not choose it: 0.600 instead of 0.500."
    )


def test_noise_gains_nothing_to_rely_on(record):
    """Among many factors that differ by chance, the best of some images is no good on others."""
    stream = np.random.default_rng(0)
    add(record, rows(around(0.5)))
    noise = {
        factor: list(0.5 + 0.1 * stream.standard_normal(24)) for factor in (0.5, 1.0, 1.5, 2.0)
    }
    levels(record, noise)
    found = tried(record, tries=RESCALE)
    assert not found.sure
    assert found.said.endswith("in the IoU on images that did not choose it.")
    assert "brings no gain to rely on: " in found.said


def test_the_choice_is_proven_on_other_images(record):
    """Images that each need a factor of their own gain nothing by one that others chose."""
    factors = [0.25, 0.5, 2.0, 4.0]
    add(record, rows([0.5] * 4))
    levels(
        record,
        {1.0: [0.5] * 4} | {f: [0.9 * (n == i) for n in range(4)] for i, f in enumerate(factors)},
    )
    found = tried(record, tries=RESCALE)
    assert found.gain <= 0
    assert not found.sure


def test_where_1_is_best_nothing_is_gained(record):
    """Where all images choose the level that they have, that is what is said."""
    add(record, rows(around(0.5)))
    levels(record, {1.0: around(0.5), 2.0: around(0.3)})
    found = tried(record, tries=RESCALE)
    assert (found.gain, found.choices) == (0.0, (1.0,))
    assert found.said == "Rescaling by another number than 1 would gain nothing."


def test_less_of_what_is_bad_is_a_gain(record):
    """An error that falls is told as one that is lowered, and its least is chosen."""
    levels(record, {1.0: around(0.4), 2.0: around(0.1), 4.0: around(0.3)}, "leaked")
    given = {"probe": PROBE, "metric": "leaked", "at": {"factor": 1.0}, "at_most": 0.2}
    found = tried(record, **given, tries={"doing": "By {choice}", "over": "factor"})
    assert (found.choices, found.gain) == ((2.0,), pytest.approx(0.3))
    assert found.said.startswith("By 2 would lower the share that leaked by 0.3")
    assert found.said.endswith(": 0.100 instead of 0.400.")


def test_another_way_is_compared_image_by_image(record):
    """Without a level to choose, the images that have both are compared, and only these."""
    add(record, rows([*around(0.5), 0.1]))
    add(record, rows([one + 0.2 for one in around(0.5)], way="other"))
    found = tried(record, tries=OTHERWISE)
    assert (found.before, found.after, found.choices) == (
        pytest.approx(0.5),
        pytest.approx(0.7),
        (),
    )
    assert found.said.startswith("Another way would raise the IoU by 0.2")
    assert "did not choose" not in found.said


def test_only_what_is_broken_is_remedied(record):
    """A rule that is kept tells of no remedy, whatever the images say, and gives no advice."""
    add(record, rows(around(0.9)))
    levels(record, {1.0: around(0.9), 2.0: around(0.99)})
    (kept,) = judged(record, rule(tries=RESCALE, remedy="Rescale."))
    (broken,) = judged(record, rule(at_least=0.95, tries=RESCALE, remedy="Rescale."))
    assert (kept.verdict, kept.tried, kept.advice) == (PASS, None, "")
    assert broken.verdict is FAIL
    assert broken.advice == f"Rescale. {broken.tried.said}"


def test_what_makes_it_worse_is_no_remedy(record):
    """A remedy that surely costs something is told as none."""
    add(record, rows(around(0.5)))
    add(record, rows(around(0.2), way="other"))
    found = tried(record, tries=OTHERWISE)
    assert not found.sure
    assert found.interval[1] < 0
    assert found.said == "Another way is no remedy: IoU 0.200 instead of 0.500."


@pytest.mark.parametrize("images", [0, 1])
def test_too_few_images_tell_nothing(record, images):
    """Where a remedy was not measured, or of one image alone, nothing is said of it."""
    add(record, rows(around(0.5)))
    if images:
        levels(record, {1.0: [0.5], 2.0: [0.9]})
    assert tried(record, tries=RESCALE) is None

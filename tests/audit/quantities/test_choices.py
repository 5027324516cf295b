"""Laws of choices: gains, worst cases, pools and breaking points are of the right images."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from audit.measurement import Measurement
from audit.record.record import Record
from tests.audit.conftest import DECLARED
from tests.audit.ruling import FAIL, PASS, UNDECIDED, WARN, around, judged, rows, rule
from tests.toys import Brightness, add


def scaled(record, score, n=16, seed=0):
    """Write scores over scale factors, one curve an image, with noise."""
    stream = np.random.default_rng(seed)
    for factor in (0.4, 0.5, 0.8, 1.0, 1.26):
        values = [score(factor) + 0.01 * stream.standard_normal() for _ in range(n)]
        add(record, rows(values, factor=factor), probe="resolution.scale")


GAIN = {"probe": "resolution.scale", "statistic": "gain", "over": "factor", "at_most": 0.05}


def test_a_planted_gain_is_found(record):
    """A model that does better on coarser pixels fails, and the best factor is named."""
    scaled(record, lambda f: 0.9 - 0.5 * np.log(f / 0.5) ** 2)
    (outcome,) = judged(record, rule(**GAIN, tolerated=(0.75, 1.35)))
    assert outcome.verdict is FAIL
    assert outcome.estimate == pytest.approx(0.24, abs=0.02)
    assert outcome.choice == pytest.approx(0.5, abs=0.03)
    assert "best factor 0.5" in outcome.because


def test_a_gain_within_the_tolerated_range_passes(record):
    """Where the best factor is near one, whatever is gained there is no finding."""
    scaled(record, lambda f: 0.9 - 2 * abs(np.log(f / 0.8)))
    tolerated, strict = judged(record, rule(**GAIN, tolerated=(0.75, 1.35)), rule("strict", **GAIN))
    assert (tolerated.verdict, strict.verdict) == (PASS, FAIL)


def test_a_gain_near_the_untouched_size_only_warns(record):
    """Where the best factor lies in the mild range the gain is a finding, and no fault."""
    scaled(record, lambda f: 0.9 - 2 * abs(np.log(f / 0.8)))
    mild, far = judged(record, rule(**GAIN, mild=(0.65, 1.55)), rule("b", **GAIN, mild=(0.9, 1.1)))
    assert (mild.verdict, far.verdict) == (WARN, FAIL)


def test_no_gain_passes(record):
    """A model that is best as it is gains nothing, and a flat one nothing by luck."""
    scaled(record, lambda f: 0.9 - 0.5 * abs(np.log(f)))
    (outcome,) = judged(record, rule(**GAIN))
    assert outcome.verdict is PASS
    assert outcome.estimate == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_luck_is_no_gain(tmp_path, seed):
    """Where no factor is better, choosing the luckiest one on other images gains nothing."""
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        scaled(record, lambda _: 0.9, seed=seed)
        (outcome,) = judged(record, rule(**GAIN | {"at_most": 0.01}))
        assert abs(outcome.estimate) < 0.006


def test_a_gain_needs_the_untouched_image(record):
    """Without the factor 1, or with words for factors, a gain is undecided and says why."""
    add(record, rows(around(0.9), factor=0.5), probe="resolution.scale")
    add(record, rows(around(0.9), shape="tilt"), probe="shift.a")
    words = GAIN | {"probe": "shift.a", "over": "shape"}
    one, two = judged(record, rule(**GAIN), rule("two", **words))
    assert (one.verdict, two.verdict) == (UNDECIDED, UNDECIDED)
    assert "no factor of 1" in one.because


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("metric", ["iou", "changed_fraction"])
def test_the_worst_case_is_brute_force(tmp_path, seed, metric):
    """Dinkelbach finds the lowest pooled value over all choices an image; of harms the highest."""
    stream = np.random.default_rng(seed)
    values, weights = stream.random((5, 3)), stream.integers(1, 100, (5, 3)).astype(float)
    if seed % 2:
        values *= 40
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        record.declare([DECLARED])
        add(
            record,
            [
                Measurement(metric, values[n, k], str(n), {"draw": k}, weights[n, k])
                for n, k in itertools.product(range(5), range(3))
            ],
            probe="shift.a",
        )
        given = {"statistic": "worst", "over": "draw", "metric": metric}
        (outcome,) = judged(record, rule(probe="shift.a", **given))
    pooled = [
        sum(values[n, k] * weights[n, k] for n, k in enumerate(choice))
        / sum(weights[n, k] for n, k in enumerate(choice))
        for choice in itertools.product(range(3), repeat=5)
    ]
    expected = min(pooled) if metric == "iou" else max(pooled)
    assert outcome.estimate == pytest.approx(expected, abs=1e-9)


def test_pooled_is_of_all_pixels_together(record):
    """Pooled IoU is the sum of intersections over the sum of unions."""
    stream = np.random.default_rng(0)
    unions = stream.integers(10, 1000, 12)
    shared = [int(stream.integers(0, union + 1)) for union in unions]
    add(
        record,
        [
            Measurement("iou", part / union, str(n), {}, float(union))
            for n, (part, union) in enumerate(zip(shared, unions.tolist(), strict=True))
        ],
    )
    (outcome,) = judged(record, rule(statistic="pooled"))
    assert outcome.estimate == pytest.approx(sum(shared) / unions.sum(), abs=1e-12)


@pytest.mark.parametrize("order", [(1.0, 2.0, 4.0, 8.0), (8.0, 4.0, 2.0, 1.0)])
def test_the_breaking_point_runs_from_mild_to_severe(record, order):
    """The level at which the drop passes the tolerance, in the probe's own order of levels."""
    record.register(Brightness(factor=order))
    add(record, rows(around(0.9)))
    for step, level in enumerate(order):
        add(record, rows(around(0.9 - 0.1 * step), factor=level), probe="toy.brightness")
    given = {"statistic": "breaking_point", "over": "factor", "against": ("clean",)}
    (outcome,) = judged(
        record, rule(probe="toy.brightness", tolerance=0.15, at_most=100.0, **given)
    )
    expected = np.exp((np.log(order[1]) + np.log(order[2])) / 2)
    assert outcome.estimate == pytest.approx(expected, rel=1e-6)
    assert outcome.verdict is PASS


def test_the_breaking_points_interval_is_of_the_images(tmp_path):
    """Images that break at different levels make it wide; twice as alike, about half as wide."""
    widths = []
    for spread in (0.04, 0.02):
        with Record(tmp_path / f"{spread}.sqlite") as record:
            record.assign("audited", "m", "model")
            record.register(Brightness(factor=(1.0, 2.0, 4.0, 8.0)))
            add(record, rows([0.9] * 12))
            for step in range(4):
                values = around(0.9 - 0.1 * step, spread=spread * step)
                add(record, rows(values, factor=2.0**step), probe="toy.brightness")
            given = {"over": "factor", "against": ("clean",), "at_least": 1.0}
            one = rule(probe="toy.brightness", statistic="breaking_point", tolerance=0.15, **given)
            (outcome,) = judged(record, one)
            widths.append(outcome.here[1] - outcome.here[0])
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.2)
    assert 0 < widths[1] < 1

"""Laws of the statistics: what is counted, what depends on what, and how sure one may be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.rule import Rule
from audit.policy.verdict import Verdict
from audit.record.record import Record
from tests.toys import add, scene

PASS, WARN, UNDECIDED, FAIL = Verdict.PASS, Verdict.WARN, Verdict.UNDECIDED, Verdict.FAIL


def outcome(record, **given):
    """Return the outcome of one rule on a toy probe."""
    usual = {"id": "one", "what": "it", "probe": "toy.probe", "metric": "m", "why": "for a test"}
    return judge(Policy(name="test", rule=(Rule(**usual | given),)), record).outcomes[0]


def objects(values, **others):
    """Return rows of a metric: (image, object, value)."""
    return [Measurement("m", v, image, {"object": o}, **others) for image, o, v in values]


def test_a_census_has_no_sampling_error(record):
    """One leaked image of a hundred is one too many, and nobody asks for an interval."""
    add(
        record, [Measurement("m", float(n == 3), f"{n:03d}") for n in range(100)], probe="toy.probe"
    )
    found = outcome(record, statistic="census", at_most=0.0)

    assert found.verdict is FAIL
    assert found.interval == (found.estimate, found.estimate) == (0.01, 0.01)
    assert outcome(record, statistic="census", at_most=0.01).verdict is PASS
    assert outcome(record, statistic="census", at_most=0.0, warns=True).verdict is WARN


def test_one_flag_is_enough_for_a_census(record):
    """A fact of the whole audit is a fact, though it was measured once."""
    add(record, [Measurement("m", 1.0)], probe="toy.probe")

    assert outcome(record, statistic="census", at_least=1.0).verdict is PASS


def test_a_census_speaks_in_the_probes_own_words(record):
    """What was remarked on the rule's own condition is its sentence; other conditions' is not."""
    rows = [Measurement("m", 1.0, at={"of": one}, remark=f"It is {one}.") for one in ("a", "b")]
    add(record, rows, probe="toy.probe")

    found = outcome(record, statistic="census", at={"of": "b"}, at_most=0.0)
    assert (found.verdict, found.because) == (FAIL, "It is b.")
    both = outcome(record, statistic="census", each=("of",), at_most=0.0)
    assert both.because == "a: It is a.\nb: It is b."


def test_of_many_only_what_is_beyond_the_bound_is_told_by_number(record):
    """A line for each that was found, 2 before 10; where none was, how many were asked."""
    flags = {"run 10": 1.0, "run 2": 1.0, "run 3": 0.0}
    rows = [Measurement("m", v, at={"of": n}, remark=f"It is {v:g}.") for n, v in flags.items()]
    add(record, rows, probe="toy.probe")

    found = outcome(record, statistic="census", each=("of",), at_most=0.0)
    assert found.because == "run 2: It is 1.\nrun 10: It is 1."
    none = outcome(record, statistic="census", each=("of",), at_most=1.0)
    assert none.because.endswith(": in none of 3.")


def test_a_rate_has_garwoods_interval(record):
    """Three events in two megapixels: the interval is that of chi squared."""
    rows = [Measurement("m", v, None, {"draw": n}, 0.4) for n, v in enumerate((2.5, 0, 5.0, 0, 0))]
    add(record, rows, probe="toy.probe")
    found = outcome(record, statistic="rate", each=["draw"], at_most=10.0)

    assert found.estimate == pytest.approx(1.5)
    expected = stats.chi2.ppf(0.025, 6) / 4, stats.chi2.ppf(0.975, 8) / 4
    assert found.interval == pytest.approx(expected)


def test_no_event_is_no_proof_of_none(record):
    """Nothing seen in one megapixel may still be three per megapixel."""
    rows = [Measurement("m", 0.0, None, {"draw": n}, 0.2) for n in range(5)]
    add(record, rows, probe="toy.probe")

    assert outcome(record, statistic="rate", each=["draw"], at_most=0.1).verdict is UNDECIDED
    assert outcome(record, statistic="rate", each=["draw"], at_most=4.0).verdict is PASS


def movie_of_counts(record, counts, groups):
    """Record so many events in each image, each image of the exposure 1."""
    samples = [scene(n, group=str(g), frame=n) for n, g in enumerate(groups)]
    rows = [Measurement("m", float(c), s.id) for c, s in zip(counts, samples, strict=True)]
    record.enlist(samples)
    add(record, rows, probe="toy.probe")
    return outcome(record, statistic="rate", at_most=10.0)


def test_events_of_one_movie_are_no_independent_ones(record):
    """Where one movie of four holds all events, other movies are known as well as four are."""
    found = movie_of_counts(record, [5] * 10 + [0] * 30, [n // 10 for n in range(40)])

    reach = stats.t.ppf(0.975, 3) * np.std([5, 0, 0, 0], ddof=1) / 2
    assert found.estimate == 1.25
    assert found.beyond == pytest.approx((0.0, 1.25 + reach))
    assert found.here[1] < found.beyond[1]


def test_events_by_chance_have_garwoods_interval(record):
    """Where images scatter no more than counts by chance do, the exact interval stands."""
    found = movie_of_counts(record, [1, 2, 0, 1] * 10, range(40))

    assert found.interval == pytest.approx(
        (stats.chi2.ppf(0.025, 80) / 80, stats.chi2.ppf(0.975, 82) / 80)
    )


def test_frames_of_one_movie_give_a_rate_no_interval_beyond(record):
    """Four frames say how often it happens in their movie, and nothing of others."""
    found = movie_of_counts(record, [1, 0, 2, 1], [0] * 4)
    assert found.here is not None
    assert found.beyond is None


def test_objects_of_one_image_are_no_independent_images(record):
    """A hundred objects of equal luck in four images are known as well as four images."""
    stream = np.random.default_rng(0)
    image = stream.normal(0, 1, 4)
    values = [(f"{i}", o, float(image[i])) for i in range(4) for o in range(100)]
    add(record, objects(values), probe="toy.probe")
    found = outcome(record, each=["object"], at_most=99.0)

    expected = stats.t.interval(0.95, 3, image.mean(), image.std(ddof=1) / 2)
    assert found.interval == pytest.approx(expected)
    assert found.n == 4


def test_an_object_weighs_as_much_as_another(record):
    """Images with more objects count more in a mean over objects."""
    values = [("a", n, 1.0) for n in range(9)] + [("b", 0, 0.0)]
    add(record, objects(values), probe="toy.probe")

    assert outcome(record, each=["object"], at_most=9.0).estimate == pytest.approx(0.9)


def pairs(first, second, groups):
    """Return rows of two metrics of one object an image, of images of several groups."""
    samples = [scene(n, group=g, frame=n) for n, g in enumerate(groups)]
    rows = [
        Measurement(metric, float(v), sample.id, {"object": 1})
        for metric, values in (("m", first), ("size_px", second))
        for sample, v in zip(samples, values, strict=True)
    ]
    return samples, rows


@pytest.mark.parametrize("groups", [[str(n % 15) for n in range(60)], ["movie"] * 60])
@pytest.mark.parametrize("slope", [-2.0, 0.0])
def test_a_correlation_is_spearmans(record, groups, slope):
    """The estimate is scipy's; a strong fall is found, and none is not invented."""
    stream = np.random.default_rng(1)
    size = stream.normal(0, 1, 60)
    value = slope * size + stream.normal(0, 1, 60)
    samples, rows = pairs(value, size, groups)
    record.enlist(samples)
    add(record, rows, probe="toy.probe")
    found = outcome(
        record, statistic="correlation", beside="size_px", each=["object"], at_least=-0.4
    )

    assert found.estimate == pytest.approx(stats.spearmanr(value, size).statistic)
    assert found.here[0] < found.estimate < found.here[1]
    assert found.verdict is (FAIL if slope else PASS)


def test_the_interval_of_a_correlation_covers(tmp_path):
    """Of many data sets without any correlation at most a few have an interval that excludes 0."""
    missed = 0
    for seed in range(60):
        stream = np.random.default_rng(seed)
        samples, rows = pairs(*stream.normal(0, 1, (2, 40)), [str(n % 20) for n in range(40)])
        with Record(tmp_path / f"{seed}.sqlite") as record:
            record.assign("audited", "m", "model")
            record.enlist(samples)
            add(record, rows, probe="toy.probe")
            low, high = outcome(
                record, statistic="correlation", beside="size_px", each=["object"], at_least=-1.0
            ).interval
        missed += not low <= 0 <= high

    assert missed <= 8


def parts(shift: float, count: int = 12):
    """Return samples and rows of two parts, each image a group of its own."""
    stream = np.random.default_rng(2)
    samples = [scene(n, group=str(n)) for n in range(2 * count)]
    rows = [
        Measurement("m", float(stream.normal(shift * (n % 2), 1)), s.id, {"part": "ab"[n % 2]})
        for n, s in enumerate(samples)
    ]
    return samples, rows


@pytest.mark.parametrize(("shift", "verdict"), [(3.0, FAIL), (0.0, PASS)])
def test_two_parts_differ_or_not(record, shift, verdict):
    """A drift of three deviations is found, and none is not invented."""
    samples, rows = parts(shift)
    record.enlist(samples)
    add(record, rows, probe="toy.probe")
    found = outcome(record, statistic="permutation", over="part", at_least=0.05)

    assert found.verdict is verdict
    assert "standard deviations" in found.because


def test_too_few_to_have_seen_a_drift_is_undecided(record):
    """Not to see an effect that could not be seen is no proof of its absence."""
    samples, rows = parts(0.0, count=5)
    record.enlist(samples)
    add(record, rows, probe="toy.probe")
    asked = {"statistic": "permutation", "over": "part", "at_least": 0.05}

    assert outcome(record, **asked, tolerance=1.0).verdict is UNDECIDED


def test_p_values_of_a_suite_share_one_risk(record):
    """Twenty features without drift: the lowest p is judged as the lowest of twenty."""
    stream = np.random.default_rng(5)
    samples = [scene(n, group=str(n)) for n in range(24)]
    record.enlist(samples)
    for number in range(20):
        rows = [
            Measurement(f"m{number}", float(stream.normal()), s.id, {"part": "ab"[n % 2]})
            for n, s in enumerate(samples)
        ]
        add(record, rows, probe="toy.probe")
    rules = [
        Rule(
            id=str(number),
            what="it",
            probe="toy.probe",
            metric=f"m{number}",
            why="for a test",
            statistic="permutation",
            over="part",
            at_least=0.05,
        )
        for number in range(20)
    ]
    alone = [judge(Policy(name="test", rule=(one,)), record).outcomes[0].verdict for one in rules]
    policy = Policy(name="test", rule=tuple(rules))
    together = [one.verdict for one in judge(policy, record).outcomes]

    assert FAIL in alone
    assert FAIL not in together

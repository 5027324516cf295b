"""Laws of judging: a verdict is what the interval of the right rows says, and never a guess."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.rule import Policy, Rule
from audit.policy.sentence import honest
from audit.policy.verdict import Verdict, overall
from audit.record import Record
from tests.toys import Brightness, add, scene

PASS, WARN, UNDECIDED, FAIL = Verdict.PASS, Verdict.WARN, Verdict.UNDECIDED, Verdict.FAIL


@pytest.fixture
def record(tmp_path):
    """Return an empty record of an audited model."""
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        yield record


def rule(name="one", **given) -> Rule:
    """Return a rule on the mean IoU of the untouched images, but for what is given."""
    usual = {"what": "the score", "probe": "pipeline.score", "metric": "iou", "why": "for a test"}
    bound = {} if "at_most" in given else {"at_least": 0.8}
    return Rule(**{"name": name, **usual, **bound, **given})


def judged(record, *rules):
    """Return the outcomes of rules."""
    return judge(Policy(name="test", rule=rules), record)


def rows(values, metric="iou", weight=1.0, **at):
    """Return a row for each value, of images named by number; None is undefined."""
    return [
        Measurement(metric, value, f"{n:03d}", at, weight, "empty" if value is None else None)
        for n, value in enumerate(values)
    ]


def around(mean: float, n: int = 12, spread: float = 0.01):
    """Return values of a mean and a spread."""
    return [mean + spread * (1 if i % 2 else -1) for i in range(n)]


@pytest.mark.parametrize(
    ("mean", "given", "verdict"),
    [
        (0.9, {}, PASS),
        (0.7, {}, FAIL),
        (0.8, {}, UNDECIDED),
        (0.84, {"warn": 0.87}, WARN),
        (0.9, {"warn": 0.87}, PASS),
        (0.87, {"warn": 0.87}, PASS),
        (0.7, {"warn": 0.87}, FAIL),
        (0.1, {"at_most": 0.2}, PASS),
        (0.3, {"at_most": 0.2}, FAIL),
        (0.2, {"at_most": 0.2}, UNDECIDED),
        (0.15, {"at_most": 0.2, "warn": 0.1}, WARN),
    ],
)
def test_an_interval_inside_outside_or_astride(record, mean, given, verdict):
    """PASS inside, FAIL outside, UNDECIDED astride, WARN where it is beyond a milder bound."""
    add(record, rows(around(mean)))
    (outcome,) = judged(record, rule(**given))
    assert outcome.verdict is verdict
    assert outcome.estimate == pytest.approx(mean)
    assert outcome.interval[0] <= mean <= outcome.interval[1]
    assert (outcome.n, outcome.clusters, outcome.level) == (12, 12, 0.95)
    assert outcome.because.startswith("The score is ")
    assert outcome.because.endswith(".")
    told = "would decide it" in outcome.because or "times the data" in outcome.because
    assert told == (verdict is UNDECIDED)


def test_the_whole_is_the_worst_and_nothing_is_undecided(record):
    """An empty policy is UNDECIDED; else the worst verdict that counts stands."""
    assert overall([]) is UNDECIDED
    assert overall(judged(record)) is UNDECIDED
    add(record, rows(around(0.9)))
    outcomes = judged(record, rule(), rule("two", warn=0.95), rule("three", at_least=0.95))
    assert [one.verdict for one in outcomes] == [PASS, WARN, FAIL]
    assert overall(outcomes[:2]) is WARN
    assert overall(outcomes) is FAIL
    assert [one.rule.name for one in outcomes if one.verdict is FAIL] == ["three"]


def test_drops_are_paired_with_the_same_image(record):
    """A steady loss on very different images is found, for it is judged image by image."""
    clean = list(np.linspace(0.3, 0.9, 12))
    add(record, rows(clean))
    lost = [value - 0.1 - 0.002 * (n % 2) for n, value in enumerate(clean)]
    add(record, rows(lost, x=2.0), probe="shift.a")
    one = rule(probe="shift.a", at={"x": 2.0}, against=("clean",), at_most=0.05)
    (outcome,) = judged(record, one)
    assert outcome.verdict is FAIL
    assert outcome.estimate == pytest.approx(0.101)
    assert outcome.interval[1] - outcome.interval[0] < 0.01


def test_a_class_is_paired_with_its_own_class(record):
    """The drop of one class is from that class's clean score, not from another's."""
    for number, clean in ((1, 0.9), (2, 0.5)):
        add(record, rows(around(clean), "class_iou", **{"class": number}))
        add(record, rows(around(clean), "class_iou", x=2.0, **{"class": number}), probe="shift.a")
    for number in (1, 2):
        at = {"x": 2.0, "class": number}
        one = rule(probe="shift.a", metric="class_iou", at=at, against=("clean",), at_most=0.05)
        (outcome,) = judged(record, one)
        assert outcome.verdict is PASS
        assert outcome.estimate == pytest.approx(0.0, abs=1e-12)


def test_only_the_conditions_asked_for_are_judged(record):
    """Rows at another level, of another metric or another model do not count."""
    add(record, rows(around(0.9), x=1.0), probe="shift.a")
    add(record, rows(around(0.1), x=2.0), probe="shift.a")
    add(record, rows(around(0.1), "dice", x=1.0), probe="shift.a")
    add(record, rows(around(0.1), x=1.0), probe="shift.a", model="other")
    (outcome,) = judged(record, rule(probe="shift.a", at={"x": 1.0}))
    assert outcome.estimate == pytest.approx(0.9)


def test_a_reference_says_what_is_normal(record):
    """Against references the difference from their mean is judged, on the same images."""
    record.assign("reference", "r", "reference")
    record.assign("reference:2", "s", "reference")
    add(record, rows(around(0.6)))
    add(record, rows(around(0.62)), model="r")
    add(record, rows(around(0.66)), model="s")
    near, far = (rule(n, against=("reference",), at_least=b) for n, b in (("a", -0.1), ("b", 0.0)))
    first, second = judged(record, near, far)
    assert (first.verdict, second.verdict) == (PASS, FAIL)
    assert first.estimate == pytest.approx(-0.04)


def test_a_drop_relative_to_the_references_drop(record):
    """Against clean and reference: only what the model loses beyond the normal counts."""
    record.assign("reference", "r", "reference")
    for model, lost in (("m", 0.3), ("r", 0.28)):
        add(record, rows(around(0.9)), model=model)
        add(record, rows(around(0.9 - lost), x=1.0), probe="shift.a", model=model)
    given = {"probe": "shift.a", "at": {"x": 1.0}}
    alone = rule("alone", against=("clean",), at_most=0.1, **given)
    beside = rule("beside", against=("clean", "reference"), at_most=0.1, **given)
    outcomes = judged(record, alone, beside)
    assert [one.verdict for one in outcomes] == [FAIL, PASS]
    assert outcomes[1].estimate == pytest.approx(0.02)


def test_without_a_reference_there_is_no_verdict(record):
    """A rule against references is undecided where none was measured, and says so."""
    add(record, rows(around(0.9)))
    (outcome,) = judged(record, rule(against=("reference",)))
    assert (outcome.verdict, outcome.counts) == (UNDECIDED, True)
    assert outcome.because.endswith(" was not judged: no reference network was given.")


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
@pytest.mark.parametrize("bound", ["at_least", "at_most"])
def test_the_worst_case_is_brute_force(tmp_path, seed, bound):
    """Dinkelbach finds the lowest (or highest) pooled value over all choices an image."""
    stream = np.random.default_rng(seed)
    values, weights = stream.random((5, 3)), stream.integers(1, 100, (5, 3)).astype(float)
    if seed % 2:
        values *= 40
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        add(
            record,
            [
                Measurement("iou", values[n, k], str(n), {"draw": k}, weights[n, k])
                for n, k in itertools.product(range(5), range(3))
            ],
            probe="shift.a",
        )
        given = {"statistic": "worst", "over": "draw", bound: 0.5}
        (outcome,) = judged(record, rule(probe="shift.a", **given))
    pooled = [
        sum(values[n, k] * weights[n, k] for n, k in enumerate(choice))
        / sum(weights[n, k] for n, k in enumerate(choice))
        for choice in itertools.product(range(3), repeat=5)
    ]
    expected = min(pooled) if bound == "at_least" else max(pooled)
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
            widths.append(outcome.interval[1] - outcome.interval[0])
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.2)
    assert 0 < widths[1] < 1


@pytest.mark.parametrize("statistic", ["gain", "breaking_point", "worst", "mean", "pooled"])
def test_one_image_gives_no_verdict(record, statistic):
    """Whatever is asked, one image has no interval, and the rule is undecided without a crash."""
    record.register(Brightness(factor=(1.0, 2.0)))
    for factor in (1.0, 2.0):
        add(record, rows([0.9], factor=factor), probe="toy.brightness")
    over = {} if statistic in ("mean", "pooled") else {"over": "factor"}
    at = {} if over else {"at": {"factor": 1.0}}
    tolerance = {"tolerance": 0.95} if statistic == "breaking_point" else {}
    one = rule(probe="toy.brightness", statistic=statistic, **over, **at, **tolerance)
    (outcome,) = judged(record, one)
    assert (outcome.verdict, outcome.interval) == (UNDECIDED, None)
    assert "no interval" in outcome.because


def test_many_rules_of_a_suite_share_one_risk(record):
    """Holm widens the intervals of paired rules within a suite, and of no others."""
    add(record, rows(around(0.9)))
    for level in (1.0, 2.0, 3.0):
        values = around(0.85, spread=0.05)
        add(record, rows(values, x=level), probe="shift.a")
        add(record, rows(values, x=level), probe="blur.a")
    many = [
        rule(f"{s}{x}", probe=f"{s}.a", at={"x": x}, against=("clean",), at_most=0.06)
        for s, levels in (("shift", (1.0, 2.0, 3.0)), ("blur", (1.0,)))
        for x in levels
    ]
    outcomes = judged(record, *many, rule("absolute"))
    assert [round(1 - one.level, 4) for one in outcomes] == [0.0167, 0.0167, 0.0167, 0.05, 0.05]
    widths = [one.interval[1] - one.interval[0] for one in outcomes[:4]]
    assert widths[0] == widths[1] > widths[3]


def fail(record, name, probe="pipeline.score"):
    """Write a unit of an image on which the model failed."""
    add(record, [], probe=probe, status="failed", reason="no", samples=(name,))


def test_failed_images_are_imputed(record):
    """A verdict stands only if the worst and the best results of failed images agree on it."""
    add(record, rows(around(0.99, n=40, spread=0.001)))
    fail(record, "x")
    stands, turns = judged(record, rule(at_least=0.5), rule("two", at_least=0.985))
    assert stands.verdict is PASS
    assert "It stands whatever the 1 failed images hold" in stands.because
    assert turns.verdict is UNDECIDED
    assert "could turn the verdict" in turns.because


def test_a_failed_clean_image_is_a_failed_drop(record):
    """Where the untouched image failed there is no drop, and that is not passed over."""
    add(record, rows(around(0.9)))
    add(record, rows(around(0.9, n=13), x=1.0), probe="shift.a")
    fail(record, "012")
    one = rule(probe="shift.a", at={"x": 1.0}, against=("clean",), at_most=0.03)
    (outcome,) = judged(record, one)
    assert outcome.verdict is UNDECIDED
    assert "failed on 1 more images" in outcome.because


def test_an_unbounded_metric_cannot_be_imputed(record):
    """Where nobody knows how bad a failed image may be, one is enough to leave a rule undecided."""
    add(record, rows(around(40.0), "snr_db"))
    (before,) = judged(record, rule(metric="snr_db", at_least=10.0))
    fail(record, "x")
    (after,) = judged(record, rule(metric="snr_db", at_least=10.0))
    assert (before.verdict, after.verdict) == (PASS, UNDECIDED)


def test_a_difference_of_drops_is_imputed_in_full(record):
    """Beyond the reference's drop an image may have lost twice as much as a score can hold."""
    record.assign("reference", "r", "reference")
    values = around(0.9, n=30, spread=0.001)
    for model in ("m", "r"):
        add(record, rows(values), model=model)
        add(record, rows(values, x=1.0), probe="shift.a", model=model)
    fail(record, "x", "shift.a")
    given = {"probe": "shift.a", "at": {"x": 1.0}, "against": ("clean", "reference")}
    wide, narrow = judged(record, rule(at_most=0.5, **given), rule("b", at_most=0.15, **given))
    assert (wide.verdict, narrow.verdict) == (PASS, UNDECIDED)


def test_all_images_failed(record):
    """Where the model failed everywhere there is nothing to judge, and the reason is said."""
    fail(record, "x")
    (outcome,) = judged(record, rule())
    assert outcome.verdict is UNDECIDED
    assert outcome.because.endswith(" was not judged: pipeline.score failed: no.")


@pytest.mark.parametrize("choice", [1, 2])
def test_a_worst_case_imputes_every_choice(record, choice):
    """A failed image counts as worst at every choice, one that is called 1 included."""
    for k in (choice, choice + 1):
        add(record, rows(around(0.99, n=40, spread=0.001), draw=k), probe="shift.a")
    fail(record, "x", "shift.a")
    given = {"probe": "shift.a", "statistic": "worst", "over": "draw"}
    good, bad = judged(record, rule(**given, at_least=0.5), rule("b", **given, at_least=0.985))
    assert (good.verdict, bad.verdict) == (PASS, UNDECIDED)


def test_what_was_not_measured_is_undecided(record):
    """A rule on what was not run is UNDECIDED and counts, unless it says that it may be missing."""
    counts, listed = judged(record, rule(), rule("two", missing="ignore"))
    assert (counts.verdict, counts.counts) == (UNDECIDED, True)
    assert (listed.verdict, listed.counts) == (UNDECIDED, False)
    assert counts.because.endswith(" was not judged: pipeline.score was not run.")
    add(record, rows(around(0.9)))
    (condition,) = judged(record, rule(at={"x": 1.0}))
    assert "no iou at this condition" in condition.because


@pytest.mark.parametrize(
    ("status", "counts"), [("not_applicable", False), ("skipped", True), ("stopped", True)]
)
def test_three_absences_are_not_one(record, status, counts):
    """Not applicable does not count; lacking and stopped do, and all say their reason."""
    add(record, [], status=status, reason="for this reason")
    (outcome,) = judged(record, rule())
    assert (outcome.verdict, outcome.counts) == (UNDECIDED, counts)
    assert "for this reason" in outcome.because


def test_undefined_everywhere_is_no_score(record):
    """Where every value is undefined the rule is undecided for that reason, not zero."""
    add(record, rows([None] * 12, weight=0.0))
    (outcome,) = judged(record, rule())
    assert outcome.verdict is UNDECIDED
    assert "every measurement is undefined: empty" in outcome.because


def test_undefined_images_are_left_out(record):
    """An image without a value neither helps nor harms."""
    add(record, [*rows(around(0.9)), *rows([None] * 13)[12:]])
    (outcome,) = judged(record, rule())
    assert (outcome.n, outcome.verdict) == (12, PASS)


def test_a_rule_waits_for_those_it_is_given(record):
    """A rule is undecided until its prerequisites pass, and theirs, whatever its numbers say."""
    add(record, rows(around(0.9)))
    a = rule("a", at_least=0.95)
    b, c, d = rule("b", given=("a",)), rule("c", given=("b",)), rule("d", given=("e",))
    outcomes = judged(record, c, b, a, d, rule("e"))
    assert [one.verdict for one in outcomes] == [UNDECIDED, UNDECIDED, FAIL, PASS, PASS]
    assert outcomes[1].because.startswith("Undecided until a passes. The score is 0.9")
    assert outcomes[0].because.startswith("Undecided until b passes.")


def movie(record, values):
    """Write scores of one movie's frames, in order."""
    record.enlist([scene(n, id=f"{n:03d}", group="movie", frame=n) for n in range(len(values))])
    add(record, rows(values))


def test_a_hardly_seen_movie_leaves_absolute_rules_undecided(record):
    """Frames that are worth fewer than four independent images decide no absolute rule."""
    movie(record, list(0.9 + 0.001 * np.cumsum(np.ones(30))))
    (outcome,) = judged(record, rule(at_least=0.5))
    assert outcome.effective_n < 4
    assert outcome.verdict is UNDECIDED
    assert "So few independent images" in outcome.because


def test_two_groups_leave_absolute_rules_undecided(record):
    """Two images of two groups agree by chance: no absolute verdict rests on them."""
    add(record, rows([0.9, 0.9001]))
    (outcome,) = judged(record, rule(at_least=0.5))
    assert outcome.clusters == 2
    assert outcome.verdict is UNDECIDED


def test_a_verdict_on_one_movie_says_so(record):
    """A movie of independent frames is judged, and `because` says that it is one movie."""
    movie(record, list(0.9 + 0.01 * np.random.default_rng(0).standard_normal(40)))
    passed, unsure = judged(record, rule(), rule("two", at_least=0.9))
    assert passed.verdict is PASS
    assert "of one movie" in passed.because
    assert unsure.verdict is UNDECIDED
    assert "Another movie would decide it" in unsure.because


def test_a_short_movie_gives_no_interval(record):
    """Few frames of one movie leave the rule undecided and say how many there are."""
    movie(record, [0.9, 0.91, 0.92])
    (outcome,) = judged(record, rule())
    assert (
        outcome.because
        == "The score was not judged: no interval can be had from 3 images of one movie; "
        "8 frames of one movie, or images of two groups, are the least."
    )
    assert (outcome.verdict, outcome.interval) == (UNDECIDED, None)


def test_no_audited_model_no_verdict(tmp_path):
    """A record without a model is undecided."""
    with Record(tmp_path / "r.sqlite") as record:
        (outcome,) = judged(record, rule())
    assert outcome.because.endswith(" was not judged: no model was audited.")


def test_judging_is_repeatable_and_writes_nothing(record):
    """The same record gives the same outcomes, and is not changed by judging."""
    add(record, rows(around(0.8)))
    before = record.database.total_changes
    assert judged(record, rule()) == judged(record, rule())
    assert record.database.total_changes == before


def test_rounding_never_crosses_the_bound():
    """A number is never shown on, or beyond, a bound that it is not on, or beyond."""
    stream = np.random.default_rng(0)
    for _ in range(5000):
        bound = round(float(stream.uniform(-1, 2)), int(stream.integers(0, 4)))
        value = bound + float(stream.normal()) * 10.0 ** -float(stream.integers(0, 17))
        shown = float(honest(value, rule(at_least=bound), int(stream.integers(0, 5))))
        assert (shown > bound) == (value > bound)
        assert (shown < bound) == (value < bound)


def test_a_failing_interval_is_not_shown_to_reach_the_bound(record):
    """Where the upper end is just below the bound the sentence does not round it onto it."""
    add(record, rows(around(0.7999, n=40, spread=1e-5)))
    (outcome,) = judged(record, rule())
    assert outcome.verdict is FAIL
    assert "0.800]" not in outcome.because

"""Numbers and findings behind the drawings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audit.measurement import Measurement
from audit.policy.rule import Rule
from reports.figures import findings
from reports.figures.curves import chart, positions
from reports.figures.drawing import room
from reports.figures.drops import Drop, drops
from reports.figures.evidence import Panel, Question, panels, questions, roles
from reports.figures.filmstrip import Album
from reports.figures.material import Material, gather
from reports.figures.mean import Mean
from reports.figures.spread import spread
from reports.page.probed import probed
from reports.vocabulary import Vocabulary
from tests.toys import add, written

if TYPE_CHECKING:
    from audit.policy.policy import Policy
    from audit.record.record import Record


def material(record: Record, probe: str, policy: Policy) -> Material:
    """Return what the figures of one probe are made from."""
    asked = next(one for one in questions(record) if one.name == probe)
    return gather(
        record, asked, "iou", roles(record), rules=policy.rules, words=Vocabulary.of(record)
    )


def test_severity_begins_untouched(record: Record, policy: Policy) -> None:
    """A curve of severity begins with the untouched images and falls as the rows do."""
    made = material(record, "shift.noise", policy)
    drawn = chart(record, made, made.panels[0])
    assert drawn is not None
    assert drawn.levels == (None, 1000.0, 100.0, 10.0)
    first, *rest = (one.value for one in drawn.mine.means if one)
    assert [round(first - one, 6) for one in rest] == [0.02, 0.2, 0.6]
    places, bounds = zip(*drawn.limits, strict=True)
    assert places == pytest.approx((1, 2))
    assert bounds == pytest.approx((first - 0.05,) * 2)


def test_breaking_point_lies_where_the_tolerance_is_crossed(record: Record, policy: Policy) -> None:
    """A drop of 0.02 at 1000 and 0.2 at 100 photons exceeds 0.05 at 10^(3 - 1/6)."""
    made = material(record, "shift.noise", policy)
    drawn = chart(record, made, made.panels[0])
    assert drawn is not None
    assert drawn.broken is not None
    assert drawn.broken.point == pytest.approx(10 ** (3 - 1 / 6))
    assert findings.of_chart(drawn).startswith("IoU has lost 0.05 at 680 photons")


def test_scale_passes_through_the_untouched_image(record: Record, policy: Policy) -> None:
    """An axis that holds the untouched image has no other, and its title names the best level."""
    made = material(record, "resolution.scale", policy)
    drawn = chart(record, made, made.panels[0])
    assert drawn is not None
    assert drawn.levels == (0.5, 1.0, 2.0)
    assert drawn.broken is None
    said = "IoU is 0.97 at factor 0.5, but 0.82 on the images as they are"
    assert findings.of_chart(drawn) == said


def test_a_mean_of_scores_lies_among_scores(movie: Record, policy: Policy) -> None:
    """No interval of a score goes below 0 or above 1."""
    made = material(movie, "shift.noise", policy)
    drawn = chart(movie, made, made.panels[0])
    assert drawn is not None
    edges = [end for one in drawn.mine.means if one for end in (one.low, one.high)]
    assert all(end is None or 0 <= end <= 1 for end in edges)


def test_scatter_names_the_worst(record: Record, movie: Record, policy: Policy) -> None:
    """Single images run from worst to best, or in time within one movie."""
    made = material(record, "pipeline.score", policy)
    found = spread(made, made.panels[0])
    assert found is not None
    assert found.kind == "sorted"
    assert found.worst[0].sample == "image-0"
    moving = material(movie, "pipeline.score", policy)
    timed = spread(moving, moving.panels[0])
    assert timed is not None
    assert timed.kind == "time"


def test_what_rounds_alike_has_no_worst(record: Record, policy: Policy) -> None:
    """Where every image reads as the mean does none is named the lowest."""
    made = material(record, "pipeline.score", policy)
    found = spread(made, made.panels[0])
    assert found is not None
    assert "lowest is" in findings.of_spread(found)
    value = found.mean.value
    alike = replace(found, points=tuple(replace(one, value=value) for one in found.points))
    assert findings.of_spread(alike).endswith("on average, and the same on every image")


def test_drops_are_paired(record: Record, policy: Policy) -> None:
    """What a condition costs is the mean over images of what each lost."""
    found = drops(material(record, "shift.noise", policy))
    assert [round(one.mine.value, 6) for one in found] == [0.02, 0.2, 0.6]
    assert [one.allowed for one in found] == [0.05, 0.05, None]
    assert [round(one.references[0], 6) for one in found] == [0.01, 0.05, 0.4]


def test_an_outsiders_probe_has_axes() -> None:
    """Conditions of an unknown probe are split by what is named, along what is counted."""
    rows = [
        Measurement("iou", 0.5, "a", {"stain": stain, "dose_um": dose})
        for stain in ("x", "y")
        for dose in (1.0, 2.0, 4.0)
    ]
    assert panels(rows, {}, Vocabulary()) == [
        Panel(axis="dose_um", fixed={"stain": stain}, levels=(1.0, 2.0, 4.0)) for stain in "xy"
    ]


def test_levels_stand_by_their_logarithm() -> None:
    """Positive levels stand by their logarithm, names evenly."""
    assert positions([None, 4.0, 2.0, 1.0]) == pytest.approx((0, 1, 2, 3))
    assert positions(["a", "b", "c"]) == (0, 1, 2)
    assert positions([0.0, 10.0, 40.0]) == pytest.approx((0, 0.5, 2))


def test_a_lone_name_is_its_own_suite() -> None:
    """A question has a suite even where its name has no dot."""
    assert Question(name="lone", asks="", source="", parameters={}).suite == "lone"


def test_a_probe_of_many_measures_is_a_table(tmp_path):
    """Where rules are about three metrics, no one of them stands for the others."""
    rows = [Measurement(m, 0.1, f"{n}") for n in range(4) for m in ("broken", "slow", "blind")]
    usual = {"what": "it", "probe": "toy.flags", "at_most": 1.0, "why": "for a test"}
    rules = [Rule(id=m, metric=m, **usual) for m in ("broken", "slow", "blind")]
    asked = Question(name="toy.flags", asks="Is it?", source="", parameters={})
    with written(tmp_path / "r.sqlite", rows, probe="toy.flags") as record:
        figure = probed(record, asked, rules, Album(record)).figure

    assert [line[0] for line in figure.table] == ["blind", "broken", "slow"]


def test_conditions_that_are_words_are_drawn_beside_each_other(tmp_path):
    """The mean of each, and the finding names the highest."""
    rows = [
        Measurement("fired", value, f"{n}", {"mark": mark})
        for n in range(4)
        for mark, value in (("dots", 0.9), ("lines", 0.1))
    ]
    asked = Question(name="toy.marks", asks="Is it?", source="", parameters={})
    with written(tmp_path / "r.sqlite", rows, probe="toy.marks") as record:
        figure = probed(record, asked, [], Album(record)).figure

    assert "0.90 (mark dots)" in figure.finding
    assert "svg" in figure.svg


def test_chance_stands_beside_an_attack(tmp_path):
    """The attack's curve holds what random noise of the same size does."""
    levels = (0.5, 1.0, 2.0)
    found = {"adversarial.gradient": 0.3, "adversarial.noise": 0.95}
    with written(tmp_path / "r.sqlite", []) as record:
        for name, value in found.items():
            rows = [
                Measurement("retention", value, f"{n}", {"noise_ratio": level})
                for n in range(4)
                for level in levels
            ]
            add(record, rows, probe=name)
        asked = Question(
            name="adversarial.gradient",
            asks="Is it?",
            source="",
            parameters={"noise_ratio": list(levels)},
        )
        figure = probed(record, asked, [], Album(record))

    assert [mean.value for mean in figure.charts[0].beside.means] == pytest.approx([0.95] * 3)
    assert ("beside", "random noise of the same size") in figure.figure.key


def both(path, mine, reference) -> Record:
    """Return a record of how much of two objects two networks found, yielded before their size."""
    record = written(path, [], probe="toy.objects")
    record.assign("reference", "other", "reference")
    for model, share in (("m", mine), ("other", reference)):
        rows = [
            Measurement(metric, value, f"{n}", {"object": 1})
            for n, size in enumerate((20.0, 50.0))
            for metric, value in (("share", share + size / 1000), ("diameter_px", size))
        ]
        add(record, rows, probe="toy.objects", model=model)
    return record


def test_what_a_probe_is_about_comes_before_what_the_objects_are(tmp_path):
    """Where no rule says which metric to draw, it is the one that the probe yields first."""
    asked = Question(name="toy.objects", asks="How much?", source="", parameters={})
    with both(tmp_path / "r.sqlite", 0.5, 0.6) as record:
        figure = probed(record, asked, [], Album(record)).figure

    assert figure.finding.startswith("Share is 0.54 [")
    assert ("reference", "reference network") in figure.key


@pytest.mark.parametrize("other", [0.5, 0.51])
def test_a_reference_that_is_hidden_is_said_to_be(tmp_path, other):
    """Where a reference network has nearly the same values, the key says that they lie behind."""
    asked = Question(name="toy.objects", asks="How much?", source="", parameters={})
    with both(tmp_path / "r.sqlite", 0.5, other) as record:
        figure = probed(record, asked, [], Album(record)).figure

    assert ("reference", "reference network, behind: hardly different") in figure.key


def test_what_is_flat_is_not_drawn(tmp_path):
    """Where nothing differs by as much as is called a difference, a sentence says it."""
    rows = [Measurement("share", 0.5 + n / 1000, f"{n}") for n in range(5)]
    asked = Question(name="toy.objects", asks="How much?", source="", parameters={})
    with written(tmp_path / "r.sqlite", rows, probe="toy.objects") as record:
        flat = probed(record, asked, [], Album(record)).figure
    with both(tmp_path / "other.sqlite", 0.5, 0.6) as record:
        moving = probed(record, asked, [], Album(record)).figure

    assert not flat.svg
    assert flat.finding.startswith("Share is 0.50 [0.50, 0.50] on average")
    assert moving.svg


def test_no_interval_is_wider_than_its_figure():
    """The axis of drops holds every value, and cuts an interval that is far wider than them."""
    narrow = Drop(label="a", mine=Mean(value=0.1, low=0.05, high=0.15, n=4), references=(0.2,))
    wide = Drop(label="b", mine=Mean(value=0.1, low=-5.0, high=5.0, n=2), references=())
    low, high = room([narrow, wide])
    assert -0.3 < low < 0
    assert 0.2 < high < 0.5
    assert room([narrow])[1] == pytest.approx(0.208)


def test_the_key_names_no_reference_that_is_not_drawn(tmp_path):
    """A reference network whose values are all undefined is not in the key."""
    rows = [Measurement("iou", 0.5 + n / 10, f"{n}") for n in range(3)]
    asked = Question(name="toy.score", asks="How good?", source="", parameters={})
    with written(tmp_path / "r.sqlite", rows, probe="toy.score") as record:
        record.assign("reference", "other", "reference")
        nothing = [Measurement("iou", None, row.sample, undefined="empty") for row in rows]
        add(record, nothing, probe="toy.score", model="other")
        figure = probed(record, asked, [], Album(record)).figure

    assert [mark for mark, _ in figure.key] == ["dot"]

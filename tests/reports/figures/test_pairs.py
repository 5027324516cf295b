"""Laws of pairs: an object's two metrics meet, and no other's."""

from __future__ import annotations

from audit.measurement import Measurement
from audit.policy.rule import Rule
from audit.probing.suite import Suite
from audit.tasks.scores import OBJECT
from reports.figures.evidence import Question
from reports.figures.filmstrip import Album
from reports.figures.pairs import draw_pairs, pairs
from reports.page.probed import probed
from tests.toys import written

RULE = Rule(
    id="size",
    what="it",
    probe="toy.objects",
    metric="recall",
    statistic="correlation",
    beside="size_px",
    each=("object",),
    at_least=-0.4,
    why="for a test",
)

TOY = Suite(name="toy", title="Toys", about="For tests.", probes=(), conditions=(OBJECT,))


def rows():
    """Return two metrics of four objects of two images; one recall is missing."""
    for image in ("a", "b"):
        for number in (1, 2):
            at = {"object": number}
            yield Measurement("size_px", 10.0 * number, image, at)
            if (image, number) != ("b", 2):
                yield Measurement("recall", 0.1 * number, image, at)


def test_metrics_meet_object_by_object(tmp_path):
    """What has only one of the two metrics is no point; the figure holds a dot for each other."""
    with written(tmp_path / "r.sqlite", list(rows()), probe="toy.objects") as record:
        record.declare([TOY])
        found = pairs(record, [RULE])
        question = Question(name="toy.objects", asks="Is it?", source="", parameters={})
        shown = probed(record, question, [RULE], Album(record)).figure

    assert found.points == ((10.0, 0.1), (20.0, 0.2), (10.0, 0.1))
    assert draw_pairs(found, "says").count("<use ") >= 3
    assert "3 objects" in shown.finding


def test_without_a_rule_on_a_correlation_there_are_no_pairs(tmp_path):
    """Other rules ask for other figures."""
    other = RULE.model_copy(update={"statistic": "mean", "beside": None})
    with written(tmp_path / "r.sqlite", list(rows()), probe="toy.objects") as record:
        assert pairs(record, [other]) is None

"""Laws of what numbers are called: as declared, else by their names."""

from __future__ import annotations

import pytest

from audit.metric import Condition, amount, share
from audit.policy.rule import Rule
from reports.vocabulary import Vocabulary

METRICS = (share("iou", "overlap"), amount("r50_px", "radius", "px"))
CONDITIONS = (
    Condition(name="photons", words="photons in bright pixels", unit="photons"),
    Condition(name="sigma_um", words="width of the blur", unit="µm"),
    Condition(name="factor", words="scale", neutral=1.0),
    Condition(name="length_px", words="length of the path"),
    Condition(name="shape", words=""),
    Condition(name="class", words="class", identity=True),
    Condition(name="object", words="object", identity=True, many=True),
)
KNOWN = Vocabulary(
    {one.name: one for one in METRICS}, {one.name: one for one in CONDITIONS}, {"a": "A title"}
)
NOTHING = Vocabulary()


def test_declared_words_are_used():
    """A metric is called as declared, with its unit; so are axis, levels and chapter."""
    assert KNOWN.metric("iou") == "overlap"
    assert KNOWN.metric("r50_px") == "radius (px)"
    assert KNOWN.axis("photons") == "photons in bright pixels"
    assert KNOWN.level("sigma_um", 0.5) == "0.5 µm"
    assert KNOWN.level("factor", 0.5) == "factor 0.5"
    assert KNOWN.level("length_px", 9) == "length 9 px"
    assert KNOWN.condition({"photons": 30.0, "shape": "tilt"}) == "tilt, 30 photons"
    assert (KNOWN.title("a"), KNOWN.title("receptive_field")) == ("A title", "Receptive field")


def test_undeclared_names_are_read():
    """An older record, or an outsider's, is understood by names that carry their unit."""
    assert (NOTHING.metric("iou"), NOTHING.metric("snr_db")) == ("IoU", "snr (dB)")
    assert (NOTHING.axis("sigma_um"), NOTHING.level("sigma_um", 0.5)) == (
        "sigma (µm)",
        "sigma 0.5 µm",
    )
    assert NOTHING.condition({}) == "untouched"
    assert NOTHING.apart({"object": 1}) == ({"object": 1}, {})


def test_what_a_row_is_about_is_no_axis():
    """Identities are told from axes, and those of which an image has many from the rest."""
    assert KNOWN.identities() == {"class", "object"}
    at = {"object": 7, "sigma_um": 1.0, "class": 1}
    assert KNOWN.apart(at) == ({"sigma_um": 1.0, "class": 1}, {"object": 7})


@pytest.mark.parametrize(
    ("level", "neutral"), [(1.0, True), (1, True), (2.0, False), (None, False)]
)
def test_an_axis_may_run_through_a_level_that_changes_nothing(level, neutral):
    """Only the declared level is neutral; an axis that declares none has none."""
    assert KNOWN.neutral("factor", level) is neutral
    assert not KNOWN.neutral("photons", level)
    assert not NOTHING.neutral("factor", level)


def test_words_of_a_file_do_no_harm():
    """What a record declares is shown without control and direction characters."""
    bad = "a\x1b[31mb\u202ec"
    vocabulary = Vocabulary(
        {"m": share("m", bad)}, {"c": Condition(name="c", words=bad, unit=bad)}, {"s": bad}
    )
    shown = (vocabulary.metric("m"), vocabulary.axis("c"), vocabulary.level("c", 1.0))
    assert (*shown, vocabulary.title("s")) == ("a[31mbc", "a[31mbc", "1 a[31mbc", "a[31mbc")


def test_a_rule_is_called_by_what_tells_it_apart():
    """Its id, and the condition that its list named; never both where they say the same."""
    given = {"what": "it", "probe": "p.q", "metric": "m", "at_most": 1.0, "why": "because of this"}
    noise = Rule(id="noise", at={"photons": [300.0, 30.0], "kind": "a"}, **given)
    assert [KNOWN.rule(one) for one in noise.each_condition()] == [
        "noise (300 photons)",
        "noise (30 photons)",
    ]
    assert KNOWN.rule(Rule(id="noise", at={"photons": 300.0}, **given)) == "noise"
    (factor,) = Rule(id="factor", at={"factor": [2.0]}, **given).each_condition()
    assert KNOWN.rule(factor) == "factor 2"

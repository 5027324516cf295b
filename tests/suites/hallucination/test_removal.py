"""Controls of hallucination.removal: memory still draws what is gone, sight does not."""

from __future__ import annotations

import torch
from torch import nn

from audit.engine.runner import run
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.hallucination.removal import Removal
from suites.hallucination.subject import NOT_ALONE, NOT_FOUND, TOO_FEW
from tests.toys import Does, audit_of, raw_threshold, rows_of, scene, scenes, segmenter

SMALL = Removal(halo_px=6, feather_px=2)


def remembering():
    """Return a model that draws the four discs whatever it is shown: the mean of the masks."""
    truth = torch.from_numpy(scene(size=128).mask()).float()
    return segmenter(Does(lambda x: 0 * x + truth - 0.5), output="sigmoid-logits", digest="memory")


def fields(count):
    """Return images whose discs lie where they always lie, with room between them."""
    return scenes(count, size=128)


def values(rows, metric):
    """Return the values of a metric, None where undefined."""
    return [row.value for row in rows if row.metric == metric]


def verdicts(model, tmp_path):
    """Return the verdict of each default rule on removal."""
    rules = tuple(rule for rule in load_policy().rule if rule.probe == SMALL.name)
    with Record(tmp_path / "r.sqlite") as record:
        audit = audit_of(model, fields(6))
        record.assign("audited", model.traits.digest, "model")
        run(audit, [SMALL], record, pictures=False)
        return {
            o.rule.name: o.verdict for o in judge(Policy(name="p", rule=rules), record).outcomes
        }


def test_memory_is_caught(tmp_path):
    """Positive control: the mean mask draws most of what was removed: the default rule fails."""
    still = values(rows_of(SMALL, remembering(), fields(3)), "still_fraction")
    assert min(still) > 0.5
    found = verdicts(remembering(), tmp_path)
    assert found == {"removal control": Verdict.PASS, "removal": Verdict.FAIL}


def test_sight_is_left_alone(tmp_path):
    """Negative control: a threshold sees nothing where background lies, and the rules pass."""
    rows = rows_of(SMALL, raw_threshold(), fields(3))
    assert set(values(rows, "still_fraction") + values(rows, "control_fraction")) == {0.0}
    assert set(verdicts(raw_threshold(), tmp_path).values()) == {Verdict.PASS}


def test_every_object_is_removed_by_itself():
    """Two objects an image, weighed by their areas, each with its control of the same area."""
    rows = rows_of(SMALL, raw_threshold(), fields(2))
    assert [row.at["object"] for row in rows] == [0, 0, 1, 1] * 2
    still, control = rows[:2]
    assert still.weight == control.weight > 150


def test_a_model_that_finds_nothing_has_nothing_to_lose():
    """What was not found cannot be removed; what has no room cannot either."""
    blind = segmenter(Does(lambda x: 0 * x - 1), output="sigmoid-logits", digest="blind")
    rows = rows_of(SMALL, blind, fields(1))
    assert {row.undefined for row in rows} == {NOT_FOUND}
    crowded = rows_of(Removal(halo_px=24), raw_threshold(), fields(1))
    assert {row.undefined for row in crowded} == {TOO_FEW}


def test_all_models_are_asked_about_the_same_objects():
    """Objects are drawn by the truth alone: their areas are the same for two models."""
    one, two = (rows_of(SMALL, model, fields(2)) for model in (remembering(), raw_threshold()))
    areas = [[row.weight for row in rows if row.metric == "still_fraction"] for rows in (one, two)]
    assert areas[0] == areas[1]


def test_what_the_border_cuts_is_left_alone():
    """An object whose halo reaches the border is never cut out, whatever the model."""
    cut = tuple(scene(n, size=64, radius=12.0) for n in range(2))
    rows = rows_of(SMALL, raw_threshold(), cut)
    assert {row.undefined for row in rows} == {TOO_FEW}


def test_what_the_truth_misses_beside_an_object_is_not_blamed():
    """Where the model sees more than the object, what remains after a removal says nothing."""

    def see(images):
        return nn.functional.max_pool2d(images, 17, 1, 8) - 140

    wide = segmenter(Does(see), output="sigmoid-logits", digest="wide")
    assert {row.undefined for row in rows_of(SMALL, wide, fields(1))} == {NOT_ALONE}

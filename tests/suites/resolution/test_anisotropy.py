"""Controls of resolution.anisotropy: a model of flattened objects gains from coarser rows."""

from __future__ import annotations

import pytest
from torch import nn

from audit.engine.runner import run
from audit.errors import UsageError
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.pipeline.score import Score
from suites.resolution.anisotropy import Anisotropy
from tests.toys import Does, audit_of, mean_of, raw_threshold, rows_of, scenes, segmenter


def flat_objects():
    """Return a model of what is brighter than the 25 rows around it: it knows flat objects."""

    def contrast(images):
        padded = nn.functional.pad(images, (0, 0, 12, 12), mode="reflect")
        smooth = nn.functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
        return smooth - nn.functional.avg_pool2d(padded, (25, 1), 1) - 8.0

    return segmenter(Does(contrast), output="sigmoid-logits", digest="flat objects")


def small_objects():
    """Return a model of what is brighter than the 17 x 17 pixels around it: of small objects."""

    def contrast(images):
        padded = nn.functional.pad(images, (8, 8, 8, 8), mode="reflect")
        smooth = nn.functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
        return smooth - nn.functional.avg_pool2d(padded, 17, 1) - 8.0

    return segmenter(Does(contrast), output="sigmoid-logits", digest="small objects")


def judged(model, tmp_path):
    """Return what the default policy says of both axes, by axis."""
    samples = scenes(8, size=96, radius=14.0)
    rules = [rule for rule in load_policy().rules if rule.probe == "resolution.anisotropy"]
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", model.traits.digest, "model")
        run(audit_of(model, samples), [Score(), Anisotropy()], record, pictures=False)
        outcomes = judge(Policy(name="test", rule=tuple(rules)), record).outcomes
    return {outcome.rule.at["axis"]: outcome for outcome in outcomes}


def test_a_model_of_flattened_objects_gains_along_y_alone(tmp_path):
    """Positive control: with coarser rows objects are as flat as the model expects."""
    found = judged(flat_objects(), tmp_path)
    assert found["y"].verdict is Verdict.FAIL
    assert found["y"].choice < 0.8
    assert found["x"].verdict is Verdict.PASS


def test_a_model_of_these_objects_gains_nothing(tmp_path):
    """Negative control: a pixel-wise threshold is best on square pixels."""
    found = judged(raw_threshold(), tmp_path)
    assert {outcome.verdict for outcome in found.values()} == {Verdict.PASS}
    assert found["y"].estimate == pytest.approx(0, abs=1e-9)


def test_a_model_of_small_objects_gains_by_either_axis_and_is_not_accused(tmp_path):
    """Negative control: it wants objects of another size, which is no matter of their shape."""
    rows = rows_of(Anisotropy(), small_objects(), scenes(8, size=96, radius=14.0))
    for axis in ("y", "x"):
        assert mean_of(rows, axis=axis, factor=0.7) - mean_of(rows, axis=axis, factor=1.0) > 0.05
    found = judged(small_objects(), tmp_path)
    assert {outcome.verdict for outcome in found.values()} == {Verdict.PASS}


def test_a_model_that_loses_less_along_one_axis_has_gained_nothing():
    """Where both axes lose, the one that loses less gains no more than the image as it is."""
    rows = rows_of(Anisotropy(), raw_threshold(), scenes(2, size=60))
    gains = [row.value for row in rows if row.metric == "shape_gain"]
    assert len(gains) == 12
    assert max(gains) == 0


def test_without_the_image_as_it_is_there_is_no_gain():
    """The factor 1 must be asked."""
    with pytest.raises(UsageError, match="factor: expected 1"):
        Anisotropy(factor=(0.7, 1.4))


def test_the_axes_are_told_apart():
    """Rows shrink along y and columns along x; the factor 1 is the untouched image."""
    seen = []

    def look(images):
        seen.append(tuple(images.shape[-2:]))
        return images - 140.0

    rows = rows_of(Anisotropy(), segmenter(Does(look), output="sigmoid-logits"), scenes(1, size=60))
    assert seen == [(42, 60), (60, 60), (84, 60), (60, 42), (60, 84)]
    assert mean_of(rows, axis="x", factor=1.0) == mean_of(rows, axis="y", factor=1.0)

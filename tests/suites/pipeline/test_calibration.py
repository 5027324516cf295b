"""Controls of pipeline.calibration: logits that are too sure are caught, honest ones are not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.engine.runner import run
from audit.errors import UsageError
from audit.record.record import Record
from suites.pipeline.calibration import Calibration
from tests.suites.pipeline.verdict import outcomes
from tests.toys import Does, audit_of, held, mean_of, rows_of, scene, segmenter


def fuzzy(count: int = 8):
    """Return images whose value says how likely each pixel is to be foreground, and masks."""
    found = []
    for number in range(count):
        random = np.random.default_rng(number)
        y, x = np.mgrid[:48, :48]
        logit = 6 - np.hypot(y - 24, x - 24) / 2.5 + random.normal(0, 0.3, (48, 48))
        mask = random.random((48, 48)) < 1 / (1 + np.exp(-logit))
        found.append(held(f"fuzzy/{number}", logit[None] + 100, mask))
    return tuple(found)


def sure(factor: float):
    """Return the model that knows these images, too sure by a factor."""
    module = Does(lambda images: (images - 100) * factor)
    return segmenter(module, output="sigmoid-logits", digest=f"sure {factor}")


def test_an_overconfident_model_is_caught():
    """Positive control: the same labels with logits twelve times too large fail."""
    found = outcomes(Calibration(), sure(12.0), "calibration", samples=fuzzy())["calibration"]
    assert found.verdict.name == "FAIL"
    assert found.tried.sure
    assert found.tried.choices == (12.0,)
    assert found.tried.after < found.tried.before / 4
    assert "Dividing the logits by 12 would lower the calibration error by" in found.advice
    rows = rows_of(Calibration(), sure(12.0), fuzzy(3))
    assert mean_of(rows, "temperature") == pytest.approx(12, rel=0.15)
    assert mean_of(rows, "saturated_fraction") > 0.3


def test_an_honest_model_is_not():
    """Negative control: probabilities that are the truth's own pass, with a temperature of one."""
    found = outcomes(Calibration(), sure(1.0), "calibration", samples=fuzzy())["calibration"]
    assert (found.verdict.name, found.tried) == ("PASS", None)
    rows = rows_of(Calibration(), sure(1.0), fuzzy(3))
    assert mean_of(rows, "temperature") == pytest.approx(1, rel=0.15)
    assert mean_of(rows, "calibration_error", where="near") < 0.06
    assert mean_of(rows, "saturated_fraction") == 0


def test_divided_logits_are_those_of_a_model_that_is_less_sure():
    """What is measured after division by 12 is the error of the model before it was too sure."""
    boast, honest = (rows_of(Calibration(), sure(factor), fuzzy(3)) for factor in (12.0, 1.0))
    divided = mean_of(boast, "calibration_error", where="near", divided_by=12.0)
    plain = mean_of(honest, "calibration_error", where="near")
    assert divided == pytest.approx(plain, abs=0.02)
    alike = mean_of(honest, "calibration_error", where="near", divided_by=1.0)
    assert alike == plain


def test_the_logits_as_they_are_cannot_be_left_out():
    """Without a divisor of 1 there is nothing to gain from."""
    with pytest.raises(UsageError, match="expected 1, logits as they are"):
        Calibration(divided_by=(2.0,))


def test_only_what_is_near_to_an_object_is_asked():
    """Far background, sure and right, changes no temperature, and flatters the error elsewhere."""
    small = held("small", fuzzy(1)[0].image(), fuzzy(1)[0].mask())
    image = np.full((1, 140, 140), 70.0, np.float32)
    image[:, :48, :48] = small.image()
    mask = np.zeros((140, 140), int)
    mask[:48, :48] = small.mask()
    rows = [rows_of(Calibration(), sure(3.0), (one,)) for one in (small, held("wide", image, mask))]
    near, far = (mean_of(one, "temperature") for one in rows)
    assert near == pytest.approx(far, rel=0.15)
    everywhere = [mean_of(one, "calibration_error", where="everywhere") for one in rows]
    assert everywhere[1] < everywhere[0] / 4


def test_a_model_that_is_never_wrong_has_no_temperature():
    """Where every pixel is right, no temperature is best; the rest is still told."""
    one = scene(0)
    model = segmenter(Does(lambda images: images - 140.0), output="sigmoid-logits")
    rows = {row.metric: row for row in rows_of(Calibration(), model, (one,))}
    assert "every pixel is right" in rows["temperature"].undefined
    assert rows["nll"].value == pytest.approx(0, abs=1e-6)


def test_the_temperature_outlives_rounding():
    """Rounding hides how sure a model is; what was not rounded still tells."""
    model = segmenter(
        Does(lambda images: torch.cat((100.0 - images, images - 100.0), 1).mul(6).softmax(1)),
        output="softmax",
        digest="clipped",
    )
    rows = rows_of(Calibration(), model, fuzzy(3))
    assert mean_of(rows, "saturated_fraction") > 0.3
    assert mean_of(rows, "temperature") == pytest.approx(12, rel=0.2)


def test_rounded_probabilities_are_told_as_saturated():
    """A softmax of zeros and ones has a temperature, of all pixels: a lower bound."""
    module = Does(lambda images: torch.cat(((images < 100).float(), (images >= 100).float()), 1))
    model = segmenter(module, output="softmax", digest="rounded")
    rows = rows_of(Calibration(), model, fuzzy(2))
    assert mean_of(rows, "saturated_fraction") == 1
    assert mean_of(rows, "temperature") > 4


def test_a_class_that_the_model_has_not_is_named(tmp_path):
    """A mask with more classes than the model is no error of the program, but of the data."""
    strange = held("strange", fuzzy(1)[0].image(), np.full((48, 48), 20))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(sure(1.0), (strange,)), [Calibration()], record)
        (unit,) = record.units()
    assert unit.status == "skipped"
    assert "the mask holds class 20" in unit.reason

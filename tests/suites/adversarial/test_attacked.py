"""Laws of every attack on a window: what cannot be attacked is not called robust."""

from __future__ import annotations

import numpy as np
import pytest

from audit.engine.runner import run
from audit.record.record import Record
from suites.adversarial.attacked import STILL
from suites.adversarial.black_box import BlackBox
from suites.adversarial.gradient import Gradient
from suites.adversarial.noise import Noise
from suites.adversarial.objects import Objects
from suites.adversarial.universal import Universal
from tests.suites.adversarial.plants import model
from tests.toys import BRIGHT, audit_of, held, rows_of, scenes

SCORES = {"iou", "dice", "recall", "retention", "reached"}


def flat(name="flat"):
    """Return an image of one value with a mask."""
    return held(name, np.full((1, 64, 64), BRIGHT), scenes(1)[0].mask())


@pytest.mark.parametrize(
    "probe",
    [
        Gradient(loss=("masked",), steps=1),
        BlackBox(queries=1),
        Noise(),
        Objects(quantile=(1.0,), steps=1),
        Universal(images=1, rounds=1),
    ],
    ids=lambda probe: probe.name,
)
def test_an_image_without_noise_has_not_withstood_an_attack(probe):
    """A radius of 0 moves nothing: every score of such an image is undefined, and says so."""
    rows = rows_of(probe, model(), (flat(), flat("other")))
    told = [row for row in rows if row.metric in SCORES]
    assert told
    assert {row.undefined for row in told} == {STILL}


def test_a_noisy_image_beside_it_is_attacked_as_ever():
    """What is undefined for one image is a value for the next."""
    probe = Gradient(noise_ratio=(1.0,), range_fraction=(), loss=("masked",), steps=1)
    rows = rows_of(probe, model(), (flat(), *scenes(1)))
    found = {row.sample: row.value for row in rows if row.metric == "retention"}
    assert found["flat"] is None
    assert found["scene/00"] is not None


@pytest.mark.parametrize("probe", [Gradient(), Objects(), Universal()], ids=lambda one: one.name)
def test_a_class_that_the_model_has_not_is_named(probe, tmp_path):
    """A mask with more classes than the model is no error of the program, but of the data."""
    image = scenes(1)[0].image()
    strange = [held(name, image, 20 * scenes(1)[0].mask()) for name in ("one", "other")]
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(model(), tuple(strange)), [probe], record)
        assert {(unit.status, unit.reason) for unit in record.units()} == {
            ("skipped", "the mask holds class 20, the model has classes 0 to 1")
        }

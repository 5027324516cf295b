"""Controls of adversarial.gradient: a brittle model breaks within its noise, its twin holds."""

from __future__ import annotations

import pytest
import torch

from audit.errors import UsageError
from audit.imaging.estimate import noise_sigma
from suites.adversarial.gradient import Gradient
from suites.adversarial.noise import Noise
from tests.suites.adversarial.plants import brittle, model
from tests.toys import mean_of, rows_of, scenes

SMALL = {"noise_ratio": (1.0, 4.0), "range_fraction": (0.01,)}
ATTACK = Gradient(**SMALL, loss=("masked", "balanced"), steps=4)


def test_a_brittle_model_breaks_where_noise_does_nothing():
    """Positive control: at one sigma of noise little is left, though random noise takes nothing."""
    rows = rows_of(ATTACK, brittle(), scenes(2))
    noise = rows_of(Noise(**SMALL), brittle(), scenes(2))
    assert mean_of(rows, "retention", noise_ratio=1.0) < 0.4
    assert mean_of(noise, "retention", noise_ratio=1.0) > 0.9


def test_its_twin_holds():
    """Negative control: without the fine pattern the same attack takes next to nothing."""
    rows = rows_of(ATTACK, model(), scenes(2))
    assert mean_of(rows, "retention", noise_ratio=1.0) > 0.9


def test_rows_agree_with_one_another():
    """A wider radius never leaves more; retention is the overlap as a share of one whole."""
    rows = rows_of(ATTACK, brittle(), scenes(2))
    for sample in ("scene/00", "scene/01"):
        mine = [row for row in rows if row.sample == sample and "noise_ratio" in row.at]
        kept, found = (
            {row.at["noise_ratio"]: row.value for row in mine if row.metric == metric}
            for metric in ("retention", "iou")
        )
        assert found[4.0] <= found[1.0]
        assert found[1.0] / kept[1.0] == pytest.approx(found[4.0] / kept[4.0])


def test_a_radius_is_told_in_intensities():
    """One sigma is what the estimator says; a hundredth of the range is that."""
    rows = rows_of(ATTACK, model(), scenes(1))
    values = {tuple(row.at): row.value for row in rows if row.metric == "epsilon_intensity"}
    image = torch.from_numpy(scenes(1)[0].image())
    assert values["range_fraction",] == pytest.approx(0.01 * float(image.max() - image.min()))
    assert mean_of(rows, "epsilon_intensity", noise_ratio=1.0) == pytest.approx(noise_sigma(image))


def test_an_unknown_loss_is_refused():
    """A loss that there is not is named."""
    with pytest.raises(UsageError, match="hinge"):
        Gradient(loss=("hinge",))


def test_the_steps_of_each_loss_are_told():
    """Every loss is given some, and together no more than was said."""
    rows = rows_of(ATTACK, model(), scenes(1))
    taken = {row.at["loss"]: row.value for row in rows if row.metric == "steps_taken"}
    assert set(taken) == set(ATTACK.loss)
    assert min(taken.values()) > 0
    assert sum(taken.values()) <= ATTACK.steps * len(ATTACK.loss) * len(ATTACK.rungs())

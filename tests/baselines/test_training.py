"""Laws of the training loop: when it ends, what it leaves, and how it normalises."""

from __future__ import annotations

import csv
import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from audit.datasets.cells import Simulation
from audit.datasets.simulated import simulate
from audit.files import MARK
from audit.models.load import load_model
from baselines.loop import Diverged, Epoch
from baselines.network import reference
from baselines.recipe import Recipe
from baselines.reference import LOG, train_into
from baselines.training import fit, train

SMALL = {"widths": (4, 8), "steps": 4, "batch": 4, "crop_px": 32, "validation": 0.3}
SAMPLES = simulate(Simulation(size_px=64, cells=(3, 5)), range(6)).samples
DISTANCES = simulate(Simulation(size_px=64, cells=(3, 5)), range(6), target="distance").samples


def recipe(**settings):
    """Return a recipe of a second."""
    return Recipe(**SMALL | settings)


class Scripted(SimpleNamespace):
    """A loop whose validation losses are told, and whose weights are the number of its epochs."""

    def epoch(self, number):
        """Return the epoch as told."""
        with torch.no_grad():
            for weight in self.network.parameters():
                weight.fill_(number)
        return Epoch(number, 0.5, self.told[number], 0.0, 0.1)


def fitted(told, **settings):
    """Return the best weight and the log of a scripted training."""
    loop = Scripted(network=reference(1, 2, (2, 4)), told=told)
    best, log = fit(loop, Recipe(epochs=len(told), **settings), lambda *_: None)
    return float(next(iter(best.values())).flatten()[0]), log


@pytest.mark.parametrize(
    ("patience", "epochs", "best"), [(None, 7, 5), (1, 3, 1), (2, 7, 5), (3, 7, 5), (4, 7, 5)]
)
def test_patience_ends_a_training(patience, epochs, best):
    """After so many epochs in a row without a lower loss, not before; the best weights are kept."""
    weight, log = fitted([5.0, 3.0, 4.0, 2.5, 2.5, 2.0, 6.0], patience=patience)
    assert len(log) == epochs
    assert weight == best


def test_a_loss_that_stays_ends_as_one_that_rises():
    """An equal loss is no progress."""
    assert len(fitted([1.0] * 9, patience=3)[1]) == 4


@pytest.mark.parametrize("told", [[1.0, math.nan], [1.0, math.inf]])
def test_a_loss_without_a_number_is_a_divergence(told):
    """The error carries the log up to the epoch in which it was."""
    with pytest.raises(Diverged, match=r"diverged in epoch 1: .*learning_rate") as caught:
        fitted(told)
    assert [epoch.epoch for epoch in caught.value.log] == [0, 1]
    assert not caught.value.log[-1].finite


def test_a_diverged_training_leaves_its_log(tmp_path):
    """The folder holds the log alone, its last loss no number; no network is taken from it."""
    wild = recipe(epochs=5, learning_rate=1e30, optimiser="sgd", schedule="constant")
    with pytest.raises(Diverged) as caught:
        train_into(tmp_path / "net", SAMPLES, wild)
    assert {one.name for one in (tmp_path / "net").iterdir()} == {LOG, MARK}
    assert str(tmp_path / "net" / LOG) in str(caught.value)
    with (tmp_path / "net" / LOG).open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(caught.value.log)
    assert not math.isfinite(float(lines[-1]["loss"]) + float(lines[-1]["val_loss"]))
    assert [one.name for one in tmp_path.iterdir()] == ["net"]


def test_a_data_set_is_normalised_by_its_own_numbers(tmp_path):
    """The card holds NumPy's mean and deviation of all training images, and the model uses them."""
    wanted = recipe(epochs=1, normalisation="dataset")
    learnt = train(SAMPLES[:4], SAMPLES[4:], wanted).card
    pixels = np.stack([sample.image() for sample in SAMPLES[:4]]).astype(float)
    assert learnt.statistics == pytest.approx((pixels.mean(), pixels.std()))
    result = train_into(tmp_path / "net", SAMPLES, wanted)
    model = load_model(str(tmp_path / "net"))
    mean, spread = result.card.statistics
    raw = torch.from_numpy(SAMPLES[0].image())[None]
    result.network.load_state_dict(result.best)
    with torch.inference_mode():
        expected = result.network.eval()((raw - mean) / spread)
        assert torch.allclose(model.logits(raw), expected, atol=1e-4)


def test_batchwise_normalisation_is_not_undone(tmp_path):
    """The trained model judges an image by its company, as it was trained to."""
    train_into(tmp_path / "net", SAMPLES, recipe(epochs=2, normalisation="batch"))
    model = load_model(str(tmp_path / "net"))
    image = torch.from_numpy(SAMPLES[0].image())[None]
    with torch.inference_mode():
        alone = model.logits(image)
        among = model.logits(torch.cat((image, 10 * image)))[:1]
    assert float((alone - among).abs().max()) > 0.1


@pytest.mark.parametrize(
    "settings",
    [
        *({"loss": loss} for loss in ("weighted", "dice", "focal", "cross-entropy+dice")),
        {"optimiser": "sgd", "learning_rate": 0.1},
        {"schedule": "constant"},
        {"schedule": "cosine"},
        {"normalisation": "dataset"},
        {"normalisation": "batch"},
        {"precision": "bfloat16"},
        {"oversampling": 0.5},
        {"widths": (2, 4, 6, 8, 10)},
    ],
    ids=str,
)
def test_every_choice_learns(settings):
    """In four short epochs the training loss falls."""
    log = train(SAMPLES[:4], SAMPLES[4:], recipe(epochs=4, **settings)).log
    assert log[-1].loss < 0.9 * log[0].loss


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_distances_are_learnt(loss):
    """The error of the distance class falls, and the card names all twelve classes."""
    wanted = recipe(epochs=4, loss=loss, network="baselines.ordinal:ordinal")
    result = train(DISTANCES[:4], DISTANCES[4:], wanted)
    assert result.log[-1].loss < 0.9 * result.log[0].loss
    assert result.card.classes == 12


def test_a_choice_changes_nothing_else():
    """With one seed a recipe of another loss starts from the same weights and the same crops."""
    logs = [
        train(SAMPLES[:4], SAMPLES[4:], recipe(epochs=1, steps=1, loss=loss)).log[0].loss
        for loss in ("cross-entropy", "dice", "cross-entropy+dice")
    ]
    assert logs[0] + logs[1] == pytest.approx(logs[2])

"""The audit of the audit: a planted resolution flaw is caught by name, its healthy twin is not."""

from __future__ import annotations

import pytest

from audit.datasets.open import open_dataset
from audit.interface import run
from audit.policy.verdict import Verdict
from baselines.flaws.half_resolution import half_resolution
from baselines.recipe import Recipe
from baselines.reference import train_into

HEALTHY = Recipe(epochs=12)


def resolution(model, test, out, **given):
    """Return the outcome of the default policy's rule on resolution."""
    result = run(
        model=str(model), test=str(test), out=str(out), probes=("pipeline", "resolution"), **given
    )
    return next(one for one in result.judge().outcomes if one.rule.name == "resolution")


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Return a folder with a healthy and a flawed network, trained on the same simulated cells."""
    folder = tmp_path_factory.mktemp("twins")
    samples = open_dataset("simulated:2k-10:train", part="train").samples
    train_into(folder / "healthy", samples, HEALTHY)
    train_into(folder / "flawed", samples, half_resolution(HEALTHY))
    return folder


def test_a_network_of_half_the_resolution_fails(twins, tmp_path):
    """Rescaling recovers what it lost: the lower bound of the gain is above 0.02."""
    outcome = resolution(twins / "flawed", "simulated:2k-10:test", tmp_path)

    assert outcome.verdict is Verdict.FAIL
    assert outcome.interval[0] > 0.02
    assert 0.4 <= outcome.choice <= 0.8


def test_its_healthy_twin_passes(twins, tmp_path):
    """The same recipe on the images as they are gains nothing by rescaling."""
    outcome = resolution(twins / "healthy", "simulated:2k-10:test", tmp_path)

    assert outcome.verdict is Verdict.PASS


@pytest.mark.parametrize(("name", "flawed"), [("half-resolution", True), ("healthy", False)])
def test_networks_of_other_code_are_told_apart(real_data, tmp_path, name, flawed):
    """On ten frames of real cells a network trained elsewhere at half resolution never passes."""
    model = real_data / "networks" / "PhC-C2DH-U373" / name / "model.pt"
    test = real_data / "ctc" / "PhC-C2DH-U373" / "02"

    outcome = resolution(model, test, tmp_path, every=12, card={"output": "softmax"})

    assert (outcome.verdict is not Verdict.PASS) == flawed
    assert (outcome.choice < 0.8) == flawed

"""Controls of adversarial.certificate: six planted failures are caught, healthy models are not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch

from audit.datasets.open import open_dataset
from audit.engine.runner import run
from audit.models.load import load_model
from audit.policy.judge import judge
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.adversarial import attack
from suites.adversarial.attacked import LOST, STILL
from suites.adversarial.black_box import BlackBox
from suites.adversarial.certificate import Certificate
from suites.adversarial.gradient import Gradient
from tests.suites.adversarial.plants import (
    TooShort,
    WrongRange,
    WrongSign,
    detached,
    model,
    rounded,
    saturated,
    shaken,
)
from tests.toys import BRIGHT, DARK, Does, audit_of, held, scenes, segmenter

PROBES = (
    Gradient(noise_ratio=(1.0, 8.0), range_fraction=(0.4,), loss=("masked",), steps=6),
    BlackBox(noise_ratio=(8.0,), range_fraction=(0.4,), queries=8),
    Certificate(noise_ratio=8.0),
)


def outcomes(audited, folder, samples=None, probes=PROBES):
    """Return the outcomes of the suite's rules on the model, by name."""
    audit = audit_of(audited, samples or scenes(1, radius=8.0))
    with Record(Path(folder) / "r.sqlite") as record:
        run(audit, probes, record, pictures=False)
        record.assign("audited", audited.traits.digest, "model")
        assert {unit.status for unit in record.units()} == {"done"}
        policy = load_policy()
        mine = tuple(rule for rule in policy.rule if rule.probe == "adversarial.certificate")
        return {one.rule.name: one for one in judge(replace_rules(policy, mine), record).outcomes}


def replace_rules(policy, rules):
    """Return the policy with some of its rules only."""
    return policy.model_copy(update={"rule": rules})


def flagged(audited, **given):
    """Return the certificate's rules that the model does not pass."""
    with TemporaryDirectory() as folder:
        found = outcomes(audited, folder, **given)
    return {name for name, one in found.items() if one.verdict is Verdict.WARN}


def test_a_healthy_model_is_certified():
    """Negative control: nothing is flagged where the attack works."""
    assert flagged(model()) == set()


@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (detached, "certificate: graph"),
        (saturated, "certificate: saturation"),
        (rounded, "certificate: zero gradients"),
        (shaken, "certificate: stability"),
    ],
)
def test_a_flaw_of_the_model_is_caught(plant, named):
    """Positive controls: a model that hides its gradient is not called robust."""
    assert named in flagged(plant())


@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (WrongRange, "certificate: bounds"),
        (WrongSign, "certificate: loss"),
        (TooShort, "certificate: free pixels"),
    ],
)
def test_a_flaw_of_the_attack_is_caught(plant, named, monkeypatch):
    """Positive controls: an attack that cannot work is not taken for robustness."""
    monkeypatch.setattr(attack, "Ascent", plant)
    assert named in flagged(model())


def test_a_lost_window_raises_no_alarm():
    """An image whose overlap is gone before the attack says nothing about the attack."""
    sample = held("empty", scenes(1)[0].image(), torch.zeros(64, 64))
    with TemporaryDirectory() as folder:
        found = outcomes(model(), folder, (sample,))
    for name in ("certificate: loss", "certificate: free pixels"):
        assert found[name].verdict is Verdict.UNDECIDED
        assert LOST in found[name].because


def test_a_radius_without_scores_is_not_compared():
    """In an image of nothing a radius at which nothing is predicted has no overlap to compare."""
    image = DARK + torch.randn(1, 64, 64, generator=torch.Generator().manual_seed(0))
    # Two hot pixels, which only the widest radius makes into an object.
    image[:, 30, 30:32] = BRIGHT
    with TemporaryDirectory() as folder:
        found = outcomes(model(), folder, (held("empty", image, torch.zeros(64, 64)),))
    assert found["certificate: graph"].verdict is Verdict.PASS


def test_an_image_without_noise_has_no_certificate():
    """Nothing can be tried on it: no flag has a value, and the reason stands in its rows."""
    flat = held("flat", torch.full((1, 64, 64), BRIGHT), scenes(1)[0].mask())
    with TemporaryDirectory() as folder:
        found = outcomes(model(), folder, (flat,))
    assert {one.verdict for one in found.values()} == {Verdict.UNDECIDED}
    assert STILL in found["certificate: graph"].because


REAL = (
    Gradient(noise_ratio=(2.0, 4.0), range_fraction=(), steps=8, side_px=96),
    BlackBox(noise_ratio=(4.0,), range_fraction=(), queries=8, side_px=96),
    Certificate(side_px=96),
)
NETWORKS = ("healthy", "adversarially-trained")


def trained(folder, name, change=lambda output: output):
    """Return a network trained on real cells, its probabilities changed by a function."""
    path = folder / "networks" / "PhC-C2DH-U373" / name / "model.pt"
    network = load_model(str(path), output="softmax").module
    return segmenter(Does(lambda x: change(network(x))), output="softmax", digest=name)


def frame(folder):
    """Return one real frame."""
    return open_dataset(folder / "ctc" / "PhC-C2DH-U373" / "02", limit=1).samples


@pytest.mark.parametrize("name", NETWORKS)
def test_trained_networks_are_certified(real_data, name):
    """Negative control: nothing is flagged on real networks, brittle or hardened."""
    assert flagged(trained(real_data, name), samples=frame(real_data), probes=REAL) == set()


def sharpened(probabilities):
    """Return probabilities as if logits were a thousand times as large."""
    return (1000 * probabilities.clamp_min(1e-6).log()).softmax(1)


def trembling():
    """Return what shakes probabilities, anew each time."""
    stream = torch.Generator().manual_seed(0)
    return lambda p: (p.clamp_min(1e-6).log() + torch.randn(p.shape, generator=stream)).softmax(1)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (torch.Tensor.detach, "certificate: graph"),
        (sharpened, "certificate: saturation"),
        (trembling(), "certificate: stability"),
    ],
)
def test_a_flaw_of_a_trained_network_is_caught(real_data, name, change, named):
    """Positive controls: the same flaws on real networks."""
    audited = trained(real_data, name, change)
    assert named in flagged(audited, samples=frame(real_data), probes=REAL)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (WrongRange, "certificate: bounds"),
        (WrongSign, "certificate: loss"),
        (TooShort, "certificate: free pixels"),
    ],
)
def test_a_flaw_of_an_attack_on_a_trained_network_is_caught(
    real_data, name, plant, named, monkeypatch
):
    """Positive controls: the same failures of the attack on real networks."""
    monkeypatch.setattr(attack, "Ascent", plant)
    audited = trained(real_data, name)
    assert named in flagged(audited, samples=frame(real_data), probes=REAL)

"""Controls of adversarial.certificate: six planted failures are caught, healthy models are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from audit.policy.judge import judge
from audit.policy.rule import load_policy
from audit.policy.verdict import Verdict
from audit.record import Record
from audit.runner import run
from suites.adversarial import attack
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
from tests.toys import audit_of, scenes

PROBES = (
    Gradient(noise_ratio=(1.0, 8.0), range_fraction=(0.4,), loss=("masked",), steps=6),
    BlackBox(noise_ratio=(8.0,), range_fraction=(0.4,), queries=8),
    Certificate(noise_ratio=8.0),
)


def outcomes(audited, folder):
    """Return the outcomes of the suite's rules on the model, by name."""
    audit = audit_of(audited, scenes(1, radius=8.0))
    with Record(Path(folder) / "r.sqlite") as record:
        run(audit, PROBES, record, pictures=False)
        record.assign("audited", audited.traits.digest, "model")
        assert {unit.status for unit in record.units()} == {"done"}
        policy = load_policy()
        mine = tuple(rule for rule in policy.rule if rule.probe == "adversarial.certificate")
        return {one.rule.name: one for one in judge(replace_rules(policy, mine), record)}


def replace_rules(policy, rules):
    """Return the policy with some of its rules only."""
    return policy.model_copy(update={"rule": rules})


def flagged(audited):
    """Return the certificate's rules that the model does not pass."""
    with TemporaryDirectory() as folder:
        found = outcomes(audited, folder)
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
        (WrongSign, "certificate: free pixels"),
        (TooShort, "certificate: free pixels"),
    ],
)
def test_a_flaw_of_the_attack_is_caught(plant, named, monkeypatch):
    """Positive controls: an attack that cannot work is not taken for robustness."""
    monkeypatch.setattr(attack, "Ascent", plant)
    assert named in flagged(model())


def test_without_gradients_it_says_so():
    """A model that gives none has no certificate, and the reason stands in its rows."""
    blind = model()
    blind.traits = replace(blind.traits, access="live")
    with TemporaryDirectory() as folder:
        found = outcomes(blind, folder)
    assert {one.verdict for one in found.values()} == {Verdict.UNDECIDED}

"""A resolution flaw in networks of other code is caught by name, and healthy ones are not."""

from __future__ import annotations

import pytest

from audit import run
from audit.policy.verdict import Verdict

PROBES = ("pipeline.score", "resolution.scale")


def resolution(model, test, out, **given):
    """Return the outcome of the default policy's rule on resolution."""
    result = run(model=str(model), test=str(test), out=str(out), probes=PROBES, **given)
    return next(one for one in result.judge().outcomes if one.rule.name == "resolution")


@pytest.mark.parametrize(("name", "flawed"), [("half-resolution", True), ("healthy", False)])
def test_networks_of_other_code_are_told_apart(real_data, tmp_path, name, flawed):
    """On ten frames of real cells a network trained elsewhere at half resolution never passes."""
    model = real_data / "networks" / "PhC-C2DH-U373" / name / "model.pt"
    test = real_data / "ctc" / "PhC-C2DH-U373" / "02"

    outcome = resolution(model, test, tmp_path, every=12, card={"output": "softmax"})

    assert (outcome.verdict is not Verdict.PASS) == flawed
    assert (outcome.choice < 0.8) == flawed

"""Laws of claims: an author bears the burden of proof, and what nobody measured is undecided."""

from __future__ import annotations

import pytest

from audit.errors import PolicyError
from audit.metric import Condition
from audit.policy.claim import Claim, Claims
from audit.policy.claims import Standing, hold, read_claims
from audit.policy.policy import Policy
from audit.probing.suite import Suite
from tests.audit.ruling import around, rows, rule
from tests.toys import Brightness, add

SUPPORTED, REFUTED, UNDECIDED = Standing.SUPPORTED, Standing.REFUTED, Standing.UNDECIDED


def standing(record, says, **given):
    """Return what becomes of one claim, and its evidence in one text."""
    claims = Claims(claim=(Claim(says=says, **given),))
    (held,) = hold(claims, record, Policy(name="test", rule=(rule(),)))
    return held.standing, " ".join(held.evidence)


@pytest.mark.parametrize(
    ("says", "becomes"),
    [
        ("IoU >= 0.8", SUPPORTED),
        ("iou ≥ 0.8", SUPPORTED),
        ("IoU at least 0.8.", SUPPORTED),
        ("IoU >= 0.95", REFUTED),
        ("IoU >= 0.899", UNDECIDED),
        ("IoU <= 0.95", SUPPORTED),
        ("IoU <= 0.8", REFUTED),
    ],
)
def test_a_level_is_proven_or_not(record, says, becomes):
    """Supported where the whole interval is, refuted where none of it is, else undecided."""
    add(record, rows(around(0.9)))
    found, evidence = standing(record, says)
    assert found is becomes
    assert "0.90" in evidence


def dimmed(record, *lost):
    """Record what factors of brightness cost, from mild to severe."""
    factors = tuple(2.0**step for step in range(len(lost)))
    record.register(Brightness(factor=factors))
    record.declare(
        [
            Suite(
                name="toy",
                title="",
                about="",
                probes=(),
                conditions=(Condition(name="factor", words="factor", unit="x"),),
            )
        ]
    )
    add(record, rows(around(0.9)))
    for factor, loss in zip(factors, lost, strict=True):
        add(record, rows(around(0.9 - loss), factor=factor), probe="toy.brightness")


@pytest.mark.parametrize(
    ("says", "becomes"),
    [
        ("robust to brightness up to 2", SUPPORTED),
        ("robust to brightness up to 2 x", SUPPORTED),
        ("robust to factor up to 2", SUPPORTED),
        ("robust to brightness up to 1.5", SUPPORTED),
        ("robust to brightness up to 4", REFUTED),
        ("robust to brightness", REFUTED),
    ],
)
def test_robustness_is_claimed_up_to_a_level(record, says, becomes):
    """Every level up to the first that reaches the claimed one must lose no more than allowed."""
    dimmed(record, 0.0, 0.01, 0.2)
    assert standing(record, says)[0] is becomes


def test_what_may_be_lost_is_the_claims_own(record):
    """A claim that allows a loss of a quarter is supported by the same rows."""
    dimmed(record, 0.0, 0.01, 0.2)
    assert standing(record, "robust to brightness", loss=0.25)[0] is SUPPORTED


@pytest.mark.parametrize(
    ("says", "because"),
    [
        ("robust to brightness up to 99", "--set toy.brightness.factor=…,99"),
        ("robust to brightness up to 2 µm", "no measurement of 'brightness' in µm"),
        ("robust to rain", "no measurement of 'rain'; there are brightness"),
        ("Hausdorff >= 3", "pipeline.score has no 'Hausdorff'"),
        ("no dragons", "no rule looks for 'dragons'"),
        ("the best model ever", "it is not understood; say"),
    ],
)
def test_what_was_not_measured_or_not_understood_is_undecided(record, says, because):
    """Nothing is made of nothing: the reason says what would decide the claim."""
    dimmed(record, 0.0, 0.01, 0.2)
    found, evidence = standing(record, says)
    assert found is UNDECIDED
    assert because in evidence


@pytest.mark.parametrize(("leaked", "becomes"), [(0.0, SUPPORTED), (1.0, REFUTED)])
def test_a_denial_is_held_by_the_rules_that_look_for_it(record, leaked, becomes):
    """No leakage: every rule of the suite that can fail must pass; without rows it is undecided."""
    census = {"probe": "leakage.exact", "metric": "leaked", "statistic": "census"}
    rules = (
        rule("copies", **census, at_most=0.0),
        rule("limit", **census, at_most=0.8, warns=True),
    )
    claims = Claims(claim=(Claim(says="no leakage"),))
    (before,) = hold(claims, record, Policy(name="test", rule=rules))
    add(record, rows([0.0] * 11 + [leaked], "leaked"), probe="leakage.exact")
    (after,) = hold(claims, record, Policy(name="test", rule=rules))
    assert (before.standing, after.standing) == (UNDECIDED, becomes)


def test_a_broken_file_is_one_line(tmp_path):
    """A file without claims, or with an unknown key, is named with its line."""
    path = tmp_path / "claims.toml"
    path.write_text('[[claim]]\nsays = "no leakage"\nlos = 1')
    with pytest.raises(PolicyError, match=r"claims\.toml:3: claim 1 los: unknown key"):
        read_claims(path)
    path.write_text("")
    with pytest.raises(PolicyError, match="claim is missing"):
        read_claims(path)

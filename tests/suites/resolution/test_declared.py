"""Controls of resolution.declared: another pixel size than the model's is told by the numbers."""

from __future__ import annotations

import pytest

from audit.engine.runner import run
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.resolution.declared import UNDECLARED, Declared
from tests.toys import audit_of, mean_of, rows_of, scenes, tiny


def judged(model, tmp_path):
    """Return what the default policy says of the pixel size."""
    rules = [rule for rule in load_policy().rules if rule.probe == "resolution.declared"]
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", model.traits.digest, "model")
        run(audit_of(model, scenes(3)), [Declared()], record, pictures=False)
        (outcome,) = judge(Policy(name="test", rule=tuple(rules)), record).outcomes
    return outcome


@pytest.mark.parametrize(("pixel_um", "ratio", "percent"), [(1.0, 0.5, 100), (0.25, 2.0, 100)])
def test_another_pixel_size_fails(pixel_um, ratio, percent, tmp_path):
    """Positive control: pixels twice as fine, or as coarse, are a mismatch of 100 %."""
    model = tiny(pixel_um=pixel_um)
    rows = rows_of(Declared(), model)
    assert mean_of(rows, "pixel_ratio") == pytest.approx(ratio)
    assert mean_of(rows, "mismatch_percent") == pytest.approx(percent)
    assert judged(model, tmp_path).verdict is Verdict.FAIL


def test_the_same_pixel_size_passes(tmp_path):
    """Negative control: the pixel size that was asked for is no mismatch."""
    assert judged(tiny(pixel_um=0.5), tmp_path).verdict is Verdict.PASS


def test_what_is_not_declared_is_undefined(tmp_path):
    """A model that declares nothing is listed, and neither passes nor fails."""
    assert {row.undefined for row in rows_of(Declared(), tiny())} == {UNDECLARED}
    outcome = judged(tiny(), tmp_path)
    assert outcome.verdict is Verdict.UNDECIDED
    assert not outcome.counts

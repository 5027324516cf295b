"""Laws of profiles: a shorter audit says what it left out, and is not undecided for it."""

from __future__ import annotations

import pytest

from audit.application.composition import select_probes
from audit.application.profile import load_profile, profiles
from audit.application.settings import settings
from audit.errors import UsageError
from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.rule import Rule
from audit.policy.verdict import Verdict
from audit.probing.catalog import Catalog
from audit.quantities.absence import Absence
from tests.toys import written


@pytest.mark.parametrize("name", profiles())
def test_a_profile_leaves_out_probes_that_there_are(name):
    """Each omission names an installed probe and says why."""
    profile = load_profile(name)

    assert set(profile.left_out) <= set(Catalog.installed().names())
    assert all(len(why) > 10 for why in profile.left_out.values())


def test_the_ladder_of_generalist_models_is_what_is_asked():
    """Its photons, binnings and unequal axes are those of the probes that it sets."""
    wanted = settings({"model": "m", "test": "t", "profile": "cellpose-sam"})
    asked = {one.name: one for one in select_probes(wanted)}
    assert asked["shift.noise"].photons == (5.0, 2.5, 0.5)
    assert asked["resolution.binning"].side_px == (2, 5, 10)
    assert min(asked["resolution.anisotropy"].factor) == pytest.approx(1 / 12, abs=1e-4)


def test_an_unknown_profile_is_refused():
    """The message names the ones that there are."""
    with pytest.raises(UsageError, match="known: benchmark, cellpose-sam, ci, full"):
        load_profile("nightly")


def test_a_shorter_audit_has_fewer_probes():
    """What the profile leaves out is not among the probes, unless it is asked for by name."""
    left_out = set(load_profile("ci").left_out)
    short = {p.name for p in select_probes(settings({"model": "m", "test": "t", "profile": "ci"}))}
    whole = {p.name for p in select_probes(settings({"model": "m", "test": "t"}))}

    assert whole - short == left_out != set()


def test_what_a_profile_left_out_does_not_count(tmp_path):
    """A rule on it is listed with the reason, and the gate can still pass."""
    rows = [Measurement("iou", 0.9, f"{n:03d}") for n in range(12)]
    usual = {"what": "it", "metric": "iou", "at_least": 0.5, "why": "for a test"}
    rules = [Rule(id=p, probe=p, **usual) for p in ("pipeline.score", "toy.dear")]
    with written(tmp_path / "r.sqlite", rows) as record:
        record.describe(profile="ci", left_out={"toy.dear": "too dear for a gate"})
        judged = judge(Policy(name="t", rule=rules), record)

    assert judged.verdict is Verdict.PASS
    assert judged.outcomes[1].absence is Absence.NOT_ASKED
    assert "too dear for a gate" in judged.outcomes[1].because


def test_a_profile_sets_only_what_is_asked():
    """A profile's setting of a probe that was not chosen is no mistake; one of the line's is."""
    chosen = settings({"test": "t", "profile": "benchmark", "probes": "pipeline.score"})
    assert [probe.name for probe in select_probes(chosen)] == ["pipeline.score"]
    line = {"set": {"shift.noise.photons": "(1.0,)"}}
    with pytest.raises(UsageError, match=r"shift\.noise was given"):
        select_probes(settings(chosen.model_dump() | line))

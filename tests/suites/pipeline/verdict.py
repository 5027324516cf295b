"""What the default policy says of a toy, by its rules on the pipeline."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from audit.engine.runner import run
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.probing.audited import Audit
from audit.record.record import Record
from suites.pipeline.score import Score
from tests.toys import scenes


def verdicts(probe, model, *names, **given) -> dict:
    """Return the verdicts of the default rules on a probe whose names begin so, on eight scenes."""
    found = outcomes(probe, model, *names, **given)
    return {name: one.verdict.name for name, one in found.items()}


def outcomes(probe, model, *names, samples=None, formats=None, before=()) -> dict:
    """Return the outcomes, by rule; `before` are probes that are run too."""
    mine = [one for one in load_policy().rules if one.probe == probe.name]
    rules = tuple(one for one in mine if one.name.startswith(names))
    others = {f"format:{name}": one for name, one in (formats or {}).items()}
    samples = samples or scenes(8)
    audit = Audit(models={"audited": model, **others}, samples=samples)
    with TemporaryDirectory() as folder, Record(Path(folder) / "r.sqlite") as record:
        record.assign("audited", model.traits.digest, "model")
        run(audit, [Score(), *before, probe], record, pictures=False)
        found = judge(Policy(name="test", rule=rules), record)
    return {one.rule.name: one for one in found.outcomes}

"""Outcomes and provenance as JSON, for programs."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from audit.files import write_whole
from reports.page.costs import costs
from reports.page.origin import command

if TYPE_CHECKING:
    from pathlib import Path

    from audit.policy.verdict import Judgement, Outcome
    from audit.record.record import Record
    from reports.page.costs import Cost

FORMAT = 2
"""1: the first. 2: rules have ids, outcomes two scopes, an absence and openness."""

MARK = '"bioaudit": "outcomes"'
"""Tells a file written by bioaudit, which may be replaced; its first key, as keys are sorted."""


def write_json(path: Path, record: Record, judged: Judgement) -> Path:
    """Write outcomes and provenance as JSON without NaN; return the path."""
    provenance = record.provenance()
    made = {
        "bioaudit": "outcomes",
        "format": FORMAT,
        "verdict": judged.verdict.name,
        "policy": {"name": judged.policy.name, "format": judged.policy.format},
        "models": record.models(),
        "outcomes": [outcome_of(one) for one in judged.outcomes],
        "costs": [cost_of(one) for one in costs(record)],
        "provenance": provenance | {"command": command(provenance)},
    }
    text = json.dumps(finite(made), indent=1, sort_keys=True, allow_nan=False)
    return write_whole(path, f"{text}\n", MARK)


def cost_of(cost: Cost) -> dict[str, Any]:
    """Return what a suite cost as plain values."""
    return {
        "suite": cost.suite,
        "forward": cost.forward,
        "backward": cost.backward,
        "forward_equivalents": cost.equivalents,
        "seconds": cost.seconds,
    }


def outcome_of(outcome: Outcome) -> dict[str, Any]:
    """Return one outcome as plain values."""
    return {
        "rule": outcome.rule.model_dump(mode="json"),
        "verdict": outcome.verdict.name,
        "open": outcome.open,
        "absence": outcome.absence and outcome.absence.value,
        "because": outcome.because,
        "estimate": outcome.estimate,
        "here": outcome.here and list(outcome.here),
        "beyond": outcome.beyond and list(outcome.beyond),
        "scope": outcome.scope,
        "level": outcome.level,
        "images": outcome.n,
        "groups": outcome.groups,
        "method": outcome.method,
        "choice": outcome.choice,
        "tried": tried_of(outcome),
    }


def tried_of(outcome: Outcome) -> dict[str, Any] | None:
    """Return what the remedy of a broken rule brings as plain values; None where none was tried."""
    tried = outcome.tried
    if tried is None:
        return None
    return {
        "said": tried.said,
        "before": tried.before,
        "after": tried.after,
        "gain": tried.gain,
        "interval": list(tried.interval),
        "choices": list(tried.choices),
    }


def finite(value: Any) -> Any:
    """Return a value with null in place of what JSON cannot hold."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return value

"""Outcomes and provenance as JSON, for programs."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from audit.files import write_whole
from audit.policy.verdict import overall
from reports.page.costs import costs
from reports.page.origin import command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.policy.rule import Policy
    from audit.policy.verdict import Outcome
    from audit.record.record import Record
    from reports.page.costs import Cost

FORMAT = 1
"""1: the first."""

MARK = '"bioaudit": "outcomes"'
"""What a file of ours says of itself, first of all keys in the order of the alphabet."""


def write_json(path: Path, record: Record, policy: Policy, outcomes: Sequence[Outcome]) -> Path:
    """Write outcomes and provenance as JSON without NaN; return the path."""
    provenance = record.provenance()
    made = {
        "bioaudit": "outcomes",
        "format": FORMAT,
        "verdict": overall(outcomes).name,
        "policy": {"name": policy.name, "format": policy.format},
        "models": record.models(),
        "outcomes": [outcome_of(one) for one in outcomes],
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
        "counts": outcome.counts,
        "because": outcome.because,
        "estimate": outcome.estimate,
        "interval": outcome.interval and list(outcome.interval),
        "level": outcome.level,
        "images": outcome.n,
        "groups": outcome.clusters,
        "effective_n": outcome.effective_n,
        "method": outcome.method,
        "choice": outcome.choice,
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

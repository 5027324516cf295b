"""What an author claims of a model, in a sentence of three kinds, and the rules for it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.policy.rule import Rule
from audit.quantities.evidence import severities
from audit.quantities.score import SCORE
from audit.quantities.table import BASELINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.measurement import Scalar
    from audit.policy.policy import Policy
    from audit.record.record import Record

LEVEL = re.compile(r"(?P<metric>.+?)\s*(?P<sign>>=|<=|≥|≤|at least|at most)\s*(?P<value>[\d.]+)")
ROBUST = re.compile(
    r"robust to (?P<what>.+?)(?:\s+(?:up|down) to\s+(?P<value>[\d.]+)\s*(?P<unit>.*))?"
)
NOTHING = re.compile(r"no (?P<what>.+)")
FORMS = '"IoU >= 0.85", "robust to defocus up to 0.5 µm" or "no leakage"'
"""The sentences that are understood."""


class Claim(BaseModel):
    """One sentence of an author; of robustness `loss` says what may be lost: `loss = 0.02`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    says: str = Field(min_length=4)
    """The claim: `says = "IoU >= 0.85"`, "robust to defocus up to 0.5 µm", or "no leakage"."""

    loss: float = Field(0.05, ge=0, allow_inf_nan=False)
    """What may be lost where robustness is claimed: `loss = 0.05`."""


class Claims(BaseModel):
    """A file of claims."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    format: Literal[1] = 1
    """The version of this format: `format = 1`."""

    claim: tuple[Claim, ...] = Field(min_length=1)
    """The claims, each under a head of its own: `[[claim]]`."""


def rules_of(claim: Claim, record: Record, policy: Policy) -> list[Rule] | str:
    """Return the rules that prove or refute a claim; a sentence where it is not understood."""
    said = claim.says.strip().rstrip(".")
    if found := LEVEL.fullmatch(said):
        return level(record, found["metric"], found["sign"], float(found["value"]))
    if found := ROBUST.fullmatch(said):
        return robust(record, claim, found["what"], found["value"], (found["unit"] or "").strip())
    if found := NOTHING.fullmatch(said):
        return nothing(policy, found["what"])
    return f"it is not understood; say {FORMS}"


def level(record: Record, name: str, sign: str, value: float) -> list[Rule] | str:
    """Return the rule on a metric of the untouched images."""
    known = {one.words.lower(): one.name for one in record.metrics().values()}
    metric = known.get(name.lower(), name.lower())
    query = (
        "select distinct t.metric from rows r join units u on u.id = r.unit "
        "join terms t on t.id = r.term where u.probe = ? and t.at = '{}'"
    )
    there = {one for (one,) in record.database.execute(query, (BASELINE,))}
    if metric not in there:
        return f"{BASELINE} has no {name!r}; it has {', '.join(sorted(there)) or 'no rows'}"
    bound = {"at_least" if sign in (">=", "≥", "at least") else "at_most": value}
    return [proof("claim", f"the {name} of the untouched images", BASELINE, metric, **bound)]


def robust(
    record: Record, claim: Claim, what: str, value: str | None, unit: str
) -> list[Rule] | str:
    """Return a rule for each level that was measured, up to the first that reaches the claim's."""
    axes = axes_of(record, what, unit)
    if isinstance(axes, str):
        return axes
    # Of several axes that bear the name the one that was asked at this very level is meant.
    axis = min(axes, key=lambda one: value is not None and float(value) not in one.levels)
    probe, setting, ats = axis.probe, axis.setting, axis.ats
    reach = axis.levels if value is None else reaching(axis.levels, float(value))
    if not reach:
        return f"{probe} was asked up to {axis.levels[-1]:g}; say --set {probe}.{setting}=…,{value}"
    return [
        proof(
            f"claim {number}",
            f"the {{score}} lost to {what} ({', '.join(f'{k} {v}' for k, v in at.items())})",
            probe,
            SCORE,
            at=at,
            against=("clean",),
            at_most=claim.loss,
        )
        for number, at in enumerate(one for one in ats if one[setting] in reach)
    ]


@dataclass(frozen=True, kw_only=True)
class Perturbation:
    """A perturbation along which scores were measured: its conditions, and its levels in order."""

    probe: str
    setting: str
    ats: list[dict[str, Scalar]]
    levels: list[Any]


def axes_of(record: Record, what: str, unit: str) -> list[Perturbation] | str:
    """Return the axes that a perturbation's name and unit mean, or why there is none."""
    conditions = record.conditions()
    axes = [
        one
        for one in measured_axes(record)
        if not unit or unit_of(one.setting, conditions.get(one.setting)) == unit
    ]
    found = [one for one in axes if means(what, one.probe, one.setting)]
    if found:
        return found
    known = sorted({one.probe.partition(".")[2] for one in axes})
    there = f"; there are {', '.join(known)}" if known else ""
    return f"no measurement of {what!r}" + f" in {unit}" * bool(unit) + there


def measured_axes(record: Record) -> list[Perturbation]:
    """Return every axis along which the score of perturbed images was measured."""
    query = (
        "select distinct u.probe, t.at from rows r join units u on u.id = r.unit "
        "join terms t on t.id = r.term where t.metric = ? and t.at <> '{}' order by 1, 2"
    )
    found: dict[tuple[str, str], list[dict[str, Scalar]]] = {}
    for probe, text in record.database.execute(query, (record.main_metric,)):
        at: dict[str, Scalar] = json.loads(text)
        for setting, value in at.items():
            if counted(value):
                found.setdefault((probe, setting), []).append(at)
    return [
        Perturbation(probe=probe, setting=setting, ats=ats, levels=levels)
        for (probe, setting), ats in found.items()
        if (
            levels := [
                v for v in severities(record, probe, setting) if v in {a[setting] for a in ats}
            ]
        )
    ]


def present(designed: Sequence[Any], there: Sequence[Scalar]) -> list[Any]:
    """Return those of the designed levels, from mild to severe, that were measured."""
    return [one for one in designed if one in there]


def counted(value: Any) -> bool:
    """Return whether a condition is a number, which yes and no are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def means(what: str, probe: str, setting: str) -> bool:
    """Return whether a word names a probe or the axis that it goes along.

    >>> means("defocus", "shift.defocus", "sigma_um"), means("gamma", "shift.intensity", "gamma")
    (True, True)
    """
    word = what.lower().replace(" ", "_")
    return word in (probe, probe.partition(".")[2], setting, setting.rpartition("_")[0])


def unit_of(setting: str, condition: Any) -> str:
    """Return the unit of a setting: its declared one, else that its name ends in."""
    declared = condition.unit if condition else ""
    return declared or {"um": "µm", "px": "px", "deg": "°"}.get(setting.rpartition("_")[2], "")


def reaching(levels: Sequence[Any], value: float) -> list[Any]:
    """Return the levels from mild to severe up to the first that is no milder than a value.

    >>> reaching([1000.0, 300.0, 100.0], 300.0), reaching([0.25, 0.5, 1.0], 0.6)
    ([1000.0, 300.0], [0.25, 0.5, 1.0])
    >>> reaching([0.25, 0.5], 2.0)
    []
    """
    falls = len(levels) > 1 and levels[-1] < levels[0]
    reached = [one <= value if falls else one >= value for one in levels]
    return list(levels[: reached.index(True) + 1]) if any(reached) else []


def nothing(policy: Policy, what: str) -> list[Rule] | str:
    """Return the rules that look for something which is claimed not to be there."""
    rules = [one for one in policy.rules if what in (one.suite, one.id) and not one.warns]
    if not rules:
        ids = sorted({one.suite for one in policy.rules})
        return f"no rule looks for {what!r}; suites are {', '.join(ids)}"
    return [one.model_copy(update={"burden": "proof", "given": ()}) for one in rules]


def proof(name: str, what: str, probe: str, metric: str, **given: Any) -> Rule:
    """Return a rule that passes only what is proven."""
    why = "The author of the model claims it."
    return Rule(id=name, what=what, probe=probe, metric=metric, why=why, burden="proof", **given)

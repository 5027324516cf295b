"""Rules, as a TOML file states them."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping  # noqa: TC003 (pydantic reads annotations)
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit.declared import read_toml, shaped
from audit.errors import PolicyError, suggest
from audit.policy.chapters import included
from audit.quantities.quantity import Quantity
from audit.statistics.estimate import Scope  # noqa: TC001 (pydantic reads annotations)

SCHEMA: Literal[2] = 2
"""1: the first. 2: rules have ids, a burden and a key; what only warns says so."""

GROSS = 3.0
"""Unless a rule says otherwise, so many times as far from the ideal as its bound is gross."""

MOST_RULES = 2000
"""Rules that one list of conditions may make; more is a mistake, or mischief."""

BLANK = re.compile(r"\{(\w+)(?::g)?\}")
"""What a template may hold: the name of a condition, and nothing that is evaluated."""


class Rule(Quantity):
    """One bound on one quantity; `why` says where the bound comes from.

    `what` names the quantity in plain words. A list in `at` makes one rule of each value, told
    apart by `spread`. Beyond `at_least` or `at_most` the rule fails, or only warns where `warns`;
    beyond `warn` it warns. `burden`: "harm" looks for harm and passes where none is shown and a
    gross one would have been seen; "proof" passes only what is proven. `gross` is the harm that no
    pass may hide. A `key` rule must be answered for a verdict to stand; `missing = "ignore"` lets
    it pass over what was not given. A gain whose best choice lies in `tolerated` is none. `given`
    names rules, or groups of them, that must PASS first.
    """

    id: str
    what: str
    why: str = Field(min_length=10)
    at_least: float | None = Field(None, allow_inf_nan=False)
    at_most: float | None = Field(None, allow_inf_nan=False)
    warns: bool = False
    warn: float | None = Field(None, allow_inf_nan=False)
    key: bool = False
    burden: Literal["harm", "proof"] = "harm"
    gross: float | None = Field(None, allow_inf_nan=False)
    tolerated: tuple[float, float] | None = None
    given: tuple[str, ...] = ()
    missing: Literal["undecided", "ignore"] = "undecided"
    remedy: str = ""
    spread: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Rule:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected either at_least or at_most")
        if self.warns and self.warn is not None:
            raise ValueError(
                "`warns` says that the bound only warns: `warn` has no place beside it"
            )
        if self.warn is not None and (self.warn - self.bound) * self.sign >= 0:
            raise ValueError("`warn` lies beyond the bound that fails: nothing would ever warn")
        if self.gross is not None and (self.gross - self.bound) * self.sign < 0:
            raise ValueError("`gross` lies inside the bound: no harm is gross that is allowed")
        if empty := [key for key, value in self.at.items() if value == []]:
            raise ValueError(f"`at` names no {empty[0]}: the rule would vanish")
        if unknown := set(BLANK.findall(self.what)) - set(self.at):
            raise ValueError(f"`what` names a condition that `at` has not: {min(unknown)}")
        if math.prod(len(one) for one in self.at.values() if isinstance(one, list)) > MOST_RULES:
            raise ValueError(f"`at` makes more than {MOST_RULES} rules of one")
        return self

    @property
    def bound(self) -> float:
        """What the statistic is compared with."""
        bound = self.at_least if self.at_least is not None else self.at_most
        assert bound is not None
        return bound

    @property
    def sign(self) -> int:
        """1 where more is worse, -1 where less is."""
        return 1 if self.at_most is not None else -1

    @property
    def name(self) -> str:
        """The id, and what tells the rule from others of the same id: for logs and machines."""
        return " ".join([self.id, *(f"{key}={self.at[key]}" for key in self.spread)])

    def far(self, ideal: float) -> float:
        """Return the harm that no pass may hide; `ideal` is the value without any."""
        if self.gross is not None:
            return self.gross
        return ideal + GROSS * (self.bound - ideal)

    def each_condition(self) -> Iterable[Rule]:
        """Return one rule for each condition that the lists in `at` name."""
        lists = {key: value for key, value in self.at.items() if isinstance(value, list)}
        for values in itertools.product(*lists.values()):
            at = self.at | dict(zip(lists, values, strict=True))
            what = filled(self.what, at)
            yield self.model_copy(update={"at": at, "what": what, "spread": tuple(lists)})


def filled(template: str, at: Mapping[str, Any]) -> str:
    """Return a template with the conditions in the place of their names.

    >>> filled("lost at {photons:g} photons ({shape})", {"photons": 300.0, "shape": "tilt"})
    'lost at 300 photons (tilt)'
    """
    return BLANK.sub(lambda found: spoken(at[found[1]]), template)


def spoken(value: Any) -> str:
    """Return a condition's value as a sentence has it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


class Chapter(BaseModel):
    """The rules in a file; `group` gives several of them one name, to be used in `given`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: tuple[Rule, ...] = ()
    group: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, values: Any) -> Any:
        """Give each rule the defaults of its suite and of its probe; what it says itself stands."""
        known = values.get("defaults", {}) if isinstance(values, dict) else {}
        if not known or not isinstance(values.get("rule"), list | tuple):
            return values
        return values | {"rule": [completed(one, known) for one in values["rule"]]}

    @model_validator(mode="after")
    def _grouped(self) -> Self:
        names = {rule.id for rule in self.rule}
        given = {name for rule in self.rule for name in rule.given}
        for name, members in self.group.items():
            if not members:
                raise ValueError(
                    f"group {name!r} names no rule: what is given it would wait for none"
                )
            if name in names:
                raise ValueError(f"{name!r} is the name of a rule and of a group")
            if name not in given:
                raise ValueError(f"group {name!r} is given to no rule")
        return self

    @property
    def resolved(self) -> tuple[Rule, ...]:
        """The rules, with the names of single rules instead of groups in `given`."""
        return tuple(
            rule.model_copy(update={"given": tuple(self._members(rule.given))})
            for rule in self.rule
        )

    def _members(self, given: Iterable[str]) -> Iterator[str]:
        for name in given:
            yield from self.group.get(name, (name,))


def completed(rule: Any, defaults: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return a rule as a file states it, with what its suite and its probe say for all."""
    if not isinstance(rule, dict):
        return rule
    probe = str(rule.get("probe", ""))
    return {**defaults.get(probe.partition(".")[0], {}), **defaults.get(probe, {}), **rule}


class Policy(Chapter):
    """The rules that a model must keep, and the scope that they are judged in.

    `scope`: "here" judges these very movies, "beyond" others too. `include` names suites, or files
    with more rules, beside this.
    """

    format: Literal[2] = SCHEMA
    name: str
    about: str = ""
    scope: Scope = "here"
    include: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, one for each condition."""
        return tuple(one for rule in self.resolved for one in rule.each_condition())

    def only(self, asked: Callable[[Rule], bool]) -> Policy:
        """Return the policy with those rules alone that are asked for."""
        return self.model_copy(update={"rule": tuple(filter(asked, self.rule)), "include": ()})


def load_policy(path: Path | str | None = None, *, probes: Iterable[str] = ()) -> Policy:
    """Return the policy in a TOML file, or the default one; PolicyError names what is wrong.

    Where `probes` are named, a rule on any other is refused.
    """
    source = Path(path) if path else files("audit.policy") / "default.toml"
    policy = shaped(Policy, read_toml(source, PolicyError), source, PolicyError)
    known = set(probes)
    chapters = [
        shaped(Chapter, read_toml(place, PolicyError), place, PolicyError)
        for place in dict.fromkeys(included(policy.include, source, known))
    ]
    rules = tuple(rule for part in (policy, *chapters) for rule in part.resolved)
    policy = policy.model_copy(update={"rule": rules, "group": {}})
    check(policy, str(source), known)
    return policy


def check(policy: Policy, source: str, probes: set[str]) -> None:
    """Refuse two rules of one id, prerequisites that never end, and unknown probes."""
    names = [rule.id for rule in policy.rule]
    given = {rule.id: rule.given for rule in policy.rule}
    for rule in policy.rule:
        if names.count(rule.id) > 1:
            raise PolicyError(f"{source}: two rules have the id {rule.id!r}")
        if unknown := set(rule.given) - set(names):
            raise PolicyError(f"{source}: {rule.id!r} is given {unknown}, which is no rule")
        if rule.id in prerequisites(rule.id, given):
            raise PolicyError(f"{source}: {rule.id!r} is given itself, in a circle")
        if probes and rule.probe not in probes:
            near = suggest(rule.probe, probes)
            raise PolicyError(f"{source}: rule {rule.id!r}: no probe {rule.probe!r}; {near}")


def prerequisites(name: str, given: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return every rule that must pass before another, directly or not."""
    found: set[str] = set()
    waiting = list(given[name])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += given.get(one, ())
    return found

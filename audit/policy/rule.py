"""Rules, as a TOML file states them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping  # noqa: TC003 (pydantic reads annotations)
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit.declared import read_toml, shaped
from audit.errors import PolicyError, suggest
from audit.measurement import Scalar  # noqa: TC001 (pydantic reads annotations)

SCHEMA: Literal[1] = 1
"""1: the first."""

OVER = ("worst", "gain", "breaking_point", "permutation")
"""Statistics that compare the choices of one condition."""


class Rule(BaseModel):
    """One bound on one statistic of one metric; `why` says where the bound comes from.

    `what` names the quantity in plain words. `at` selects the condition; a list there makes one
    rule of each value. `over` is the condition over which a gain, a worst case or a difference is
    sought, `each` names the conditions that tell observations of one image apart (an object, a
    draw), `beside` is the second metric of a correlation. `against`: "clean" judges what each image
    lost, "reference" the difference from the reference networks (it fails only by three of them or
    more), "naive" that from the naive predictor that does best. `tolerance` is the loss at a
    breaking point, or the effect that a test of two parts must have been able to see. Beyond `warn`
    the verdict is WARN. A gain whose best choice lies in `tolerated` is none. `given` names rules,
    or groups of them, that must PASS first; `missing` says whether a lacking measurement leaves the
    rule UNDECIDED or is only listed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    what: str
    probe: str
    metric: str
    why: str = Field(min_length=10)
    at: dict[str, Scalar | list[Scalar]] = Field(default_factory=dict)
    statistic: Literal[
        "mean",
        "pooled",
        "worst",
        "gain",
        "breaking_point",
        "census",
        "rate",
        "correlation",
        "permutation",
    ] = "mean"
    over: str | None = None
    each: tuple[str, ...] = ()
    beside: str | None = None
    against: tuple[Literal["clean", "reference", "naive"], ...] = ()
    at_least: float | None = Field(None, allow_inf_nan=False)
    at_most: float | None = Field(None, allow_inf_nan=False)
    warn: float | None = Field(None, allow_inf_nan=False)
    tolerated: tuple[float, float] | None = None
    tolerance: float | None = None
    given: tuple[str, ...] = ()
    missing: Literal["undecided", "ignore"] = "undecided"
    remedy: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Rule:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected either at_least or at_most")
        if (self.statistic in OVER) != (self.over is not None):
            raise ValueError(f"statistic {self.statistic!r} and `over` do not fit together")
        tolerant = self.statistic in ("breaking_point", "permutation")
        if self.statistic == "breaking_point" and self.tolerance is None:
            raise ValueError("the statistic 'breaking_point' needs a `tolerance`")
        if self.tolerance is not None and not tolerant:
            raise ValueError(f"the statistic {self.statistic!r} has no `tolerance`")
        if (self.statistic == "correlation") != (self.beside is not None):
            raise ValueError("the statistic 'correlation', and no other, needs `beside`")
        if empty := [key for key, value in self.at.items() if value == []]:
            raise ValueError(f"`at` names no {empty[0]}: the rule would vanish")
        try:
            list(self.spread())
        except (KeyError, IndexError, ValueError, TypeError):
            raise ValueError(f"`what` names a condition that `at` has not: {self.what}") from None
        return self

    @property
    def suite(self) -> str:
        """The suite of the rule's probe."""
        return self.probe.partition(".")[0]

    @property
    def bound(self) -> float:
        """What the statistic is compared with."""
        bound = self.at_least if self.at_least is not None else self.at_most
        assert bound is not None
        return bound

    @property
    def only_warns(self) -> bool:
        """Whether the rule cannot fail: a share is at least 0, and what is lost of it at most 1."""
        share = self.at_least == 0 and not self.against
        return self.warn is not None and (self.at_most == 1 or share)

    @property
    def limit(self) -> float:
        """What a reader holds the model to: the bound, or the warning where no bound can fail."""
        return self.warn if self.warn is not None and self.only_warns else self.bound

    def spread(self) -> Iterable[Rule]:
        """Return one rule for each condition that the lists in `at` name."""
        lists = {key: value for key, value in self.at.items() if isinstance(value, list)}
        for values in itertools.product(*lists.values()):
            chosen = dict(zip(lists, values, strict=True))
            name = " ".join([self.name, *(f"{key}={value}" for key, value in chosen.items())])
            at = self.at | chosen
            yield self.model_copy(update={"name": name, "at": at, "what": self.what.format(**at)})


class Chapter(BaseModel):
    """The rules in a file; `group` gives several of them one name, to be used in `given`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: tuple[Rule, ...] = ()
    group: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _grouped(self) -> Self:
        names = {rule.name for rule in self.rule}
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


class Policy(Chapter):
    """The rules that a model must keep; `include` names files with more of them, beside this."""

    format: Literal[1] = SCHEMA
    name: str
    about: str = ""
    include: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, one for each condition."""
        return tuple(one for rule in self.resolved for one in rule.spread())

    def only(self, asked: Callable[[Rule], bool]) -> Policy:
        """Return the policy with those rules alone that are asked for."""
        return self.model_copy(update={"rule": tuple(filter(asked, self.rule)), "include": ()})


def load_policy(path: Path | str | None = None, *, probes: Iterable[str] = ()) -> Policy:
    """Return the policy in a TOML file, or the default one; PolicyError names what is wrong.

    Where `probes` are named, a rule on any other is refused.
    """
    folder = Path(path).parent if path else files("audit.policy")
    source = Path(path) if path else folder / "default.toml"
    policy = shaped(Policy, read_toml(source, PolicyError), source, PolicyError)
    chapters = [
        shaped(Chapter, read_toml(folder / name, PolicyError), folder / name, PolicyError)
        for name in policy.include
    ]
    rules = tuple(rule for part in (policy, *chapters) for rule in part.resolved)
    policy = policy.model_copy(update={"rule": rules, "group": {}})
    check(policy, str(source), set(probes))
    return policy


def check(policy: Policy, source: str, probes: set[str]) -> None:
    """Refuse two rules of one name, prerequisites that never end, and unknown probes."""
    names = [rule.name for rule in policy.rules]
    given = {rule.name: rule.given for rule in policy.rules}
    for rule in policy.rules:
        if names.count(rule.name) > 1:
            raise PolicyError(f"{source}: two rules are named {rule.name!r}")
        if unknown := set(rule.given) - set(names):
            raise PolicyError(f"{source}: {rule.name!r} is given {unknown}, which is no rule")
        if rule.name in prerequisites(rule.name, given):
            raise PolicyError(f"{source}: {rule.name!r} is given itself, in a circle")
        if probes and rule.probe not in probes:
            near = suggest(rule.probe, probes)
            raise PolicyError(f"{source}: rule {rule.name!r}: no probe {rule.probe!r}; {near}")


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

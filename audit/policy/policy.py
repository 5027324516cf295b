"""A policy: the rules that a model must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping  # noqa: TC003 (pydantic reads annotations)
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit.policy.rule import Rule  # noqa: TC001 (pydantic reads annotations)
from audit.statistics.estimate import USUAL, Scope

SCHEMA: Literal[2] = 2
"""1: the first. 2: rules have ids, a burden and a key; what only warns says so."""


class RuleFile(BaseModel):
    """The rules in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    rule: tuple[Rule, ...] = ()
    """The rules, each under a head of its own: `[[rule]]`."""

    group: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Several rules under one name, to be used in `given`: `[group]`, and below it
    `"the certificate" = ["certificate: graph", "certificate: loss"]`."""

    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What holds for all rules on a suite or a probe unless they say otherwise:
    `[defaults."shift.noise"]`, and below it `at_most = 0.05`."""

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


class Policy(RuleFile):
    """The rules that a model must keep, and the scope that they are judged in."""

    format: Literal[2] = SCHEMA
    """The version of this format: `format = 2`."""

    name: str
    """What the policy is called: `name = "ours"`."""

    about: str = ""
    """What it is for, in a sentence: `about = "What a nucleus model of ours must keep."`."""

    scope: Scope = USUAL
    """`scope = "here"` judges these very movies, `scope = "beyond"` other movies too."""

    include: tuple[str, ...] = ()
    """Rules from elsewhere: `include = ["default"]` takes those of every suite, "shift" those of
    one, "more.toml" those of a file beside this one."""

    without: tuple[str, ...] = ()
    """Included rules to do without, by id: `without = ["drift"]`."""

    change: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What is changed of included rules: `[change.noise]`, and below it `at_most = 0.1`."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, one for each condition."""
        return tuple(one for rule in self.resolved for one in rule.each_condition())

    def only(self, asked: Callable[[Rule], bool]) -> Policy:
        """Return the policy with those rules alone that are asked for."""
        return self.model_copy(update={"rule": tuple(filter(asked, self.rule)), "include": ()})

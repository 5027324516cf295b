"""Reading a policy: its files, what they include, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from audit.declared import declared, listed, shaped, where
from audit.errors import PolicyError, suggest
from audit.policy.chapters import included
from audit.policy.policy import Policy, RuleFile
from audit.policy.rule import Rule
from audit.quantities.score import SCORE
from audit.tasks.scores import MAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from audit.probing.catalog import Catalog
    from audit.probing.suite import Suite
    from audit.quantities.quantity import Quantity

DEFAULT = "default"
"""The policy that is used where none is named."""


@dataclass(frozen=True)
class Stated:
    """A rule, the file that states it, and which of its rules it is."""

    rule: Rule
    source: Path | Traversable
    number: int

    def refuse(self, key: str, said: str) -> PolicyError:
        """Return the error that names the line of a key of the rule."""
        place = where(self.source, ("rule", self.number, key))
        return PolicyError(f"{place}: rule {self.rule.id!r}: {said}")


def policies() -> dict[str, Traversable]:
    """Return the policies that come with bioaudit, by name.

    >>> sorted(policies())
    ['ci', 'course', 'default', 'review']
    """
    found = (files("audit.policy") / "policies").iterdir()
    return {one.name.removesuffix(".toml"): one for one in found if one.name.endswith(".toml")}


def place_of(name: Path | str | None) -> Path | Traversable:
    """Return the file of a policy that is named, or whose path is given."""
    known, text = policies(), DEFAULT if name is None else str(name)
    if text in known:
        return known[text]
    if not Path(text).suffix and not Path(text).exists():
        raise PolicyError(f"--policy {text}: no policy of that name; {suggest(text, known)}")
    return Path(text)


def load_policy(name: Path | str | None = None, *, catalog: Catalog | None = None) -> Policy:
    """Return a policy by its name or its file; PolicyError names the line that is wrong.

    Where a `catalog` is given, a rule on a probe, a metric or a condition that it has not is
    refused.
    """
    source = place_of(name)
    policy = declared(Policy, source, PolicyError)
    stated = [*rules_in(policy, source), *included_rules(policy, source, catalog)]
    check(stated)
    kept = [changed(one, policy, source) for one in chosen(stated, policy, source)]
    for one in kept if catalog else ():
        refuse_unknown(one, catalog)
    rules = tuple(one.rule for one in kept)
    return policy.model_copy(update={"rule": rules, "group": {}, "change": {}, "without": ()})


def rules_in(part: RuleFile, source: Path | Traversable) -> list[Stated]:
    """Return the rules of one file."""
    return [Stated(rule, source, number) for number, rule in enumerate(part.resolved)]


def included_rules(
    policy: Policy, source: Path | Traversable, catalog: Catalog | None
) -> Iterator[Stated]:
    """Yield the rules that a policy includes, each file once."""
    probes = catalog.names() if catalog else ()
    for place in dict.fromkeys(included(policy.include, source, probes)):
        yield from rules_in(declared(RuleFile, place, PolicyError), place)


def chosen(stated: Sequence[Stated], policy: Policy, source: Path | Traversable) -> list[Stated]:
    """Return the rules that a policy does not do without; PolicyError on one that is not there."""
    ids = {one.rule.id for one in stated}
    for key in ("without", "change"):
        for name in getattr(policy, key):
            if name not in ids:
                near = suggest(name, ids)
                raise PolicyError(f"{where(source, (key, name))}: {key}: no rule {name!r}; {near}")
    return [one for one in stated if one.rule.id not in policy.without]


def changed(one: Stated, policy: Policy, source: Path | Traversable) -> Stated:
    """Return a rule with what a policy changes of it."""
    changes = policy.change.get(one.rule.id)
    if changes is None:
        return one
    place = f"{where(source, ('change', one.rule.id))}: change of {one.rule.id!r}"
    given = one.rule.model_dump(exclude_unset=True) | changes
    return Stated(shaped(Rule, given, place, PolicyError), one.source, one.number)


def check(stated: Sequence[Stated]) -> None:
    """Refuse two rules of one id, and prerequisites that never end or are not there."""
    given = {one.rule.id: one.rule.given for one in stated}
    seen: set[str] = set()
    for one in stated:
        if one.rule.id in seen:
            raise one.refuse("id", "two rules have this id")
        seen.add(one.rule.id)
        if unknown := sorted(set(one.rule.given) - set(given)):
            raise one.refuse("given", f"is given {listed(unknown)}, which is no rule")
        if one.rule.id in prerequisites(one.rule.id, given):
            raise one.refuse("given", "is given itself, in a circle")


def refuse_unknown(one: Stated, catalog: Catalog | None) -> None:
    """Refuse a rule on a probe, a metric or a condition that nothing yields."""
    assert catalog is not None
    refuse_unasked(one, one.rule, catalog)
    if one.rule.tries:
        refuse_unasked(one, one.rule.tries.quantity(one.rule), catalog)


def refuse_unasked(one: Stated, asked: Quantity, catalog: Catalog) -> None:
    """Refuse a quantity of a rule, or of the remedy that it tries, that nothing yields."""
    if asked.probe not in catalog.names():
        raise one.refuse(
            "probe", f"no probe {asked.probe!r}; {suggest(asked.probe, catalog.names())}"
        )
    suite = next(each for each in catalog.suites if catalog.get(asked.probe) in each.probes)
    metrics = {each.name for each in suite.metrics}
    conditions = {each.name for each in suite.conditions}
    if asked.metric != SCORE or not metrics.issuperset(MAIN.values()):
        refuse(one, "metric", [asked.metric], metrics, suite)
    refuse(one, "beside", [asked.beside] if asked.beside else [], metrics, suite)
    refuse(one, "at", asked.at, conditions, suite)
    refuse(one, "each", asked.each, conditions, suite)
    refuse(one, "over", [asked.over] if asked.over else [], conditions, suite)


def refuse(
    one: Stated, key: str, names: Collection[str], known: Collection[str], suite: Suite
) -> None:
    """Refuse names that are not among the known ones; the nearest is suggested."""
    for name in names:
        if name not in known:
            said = f"{key} {name!r} is nothing that {suite.name} yields; {suggest(name, known)}"
            raise one.refuse(key, said)


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

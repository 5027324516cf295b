"""Names to probes: suites register by entry point, ours and outsiders' alike."""

from __future__ import annotations

import json
import math
import reprlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from audit import installed
from audit.errors import UsageError, suggest
from audit.probing.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

    from audit.metric import Condition, Metric
    from audit.probing.probe import Probe

Noun = TypeVar("Noun", "Metric", "Condition")


class Catalog:
    """The suites that are installed, their probes, and what these yield.

    Refuses two probes of one name, and two meanings of one metric or condition. `left_out` says of
    each suite that could not be imported why, in one line.
    """

    def __init__(self, suites: Iterable[Suite], left_out: Mapping[str, str] | None = None) -> None:
        self.suites = tuple(suites)
        self.left_out = dict(left_out or {})
        self._metrics: dict[str, Metric] = {}
        self._conditions: dict[str, Condition] = {}
        self._probes: dict[str, type[Probe]] = {}
        for suite in self.suites:
            for probe in suite.probes:
                self._claim(probe)
            keep(self._metrics, suite.metrics, suite)
            keep(self._conditions, suite.conditions, suite)

    def _claim(self, probe: type[Probe]) -> None:
        if probe.name in self._probes:
            other = self._probes[probe.name].__module__
            raise UsageError(f"{probe.name}: claimed by {other} and by {probe.__module__}")
        self._probes[probe.name] = probe

    @classmethod
    def installed(cls) -> Catalog:
        """Return the catalog of every suite that is installed and can be imported."""
        entries = installed.suites()
        if not entries:
            raise UsageError("no suites are installed; install bioaudit itself: pip install .")
        found = {entry.name: loaded(entry) for entry in entries}
        return cls(
            [suite for suite in found.values() if isinstance(suite, Suite)],
            {name: why for name, why in found.items() if isinstance(why, str)},
        )

    def names(self) -> list[str]:
        """Return the names of all probes, in order."""
        return sorted(self._probes)

    def metrics(self) -> dict[str, Metric]:
        """Return what every metric means, by name."""
        return dict(self._metrics)

    def conditions(self) -> dict[str, Condition]:
        """Return what every condition means, by name."""
        return dict(self._conditions)

    def of(self, probes: Iterable[Probe]) -> tuple[Suite, ...]:
        """Return the suites that some probes belong to."""
        asked = list(probes)
        return tuple(suite for suite in self.suites if any(map(suite.asks, asked)))

    def get(self, name: str) -> type[Probe]:
        """Return a probe by name, or raise UsageError with the nearest one."""
        if name not in self._probes:
            self._explain(name)
            raise UsageError(f"no probe {name!r}; {suggest(name, self._probes)}")
        return self._probes[name]

    def _explain(self, name: str) -> None:
        """Raise UsageError where a probe or suite is one that was left out."""
        if why := self.left_out.get(name.partition(".")[0]):
            raise UsageError(f"{name}: {why}")

    def select(
        self, patterns: Iterable[str] = (), settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> tuple[Probe, ...]:
        """Return probes by name or suite (`shift` or `shift.noise`), all where none is named.

        Naming a probe selects those whose rows it reads. `settings` are by probe and field.
        """
        chosen = {name for pattern in patterns for name in self._match(pattern)}
        waiting = list(chosen or self._probes)
        while waiting:
            name = waiting.pop()
            chosen.add(name)
            waiting += [needed for needed in self.get(name).after if needed not in chosen]
        wanted = settings or {}
        for name in wanted:
            self.get(name)
            if name not in chosen:
                raise UsageError(f"a setting of {name} was given, but it is not among the probes")
        return tuple(configure(self.get(name), wanted.get(name, {})) for name in sorted(chosen))

    def _match(self, pattern: str) -> list[str]:
        names = [n for n in self._probes if n == pattern or n.startswith(f"{pattern}.")]
        if not names:
            self._explain(pattern)
            suites = {name.partition(".")[0] for name in self._probes}
            raise UsageError(
                f"no probe or suite {pattern!r}; {suggest(pattern, {*self._probes, *suites})}"
            )
        return names


def loaded(entry: EntryPoint) -> Suite | str:
    """Return the suite that an entry point names, or why there is none, in one line.

    Somebody else's package must not keep ours from working, whatever it raises.
    """
    try:
        found = entry.load()
    except Exception as error:  # noqa: BLE001
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return f"the suite {entry.value} cannot be imported: {said}"
    if not isinstance(found, Suite):
        return f"the suite {entry.value} is of type {type(found).__name__}; expected a Suite"
    if found.name != entry.name:
        return f"the suite {entry.value} is named {found.name!r}, its entry point {entry.name!r}"
    return found


def keep(known: dict[str, Noun], declared: Iterable[Noun], suite: Suite) -> None:
    """Keep what a suite declares; UsageError where another suite means something else by a name."""
    for one in declared:
        other = known.setdefault(one.name, one)
        if other != one:
            raise UsageError(
                f"suite {suite.name}: {one.name} is declared as {one}, elsewhere as {other}; "
                "give one of them another name"
            )


def configure(probe: type[Probe], settings: Mapping[str, Any]) -> Probe:
    """Return a probe with its settings, checked against the fields and their default types.

    Raises UsageError on an unknown field or a value of another type.
    """
    known = {field.name: field.default for field in fields(probe)}
    checked = {}
    for name, value in settings.items():
        if name not in known:
            raise UsageError(f"{probe.name} has no setting {name!r}; {suggest(name, known)}")
        checked[name] = coerce(f"{probe.name}.{name}", value, known[name])
    return probe(**checked)


def coerce(name: str, value: Any, default: Any) -> Any:
    """Return a value in the type of the default; text as of a command line is read as JSON.

    >>> coerce("shift.noise.photons", "100,30", (1.0,))
    (100.0, 30.0)
    """
    if isinstance(value, str) and not isinstance(default, str):
        text = f"[{value}]" if isinstance(default, tuple) and not value.startswith("[") else value
        try:
            value = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            raise UsageError(
                f"{name}: expected like {default!r}, got {reprlib.repr(value)}"
            ) from None
    if isinstance(default, tuple):
        values = value if isinstance(value, list | tuple) else [value]
        if not values:
            raise UsageError(f"{name}: expected like {default!r}, got nothing")
        return tuple(coerce(name, one, default[0]) for one in values)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    finite = not isinstance(value, float) or math.isfinite(value)
    if type(value) is not type(default) or not finite:
        raise UsageError(f"{name}: expected like {default!r}, got {reprlib.repr(value)}")
    return value

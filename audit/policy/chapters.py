"""Where rules stand: beside the suites that they are about, found without importing any."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from audit import installed
from audit.errors import PolicyError, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from importlib.resources.abc import Traversable

RULES = "rules.toml"
EVERY = "default"
"""Included by this name: the rules of every suite that is installed."""


def rule_files() -> dict[str, Path]:
    """Return the file of each installed suite's rules, by suite; none of a suite without rules."""
    found = {entry.name: beside(entry.module) for entry in installed.suites()}
    return {name: path for name, path in found.items() if path}


def beside(module: str) -> Path | None:
    """Return the rules in a package, or beside a module of one; None where there are none.

    A module that is in no package has no place of its own.
    """
    first, *rest = module.split(".")
    try:
        # Of a name without a dot nothing is imported.
        spec = find_spec(first)
    except (ImportError, ValueError):
        return None
    for location in (spec and spec.submodule_search_locations) or ():
        place = Path(location, *rest)
        path = (place if place.is_dir() else place.parent) / RULES
        if path.is_file():
            return path
    return None


def included(
    names: Iterable[str], source: Path | Traversable, probes: Collection[str]
) -> Iterator[Path]:
    """Yield the files that a policy includes: those of suites by name, or others beside its own.

    Where `probes` are named, a suite that has none of them is left out: it was not importable.
    """
    known = rule_files()
    there = {name for name in known if not probes or any(suite(one) == name for one in probes)}
    for name in names:
        if name == EVERY:
            yield from (known[one] for one in known if one in there)
        elif name in known:
            yield from (known[name],) if name in there else ()
        elif Path(name).suffix:
            yield Path(str(source)).parent / name
        else:
            near = suggest(name, {EVERY, *known})
            raise PolicyError(
                f"{source}: include {name!r}: no suite of that name brings rules; {near}"
            )


def suite(probe: str) -> str:
    """Return the suite of a probe."""
    return probe.partition(".")[0]

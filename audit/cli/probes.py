"""List the probes, or explain one: what it asks, how, what it needs, and its source."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from audit.probing.catalog import Catalog
    from audit.probing.probe import Probe


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit probes`."""
    parser.add_argument("name", nargs="?", help="a probe or a suite; all by default")


def main(wanted: Namespace) -> int:
    """Show a probe in full, or many in a table."""
    from audit.cli.screen import show_left_out
    from audit.probing.catalog import Catalog

    catalog = Catalog.installed()
    show_left_out([*catalog.left_out.items()])
    if wanted.name in catalog.names():
        explain(catalog.get(wanted.name))
    else:
        tabulate(catalog, wanted.name)
    return 0


def tabulate(catalog: Catalog, suite: str | None) -> None:
    """Show what the probes ask and need."""
    from audit.cli.screen import show_table

    chosen = catalog.select([suite] if suite else [])
    rows = [(probe.name, probe.asks, ", ".join(needs(type(probe)))) for probe in chosen]
    show_table(("probe", "asks", "needs"), rows)


def explain(probe: type[Probe]) -> None:
    """Show one probe: its question, its docstring, its settings."""
    from rich.markup import escape

    from audit.cli.screen import console, show_table

    console.print(f"[bold]{probe.name}[/]  {escape(probe.asks)}\n")
    console.print(escape(inspect.getdoc(probe) or ""))
    console.print(f"\nneeds: {', '.join(needs(probe))}\nsource: {probe.source}\n")
    show_table(
        ("setting", "default", "change it with"),
        [(one.name, one.default, f"--set {probe.name}.{one.name}=…") for one in fields(probe)],
    )


def needs(probe: type[Probe]) -> list[str]:
    """Return what a probe needs, in words."""
    wanted = probe.needs
    words = {
        f"model ({wanted.model})": wanted.model != "none",
        "masks": wanted.masks,
        "complete masks": wanted.complete,
        "probabilities": wanted.probabilities,
        "numbered objects": wanted.instances,
        "training log": wanted.log,
        "reference network": wanted.reference,
        "pixel size": wanted.pixel_um,
        f"{' and '.join(wanted.parts)} images": True,
    }
    return [word for word, true in words.items() if true]

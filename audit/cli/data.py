"""List what can be fetched; fetch, verify or inspect a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit data`."""
    from audit.cli import inspect

    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("list", help="what can be fetched")
    fetch = verbs.add_parser("fetch", help="download, check the hash, unpack")
    fetch.add_argument("name")
    fetch.add_argument("--accept-terms", action="store_true", help="you have read the terms of use")
    verify = verbs.add_parser("verify", help="hash again what was fetched")
    verify.add_argument("name")
    inspect.add_arguments(verbs.add_parser("inspect", help="what bioaudit sees in a folder"))


def main(wanted: Namespace) -> int:
    """Do one of the four."""
    from audit.cli.inspect import inspecting

    return {"list": listing, "fetch": fetching, "verify": verifying, "inspect": inspecting}[
        wanted.verb
    ](wanted)


def listing(_: Namespace) -> int:
    """Show what can be fetched."""
    from audit.cli.screen import show_table
    from audit.datasets.fetch import REGISTRY

    rows = [(name, one.url, one.sha256[:12] + "…") for name, one in sorted(REGISTRY.items())]
    show_table(("name", "address", "sha256"), rows)
    return 0


def fetching(wanted: Namespace) -> int:
    """Show the terms, then fetch."""
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.datasets.fetch import archive_of, fetch

    console.print(escape(archive_of(wanted.name).terms))
    folder = fetch(wanted.name, accept_terms=wanted.accept_terms)
    console.print(f"unpacked: {escape(str(folder))}")
    return 0


def verifying(wanted: Namespace) -> int:
    """Hash again what was fetched."""
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.datasets.fetch import verify

    verify(wanted.name)
    console.print(f"{escape(wanted.name)}: the archive is the one that was pinned")
    return 0

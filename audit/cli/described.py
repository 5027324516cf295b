"""What `bioaudit model` shows of descriptions: one card in full, or a line for each of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.errors import ModelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from audit.models.package.description import ModelDescription

LINES = (".jsonl", ".json")


def show(path: Path, declared: Mapping[str, Any]) -> int:
    """Show one card in full, or a line for each of many descriptions; return the exit code.

    `declared` is what the user says in place of a description.
    """
    if path.suffix in LINES and not path.is_dir():
        return tabulate(path, declared)
    from audit.models.package.opening import is_package, opened

    if not is_package(path):
        raise ModelError(
            f"{path}: no description; expected bioimageio.yaml, rdf.yaml, a package of bioimage.io "
            "(folder or zip), or a file of JSON lines"
        )
    with opened(path) as described:
        explain(described, path, declared)
    return 0


def explain(described: ModelDescription, path: Path, declared: Mapping[str, Any]) -> None:
    """Show the card of a description; raise ModelError where it cannot be audited as it stands."""
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.models.package.card import card_of, lines, seen_as
    from audit.models.package.contract import read_contract
    from audit.models.package.replay import seen
    from audit.models.package.weights import can_open

    try:
        contract = read_contract(described)
        contract = seen_as(contract, seen(described, contract))
        for key, words in lines(contract, described.weights):
            console.print(f"[bold]{key:>11}[/]  {escape(words)}")
        can_open(described)
        card = card_of(contract, declared).card
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from None
    console.print(f"[bold]{'audited as':>11}[/]  {card.output}, {card.classes} classes")


def tabulate(path: Path, declared: Mapping[str, Any]) -> int:
    """Show what each of many descriptions comes to: the card in short, or the reason against it."""
    from audit.cli.screen import show_table

    found = [(number, *summary(text, declared)) for number, text in enumerate(texts(path), 1)]
    show_table(("", "model", "comes to"), found)
    return 0 if all(said.startswith(AUDITED) for _, _, said in found) else 2


def texts(path: Path) -> Iterator[str]:
    """Yield the lines of a file that hold something; the whole of one that is one object."""
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from None
    rows = [line for line in content.splitlines() if line.strip()]
    yield from rows if all(row.lstrip().startswith("{") for row in rows) else [content]


AUDITED = "audited as"


def summary(text: str, declared: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of a described model, and what it comes to in one line."""
    from audit.models.package.card import card_of
    from audit.models.package.contract import read_contract
    from audit.models.package.description import read_line
    from audit.models.package.weights import can_open

    name = "?"
    try:
        described = read_line(text)
        name = described.name
        contract = read_contract(described)
        can_open(described)
        card = card_of(contract, declared).card
    except (ModelError, UsageError) as error:
        return name, str(error)
    return name, f"{AUDITED} {card.output}, {card.classes} classes, {card.channels} channels"

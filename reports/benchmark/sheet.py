"""The comparison table of one dataset: networks in rows, suites in columns, quantities in cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.networks import value
from audit.quantities.summary import summary
from reports.benchmark import say
from reports.benchmark.column import QUANTITIES
from reports.benchmark.contrast import apart, family
from reports.benchmark.network import seeds
from reports.words import capital, count, slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.quantities.scatter import Scatter
    from audit.quantities.seen import Seen
    from reports.benchmark.column import Column
    from reports.benchmark.contrast import Compared, Table
    from reports.benchmark.network import AuditedNetwork
    from reports.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class QuantityLine:
    """One quantity in a cell: its name, its value with interval, and its mark."""

    head: str
    value: str
    within: str
    word: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its name, how many networks it stands for, and a cell of lines a suite."""

    name: str
    note: str
    cells: tuple[tuple[QuantityLine, ...], ...]


@dataclass(frozen=True, kw_only=True)
class DatasetSheet:
    """The table of one dataset, and what differs surely, in words."""

    anchor: str
    dataset: str
    tested: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    says: tuple[str, ...]
    against: str
    compared: int
    contrasts: tuple[Compared, ...]


def sheet(
    dataset: str,
    networks: Sequence[AuditedNetwork],
    table: Table,
    against: str,
    vocabulary: Vocabulary,
) -> DatasetSheet:
    """Return the table of one dataset, every row compared with one of them."""
    known = [one for one in QUANTITIES if any(one.name in seen for seen in table.values())]
    suites = list(dict.fromkeys(one.asks.suite for one in known))
    contrasts = family(table, against, known)
    scatters = {one.name: apart(one, table) for one in known}
    words = {(one.row, one.quantity.name): one.word for one in contrasts}
    return DatasetSheet(
        anchor=f"dataset-{slug(dataset)}",
        dataset=dataset,
        tested=tested(table),
        heads=tuple(map(vocabulary.title, suites)),
        rows=tuple(
            Row(
                name=name,
                note=note([one for one in networks if one.row == name], name == against),
                cells=tuple(
                    tuple(
                        line(one, seen, scatters[one.name], words.get((name, one.name), ""))
                        for one in known
                        if one.asks.suite == suite
                    )
                    for suite in suites
                ),
            )
            for name, seen in table.items()
        ),
        says=tuple(said(name, contrasts) for name in table if name != against),
        against=against,
        compared=len(contrasts),
        contrasts=tuple(contrasts),
    )


def line(
    wanted: Column, row: Mapping[str, Sequence[Seen]], apart: Scatter | None, word: str
) -> QuantityLine:
    """Return one quantity of one row as words."""
    seen = row.get(wanted.name, ())
    found = value(seen, apart=apart) if seen else None
    short = summary(found, seen) if found else None
    return QuantityLine(
        head=wanted.head,
        value=say.value(wanted, short),
        within=say.within(wanted, short),
        word=word,
        mark=say.MARKS[word],
    )


def note(networks: Sequence[AuditedNetwork], against: bool) -> str:
    """Return how many networks a row stands for, and what they learnt from."""
    many = count(len(networks), "network")
    learnt = f"{many} ({seeds(networks)}), learnt from {count(networks[0].images, 'image')}"
    return f"{learnt}; the others are compared with it" if against else learnt


def tested(table: Table) -> str:
    """Return on how many images of how many movies the rows were tested."""
    first = next(iter(table.values())).get("iou")
    if not first:
        return "no image that all have"
    images, groups = len(first[0].images), len(set(first[0].evidence.groups))
    movies = "" if groups == images else f" of {count(groups, 'group')} (movie, plate)"
    return f"{count(images, 'test image')}{movies}"


def said(row: str, contrasts: Sequence[Compared]) -> str:
    """Return in a sentence what differs surely between a row and the one it is compared with."""
    mine = [one for one in contrasts if one.row == row]
    if not mine:
        return f"{capital(row)}: nothing can be compared; too few images were tested."
    parts = [
        f"{word} in {say.names(found)}"
        for word in ("better", "worse")
        if (found := [one for one in mine if one.word == word])
    ]
    rest = sum(not one.sure for one in mine)
    if not parts:
        return f"{capital(row)}: no difference seen in any of {len(mine)} quantities."
    tail = f" No difference seen in the other {rest}." if rest else ""
    return f"{capital(row)} is {' and '.join(parts)}.{tail}"

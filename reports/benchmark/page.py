"""The comparison page as one HTML file that needs nothing else, and its numbers as a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from audit.files import write_whole
from audit.record.record import Record
from reports.benchmark.column import QUANTITIES
from reports.benchmark.network import read
from reports.benchmark.section import section
from reports.benchmark.sheet import sheet
from reports.html import MARK, environment
from reports.vocabulary import Vocabulary
from reports.words import TERMS, capital, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reports.benchmark.contrast import Compared, Table
    from reports.benchmark.network import Benchmark
    from reports.benchmark.section import DatasetSection
    from reports.benchmark.sheet import DatasetSheet

COLUMNS = (
    *("part", "dataset", "row", "against", "quantity", "difference", "low", "high"),
    *("other_movies_low", "other_movies_high", "held_to", "images", "groups", "scope"),
    *("could_have_seen", "word"),
)


@dataclass(frozen=True, kw_only=True)
class BenchmarkPage:
    """Everything that the page shows."""

    sections: tuple[DatasetSection, ...]
    sheets: tuple[DatasetSheet, ...]
    left_out: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]


def page(benchmark: Benchmark) -> BenchmarkPage:
    """Return the page of a benchmark, from the records of its networks."""
    tables = {name: read(benchmark.of(name)) for name in benchmark.datasets}
    with Record(benchmark.networks[0].record, readonly=True) as record:
        words = Vocabulary.of(record)
    return BenchmarkPage(
        sections=tuple(
            section(one, benchmark.of(one.dataset), tables[one.dataset]) for one in benchmark.asked
        ),
        sheets=tuple(
            sheet(name, benchmark.of(name), table, main_row(benchmark, name), words)
            for name, table in tables.items()
        ),
        left_out=tuple(sorted(benchmark.left_out.items())),
        facts=tuple((clean(name), clean(words)) for name, words in benchmark.facts),
        terms=tuple(terms(tables.values())),
    )


def terms(tables: Iterable[Table]) -> Iterator[tuple[str, str]]:
    """Yield the words of the page with their meanings: its terms, and the heads of its cells."""
    yield from ((one, TERMS[one]) for one in ("IoU", "interval"))
    shown = {name for table in tables for seen in table.values() for name in seen}
    for one in QUANTITIES:
        if one.name in shown and one.head not in TERMS:
            yield one.head, f"{capital(one.what)}."


def main_row(benchmark: Benchmark, dataset: str) -> str:
    """Return the row that all others of a dataset are compared with: its first."""
    return benchmark.of(dataset)[0].row


def write(path: Path, benchmark: Benchmark) -> Path:
    """Write the page, and beside it every comparison as CSV; return the page's path."""
    whole = page(benchmark)
    write_whole(path.with_suffix(".csv"), table(whole), ",".join(COLUMNS))
    style = (files("reports") / "templates" / "style.css").read_text("utf-8")
    text = environment().get_template("benchmark.html").render(page=whole, style=style)
    return write_whole(path, text, MARK)


def table(whole: BenchmarkPage) -> str:
    """Return every comparison as CSV, numbers as they are."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for part, dataset, one in comparisons(whole):
        low, high = one.interval or ("", "")
        least, most = one.elsewhere or ("", "")
        known = one.answer.estimate
        data = (known.n, known.groups, one.answer.scope)
        numbers = (one.value, low, high, least, most, one.held_to, *data, one.seen_from)
        writer.writerow(
            (part, dataset, one.row, one.against, one.quantity.name, *numbers, one.word)
        )
    return file.getvalue()


def comparisons(whole: BenchmarkPage) -> Iterator[tuple[str, str, Compared]]:
    """Yield every comparison with the part of the page and the dataset that it belongs to."""
    for each in whole.sections:
        for one in each.contrasts:
            yield each.anchor, each.dataset, one
    for sheet_ in whole.sheets:
        for one in sheet_.contrasts:
            yield sheet_.anchor, sheet_.dataset, one

"""Delimited tables: Keras, ZeroCostDL4Mic, Lightning, CAREamics, YOLO, W&B exports, and any other.

The first line names the columns. Commas, semicolons, tabs, bars or spaces part them, whichever
gives most lines as many cells as names; a comma within a cell may be the decimal sign.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.errors import LogError
from audit.images.headers import plain
from audit.logs.cell import has_commas, is_blank, number
from audit.logs.column import meaning
from audit.logs.log import Notice
from audit.logs.sheet import FoundLog, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.logs.sheet import Row

DELIMITERS = ("\t", ";", ",", "|", " ")
LOOKED_AT = 50
LEAST_AGREEING = 0.5
LEAST_NUMERIC = 0.3
"""The share of cells that are numbers or blank, from which lines are a table and no prose."""

NUMBERED = re.compile(r"(?:^|[:=\s])[-+]?[\d,]*\.?\d+(?:e[-+]?\d+)?$", re.IGNORECASE)

ZEROCOST = ("loss", "val_loss", "learning rate")
WANDB_RANGES = ("__MIN", "__MAX")
WANDB_PART = " - "


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the lines of a table are parted."""

    names: tuple[str, ...]
    delimiter: str
    comma: bool


def read_table(text: str) -> FoundLog | None:
    """Return the sheets of a table; None where the text is none.

    Raises LogError where a table has names and no rows, or rows and no names.
    """
    lines = body(text)
    layout = laid_out(lines)
    if layout is None:
        check_bare(lines)
        return None
    parts = sections(lines, layout)
    if any(meaning(column).counts for column in layout.names):
        parts = [[line for part in parts for line in part]]
    cut = is_cut(text, lines, layout)
    if cut:
        parts[-1] = parts[-1][:-1]
    sheets = [sheet(part, layout) for part in parts if part]
    if cut and sheets:
        notice = Notice("truncated", "the last line breaks off, and was left out")
        sheets[-1] = replace(sheets[-1], notices=(*sheets[-1].notices, notice))
    told = format_of(layout.names, sheets)
    if told == "W&B export":
        sheets = [one for whole in sheets for one in by_run(whole)]
    return FoundLog(format=told, sheets=tuple(sheets))


def body(text: str) -> list[str]:
    """Return the lines that are not blank, without comments and hints for Excel.

    A comment is taken for the names where nothing else can be: NumPy writes them so.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    comments = [line for line in lines if line.startswith("#")]
    rest = [line for line in lines if not line.startswith("#")]
    return [comments[-1].lstrip("# "), *rest] if comments and rest and is_bare(rest[0]) else rest


def is_bare(line: str) -> bool:
    """Say whether a line is nothing but numbers, however parted."""
    parted = (line.split(None if one == " " else one) for one in DELIMITERS)
    return any(all(number(cell, comma=True) is not None for cell in cells) for cells in parted)


def split(lines: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of lines."""
    if delimiter == " ":
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def laid_out(lines: Sequence[str]) -> Layout | None:
    """Return how a table is parted: as most lines have as many cells as names; None for no table.

    One column of numbers under a name is a table too.
    """
    best, layout = 0.0, None
    for delimiter in DELIMITERS:
        try:
            names, *rows = split(lines[:LOOKED_AT], delimiter)
        except (csv.Error, ValueError):
            continue
        names = [plain(one.strip()) for one in names]
        worth = agreement(names, rows)
        if worth > best:
            cells = [cell for row in rows for cell in row]
            comma = has_commas(cells)
            best, layout = worth, Layout(names=unique(names), delimiter=delimiter, comma=comma)
    return layout


def agreement(names: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """Return how well names fit rows, 0 where they are no table."""
    alike = [row for row in rows if len(row) == len(names)]
    cells = [cell for row in alike for cell in row]
    if len(alike) < LEAST_AGREEING * len(rows) or not cells:
        return 0.0
    either = [number(one) is not None or number(one, comma=True) is not None for one in cells]
    numeric = sum(either) + sum(is_blank(cell) for cell in cells)
    named = sum(number(one) is None for one in names)
    if numeric < LEAST_NUMERIC * len(cells) or not any(either) or named <= len(names) / 2:
        return 0.0
    return len(names) * len(alike) / len(rows) * numeric / len(cells)


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Return names with empty ones filled in and repeated ones numbered."""
    seen: Counter[str] = Counter()
    found = []
    for place, name in enumerate(names, 1):
        named = name or f"column {place}"
        seen[named] += 1
        found.append(f"{named} ({seen[named]})" if seen[named] > 1 else named)
    return tuple(found)


def check_bare(lines: Sequence[str]) -> None:
    """Refuse names without rows, and rows without names."""
    if not lines:
        raise LogError("no line but blank ones; did the training write any epoch?")
    if len(lines) == 1 and any(meaning(one).loss for one in lines[0].replace(";", ",").split(",")):
        raise LogError("names of columns and no rows; did the training write any epoch?")
    if is_bare(lines[0]):
        raise LogError("numbers without names; write a first line such as epoch,loss,val_loss")


def sections(lines: Sequence[str], layout: Layout) -> list[list[list[str]]]:
    """Return the rows of a table, parted where its names stand again.

    Raises LogError where a quote swallows further lines.
    """
    try:
        rows = list(split(lines[1:], layout.delimiter))
    except csv.Error as error:
        raise LogError(f"a table that cannot be read ({error}); mend its quotes") from error
    if len(rows) < len(lines) - 1:
        raise LogError("a quote in the table is never closed; mend its quotes")
    found: list[list[list[str]]] = [[]]
    for cells in rows:
        if cells and cells[0].strip() and [cell.strip() for cell in cells] == list(layout.names):
            found.append([])
        else:
            found[-1].append(cells)
    return found


def has_names(found: FoundLog) -> bool:
    """Say whether most columns are called by a name, and not by what a first line holds.

    `0.85` and `val loss: 0.85` are numbers of a line, not names.
    """
    names = [name for one in found.sheets for name in one.columns]
    return 2 * sum(NUMBERED.search(name) is not None for name in names) < len(names)


def is_cut(text: str, lines: Sequence[str], layout: Layout) -> bool:
    """Say whether the last line breaks off: it has too few cells and no end."""
    (cells,) = split(lines[-1:], layout.delimiter)
    return len(cells) < len(layout.names) and not text.endswith(("\n", "\r"))


def sheet(rows: Sequence[Sequence[str]], layout: Layout) -> Sheet:
    """Return rows as numbers, telling where a loss is blank or no number."""
    strange: Counter[str] = Counter()
    found: list[Row] = []
    for cells in rows:
        numbers = {}
        for column, cell in zip(layout.names, cells, strict=False):
            value = number(cell, comma=layout.comma)
            if value is not None:
                numbers[column] = value
            elif not is_blank(cell):
                strange[column] += 1
        found.append(numbers)
    texts = [
        Notice("blank", f"{count} cells of `{column}` are no numbers, and were left out")
        for column, count in strange.items()
        if meaning(column).loss
    ]
    return Sheet(rows=found, notices=(*texts, *blanks(found, layout.names)))


def blanks(rows: Sequence[Row], names: Sequence[str]) -> Iterator[Notice]:
    """Yield which losses are blank in some rows of a table that has a row for each epoch.

    Where rows share their epochs, as Lightning's do, blanks are its way of writing.
    """
    epoch = next((name for name in names if meaning(name).counts == "epoch"), None)
    epochs = [row[epoch] for row in rows if epoch in row] if epoch else []
    if len(set(epochs)) < len(epochs):
        return
    for name in names:
        empty = sum(name not in row for row in rows)
        if meaning(name).loss and 0 < empty < len(rows):
            text = f"`{name}` is blank in {empty} of {len(rows)} rows; pandas writes NaN so"
            yield Notice("blank", text)


def format_of(names: Sequence[str], sheets: Sequence[Sheet]) -> str:
    """Return whose table has these columns."""
    said, starts = set(names), {name.partition("/")[0] for name in names}
    gaps = any(len(row) < len(names) for one in sheets for row in one.rows)
    tables = {
        "W&B export": any(name.endswith(WANDB_RANGES) for name in names),
        "W&B history": "_step" in said,
        "ZeroCostDL4Mic table": tuple(names[:3]) == ZEROCOST,
        "YOLO table": {"train", "val", "metrics"} <= starts,
        "Lightning table": {"epoch", "step"} <= said and gaps,
        "Keras table": names[0] == "epoch" and "loss" in said and is_sorted(names[1:]),
    }
    return next((told for told, is_it in tables.items() if is_it), "table")


def is_sorted(names: Sequence[str]) -> bool:
    """Say whether names stand in the order of the alphabet, as Keras writes them."""
    return list(names) == sorted(names)


def by_run(whole: Sheet) -> Iterator[Sheet]:
    """Yield the runs that a W&B export holds side by side: `run - metric`, without its ranges."""
    columns = [name for name in whole.columns if not name.endswith(WANDB_RANGES)]
    shared = [name for name in columns if WANDB_PART not in name]
    parted = {name: name.rpartition(WANDB_PART) for name in columns if name not in shared}
    for run in dict.fromkeys(owner for owner, _, _ in parted.values()):
        renamed = {name: name for name in shared}
        renamed |= {name: metric for name, (owner, _, metric) in parted.items() if owner == run}
        rows = [
            {renamed[name]: value for name, value in row.items() if name in renamed}
            for row in whole.rows
        ]
        yield replace(whole, name=run, rows=rows)

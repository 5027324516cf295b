"""Text logs in the words of known programs: nnU-Net and Cellpose.

A new epoch begins a row. Of a quantity that is told again within an epoch the last value counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from audit.logs.column import meaning
from audit.logs.said import NUMBER
from audit.logs.sheet import FoundLog, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.logs.sheet import Row

ALONE = re.compile(rf"(?<![\w.]){NUMBER}(?![\w.])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a program writes its epochs: the expression of an epoch, and of each quantity.

    An expression of several numbers in brackets is their mean.
    """

    format: str
    epoch: re.Pattern[str]
    quantities: Mapping[str, re.Pattern[str]]
    unmeasured: frozenset[str] = field(default=frozenset())


def style(told: str, epoch: str, unmeasured: str = "", **quantities: str) -> Style:
    """Return a style from expressions, in which `#` stands for a number."""
    return Style(
        format=told,
        epoch=re.compile(epoch),
        quantities={
            name: re.compile(text.replace("#", f"({NUMBER})"), re.IGNORECASE)
            for name, text in quantities.items()
        },
        unmeasured=frozenset({unmeasured}) if unmeasured else frozenset(),
    )


STYLES = (
    style(
        "nnU-Net v2 log",
        r"^[-\d]+ [\d:.]+: Epoch (\d+)\s*$",
        train_loss=r": train_loss #\s*$",
        val_loss=r": val_loss #\s*$",
        learning_rate=r": Current learning rate: #\s*$",
        pseudo_dice=r": Pseudo dice \[(.*)\]",
    ),
    style(
        "nnU-Net v1 log",
        r"^epoch:\s+(\d+)\s*$",
        train_loss=r": train loss : #\s*$",
        val_loss=r": validation loss: #\s*$",
        learning_rate=r": lr: #\s*$",
        global_foreground_dice=r": Average global foreground Dice: \[(.*)\]",
    ),
    style(
        "Cellpose log",
        r"(?:^|\] |\s)(\d+), train_loss=",
        "test_loss",
        train_loss=r"train_loss=#",
        test_loss=r"test_loss=#",
        LR=r"\bLR=#",
    ),
    style(
        "Cellpose 1 and 2 log",
        r"\bEpoch (\d+), Time\s+[\d.]+s, Loss",
        train_loss=r", Loss\s+#",
        test_loss=r", Loss Test\s+#",
        LR=r", LR\s+#",
    ),
)

FORMATS = tuple(one.format for one in STYLES)
RESUMED = ("nnU-Net v2 log", "nnU-Net v1 log")
"""Programs that begin another file where a training is resumed."""


def read_styled(text: str) -> FoundLog | None:
    """Return the sheet of a log in a known style; None where it is in none."""
    lines = text.splitlines()
    for one in STYLES:
        if any(one.epoch.search(line) for line in lines):
            rows = told(lines, one)
            if rows:
                sheet = Sheet(rows=rows, unmeasured=one.unmeasured)
                return FoundLog(format=one.format, sheets=(sheet,))
    return None


def told(lines: Sequence[str], one: Style) -> list[Row]:
    """Return the epochs of a log in a known style, those with a loss."""

    def quantities() -> Iterator[tuple[str, float]]:
        for line in lines:
            epoch = one.epoch.search(line)
            if epoch:
                yield "epoch", float(epoch[1])
            for key, expression in one.quantities.items():
                found = expression.search(line)
                values = [float(value) for value in ALONE.findall(found[1])] if found else []
                if values:
                    yield key, fmean(values)

    return [row for row in gathered(quantities()) if any(meaning(key).loss for key in row)]


def gathered(quantities: Iterator[tuple[str, float]]) -> Sequence[Row]:
    """Return quantities by epoch, in their order; what stands before the first epoch is none."""
    rows: list[dict[str, float]] = []
    for key, value in quantities:
        if key == "epoch":
            rows.append({key: value})
        elif rows:
            rows[-1][key] = value
    return rows

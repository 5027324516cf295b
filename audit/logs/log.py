"""What a training log holds, whoever wrote it: runs, and their curves."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (dataclass fields)
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 (dataclass fields)
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One quantity along a training.

    `at` are epochs or steps, rising; `values` has one number for each, in the unit of the log: NaN
    and infinities are kept, for they are findings. `source` is the column, tag or line it was
    taken from.
    """

    source: str
    at: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Notice:
    """Something about a log that its reader should know, as a sentence, and of what kind it is."""

    kind: Literal[
        "taken", "resumed", "repeated", "unordered", "gap", "blank", "not finite", "no training",
        "no validation", "no test data", "truncated", "several", "left out",
    ]  # fmt: skip
    text: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training: its losses, its learning rate, and further quantities by name.

    `counts` says what `at` counts; training and validation may be logged at different places.
    `notices` tells which columns were taken and why, and all that was odd. `continues` says that it
    goes on from the training before it in the log, though the count begins anew.
    """

    name: str
    counts: Literal["epoch", "step"]
    training: Curve | None = None
    validation: Curve | None = None
    rate: Curve | None = None
    others: Mapping[str, Curve] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    continues: bool = False


@dataclass(frozen=True, kw_only=True)
class Log:
    """A training log: where it lies, the SHA-256 of its bytes, its format, and its runs."""

    path: Path
    digest: str
    format: str
    runs: tuple[Run, ...]

"""What every reader of a format hands over: rows of numbers, in the order of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from audit.logs.log import Notice  # noqa: TC001 (a dataclass field)

Row = Mapping[str, float]
"""The numbers that were logged together, by column; a blank is not there."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of one log, before it is said what its columns mean.

    `name` tells it from others of the same file or folder, where there are any. `unmeasured` are
    columns in which nothing but 0 says that nothing was measured; `again` are those told several
    times in most rows, of which the last is kept: batches, where another tells the whole epoch.
    """

    rows: Sequence[Row]
    name: str = ""
    notices: tuple[Notice, ...] = ()
    unmeasured: frozenset[str] = field(default=frozenset())
    again: frozenset[str] = field(default=frozenset())

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """How many numbers stand in each column, in the order of their first appearance."""
        return Counter(column for row in self.rows for column in row)


@dataclass(frozen=True, kw_only=True)
class FoundLog:
    """What was told of a file or folder: its format, and its sheets."""

    format: str
    sheets: tuple[Sheet, ...]

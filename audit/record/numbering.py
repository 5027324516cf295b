"""Terms and samples by number, so that a million rows repeat no text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection

    from audit.measurement import Measurement


class Numbering:
    """The numbers of terms and samples in one database; unknown ones are given one."""

    def __init__(self, database: Connection) -> None:
        self.database = database
        self._known: dict[tuple[str, ...], int] = {}

    def term(self, row: Measurement) -> int:
        """Return the number of a row's metric and condition."""
        return self._number("terms", {"metric": row.metric, "at": condition(row.at)})

    def sample(self, row: Measurement) -> int:
        """Return the number of a row's sample; 0 where it belongs to none."""
        return 0 if row.sample is None else self._number("samples", {"name": row.sample})

    def forget(self) -> None:
        """Forget every number, as after a transaction that was rolled back."""
        self._known.clear()

    def _number(self, table: str, key: Mapping[str, str]) -> int:
        known = (table, *key.values())
        if known not in self._known:
            columns, marks = ", ".join(key), ", ".join("?" * len(key))
            values = tuple(key.values())
            insert = f"insert or ignore into {table} ({columns}) values ({marks})"  # noqa: S608
            self.database.execute(insert, values)
            find = f"select id from {table} where ({columns}) = ({marks})"  # noqa: S608
            self._known[known] = self.database.execute(find, values).fetchone()[0]
        return self._known[known]


def condition(at: Mapping[str, Any]) -> str:
    """Return a condition as the canonical JSON that the record keeps.

    >>> condition({"sigma_um": 0.5})
    '{"sigma_um": 0.5}'
    """
    return json.dumps(dict(at), sort_keys=True, allow_nan=False)

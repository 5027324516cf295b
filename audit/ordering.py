"""The order in which a person counts: run 2 stands before run 10."""

from __future__ import annotations

import re

NUMBERS = re.compile(r"(\d+)")


def natural(text: object) -> list[tuple[int, str]]:
    """Return what sorts texts by the numbers in them.

    >>> sorted(["fold 10", "fold 2", "best"], key=natural)
    ['best', 'fold 2', 'fold 10']
    """
    return [(int(one) if one.isdecimal() else -1, one) for one in NUMBERS.split(str(text))]

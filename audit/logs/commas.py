"""The commas in the numbers of a text log: decimal signs of some countries, or thousands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from audit.errors import LogError
from audit.images.headers import plain
from audit.logs.column import meaning

if TYPE_CHECKING:
    from collections.abc import Callable

NAMED = re.compile(
    r"(?<![\w/.-])(?P<name>[A-Za-z][\w/.-]{0,60}(?: ?\([A-Za-z]\w*\))?)"
    r"(?P<sign>['\"]?\s*[:=,]\s*|\s+-\s+|\s+)"
    r"(?P<number>[-+]?\d+(?:,\d+)*(?:\.\d+)?)(?![\w.,]*\d)"
)
THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")
EITHER = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
DECIMAL = re.compile(r"[-+]?\d+,\d+")

Use = Literal["decimal", "thousands", "either", "point"]


def pointed(text: str) -> str:
    """Return a text whose numbers with names have points for decimal signs, and no thousands.

    What a comma is, the losses of the text tell: `0,35` is no thousand, `1,234.5` no decimal.
    Raises LogError where they are all like `1,234`, or of both kinds.

    >>> pointed("epoch 1: loss: 0,35"), pointed("epoch 1: loss: 1,234.5 lr: 0.1")
    ('epoch 1: loss: 0.35', 'epoch 1: loss: 1234.5 lr: 0.1')
    """
    if not re.search(r"\d,\d", text):
        return text
    uses = {
        use: one
        for one in NAMED.finditer(text)
        if (use := use_of(one["number"])) and meaning(one["name"]).loss
    }
    if "decimal" in uses and ("thousands" in uses or "point" in uses):
        refuse(uses["decimal"], "stands beside numbers with decimal points")
    if "decimal" in uses:
        return rewritten(text, lambda number: number.replace(",", "."), DECIMAL)
    if "either" in uses and not {"thousands", "point"} & uses.keys():
        refuse(uses["either"], "may be a thousand or have a decimal comma")
    return rewritten(text, lambda number: number.replace(",", ""), THOUSANDS, EITHER)


def use_of(number: str) -> Use | None:
    """Return what the comma of a number is; None for a whole number and for lists of numbers."""
    if "," not in number:
        return "point" if "." in number else None
    if THOUSANDS.fullmatch(number):
        return "thousands"
    if EITHER.fullmatch(number):
        return "either"
    return "decimal" if DECIMAL.fullmatch(number) else None


def rewritten(text: str, change: Callable[[str], str], *kinds: re.Pattern[str]) -> str:
    """Return a text with the numbers of some kinds changed."""

    def replaced(one: re.Match[str]) -> str:
        number = one["number"]
        if any(kind.fullmatch(number) for kind in kinds):
            number = change(number)
        return f"{one['name']}{one['sign']}{number}"

    return NAMED.sub(replaced, text)


def refuse(found: re.Match[str], why: str) -> None:
    """Refuse a text in which a number has two readings."""
    raise LogError(f"`{plain(found[0])}` {why}; write numbers with decimal points alone")

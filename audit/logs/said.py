"""What one line of a text log says: how far the training is, and quantities by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from audit.images.headers import plain
from audit.logs.column import PARTS, meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.logs.column import Part

NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf(?:inity)?)"

COUNTERS: dict[Literal["epoch", "step"], re.Pattern[str]] = {
    "epoch": re.compile(
        r"\b(?:epochs?|ep)\b(?:\((\w+)\))?['\"]?[\s:#=\[(]*(\d+(?:\.\d+)?)"
        r"(?![\w.]*\s*(?:s|sec|min)\b)",
        re.IGNORECASE,
    ),
    "step": re.compile(
        r"\b(?:iterations?|iters?|steps?)\b(?:\((\w+)\))?['\"]?[\s:#=\[(]*(\d+)(?![\w.])",
        re.IGNORECASE,
    ),
}
"""An epoch or a step with its number; what stands in brackets is the part that is counted."""

NAME = r"[a-z][\w/.-]{0,60}?"
PAIR = re.compile(
    rf"((?:[a-z]+ ){{0,2}}{NAME})(?P<of> ?\([a-z]\w*\))?"
    rf"(?P<sign>['\"]?\s*[:=]\s*|\s*,\s*|\s+-\s+|\s+)(?P<number>{NUMBER})(?![\w/:]|[.,]\w)"
    rf"(?: ?\(\s*(?P<inner>{NUMBER})\s*\))?",
    re.IGNORECASE,
)
"""Up to three words, perhaps one in brackets, a sign, and a number that ends there.

After it a further one may stand in brackets.
"""

SIGNS = (":", "=")
BEFORE = re.compile(r"(?:^|[^\w\s.)-]|\d|\s-)\s*$")
"""What stands before a name of several words: a bracket, a bar, a number, or the line's start."""

SOURCE = re.compile(r"[\w/.-]+\.(?:py|ipynb|log|txt|ckpt|pth?)\b")
"""What a logger says of where a line comes from: `train.py` says nothing of a loss."""

SECTION_LETTERS = 40
"""A line of no more letters that names a part and no quantity stands over those that follow."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A number by its name, and the part of the data that is said of it, by the name or before.

    `inner` is a number in brackets right after it: in most logs the mean so far.
    """

    name: str
    part: Part | None
    value: float
    inner: float | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: what it counts and how far, of which part, and its quantities."""

    counted: dict[Literal["epoch", "step"], float]
    of: Part | None
    quantities: tuple[Named, ...]
    section: Part | None

    @property
    def kind(self) -> frozenset[str]:
        """What lines of the same statement have in common: the names, and what is counted."""
        return frozenset({*(one.name.lower() for one in self.quantities), *self.counted})


def read_line(text: str) -> Line:
    """Return what a line says.

    >>> line = read_line("Epoch 3 | Tr loss=0.5 | Va loss=0.6")
    >>> [(one.name, one.part, one.value) for one in line.quantities]
    [('Tr loss', 'training', 0.5), ('Va loss', 'validation', 0.6)]
    """
    found = {what: one.search(text) for what, one in COUNTERS.items()}
    counted = {what: float(one[2]) for what, one in found.items() if one}
    named = [one[1].lower() for one in found.values() if one and one[1]]
    quantities = tuple(quantities_of(text))
    return Line(
        counted=counted,
        of=next((PARTS[word] for word in named if word in PARTS), None),
        quantities=quantities,
        section=None if quantities else heading(text),
    )


def heading(text: str) -> Part | None:
    """Return the part that a short line names, which stands over those that follow."""
    if len(text.strip()) > SECTION_LETTERS:
        return None
    parts = {PARTS[word] for word in words(text) if word in PARTS}
    return parts.pop() if len(parts) == 1 else None


def quantities_of(text: str) -> Iterator[Named]:
    """Yield the quantities of a line: names with numbers, losses and rates even without a sign."""
    part, end = None, 0
    for found in PAIR.finditer(text):
        part = last_part(text[end : found.start()]) or part
        name = named(found, text)
        said = meaning(name)
        end = found.end()
        signed = found["sign"].strip(" '\"") in SIGNS
        bare = not (said.kind or said.loss or said.rate)  # "train: 100%" is no quantity
        if said.counts is None and not bare and (signed or said.loss or said.rate):
            inner = float(found["inner"]) if found["inner"] else None
            value = float(found["number"])
            yield Named(name=plain(name), part=said.part or part, value=value, inner=inner)
        else:
            part = last_part(found[0]) or part


def named(found: re.Match[str], text: str) -> str:
    """Return the name of a quantity: all its words where nothing but these stands there.

    Else the last one, with the part of the data where that stands right before it. A word in
    brackets belongs to it.
    """
    *before, last = found[1].split(" ")
    last += found["of"] or ""
    if len(before) < 2 or BEFORE.search(text[: found.start()]):  # noqa: PLR2004 (of three words)
        kept = [word for word in before if word.lower() not in IDLE]
        return " ".join((*kept, last))
    kept = [word for word in before[-1:] if word.lower() in PARTS]
    return " ".join((*kept, last))


IDLE = frozenset(
    {"a", "after", "and", "at", "by", "current", "done", "ended", "epoch", "ep", "final"}
    | {"finished", "for", "from", "got", "in", "is", "its", "it", "new", "of", "on", "now"}
    | {"phase", "previous", "reached", "that", "the", "this", "to", "was", "with"}
    | {"info", "debug", "warning", "error"}
)
"""Words of sentences that are no part of a name."""


@lru_cache(maxsize=4096)
def last_part(text: str) -> Part | None:
    """Return the part of the data that a text names last; None where it names none."""
    found = [PARTS[word] for word in words(text) if word in PARTS]
    return found[-1] if found else None


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, but for names of files.

    >>> words("phase train, Iter(val)")
    ['phase', 'train', 'iter', 'val']
    """
    return [word.lower() for word in re.findall(r"[A-Za-z]+", SOURCE.sub(" ", text))]

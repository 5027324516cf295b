"""What a user says of single mask numbers: `1=background,2=cell,255=ignore`.

`background` and `ignore` are words; a whole number is a class, or an object of that number; any
other word names a class, and names count on from 1 in the order in which they are first said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import UsageError
from audit.meaning import IGNORE

if TYPE_CHECKING:
    from collections.abc import Iterable

Said = tuple[tuple[int, str], ...]
"""Numbers in the order in which they were said, and what each of them is."""

WORDS = {"background": 0, "ignore": IGNORE}

EXPECTED = "expected NUMBER=background, NUMBER=ignore, or NUMBER=CLASS, separated by commas"


def read_mapping(given: object) -> Said:
    """Return what was said of numbers; a text, a table, or pairs. ValueError where it cannot be.

    >>> read_mapping("1=background, 255=ignore")
    ((1, 'background'), (255, 'ignore'))
    """
    if isinstance(given, str):
        given = [one.partition("=")[::2] for one in given.split(",") if one.strip()]
    pairs: Iterable[tuple[object, object]] = given.items() if isinstance(given, dict) else given  # type: ignore[assignment]
    said = [(str(number).strip(), str(what).strip()) for number, what in pairs]
    for number, what in said:
        if not number.removeprefix("-").isdecimal() or not what or what.startswith("-"):
            raise ValueError(f"{number}={what}: {EXPECTED}")
    if len({int(number) for number, _ in said}) < len(said):
        raise ValueError("a number is said twice; say each once")
    return tuple((int(number), what) for number, what in said)


def targets(said: Said) -> tuple[dict[int, int], dict[int, str]]:
    """Return what each number becomes, and the names of classes by their number.

    >>> targets(((1, "background"), (3, "cell"), (4, "nucleus"), (255, "ignore")))
    ({1: 0, 3: 1, 4: 2, 255: -1}, {1: 'cell', 2: 'nucleus'})
    """
    mapping, names = dict[int, int](), dict[int, str]()
    taken = {int(what) for _, what in said if what.isdecimal()}
    for number, what in said:
        if what in WORDS or what.isdecimal():
            mapping[number] = WORDS[what] if what in WORDS else int(what)
            continue
        known = next((one for one, name in names.items() if name == what), None)
        if known is None:
            known = next(n for n in range(1, len(said) + 2) if n not in taken | names.keys())
        mapping[number], names[known] = known, what
    return mapping, names


def check_mapping(said: Said, labels: str) -> None:
    """Raise UsageError where numbers are called classes and said to be objects at once."""
    named = next((what for _, what in said if what not in WORDS and not what.isdecimal()), None)
    if named and labels == "instances":
        raise UsageError(
            f"--map-labels: {named!r} names a class, but --labels instances says that numbers are "
            "objects; with it say only background and ignore"
        )

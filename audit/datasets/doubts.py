"""The refusals of masks whose numbers leave a doubt: the two likeliest readings, and their options.

Every one is one line that names the set, what its masks hold, and what to say instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.census import Census

SHOWN = 6


class Doubts:
    """The errors about one set of masks."""

    def __init__(self, census: Census, name: str) -> None:
        self.census, self.name = census, name

    def error(self, seen: str, remedy: str) -> DataError:
        """Return the error that says what was seen and what to do."""
        return DataError(f"{self.name}: {seen}; {remedy}")

    @property
    def masks(self) -> str:
        """How many masks there are, in words."""
        return "its mask" if self.census.masks == 1 else f"its {self.census.masks} masks"

    @property
    def hold(self) -> str:
        """The masks as what holds something, in words."""
        return f"{self.masks} {'holds' if self.census.masks == 1 else 'hold'}"

    def greys(self) -> DataError:
        """Return that masks were averaged, enlarged, or kept as JPEG."""
        found, top = self.census.grey, max(self.census.numbers)
        seen = self.hold
        if found:
            seen = f"{len(found)} of {self.masks} ({listed(found)}) hold"
        return self.error(
            f"{seen} greys around edges, up to {top}: they were interpolated, or kept as JPEG, and "
            "are no labels",
            f"export them anew, resized by nearest neighbour; binary masks may be cut at half: "
            f"mask > {top // 2}",
        )

    def negative(self) -> DataError:
        """Return that masks hold negative numbers of which nothing was said."""
        number = self.census.strange[0]
        return self.error(
            f"{self.hold} {number}, which is no object and no class",
            f"say --map-labels={number}=ignore where nobody judged these pixels, or "
            f"--map-labels={number}=background",
        )

    def no_background(self) -> DataError:
        """Return that masks hold no 0."""
        numbers = self.census.foreground
        largest = max(numbers, key=lambda one: self.census.areas[one])
        seen = f"no pixel of {self.masks} is 0, so nothing says which of {listed(numbers)} is "
        seen += "background"
        if len(numbers) == 2:  # noqa: PLR2004
            low, high = numbers
            return self.error(
                seen,
                f"say --map-labels {low}=background,{high}=cell or --map-labels "
                f"{high}=background,{low}=cell ({largest} covers most)",
            )
        return self.error(
            seen,
            f"say --map-labels {largest}=background ({largest} covers most), or --labels instances "
            "where every pixel belongs to an object",
        )

    def full(self, number: int, numbers: Sequence[int]) -> DataError:
        """Return that masks hold the highest number of 8 or 16 bits beside others."""
        others = [one for one in numbers if one != number]
        if number not in self.census.beside:
            return self.either_white(number, others)
        seen = f"{self.hold} {number} beside 0 and {listed(others)}"
        objects = len(others) > SHOWN
        classes = ",".join(f"{one}={place}" for place, one in enumerate(numbers, start=1))
        other = f"{number}={number} where it is an object" if objects else classes
        tail = "" if objects else " where each is a class"
        return self.error(
            seen,
            f"say --map-labels {number}=ignore where nobody judged these pixels, or --map-labels "
            f"{other}{tail}",
        )

    def either_white(self, number: int, others: Sequence[int]) -> DataError:
        """Return that some masks hold the highest number alone, and others none of it."""
        same = ",".join(f"{one}=1" for one in (*others[:SHOWN], number))
        return self.error(
            f"{self.hold} either 0 and {number} alone, or {listed(others)} without it",
            f"say --map-labels {same} where all of them are foreground, or --map-labels "
            f"{number}=ignore where nobody judged these pixels",
        )

    def unnamed(self, missing: Sequence[int]) -> DataError:
        """Return that a mapping leaves numbers out."""
        return self.error(
            f"{self.hold} {listed(missing)}, of which --map-labels says nothing",
            f"add what it is: {missing[0]}=background, {missing[0]}=ignore or {missing[0]}=CLASS",
        )

    def not_numbered(self, number: int) -> DataError:
        """Return that objects all have one number."""
        return self.error(
            f"{self.hold} 0 and {number} alone, in {self.census.a_number:.0f} pieces an "
            "image: objects are not numbered",
            "say --labels binary, or number them where the truth knows them apart",
        )

    def rim(self, numbers: Sequence[int]) -> DataError:
        """Return that a thin number lies between two others."""
        thin = sorted(self.census.rims & set(numbers))
        return self.error(
            f"{self.hold} {listed(numbers)}, of which {listed(thin)} is nowhere wider than 2 "
            "px: the grey of averaged edges, or a class of boundaries",
            f"cut the masks at half (mask > {numbers[-1] // 2}) where they were interpolated, or "
            "say --labels classes",
        )

    def lone_class(self, number: int, classes: int) -> DataError:
        """Return that one number may be one class of several."""
        return self.error(
            f"{self.hold} 0 and {number} alone, but the model has {classes} classes: "
            f"{number} may be all foreground, or one class of which the others do not occur",
            "say --labels binary, and all its classes but 0 are judged together, or --labels "
            "classes",
        )

    def either(self, numbers: Sequence[int], *, nested: bool) -> DataError:
        """Return that numbers could be objects or classes."""
        pieces = f"each in {self.census.a_number:.1f} connected pieces a mask"
        if nested:
            pieces += ", one within another"
        return self.error(
            f"{self.hold} {listed(numbers)} beside 0, {pieces}: they could be objects or classes",
            "say --labels instances where each is an object, or --labels classes",
        )


def listed(those: Sequence[object]) -> str:
    """Return the first of many things, and how many more there are.

    >>> listed([1, 2])
    '1 and 2'
    """
    shown = [str(one) for one in those[:SHOWN]]
    if len(those) > SHOWN:
        return f"{', '.join(shown)} and {len(those) - SHOWN} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)

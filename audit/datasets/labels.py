"""What the numbers of a set's masks mean: decided once, from all of them, or asked of the user.

A number may name an object or a kind of pixel, and no file says which. Guessing wrong merges
touching cells or counts a class as one cell, so the rules are few and doubt is an error that names
the two likeliest readings and the option that chooses each.

    numbers                                   meaning
    0 and one more                            binary: foreground, its objects not numbered
    many files an image, one an object        instances
    each in one piece, more than FEW of them  instances
    each in many pieces                       classes
    few in one piece each, or some in several what the model's classes allow, else doubt
    no 0 anywhere; 255, 65535 or a negative   doubt, unless said
    number beside others; greys of edges
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from audit.datasets.census import FULL, MANY_PIECES, ONE_PIECE, Census
from audit.datasets.doubts import Doubts
from audit.datasets.greys import near_ends
from audit.datasets.mapping import check_mapping, targets
from audit.errors import DataError
from audit.meaning import MOST_KEPT, Because, Kind, MaskMeaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from audit.datasets.mapping import Said

Labels = Literal["auto", "instances", "classes", "binary"]
"""What a user says that numbers mean; "auto": nothing."""

FEW = 4
"""So many numbers in one piece each may be classes that lie once in every image."""

MANY, BROKEN = 12, 2.0
"""Of more numbers than so many each may be in so many pieces on average: objects can be broken."""

DENSE, APART = 0.8, 8
"""Where numbers fill their range so well, one that lies so far beyond it is no next object."""

HIGH = 16
"""Classes are hardly numbered so high where there are few of them: greys are."""

NESTED = 0.25
"""Where this share of numbers lies within one other, they are hardly objects."""


@dataclass(frozen=True, kw_only=True)
class LabelHints:
    """What is known beforehand: what the user said, and how many classes the model has."""

    labels: Labels = "auto"
    mapping: Said = ()
    classes: int | None = None


def meaning(
    masks: Iterable[tuple[str, Callable[[], NDArray[np.int32]]]], hints: LabelHints, name: str
) -> MaskMeaning:
    """Return what the numbers of named masks mean, reading one at a time; errors bear `name`.

    A mask that cannot be read decides nothing, and is told when its turn comes. Raises DataError
    where none can be read, or where the numbers leave a doubt.
    """
    check_mapping(hints.mapping, hints.labels)
    mapping, names = targets(hints.mapping)
    census, unread = Census(mapping), list[DataError]()
    for one, read in masks:
        try:
            census.add(read(), one)
        except DataError as error:
            unread.append(error)
    if unread and not census.masks:
        raise DataError(f"{name}: none of {len(unread)} masks can be read. {unread[0]}")
    return Decision(census, hints, name).meaning(names)


def said_by_layout(least: int, most: int) -> MaskMeaning:
    """Return the meaning of masks that come as one file an object, so many an image."""
    return MaskMeaning(kind="instances", because="layout", objects=(least, most))


class Decision:
    """What one census means under what was asked."""

    def __init__(self, census: Census, hints: LabelHints, name: str) -> None:
        self.census, self.hints = census, hints
        self.doubts = Doubts(census, name)
        self.numbers = census.foreground

    def meaning(self, names: Mapping[int, str]) -> MaskMeaning:
        """Return the meaning; raises DataError where there is a doubt."""
        kind, because = self.kind(names)
        held = sorted(self.census.held)
        return MaskMeaning(
            kind=kind,
            because=because,
            masks=self.census.masks,
            numbers=tuple(held[:MOST_KEPT]),
            distinct=len(held),
            objects=self.census.objects if kind == "instances" else None,
            mapping=dict(self.census.mapping),
            names=dict(names),
        )

    def kind(self, names: Mapping[int, str]) -> tuple[Kind, Because]:
        """Return what numbers are, and who decided it, after everything that makes doubtful."""
        said = self.hints.labels
        self.refuse_greys()
        if self.census.strange:
            raise self.doubts.negative()
        if names or self.maps_classes:
            self.refuse_unnamed()
            return self.named()
        fills = said == "instances" and len(self.numbers) > FEW
        if not self.census.background and not self.settled and not fills:
            raise self.doubts.no_background()
        if said == "auto" and self.is_rimmed:
            raise self.doubts.rim(self.numbers)
        for number in FULL:
            if self.stands_apart(number):
                raise self.doubts.full(number, self.numbers)
        if said != "auto":
            return self.said(said), "said"
        return self.told()

    @property
    def settled(self) -> bool:
        """Whether somebody said what a number above the background is, if only itself."""
        return any(goal > 0 for goal in self.census.mapping.values())

    @property
    def maps_classes(self) -> bool:
        """Whether numbers were said to be classes above 0, not by name."""
        return self.hints.labels != "instances" and any(
            goal > 0 and number != goal for number, goal in self.census.mapping.items()
        )

    def named(self) -> tuple[Kind, Because]:
        """Return what numbers are whose classes were all said."""
        said = self.hints.labels
        if said != "auto":
            return self.said(said), "said"
        return ("classes", "said") if max(self.numbers, default=0) > 1 else self.lone()

    def said(self, labels: Labels) -> Kind:
        """Return what the user said; instances of one number in many pieces are none."""
        alone = len(self.numbers) == 1 and self.census.a_number > ONE_PIECE
        if labels == "instances" and alone:
            raise self.doubts.not_numbered(self.numbers[0])
        assert labels != "auto"
        return labels

    def refuse_greys(self) -> None:
        """Raise DataError where masks are greys; what the user said outweighs a few of them."""
        grey = self.census.grey
        few = self.hints.labels != "auto" and 2 * len(grey) < self.census.filled
        ends = self.hints.labels == "auto" and near_ends(self.numbers)
        if (grey and not few) or ends:
            raise self.doubts.greys()

    def refuse_unnamed(self) -> None:
        """Raise DataError where masks hold a number that the mapping does not say."""
        missing = [n for n in self.census.held if n and n not in self.census.mapping]
        if missing:
            raise self.doubts.unnamed(sorted(missing))

    def stands_apart(self, number: int) -> bool:
        """Say whether the highest number of so many bits is a word of its own, not the next one."""
        others = [n for n in self.numbers if n != number]
        if number not in self.numbers or number in self.census.mapping or not others:
            return False
        if number - 1 in others or others[-1] > number:
            return False
        if self.hints.labels in ("classes", "binary") or not self.one_piece:
            return True
        dense = len(others) >= DENSE * others[-1]
        return len(others) <= FEW or (dense and number - others[-1] >= APART)

    @property
    def one_piece(self) -> bool:
        """Whether numbers are in one piece each, but for a few; of many more may be broken."""
        most = BROKEN if len(self.numbers) > MANY else ONE_PIECE
        return self.census.a_number <= most

    def told(self) -> tuple[Kind, Because]:
        """Return what numbers are by themselves, and by the model's classes where they leave it."""
        if len(self.numbers) <= 1:
            return self.lone()
        few = len(self.numbers) <= FEW
        nested = self.census.enclosed >= NESTED * self.census.pairs
        if self.census.a_number >= MANY_PIECES:
            return "classes", "pieces"
        if self.one_piece and not few and not nested:
            return "instances", "pieces"
        return self.by_model(nested=nested)

    def lone(self) -> tuple[Kind, Because]:
        """Return the meaning of one number: foreground, unless it may be one of several classes."""
        classes = self.hints.classes or 0
        if self.numbers and self.numbers[0] < classes and classes > 2:  # noqa: PLR2004
            raise self.doubts.lone_class(self.numbers[0], classes)
        return "binary", "numbers"

    @property
    def is_rimmed(self) -> bool:
        """Whether a thin number lies midway to a high one: averaged edges, perhaps."""
        if not 1 < len(self.numbers) <= FEW or self.fits_model:
            return False
        top = self.numbers[-1]
        return top >= HIGH and any(0.2 * top <= one <= 0.8 * top for one in self.census.rims)

    @property
    def fits_model(self) -> bool:
        """Whether the model has more than two classes, and all numbers are among them."""
        classes = self.hints.classes or 0
        return classes > 2 and self.numbers[-1] < classes  # noqa: PLR2004

    def by_model(self, *, nested: bool) -> tuple[Kind, Because]:
        """Return the only reading that the model's classes allow; raises DataError without one."""
        if self.fits_model and (nested or not self.one_piece):
            return "classes", "model"
        excluded = self.hints.classes is not None and self.numbers[-1] >= self.hints.classes
        if excluded and self.one_piece and not nested:
            return "instances", "model"
        raise self.doubts.either(self.numbers, nested=nested)

"""What became of the objects of all images, by their size: shares, and the sentences for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.svg import INK, canvas, inline
from reports.words import count, significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.record.record import Record

LEDGER = "objects.ledger"
"""The probe whose rows say what became of each object."""

COLOURS = {
    "kept": "#009e73",
    "wobble": "#56b4e9",
    "merged": "#cc79a7",
    "split": "#f0e442",
    "missed": "#0072b2",
    "cut": "#969696",
}
"""The fates of true objects in the order in which they are stacked, in the pictures' colours."""

WORDS = {
    "kept": "kept",
    "wobble": "drawn otherwise",
    "merged": "merged with others",
    "split": "split",
    "missed": "missed",
    "cut": "cut by the frame",
}
ERRORS = {"merged": "merged", "split": "split", "missed": "missed"}
"""What goes wrong, as the participle of a sentence."""

LEAST, MOST_BINS = 8, 6
"""A group by size holds at least so many objects; there are at most so many groups."""

TELLING = 0.02
"""An error of a smaller share of the objects is not told."""


@dataclass(frozen=True, kw_only=True)
class FatedObject:
    """One true object: where it is, how large, and what became of it."""

    sample: str
    number: int
    diameter_px: float
    y_px: float
    x_px: float
    iou: float
    fate: str


@dataclass(frozen=True, kw_only=True)
class SizeGroup:
    """Objects of like size: the least and the largest diameter, how many, and shares of fates."""

    low_px: float
    high_px: float
    many: int
    shares: dict[str, float]


def objects(record: Record, digest: str) -> list[FatedObject]:
    """Return every true object of the images, with its fate; none where no ledger was kept."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    names = ("diameter_px", "centre_y_px", "centre_x_px", "object_iou", *map("is_{}".format, WORDS))
    for metric in names:
        for row in record.measurements(LEDGER, digest, metric):
            if row.sample is not None and row.value is not None:
                found.setdefault((row.sample, int(row.at["object"])), {})[metric] = row.value
    return [
        FatedObject(
            sample=sample,
            number=number,
            diameter_px=values["diameter_px"],
            y_px=values["centre_y_px"],
            x_px=values["centre_x_px"],
            iou=values["object_iou"],
            fate=max(WORDS, key=lambda fate: values[f"is_{fate}"]),
        )
        for (sample, number), values in found.items()
    ]


def by_size(found: Sequence[FatedObject]) -> list[SizeGroup]:
    """Return groups of equally many objects, from the small to the large."""
    ordered = sorted(found, key=lambda one: one.diameter_px)
    many = max(1, min(MOST_BINS, len(ordered) // LEAST))
    return [group([ordered[i] for i in part]) for part in np.array_split(range(len(ordered)), many)]


def group(found: Sequence[FatedObject]) -> SizeGroup:
    """Return objects as a group."""
    sizes = [one.diameter_px for one in found]
    shares = {fate: sum(one.fate == fate for one in found) / len(found) for fate in WORDS}
    return SizeGroup(low_px=min(sizes), high_px=max(sizes), many=len(found), shares=shares)


def title_of(found: Sequence[FatedObject]) -> str:
    """Return what became of all objects, in a sentence."""
    whole = group(found).shares
    wrong = sorted((f for f in ERRORS if whole[f] >= TELLING), key=lambda fate: -whole[fate])
    told = " and ".join(f"{percent(whole[fate])} are {ERRORS[fate]}" for fate in wrong)
    rest = f"; {told}" if told else ""
    return f"Of {count(len(found), 'object')} {percent(whole['kept'])} are kept{rest}"


def note_of(found: Sequence[FatedObject], pixel_um: float | None) -> str:
    """Return where each error is most frequent by size, where that is more than elsewhere."""
    groups = by_size(found)
    told = [worst(groups, fate, pixel_um) for fate in ERRORS] if len(groups) > 1 else []
    return " ".join(one for one in told if one)


def worst(groups: Sequence[SizeGroup], fate: str, pixel_um: float | None) -> str:
    """Return of which size most are of a fate; "" where sizes hardly differ in it.

    Groups differ where more than two standard errors of either lie between them.
    """
    most = max(groups, key=lambda one: one.shares[fate])
    others = [one for one in groups if one is not most]
    many = sum(one.many for one in others)
    rest = sum(one.shares[fate] * one.many for one in others) / many
    errors = [p * (1 - p) / n for p, n in ((most.shares[fate], most.many), (rest, many))]
    if most.shares[fate] - rest <= 2 * sum(errors) ** 0.5 or most.shares[fate] < TELLING:
        return ""
    said = f"{percent(most.shares[fate])} of those {size(groups, most, pixel_um)}"
    return f"{ERRORS[fate].capitalize()} are {said}, against {percent(rest)} of the others."


def size(groups: Sequence[SizeGroup], one: SizeGroup, pixel_um: float | None) -> str:
    """Return the size of a group in words: below, above, or between."""
    low, high = (length(px, pixel_um) for px in (one.low_px, one.high_px))
    unit = "px" if pixel_um is None else "µm"
    if one is groups[0]:
        return f"up to {high} {unit} wide"
    return f"from {low} {unit}" if one is groups[-1] else f"of {low} to {high} {unit}"


def length(px: float, pixel_um: float | None) -> str:
    """Return a length in µm, in px where the pixel size is not known."""
    return significant(px * (pixel_um or 1.0))


def percent(share: float) -> str:
    """Return a share as a whole percentage; what is above 0 is never told as 0.

    >>> percent(0.123), percent(0.001), percent(0.0)
    ('12 %', 'under 1 %', '0 %')
    """
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"  # noqa: PLR2004


def draw(found: Sequence[FatedObject], pixel_um: float | None, says: str) -> str:
    """Return the shares of fates by size as SVG: a stacked bar for each group of sizes."""
    groups = by_size(found)
    with canvas(2.4) as (figure, axes):
        axis = axes[0, 0]
        floor = np.zeros(len(groups))
        for fate, colour in COLOURS.items():
            heights = np.array([one.shares[fate] for one in groups])
            axis.bar(range(len(groups)), heights, 0.8, floor, color=colour, linewidth=0)
            floor += heights
        axis.set_ylim(0, 1)
        axis.set_ylabel("share of objects", color=INK)
        labels = [f"{length(g.low_px, pixel_um)} to {length(g.high_px, pixel_um)}" for g in groups]
        axis.set_xticks(range(len(groups)), labels)
        axis.set_xlabel(
            f"diameter ({'px' if pixel_um is None else 'µm'}), equally many objects a bar"
        )
        return inline(figure, says)


def key() -> tuple[tuple[str, str], ...]:
    """Return the key of fates: marks of the style sheet, and what they mean."""
    return tuple((f"fate {fate}", words) for fate, words in WORDS.items())

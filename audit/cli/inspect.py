"""What bioaudit sees in a folder: how its files are read, and what a few of them look like."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from audit.datasets.open import Description
    from audit.datasets.sample import Dataset, Sample

READING = (
    "truth",
    "labels",
    "map_labels",
    "axes",
    "channel",
    "group",
    "pixel_um",
    "allow_unpaired",
)
"""The settings of reading that an inspection takes."""

WORDS = {
    "samples": "images",
    "with_truth": "with truth",
    "sparse": "truth of some objects only",
    "grouping": "",
    "shapes": "shapes (C x Y x X)",
    "pixel_um": "pixel size (um)",
    "refused": "",
    "looked_at": "looked into",
    "intensity": "intensities",
    "classes": "classes in masks",
    "objects": "objects in these",
}
"""What a fact of a description is called; "" where it is told apart."""

PICTURES = 3
"""Images of the contact sheet."""

SHOWN = 5
"""Refusals that are shown where more were made."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit data inspect`."""
    from audit.application.settings import Settings
    from audit.cli.options import add_options

    parser.add_argument("images", help="a folder, a table, a challenge sequence")
    parser.add_argument(
        "--part", choices=("test", "train", "other"), default="test", help="which part (test)"
    )
    add_options(parser, Settings, READING)
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="a sheet of three images with their truth drawn"
    )


def inspecting(wanted: Namespace) -> int:
    """Show what is seen in a folder, what was refused, and a few images where a sheet is asked for.

    Raises DataError where nothing can be used.
    """
    from audit.cli.screen import console, show_table
    from audit.datasets.open import describe

    show_folders(Path(wanted.images))
    found = opened(wanted)
    facts = describe(found)
    check_usable(wanted.images, found, facts)
    show_table(("fact", "what was found"), [*rows(found, facts)])
    if wanted.html:
        console.print(f"sheet: {write_sheet(wanted.html, wanted.images, found, facts)}")
    return 0


def opened(wanted: Namespace) -> Dataset:
    """Return the dataset that was named, read as the options say."""
    from audit.application.settings import settings
    from audit.datasets.open import open_dataset

    given = {name: getattr(wanted, name) for name in READING if getattr(wanted, name) is not None}
    asked = settings(given).model_dump(include={*READING})
    asked["axes"] = asked["axes"] or ""
    return open_dataset(wanted.images, part=wanted.part, **asked)


def show_folders(root: Path) -> None:
    """Show what the subfolders of a folder are by their names, where it has any."""
    from audit.cli.screen import console, show_table
    from audit.datasets.seen import subfolders_of

    if root.is_dir() and (seen := subfolders_of(root)):
        show_table(("folder", "images", "by its name"), seen)
        console.print()


def check_usable(name: str, found: Dataset, facts: Description) -> None:
    """Raise DataError where no image can be used."""
    from audit.errors import DataError

    if not found.samples or not facts.looked_at:
        raise DataError(f"{name}: no image can be used. {'; '.join(facts.refused[:PICTURES])}")


def rows(found: Dataset, facts: Description) -> Iterator[tuple[str, str]]:
    """Yield what was found, a line a fact, and the first of what was refused."""
    from audit.cli.screen import SAID

    yield "layout", str(found.origin.get("layout", ""))
    for name, value in asdict(facts).items():
        called = WORDS.get(name, name)
        if called and value not in (None, "", (), (None,)):
            yield called, spoken(value)
    for name, called in SAID.items():
        if name in found.origin:
            yield called, str(found.origin[name])
    for reason in facts.refused[:SHOWN]:
        yield "refused", reason
    if len(facts.refused) > SHOWN:
        yield "refused", f"and {len(facts.refused) - SHOWN} more"


def spoken(value: Any) -> str:
    """Return a value as a line has it.

    >>> spoken({"1 x 8 x 8": 2}), spoken((0.5, None)), spoken((0.0, 255.0))
    ('2 of 1 x 8 x 8', '0.5, unknown', '0, 255')
    """
    if isinstance(value, dict):
        return ", ".join(f"{count} of {kind}" for kind, count in value.items())
    if isinstance(value, tuple):
        return ", ".join(spoken(one) for one in value)
    return "unknown" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def write_sheet(path: Path, name: str, found: Dataset, facts: Description) -> Path:
    """Write the contact sheet; return its path."""
    from audit.datasets.sample import thinned
    from reports.contact import ContactSheet, write

    drawn = [sample for sample in found.samples if sample.mask] or list(found.samples)
    pictures = [card(sample) for sample in thinned(drawn, 1, PICTURES)]
    sheet = ContactSheet(name=name, facts=tuple(rows(found, facts)), pictures=tuple(pictures))
    return write(path, sheet)


def card(sample: Sample) -> Any:
    """Return an image of the sheet with its truth: object numbers where there are any."""
    from audit.errors import DataError
    from reports.contact import drawn, unread

    try:
        truth = (sample.instances or sample.mask or (lambda: None))()
        return drawn(sample.id, sample.image(), truth)
    except DataError as error:
        return unread(sample.id, str(error))

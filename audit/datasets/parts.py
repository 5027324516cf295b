"""Which part of a dataset is read: the one that is asked for, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.datasets.names import PARTS, role
from audit.errors import DataError
from audit.images.headers import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TRAIN = "train"

WANTED = {"train": ("train",), "test": ("test",), "other": ("val", "test")}
"""The parts that stand for what is asked for, the nearest first."""


def called(part: str) -> tuple[str, ...]:
    """Return what a part may be called in a table.

    >>> called("other")
    ('other', 'val', 'valid', 'validation', 'dev')
    """
    return (part, *PARTS[WANTED.get(part, (part,))[0]])


def has(folders: Sequence[Path], part: str) -> bool:
    """Say whether one of some folders is of a part."""
    return any(role(one.name).part in WANTED.get(part, (part,)) for one in folders)


def chosen(root: Path, folders: Sequence[Path], part: str) -> Path:
    """Return the folder of the part that is asked for.

    Raises DataError where there is none: another part in its place would be a lie in silence.
    """
    own = {role(one.name).part: one for one in folders}
    if len(own) < len(folders):
        shown = ", ".join(plain(one.name) for one in folders)
        raise DataError(f"{plain(root)}: several folders of one part ({shown}); name one of them")
    found = next((own[name] for name in WANTED.get(part, (part,)) if name in own), None)
    if found is None:
        shown = ", ".join(f"{plain(one.name)} ({role(one.name).part})" for one in folders)
        raise DataError(
            f"{plain(root)}: no {WANTED.get(part, (part,))[0]} part here, only {shown}; name the "
            f"folder itself if it is meant, such as {plain(folders[-1])}"
        )
    return found

"""Find the seams of tiles in label images: straight lines along which objects are cut.

LABELS are label images, one number an object, or folders of such. No truth and no model is needed.
Images of one size are searched together, since tiles leave their seams at the same places. Exit
code 0 where there is none, 1 where there are, 2 where nothing can be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import DataError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from audit.metrics.seams import Seam

    Labels = NDArray[np.int32]

PICTURE = 0.5
"""Of label images a smaller share of the pixels of objects differs from the pixel below."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit seams`."""
    parser.add_argument("labels", nargs="+", type=Path, help="label images, or folders of such")


def main(wanted: Namespace) -> int:
    """Show the seams of the images of each size; return whether there are any."""
    from audit.cli.screen import console, show_table
    from audit.metrics.seams import seams

    images = by_shape([path for one in wanted.labels for path in files_of(one)])
    found = [(len(same), shape, seam) for shape, same in images.items() for seam in seams(same)]
    searched = sum(len(same) for same in images.values())
    if found:
        show_table(("images", "size", "seam at", "objects cut"), [line(*one) for one in found])
    console.print(
        f"{len(found)} seams in {searched} label images."
        if found
        else f"No seam in {searched} label images."
    )
    return 1 if found else 0


def line(many: int, shape: tuple[int, int], seam: Seam) -> tuple[object, ...]:
    """Return one seam as a line of the table."""
    cut = f"{seam.cut} of {seam.cut + seam.whole}"
    return many, f"{shape[0]} x {shape[1]}", f"{seam.axis} = {seam.place} px", cut


def files_of(path: Path) -> list[Path]:
    """Return a file, or the images in a folder and below; DataError where there is none."""
    from audit.datasets.seen import nested

    if path.is_file():
        return [path]
    if not path.is_dir():
        raise DataError(f"{path}: there is no such file or folder")
    return nested(path)


def numbered(path: Path, labels: Labels) -> Labels:
    """Return label images; DataError for a picture, in which most neighbours differ."""
    both = (labels[1:] > 0) & (labels[:-1] > 0)
    if both.any() and (labels[1:] != labels[:-1])[both].mean() > PICTURE:
        raise DataError(f"{path}: a picture, in which most pixels differ, holds no object numbers")
    return labels


def by_shape(paths: Sequence[Path]) -> dict[tuple[int, int], list[Labels]]:
    """Return label images by their size; what cannot be read is named, and left out.

    Raises DataError where nothing can be read.
    """
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.images.reading import read_labels

    found: dict[tuple[int, int], list[Labels]] = {}
    for path in paths:
        try:
            labels = numbered(path, read_labels(path))
        except DataError as error:
            console.print(f"left out: {escape(str(error))}")
            continue
        found.setdefault((labels.shape[0], labels.shape[1]), []).append(labels)
    if not found:
        raise DataError("no label image can be read; name files or folders of label images")
    return found

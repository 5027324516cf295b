"""Outlines of the COCO format: one file for many images, polygons or runs.

Source: cocodataset.org/#format-data; runs as in pycocotools' maskApi.c.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from audit.datasets.drawn import Drawn, polygon
from audit.images.headers import refusal
from audit.images.outlines import Runs

if TYPE_CHECKING:
    from pathlib import Path

    from audit.images.outlines import Shape

ZERO = 48
"""The letter that stands for 0 in runs that were written as text."""


def is_it(content: Any) -> bool:
    """Say whether a JSON file is of this format."""
    return isinstance(content, dict) and {"images", "annotations"} <= content.keys()


def read(path: Path, content: dict[str, Any]) -> dict[str, Drawn]:
    """Return the objects of each image, by the name of its file."""
    try:
        names = {
            str(one["id"]): str(one.get("name", one["id"])) for one in content.get("categories", ())
        }
        by_image: dict[Any, list[dict[str, Any]]] = {one["id"]: [] for one in content["images"]}
        for one in content["annotations"]:
            by_image.setdefault(one["image_id"], []).append(one)
        return {
            PurePosixPath(str(one["file_name"]).replace("\\", "/")).name: Drawn(
                format="COCO json",
                objects=tuple(shapes(path, each) for each in by_image[one["id"]]),
                categories=tuple(
                    names.get(str(each.get("category_id")), "") for each in by_image[one["id"]]
                ),
                size=(int(one["height"]), int(one["width"])) if "height" in one else None,
            )
            for one in content["images"]
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise refusal(path, f"not whole as COCO json ({error!r})", "export it again") from None


def shapes(path: Path, annotation: dict[str, Any]) -> tuple[Shape, ...]:
    """Return the shapes of one object."""
    if annotation.get("iscrowd"):
        raise refusal(path, "regions of crowds, not objects (iscrowd)", "draw each object")
    said = annotation.get("segmentation")
    if isinstance(said, dict):
        return (Runs(lengths(path, said.get("counts"))),)
    if not said:
        raise refusal(path, "boxes without outlines", "export segmentations")
    return tuple(polygon(path, one) for one in said)


def lengths(path: Path, counts: Any) -> tuple[int, ...]:
    """Return the lengths of runs, as numbers or as compressed text."""
    if isinstance(counts, str):
        return unpacked(counts)
    if isinstance(counts, list):
        return tuple(int(one) for one in counts)
    raise refusal(path, "runs without counts", "export it again")


def unpacked(text: str) -> tuple[int, ...]:
    """Return the lengths in compressed runs: five bits a letter, from the third a difference.

    >>> unpacked("52203")
    (5, 2, 2, 2, 5)
    """
    found: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - ZERO
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        found.append(value + (found[-2] if len(found) > 2 else 0))  # noqa: PLR2004
        value = shift = 0
    return tuple(found)

"""Outlines of labelme: one JSON file an image.

Source: github.com/wkentaro/labelme, LabelFile.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.datasets.drawn import Drawn, polygon
from audit.images.headers import plain, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from audit.images.outlines import Polygon

ROUND = 64
"""Corners that a circle is drawn with."""


def is_it(content: Any) -> bool:
    """Say whether a JSON file is of this format."""
    return isinstance(content, dict) and isinstance(content.get("shapes"), list)


def read(path: Path, content: dict[str, Any]) -> Drawn:
    """Return the objects of an image; shapes of one group are one object."""
    objects: dict[tuple[str, Any], list[Polygon]] = {}
    labels = []
    for number, one in enumerate(content["shapes"]):
        group = one.get("group_id")
        key = ("alone", number) if group is None else ("group", group)
        objects.setdefault(key, []).append(shape(path, one))
        labels.append(str(one.get("label", "")))
    size = (content.get("imageHeight"), content.get("imageWidth"))
    return Drawn(
        format="labelme json",
        objects=tuple(tuple(each) for each in objects.values()),
        categories=tuple(labels),
        size=(int(size[0]), int(size[1])) if size[0] and size[1] else None,
    )


def shape(path: Path, one: dict[str, Any]) -> Polygon:
    """Return the outline of a shape."""
    kind, points = one.get("shape_type", "polygon"), one.get("points", ())
    if kind == "polygon":
        return polygon(path, points)
    if kind == "rectangle" and len(points) == 2:  # noqa: PLR2004
        (x0, y0), (x1, y1) = points
        return polygon(path, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    if kind == "circle" and len(points) == 2:  # noqa: PLR2004
        (x, y), edge = points
        turn = np.linspace(0, 2 * math.pi, ROUND, endpoint=False)
        radius = math.dist((x, y), edge)
        return polygon(path, np.c_[x + radius * np.cos(turn), y + radius * np.sin(turn)])
    raise refusal(path, f"a shape of kind {plain(str(kind))}", "draw objects as polygons")

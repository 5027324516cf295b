"""Outlines of GeoJSON as QuPath exports them, in pixels: one file an image.

Source: RFC 7946; qupath.readthedocs.io, "Exporting annotations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.datasets.drawn import Drawn, polygon
from audit.images.headers import plain, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from audit.images.outlines import Polygon


def is_it(content: Any) -> bool:
    """Say whether a JSON file is of this format."""
    if isinstance(content, list):
        return bool(content) and all(
            isinstance(one, dict) and one.get("type") == "Feature" for one in content
        )
    return isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature")


def read(path: Path, content: Any) -> Drawn:
    """Return the objects of an image."""
    features = content if isinstance(content, list) else content.get("features", [content])
    return Drawn(
        format="GeoJSON",
        objects=tuple(shapes(path, one.get("geometry") or {}) for one in features),
        categories=tuple(category(one.get("properties") or {}) for one in features),
    )


def shapes(path: Path, geometry: dict[str, Any]) -> tuple[Polygon, ...]:
    """Return the outlines of one object, each with its holes."""
    kind, given = geometry.get("type"), geometry.get("coordinates", ())
    if kind == "Polygon":
        return (polygon(path, *given),)
    if kind == "MultiPolygon":
        return tuple(polygon(path, *one) for one in given)
    raise refusal(path, f"a geometry of kind {plain(str(kind))}", "draw objects as areas")


def category(properties: dict[str, Any]) -> str:
    """Return the class that QuPath gave an object."""
    said = properties.get("classification") or {}
    return str(said.get("name", "")) if isinstance(said, dict) else str(said)

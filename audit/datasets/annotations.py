"""Truth that lies in files which are no images, as outlines of objects.

    annotations.json · annotations/instances_train.json      COCO: polygons and runs
    x.json beside x.png                                      labelme: polygons, rectangles, circles
    x.geojson                                                QuPath
    labels/x.txt                                             YOLO: polygons, not boxes

Every object gets a number of its own. Where the objects are of several categories nothing says
which of them the model is to find, so that is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from audit.datasets import coco, geojson, labelme, yolo
from audit.datasets.names import PARTS, stem, words
from audit.errors import DataError
from audit.images.headers import plain, refusal
from audit.images.outlines import Outlines
from audit.images.reading import image_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from audit.datasets.drawn import Drawn

ENDINGS = (".json", ".geojson", ".txt")
"""The endings of files that may describe objects."""

MOST_BYTES = 2**29
SHOWN = 3


class Annotated(NamedTuple):
    """Outlines by the key of their image, and the name of their format."""

    truths: Mapping[str, tuple[Outlines, ...]]
    format: str


def annotated(images: Mapping[str, Path], places: Sequence[Path], part: str) -> Annotated | None:
    """Return the outlines that files in some folders describe of images; None where none does.

    Raises DataError where a file that lies there for an image cannot be read as outlines.
    """
    files = [path for place in places for path in described(place)]
    own = {(path.parent, stem(path)): path for path in files}
    folders = dict.fromkeys(places)
    truths, formats = {}, set()
    for key, image in images.items():
        beside = [own.get((place, stem(image))) for place in (image.parent, *folders)]
        path = next((one for one in beside if one), None)
        if path is None or (drawn := of_one(path, image)) is None:
            continue
        formats.add(drawn.format)
        truths[key] = (outlines(path, image, drawn),)
    if truths:
        return Annotated(truths, " + ".join(sorted(formats)))
    return of_all(images, [path for path in files if path.suffix.lower() == ".json"], part)


def described(place: Path) -> list[Path]:
    """Return the files of a folder that may describe objects."""
    return sorted(
        path
        for path in place.iterdir()
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()
    )


def of_one(path: Path, image: Path) -> Drawn | None:
    """Return the objects of a file for one image; None where it is no such file."""
    if path.suffix.lower() == ".txt":
        return yolo.read(path, image_shape(image)[1:])
    content = loaded(path)
    if labelme.is_it(content):
        return labelme.read(path, content)
    return geojson.read(path, content) if geojson.is_it(content) else None


def of_all(images: Mapping[str, Path], files: Sequence[Path], part: str) -> Annotated | None:
    """Return the outlines of a file for many images, of those of the part where files name one."""
    sets = {path: content for path in files if coco.is_it(content := loaded(path))}
    if not sets:
        return None
    chosen = of_part(sets, part)
    listed: dict[str, tuple[Path, Drawn]] = {}
    for path in chosen:
        for name, drawn in coco.read(path, sets[path]).items():
            if name in listed:
                raise refusal(path, f"lists {plain(name)} like {listed[name][0].name}", "keep one")
            listed[name] = (path, drawn)
    met = {key: listed[image.name] for key, image in images.items() if image.name in listed}
    if not met:
        shown = ", ".join(plain(name) for name in list(listed)[:SHOWN]) or "no image"
        raise refusal(
            next(iter(chosen)), f"lists none of these images ({shown})", "name the files alike"
        )
    truths = {key: (outlines(path, images[key], drawn),) for key, (path, drawn) in met.items()}
    return Annotated(truths, "COCO json")


def of_part(sets: Mapping[Path, Any], part: str) -> list[Path]:
    """Return the files of a part where their names say parts, else all."""
    said = {
        path: next((p for p in PARTS if {*PARTS[p]} & {*words(path.stem)}), "") for path in sets
    }
    own = [path for path, named in said.items() if named == part]
    return own or [path for path, named in said.items() if not named] or list(sets)


def outlines(path: Path, image: Path, drawn: Drawn) -> Outlines:
    """Return the outlines of an image, which must be of the size that the file says."""
    shape = image_shape(image)[1:]
    if drawn.size and drawn.size != shape:
        raise refusal(
            path,
            f"says {drawn.size} pixels (Y, X) of {plain(image)}, which is {shape}",
            "annotate the image as it is",
        )
    check_categories(path, drawn.categories)
    return Outlines(path=path, image=image.name, shape=shape, objects=drawn.objects)


def check_categories(path: Path, categories: Iterable[str]) -> None:
    """Refuse objects of several categories."""
    several = sorted(set(categories))
    if len(several) > 1:
        shown = ", ".join(plain(one) for one in several[:SHOWN])
        raise refusal(
            path,
            f"objects of {len(several)} categories ({shown})",
            "keep those that the model is to find, or export masks of classes",
        )


def loaded(path: Path) -> Any:
    """Return what a JSON file holds; None where it is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise refusal(path, f"larger than {MOST_BYTES} bytes", "split it, or export masks")
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise DataError(f"{plain(path)}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError):
        return None

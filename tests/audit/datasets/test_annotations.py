"""Laws of truth in files that are no images: every format gives the objects that were outlined."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from audit.datasets.coco import unpacked
from audit.datasets.open import open_dataset
from audit.errors import DataError

LABELS = np.zeros((20, 30), np.uint8)
LABELS[2:8, 2:8], LABELS[12:18, 20:28] = 1, 2
SQUARES = ([(2, 2), (8, 2), (8, 8), (2, 8)], [(20, 12), (28, 12), (28, 18), (20, 18)])


def images(folder, names=("a", "b")):
    """Write images of two cells."""
    folder.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(0).integers(0, 9, LABELS.shape)
    for name in names:
        Image.fromarray((LABELS * 90 + noise).astype(np.uint8)).save(folder / f"{name}.png")


def coco(names=("a", "b"), segment=lambda square: [[part for xy in square for part in xy]]):
    """Return what a COCO file says of images of two cells."""
    drawn = [(image, square) for image in range(len(names)) for square in SQUARES]
    return {
        "images": [
            {"id": n, "file_name": f"images/{name}.png", "height": 20, "width": 30}
            for n, name in enumerate(names)
        ],
        "annotations": [
            {"id": n, "image_id": image, "category_id": 1, "segmentation": segment(square)}
            for n, (image, square) in enumerate(drawn)
        ],
        "categories": [{"id": 1, "name": "cell"}],
    }


def runs(square):
    """Return a square as runs down the columns."""
    (left, top), _, (right, bottom), _ = square
    inside = np.zeros(LABELS.shape, int)
    inside[top:bottom, left:right] = 1
    edges = np.flatnonzero(np.diff(inside.ravel("F"), prepend=0, append=0))
    return {"size": [20, 30], "counts": np.diff(edges, prepend=0).tolist()}


def labelme():
    """Return what labelme says of two cells."""
    shapes = [{"label": "cell", "points": square, "shape_type": "polygon"} for square in SQUARES]
    return {"shapes": shapes, "imageHeight": 20, "imageWidth": 30}


def geojson():
    """Return what QuPath says of two cells."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"classification": {"name": "cell"}},
                "geometry": {"type": "Polygon", "coordinates": [square]},
            }
            for square in SQUARES
        ],
    }


def yolo():
    """Return what YOLO says of two cells."""
    rows = [" ".join(f"{x / 30} {y / 20}" for x, y in square) for square in SQUARES]
    return "\n".join(f"0 {row}" for row in rows)


FORMATS = {
    "annotations.json": lambda: json.dumps(coco()),
    "annotations/instances_default.json": lambda: json.dumps(coco(segment=runs)),
    "images/{}.json": lambda: json.dumps(labelme()),
    "images/{}.geojson": lambda: json.dumps(geojson()),
    "labels/{}.txt": yolo,
}


@pytest.mark.parametrize("place", FORMATS)
def test_every_format_gives_the_same_objects(tmp_path, place):
    """COCO polygons and runs, labelme, QuPath and YOLO draw the same numbers on each image."""
    images(tmp_path / "images")
    for name in "ab":
        path = tmp_path / place.format(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(FORMATS[place]())
    samples = open_dataset(tmp_path).samples
    assert len(samples) == 2
    for sample in samples:
        assert np.array_equal(sample.instances(), LABELS)


def test_a_file_of_the_part_chooses_its_images(tmp_path):
    """Of two COCO files the one named for the part says which images are in it."""
    images(tmp_path / "images")
    (tmp_path / "annotations").mkdir()
    for part, names in (("train", "a"), ("test", "b")):
        path = tmp_path / "annotations" / f"instances_{part}.json"
        path.write_text(json.dumps(coco(names)))
    for part, name in (("train", "a"), ("test", "b")):
        (sample,) = open_dataset(tmp_path, part=part).samples
        assert sample.id.endswith(name)


def changed(**values):
    """Return a COCO file whose first annotation is another."""
    said = coco()
    said["annotations"][0] |= values
    return said


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (changed(category_id=2), "2 categories"),
        (changed(iscrowd=1), "crowds"),
        (changed(segmentation=[]), "boxes without outlines"),
        (changed(segmentation=[[1, 2, 3]]), "no list of x and y"),
        (coco(names=("x", "y")), "lists none of these images"),
        (coco() | {"images": [{"id": 0}]}, "not whole"),
        (coco() | {"images": [{"id": 0, "file_name": "a.png", "height": 9, "width": 9}]}, r"\(9"),
    ],
)
def test_what_cannot_be_drawn_is_refused(tmp_path, said, reason):
    """Several categories, crowds, boxes, other images and other sizes are named, not guessed."""
    images(tmp_path / "images")
    (tmp_path / "a.json").write_text(json.dumps(said))
    with pytest.raises(DataError, match=reason):
        open_dataset(tmp_path)


def test_boxes_of_yolo_are_refused(tmp_path):
    """A box is no outline."""
    images(tmp_path / "images")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("0 0.5 0.5 0.1 0.1")
    with pytest.raises(DataError, match="boxes, not outlines"):
        open_dataset(tmp_path)


def test_other_texts_are_no_truth_and_are_told_of(tmp_path):
    """Notes and settings beside images are no annotations; what bears an image's name is told."""
    images(tmp_path / "images")
    (tmp_path / "images" / "settings.json").write_text('{"exposure": 3}')
    (tmp_path / "images" / "a.roi").write_bytes(b"Iout")
    found = open_dataset(tmp_path)
    assert [sample.mask for sample in found.samples] == [None, None]
    assert ".roi" in found.origin["no_truth"]


def test_outlines_are_objects_whatever_they_look_like(tmp_path):
    """One outline an image is an object, and no class; who says classes is told."""
    images(tmp_path / "images")
    for name in "ab":
        said = labelme()
        del said["shapes"][1]
        (tmp_path / "images" / f"{name}.json").write_text(json.dumps(said))
    for sample in open_dataset(tmp_path).samples:
        assert np.array_equal(sample.instances(), LABELS == 1)
    with pytest.raises(DataError, match="outlines of objects, not classes"):
        open_dataset(tmp_path, labels="classes")


def test_compressed_runs_are_unpacked():
    """Runs as pycocotools writes them are differences from the third on, in five bits a letter."""
    assert unpacked("61X14") == (6, 1, 40, 5)

"""Laws of mask numbers: one meaning a set, told from all of it, or refused with two readings."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PIL import Image
from skimage.segmentation import find_boundaries

from audit.datasets.labels import LabelHints, meaning
from audit.datasets.mapping import read_mapping
from audit.errors import DataError, UsageError
from audit.meaning import sentence
from tests.audit.datasets.drawn import (
    SIDE,
    averaged,
    discs,
    jpeg,
    nested,
    resized,
    rods,
    spots,
    tiles,
    tissue,
)

SEEDS = range(4)
BAND = np.arange(SIDE)[None] < 12
"""Columns that nobody annotated."""


def told(masks, mapping="", **asked):
    """Return what some masks mean, by what is asked of them."""
    named = [(f"{n}.tif", partial(np.asarray, one, np.int32)) for n, one in enumerate(masks)]
    return meaning(named, LabelHints(mapping=read_mapping(mapping), **asked), "set")


def refused(masks, **asked) -> str:
    """Return the words with which some masks are refused."""
    with pytest.raises(DataError) as error:
        told(masks, **asked)
    assert "\n" not in str(error.value)
    return str(error.value)


INSTANCES = {
    "discs": [discs(seed) for seed in SEEDS],
    "rods of one pixel's width": [rods(seed) for seed in SEEDS],
    "rods that cross": [rods(seed, 50) for seed in SEEDS],
    "spots of 1 px": [spots(seed, 1) for seed in SEEDS],
    "spots of 2 px": [spots(seed, 2) for seed in SEEDS],
    "tissue with a rim of background": [np.pad(tissue(seed), 2) for seed in SEEDS],
    "many of 2 px that touch": [np.pad(tissue(seed, 2000), 2) for seed in SEEDS],
    "sparse numbers": [17 * discs(seed) for seed in SEEDS],
    "more than 255": [np.pad(tissue(seed, 300), 2) for seed in SEEDS],
    "none, a few, and many": [discs(seed, 3 * seed) for seed in SEEDS],
}

CLASSES = {
    "two": [tiles(seed, 3) for seed in SEEDS],
    "fifteen": [tiles(seed, 16) for seed in SEEDS],
    "cells and their boundaries": [
        np.where(find_boundaries(discs(seed), mode="inner"), 2, discs(seed) > 0) for seed in SEEDS
    ],
}

BINARY = {
    "0 and 255": [255 * (discs(seed) > 0) for seed in SEEDS],
    "0 and 1": [discs(seed) > 0 for seed in SEEDS],
    "0 and 254": [254 * (discs(seed) > 0) for seed in SEEDS],
    "0 and 65535": [65535 * (discs(seed) > 0) for seed in SEEDS],
    "one object an image": [discs(seed, 1) for seed in SEEDS],
    "an empty mask among others": [discs(seed) > 5 * (seed % 2) + 4 for seed in SEEDS],
    "nothing": [discs(seed, 0) for seed in SEEDS],
}


@pytest.mark.parametrize("kind", INSTANCES)
def test_numbers_in_one_piece_each_are_instances(kind):
    """However small, thin or dense objects are, each number in one piece is an object."""
    assert told(INSTANCES[kind]).kind == "instances"


@pytest.mark.parametrize("kind", CLASSES)
def test_numbers_in_many_pieces_are_classes(kind):
    """However many classes there are, numbers that lie all over the field are none of objects."""
    assert told(CLASSES[kind]).kind == "classes"


@pytest.mark.parametrize("kind", BINARY)
def test_one_number_beside_zero_is_foreground(kind):
    """Whatever the number is, and however often it occurs, it is foreground without objects."""
    assert told(BINARY[kind]).kind == "binary"


def test_the_whole_set_decides_and_not_a_few_masks():
    """One mask of many that holds more numbers makes of all of them what it is."""
    few = [discs(seed, 1) for seed in range(80)]
    assert told(few).kind == "binary"
    assert told([*few, discs(0)]).kind == "instances"
    assert "255" in refused([*few, np.where(BAND, 255, discs(0, 1))])


GREYS = {
    **{f"bilinear {f}": partial(resized, factor=f) for f in (1.25, 1.5, 2, 4)},
    "bicubic 2": partial(resized, factor=2, how=Image.BICUBIC),
    "bicubic 4": partial(resized, factor=4, how=Image.BICUBIC),
    "lanczos 2": partial(resized, factor=2, how=Image.LANCZOS),
}


@pytest.mark.parametrize("top", [10, 200, 255, 1000, 65535])
@pytest.mark.parametrize("how", GREYS)
def test_enlarged_binary_masks_are_no_labels(how, top):
    """Greys between 0 and white are refused at any depth and maximum, with what to do."""
    found = refused([GREYS[how](top * (discs(seed) > 0)) for seed in SEEDS])
    assert "interpolated" in found
    assert "mask > " in found


@pytest.mark.parametrize("top", [100, 255, 4000])
@pytest.mark.parametrize("factor", [2, 3, 4])
def test_averaged_binary_masks_are_no_labels(factor, top):
    """So are those that were brought down by averaging, though not one pixel be white."""
    assert "interpolated" in refused([averaged(discs(s, scale=factor), factor, top) for s in SEEDS])
    thin = [averaged(rods(seed), 2, top) for seed in SEEDS]
    assert "interpolated" in refused(thin)


@pytest.mark.parametrize("quality", [40, 75, 95, 99])
def test_masks_that_were_jpeg_are_no_labels(quality):
    """JPEG leaves greys around every edge, or near its ends, whatever the file is now."""
    assert "JPEG" in refused([jpeg(discs(seed), quality) for seed in SEEDS])


def test_numbered_objects_that_were_averaged_are_no_labels():
    """Where the greys of one object's edge are the numbers of others, that is seen too."""
    assert "interpolated" in refused([resized(discs(seed), 2) for seed in SEEDS])


@pytest.mark.parametrize("labels", ["instances", "classes", "binary"])
def test_greys_are_refused_whatever_is_said_of_them(labels):
    """No declaration makes greys labels."""
    greys = [averaged(discs(seed, scale=2), 2, 255) for seed in SEEDS]
    assert "interpolated" in refused(greys, labels=labels)


def test_one_grey_between_is_asked_about():
    """A thin number midway to white may be averaging, or a class of boundaries."""
    masks = [np.where(find_boundaries(one), 128, 255 * (one > 0)) for one in map(discs, SEEDS)]
    found = refused(masks)
    assert "--labels classes" in found
    assert "mask > 127" in found


@pytest.mark.parametrize("number", [255, 65535])
@pytest.mark.parametrize("masks", [[discs(s) > 0 for s in SEEDS], [discs(s) for s in SEEDS]])
def test_the_highest_number_beside_others_is_asked_about(masks, number):
    """255 beside 0 and 1, or beside object numbers, is no foreground and no object in silence."""
    marked = [np.where(BAND, number, one) for one in masks]
    assert f"--map-labels {number}=ignore" in refused(marked)
    assert f"--map-labels {number}=ignore" in refused(marked, labels="classes")
    said = told(marked, f"{number}=ignore")
    assert said.ignored == (number,)
    assert said.kind == told(masks).kind


def test_masks_of_two_programs_are_asked_about():
    """Where some masks have 1 for white and others 255, both may be foreground."""
    masks = [(discs(seed) > 0) * (255 if seed % 2 else 1) for seed in SEEDS]
    assert "--map-labels 1=1,255=1 where all of them are foreground" in refused(masks)
    assert told(masks, "1=1,255=1").kind == "binary"


def test_a_negative_number_is_asked_about():
    """-1 may be what nobody judged, or the background."""
    masks = [np.where(BAND, -1, discs(seed)) for seed in SEEDS]
    assert "--map-labels=-1=ignore" in refused(masks)
    assert told(masks, "-1=ignore").kind == "instances"
    assert told(masks, "-1=background").kind == "instances"


def test_masks_without_zero_are_asked_about():
    """Where no pixel is 0, either number may be the background; saying which is enough."""
    for count in (1, 9):
        masks = [1 + (discs(seed, count) > 0) for seed in SEEDS]
        found = refused(masks)
        assert "no pixel of its 4 masks is 0" in found
        assert "1=background,2=cell or --map-labels 2=background,1=cell" in found
        for labels in ("instances", "classes", "binary"):
            assert "no pixel" in refused(masks, labels=labels)
        assert told(masks, "1=background,2=cell").kind == "binary"
    full = [tissue(seed) for seed in SEEDS]
    assert "--labels instances where every pixel belongs to an object" in refused(full)
    assert told(full, labels="instances").kind == "instances"


def test_few_numbers_in_one_piece_are_what_the_model_allows():
    """A nucleus within its cell, or two cells: the model's classes decide, or the user."""
    both = "--labels instances where each is an object, or --labels classes"
    nuclei, pairs = [nested(seed) for seed in SEEDS], [discs(seed, 2) for seed in SEEDS]
    for masks in (nuclei, pairs):
        assert both in refused(masks)
        assert told(masks, labels="instances", classes=3).kind == "instances"
        assert told(masks, labels="classes", classes=3).kind == "classes"
    by_model = told(nuclei, classes=3)
    assert (by_model.kind, by_model.because) == ("classes", "model")
    assert "one within another" in refused(nuclei, classes=2)
    assert told(pairs, classes=2).kind == "instances"
    assert both in refused(pairs, classes=3)


def test_a_lone_number_under_several_classes_is_asked_about():
    """Foreground, or one class of which the others do not occur: the user must say."""
    masks = [discs(seed) > 0 for seed in SEEDS]
    assert "--labels binary" in refused(masks, classes=3)
    assert told(masks, classes=3, labels="binary").kind == "binary"
    assert told(masks, classes=3, labels="classes").kind == "classes"
    assert told([255 * one for one in masks], classes=3).kind == "binary"


def test_one_number_in_many_pieces_is_not_many_objects():
    """To say that binary masks are instances would make one object of all cells."""
    assert "objects are not numbered" in refused(BINARY["0 and 255"], labels="instances")


def test_a_mapping_says_of_every_number_what_it_is():
    """Named classes count from 1; a number that is left out is an error that names it."""
    masks = [np.choose(tiles(seed, 4), (1, 4, 7, 255)) for seed in SEEDS]
    found = told(masks, "1=background,4=cell,7=nucleus,255=ignore")
    assert (found.kind, dict(found.names)) == ("classes", {1: "cell", 2: "nucleus"})
    assert dict(found.mapping) == {1: 0, 4: 1, 7: 2, 255: -1}
    with pytest.raises(DataError, match="hold 255, of which --map-labels says nothing"):
        told(masks, "1=background,4=cell,7=nucleus")
    with pytest.raises(UsageError, match="names a class, but --labels instances"):
        told(masks, "4=cell", labels="instances")


@pytest.mark.parametrize("text", ["cell=1", "1=", "1", "1=cell,1=ignore", "1=-2"])
def test_a_mapping_that_says_nothing_is_refused(text):
    """A mapping is numbers and what they are, each said once."""
    with pytest.raises(ValueError, match=r"expected NUMBER=background|said twice"):
        read_mapping(text)


def test_a_mapping_may_be_a_table():
    """A specification and Python say the same as the command line."""
    assert read_mapping({"1": "background", "2": 1}) == read_mapping("1=background,2=1")


def test_masks_that_cannot_be_read_decide_nothing():
    """What cannot be read is told at its turn; where nothing can be read, that is the error."""

    def broken():
        raise DataError("cut short")

    readable = [(str(seed), partial(discs, seed)) for seed in SEEDS]
    assert meaning([("x", broken), *readable], LabelHints(), "set").kind == "instances"
    with pytest.raises(DataError, match=r"none of 2 masks can be read\. cut short"):
        meaning([("x", broken), ("y", broken)], LabelHints(), "set")


def test_what_was_decided_is_facts_and_one_sentence():
    """A record keeps plain facts, from which the sentence is made wherever it is shown."""
    facts = told(INSTANCES["none, a few, and many"]).facts()
    assert sentence(facts) == "masks: instances, 0 is background, 0 to 9 objects an image"
    facts = told([np.where(BAND, 255, one) for one in CLASSES["two"]], "255=ignore").facts()
    assert facts["mapping"] == {"255": -1}
    assert sentence(facts) == "masks: classes 1, 2, 0 is background; 255 is ignored"

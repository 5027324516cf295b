"""The same pixels are found, in whatever file and orientation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from suites.leakage import Exact, Near, Split
from suites.leakage.blank import BLANK
from tests.suites.leakage.material import copy, flags, images, leakage_rows


def test_identical_and_turned_images_are_told_apart():
    """An image as it is, a flipped and a turned one are found; one changed pixel is another."""
    first, second, third, fourth, *_ = originals = images(5)
    other = fourth.image()
    other[0, 0, 0] += 1
    tests = [
        copy(first, "same", lambda x: x),
        copy(second, "flipped", lambda x: x[..., ::-1]),
        copy(third, "turned", lambda x: np.rot90(x, 1, (1, 2))),
        copy(fourth, "changed", lambda _: other),
    ]
    rows = leakage_rows(Exact(), originals, tests)
    assert flags(rows, "identical") == {"same": 1, "flipped": 0, "turned": 0, "changed": 0}
    assert flags(rows, "turned") == {"same": 0, "flipped": 1, "turned": 1, "changed": 0}
    assert flags(rows, "leaked") == {"same": 1, "flipped": 1, "turned": 1, "changed": 0}


def test_a_pair_names_both_images_and_shows_them():
    """The finding of a pair belongs to no image, names both, and has a picture of them."""
    original = images(1)[0]
    rows = leakage_rows(Exact(), [original], [copy(original, "same", lambda x: x)])
    (pair,) = [row for row in rows if row.metric == "pair_correlation"]
    assert pair.sample is None
    assert pair.at == {"image": "same", "twin": original.id, "kind": "identical"}


def test_the_shape_is_part_of_the_pixels():
    """The same numbers in another shape are another image."""
    original = images(1)[0]
    flat = replace(original, id="flat", part="test", shape=(1, 48, 192))
    flat = replace(flat, image=lambda: original.image().reshape(1, 48, 192))
    assert flags(leakage_rows(Exact(), [original], [flat]), "leaked") == {"flat": 0}


def test_blank_images_are_no_copies():
    """Frames of one number are equal to each other, and nobody can say that one is the other's."""
    blank = copy(images(1)[0], "blank", lambda x: np.full_like(x, 255))
    train = replace(blank, id="train", part="train")
    near = leakage_rows(Near(), [train], [blank])
    assert flags(near, "leaked") == {"blank": 0}
    for probe in (Exact(), Split()):
        rows = [row for row in leakage_rows(probe, [train], [blank]) if row.sample == "blank"]
        same = {row.metric: row.undefined for row in rows if row.value is None}
        assert BLANK in same.values()
        assert not [row for row in rows if row.metric in ("identical", "leaked") and row.value]
        assert not [row for row in rows if row.metric == "same_file" and row.value is not None]

"""Copies are found whatever was done to them, other images are not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from audit.errors import UsageError
from audit.policy.verdict import Verdict
from suites.leakage import Near
from tests.suites.leakage.material import copy, flags, images, leakage_rows, outcomes


def jpeg(image):
    """Return an image in 8 bits, through a JPEG of low quality."""
    grey = np.interp(image[0], (image.min(), image.max()), (0, 255)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG", quality=40)
    return np.asarray(Image.open(buffer), np.float32)[None]


CHANGES = {
    "re-encoded": jpeg,
    "rescaled": lambda x: x.reshape(1, 48, 2, 48, 2).mean((2, 4)),
    "turned": lambda x: np.rot90(x[..., ::-1], 1, (1, 2)) * 257 + 1000,
    "cropped": lambda x: x[:, 20:88, 4:72],
}


def test_copies_are_found_and_named():
    """Each planted copy is paired with its original, by its kind; a stranger is left alone."""
    originals = images(5)
    planted = dict(zip(CHANGES, originals, strict=False))
    tests = [copy(one, kind, CHANGES[kind]) for kind, one in planted.items()]
    stranger = images(1, "test", first=5)[0]
    rows = leakage_rows(Near(), originals, [*tests, stranger])
    assert flags(rows, "leaked") == dict.fromkeys(CHANGES, 1) | {stranger.id: 0}
    for kind in CHANGES:
        named = flags(rows, "is_kind", kind=kind)
        assert named == {**dict.fromkeys([*CHANGES, stranger.id], 0), kind: 1}
    pairs = {row.at["image"]: row.at["twin"] for row in rows if row.metric == "pair_correlation"}
    assert pairs == {kind: one.id for kind, one in planted.items()}


def test_a_copy_fails_and_strangers_pass(tmp_path):
    """The default rule fails one copy among strangers, and passes without it."""
    originals, strangers = images(3), images(2, "test", first=3)
    (tmp_path / "clean").mkdir()
    clean = outcomes([Near()], [*originals, *strangers], tmp_path / "clean", models={})
    leaky = [*strangers, copy(originals[1], "copy", CHANGES["turned"])]
    found = outcomes([Near()], [*originals, *leaky], tmp_path, models={})
    assert clean["copies"].verdict is Verdict.PASS
    assert found["copies"].verdict is Verdict.FAIL


def test_two_movies_leave_the_false_pairs_unknown():
    """Where no part has two movies nothing says how alike strangers are."""
    rows = leakage_rows(Near(), images(1), images(1, "test", first=1))
    (unknown,) = [row for row in rows if row.metric == "false_pair_fraction"]
    assert unknown.value is None
    assert "unknown" in unknown.undefined
    (known,) = [
        row
        for row in leakage_rows(Near(), images(3), images(1, "test", first=3))
        if row.metric == "false_pair_fraction"
    ]
    assert (known.value, known.weight) == (0.0, 3.0)


def test_an_impossible_limit_is_refused():
    """A correlation lies between 0 and 1."""
    with pytest.raises(UsageError, match="expected below 1"):
        Near(least_correlation=1.5)

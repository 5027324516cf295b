"""Controls of hallucination.marker: a reader of marks fires on them, a threshold does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import avg_pool2d

from audit.errors import UsageError
from audit.imaging.mark import checkerboard
from suites.hallucination.marker import NO_OBJECT, NO_WINDOW, Marker
from tests.toys import Does, mean_of, raw_threshold, rows_of, scene, scenes, segmenter

SMALL = Marker(side_px=10, margin_px=2, windows=2, noise_multiple=4.0)


def reader():
    """Return a model that calls foreground what alternates from pixel to pixel."""

    def read(images):
        pattern = checkerboard(*images.shape[-2:])
        return avg_pool2d(images * pattern, 5, 1, 2, count_include_pad=False).abs() - 8

    return segmenter(Does(read), output="sigmoid-logits", digest="reader")


def marked(count):
    """Return scenes whose discs carry a checkerboard, as data do that leak their labels."""

    def burnt(sample):
        pattern = 16 * checkerboard(*sample.shape[1:]).numpy()
        image = (sample.image() + pattern * sample.mask()).astype(np.float32)
        return replace(sample, image=image.copy, digest=f"marked {sample.digest}")

    return tuple(burnt(sample) for sample in scenes(count, noise=4.0))


def test_a_reader_of_marks_fires_on_them():
    """Positive control: the mark alone makes foreground of background, and finds the objects."""
    rows = rows_of(SMALL, reader())
    assert mean_of(rows, "fired_fraction", mark="checkerboard") > 0.9
    assert mean_of(rows, "recall_added_fraction", mark="checkerboard") > 0.6


def test_a_mark_in_the_data_shows_without_being_known():
    """Positive control: on marked data their own texture fires, and without it objects are lost."""
    rows = rows_of(SMALL, reader(), marked(3))
    assert mean_of(rows, "fired_fraction", mark="own") > 0.6
    assert mean_of(rows, "recall_added_fraction", mark="own") > 0.6


def test_a_threshold_does_not_read():
    """Negative control: brightness decides; nor is an unmarked texture read as a mark."""
    assert all(abs(row.value) < 0.05 for row in rows_of(SMALL, raw_threshold()))
    theirs = [row for row in rows_of(SMALL, raw_threshold(), marked(3)) if row.at["mark"] == "own"]
    assert all(abs(row.value) < 0.05 for row in theirs)
    unmarked = rows_of(SMALL, reader())
    assert mean_of(unmarked, "fired_fraction", mark="own") < 0.05


def test_what_has_no_place_says_why():
    """Without an object, or without background, there is nothing to be marked."""
    empty = scene(radius=0.0)
    rows = rows_of(SMALL, raw_threshold(), (empty,))
    assert NO_OBJECT in {row.undefined for row in rows}
    full = rows_of(Marker(side_px=40), raw_threshold(), scenes(1))
    missing = {row.undefined for row in full if row.metric == "fired_fraction"}
    assert NO_WINDOW in missing


def test_unknown_marks_are_refused():
    """A mark that nobody knows is a mistake of the caller."""
    with pytest.raises(UsageError, match="star"):
        Marker(mark=("star",))
    assert torch.equal(checkerboard(2, 2), torch.tensor([[1.0, -1.0], [-1.0, 1.0]]))

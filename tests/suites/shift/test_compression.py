"""Controls of shift.compression: fine texture is what a JPEG throws away."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from audit.errors import UsageError
from suites.shift.compression import Compression
from tests.toys import Does, held, mean_of, raw_threshold, rows_of, scene, segmenter


def rough(images):
    """Return a logit of how much a pixel differs from those around it, averaged."""
    detail = (images - nn.functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)).abs()
    return nn.functional.avg_pool2d(detail, 5, 1, 2) - 3.0


def woven():
    """Return a scene whose objects are told by a fine weave alone."""
    plain = scene(noise=0.0)
    weave = 1.0 - 2.0 * (torch.arange(64)[:, None] + torch.arange(64)[None]).remainder(2)
    image = 100.0 + 8.0 * weave.numpy() * plain.mask()
    image[0, 0], image[0, 1] = 0.0, 255.0
    return held("woven", image[None], plain.mask())


def test_a_model_of_fine_texture_breaks():
    """Positive control: a weave of one pixel is gone at a quality of ten."""
    rows = rows_of(Compression(), segmenter(Does(rough), output="sigmoid-logits"), (woven(),))
    assert mean_of(rows, quality=90) > 0.7
    assert mean_of(rows, quality=10) < 0.3


def test_a_model_of_large_objects_holds():
    """Negative control: bright discs survive any quality."""
    rows = rows_of(Compression(), raw_threshold())
    assert mean_of(rows, quality=90) > 0.99
    assert mean_of(rows, quality=10) > 0.9


def test_there_is_no_quality_above_100():
    """A quality outside 1..100 is refused by name."""
    with pytest.raises(UsageError, match=r"shift\.compression\.quality"):
        Compression(quality=(0,))

"""Controls of shift.bit_depth: contrast below a step is lost, contrast above it is not."""

from __future__ import annotations

from suites.shift.bit_depth import BitDepth
from tests.toys import (
    BRIGHT,
    DARK,
    Contrast,
    Threshold,
    held,
    mean_of,
    raw_threshold,
    rows_of,
    scene,
    segmenter,
)


def faint():
    """Return a scene of objects a little brighter than the ground, with one bright pixel."""
    plain = scene(noise=0.0)
    image = DARK + (plain.image() - DARK) * 12 / (BRIGHT - DARK)
    image[0, 0, 0] = 500.0
    return held("faint", image, plain.mask())


def test_faint_contrast_is_lost_in_coarse_steps():
    """Positive control: 12 grey levels of 400 are two steps of 6 bits, and none of 3."""
    faithful = segmenter(Threshold(DARK + 6), output="sigmoid-logits", digest="faint")
    rows = rows_of(BitDepth(), faithful, (faint(),))
    assert mean_of(rows, bits=6) > 0.99
    assert mean_of(rows, bits=3) == 0.0


def test_strong_contrast_holds():
    """Negative control: bright objects survive eight grey levels, noise and all."""
    rows = rows_of(BitDepth(), raw_threshold())
    assert min(mean_of(rows, bits=bits) for bits in (6, 4, 3)) > 0.99


def test_local_contrast_holds():
    """Negative control: steps are no edges to a model of the neighbourhood."""
    local = segmenter(Contrast(31, 12.0), output="sigmoid-logits", digest="local")
    rows = rows_of(BitDepth(), local)
    assert mean_of(rows, bits=4) > mean_of(rows, bits=6) - 0.03

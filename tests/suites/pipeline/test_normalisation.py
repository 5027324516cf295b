"""Controls of pipeline.normalisation: extremes are fragile, z-scores and raw intensities not."""

from __future__ import annotations

import pytest

from audit.errors import UsageError
from suites.pipeline.normalisation import Normalisation
from tests.suites.pipeline.verdict import verdicts
from tests.toys import (
    Threshold,
    held,
    raw_threshold,
    scenes,
    segmenter,
    zscore_threshold,
)

RULES = ("broken pixel", "dead pixel")


def minmax_threshold():
    """Return a model that stretches each image between its extremes."""
    module = Threshold(0.5, 20.0)
    return segmenter(module, output="sigmoid-logits", normalisation="minmax", digest="minmax")


def sixteen_bits():
    """Return scenes from a camera of 16 bits that uses little of its range, above a pedestal."""
    return tuple(
        held(one.id, 20 * one.image() + 500, one.mask()) for one in scenes(8, size=96, radius=14.0)
    )


def test_one_pixel_is_nothing_to_a_z_score_or_to_raw_intensities():
    """Negative control: mean and standard deviation, or a fixed threshold, do not feel it."""
    for model in (zscore_threshold(), raw_threshold()):
        samples = sixteen_bits() if model.traits.digest == "zscore" else None
        found = verdicts(Normalisation(), model, *RULES, samples=samples)
        assert found == dict.fromkeys(RULES, "PASS")


def test_a_stretch_between_extremes_is_caught_by_one_pixel():
    """Positive control: one hot pixel ruins min-max."""
    found = verdicts(Normalisation(), minmax_threshold(), *RULES, samples=sixteen_bits())
    assert found["broken pixel"] == "FAIL"


def test_an_unknown_kind_of_pixel_is_refused():
    """Hot and dead are all there is."""
    with pytest.raises(UsageError, match="lukewarm"):
        Normalisation(pixel=("lukewarm",))

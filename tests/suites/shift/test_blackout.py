"""Controls of shift.blackout: what is not in view must not change what is."""

from __future__ import annotations

import pytest
import torch

from audit.errors import UsageError
from audit.probing.case import generator
from suites.shift.blackout import Blackout, tiles
from tests.toys import Does, mean_of, raw_threshold, rows_of, scenes, segmenter


def by_the_mean():
    """Return a model that finds what is brighter than nine tenths of the field's mean."""
    return segmenter(Does(lambda images: images - 0.9 * images.mean()), output="sigmoid-logits")


def test_a_model_of_the_whole_fields_mean_breaks():
    """Positive control: the more of the field is black, the more background is called object."""
    rows = rows_of(Blackout(), by_the_mean())
    assert mean_of(rows, "iou_lost", fraction=0.125) < 0.4
    assert mean_of(rows, "iou_lost", fraction=0.5) > 0.5


def test_a_pixelwise_model_loses_nothing():
    """Negative control: a fixed threshold sees what is left as before, and nothing in the dark."""
    rows = rows_of(Blackout(), raw_threshold())
    for fraction in (0.125, 0.25, 0.5):
        assert mean_of(rows, "iou_lost", fraction=fraction) == 0.0
        assert mean_of(rows, "dark_foreground_fraction", fraction=fraction) == 0.0
        assert mean_of(rows, fraction=fraction) > 0.99


def test_what_is_called_foreground_in_the_dark_is_measured():
    """A model that takes the dark for objects is told by the share of it; the score is blind."""
    darkness = segmenter(
        Does(lambda images: 89.0 - images), output="sigmoid-logits", digest="darkness"
    )
    rows = rows_of(Blackout(fraction=(0.25,)), darkness, scenes(1, noise=0.5))
    assert mean_of(rows, "dark_foreground_fraction", fraction=0.25) == 0.0
    inverse = segmenter(
        Does(lambda images: 99.0 - images), output="sigmoid-logits", digest="inverse"
    )
    rows = rows_of(Blackout(fraction=(0.25,)), inverse, scenes(1, noise=0.5))
    assert mean_of(rows, "dark_foreground_fraction", fraction=0.25) == 1.0


def test_only_what_is_left_is_scored():
    """Score and loss are those of the visible pixels, counted by hand."""
    (sample,) = scenes(1)
    fraction, model = 0.5, by_the_mean()
    rows = rows_of(Blackout(fraction=(fraction,)), model, (sample,))
    stream = generator(0, "shift.blackout", sample.id, {"fraction": fraction})
    seen = ~tiles(64, 64, 4, fraction, stream)
    image, truth = torch.from_numpy(sample.image())[None], torch.from_numpy(sample.mask()) > 0
    dark = torch.where(seen, image, image.min())
    iou = []
    for shown in (image, dark):
        found = model.predict(shown).labels[0] > 0
        iou.append(float((found & truth)[seen].sum() / (found | truth)[seen].sum()))
    assert mean_of(rows, fraction=fraction) == pytest.approx(iou[1])
    assert mean_of(rows, "iou_lost", fraction=fraction) == pytest.approx(iou[0] - iou[1])


@pytest.mark.parametrize("fraction", [0.01, 0.125, 0.5, 0.99])
def test_so_many_tiles_are_black(fraction):
    """As many sixteenths as the fraction says, one at least and never all; draws differ."""
    streams = [torch.Generator().manual_seed(seed) for seed in range(8)]
    draws = [tiles(64, 80, 4, fraction, stream) for stream in streams]
    share = min(max(1, round(fraction * 16)), 15) / 16
    assert {float(dark.float().mean()) for dark in draws} == {share}
    assert any(not torch.equal(draws[0], other) for other in draws[1:])


def test_the_whole_field_cannot_be_black():
    """A fraction of one is refused by name."""
    with pytest.raises(UsageError, match=r"shift\.blackout\.fraction"):
        Blackout(fraction=(1.0,))

"""Controls of receptive_field.context: surroundings matter to those whom they reach."""

from __future__ import annotations

import numpy as np
import torch
from scipy.ndimage import gaussian_filter

from suites.receptive_field.context import Context, exchanged
from tests.suites.receptive_field.chain import after_reach
from tests.toys import Contrast, held, mean_of, scenes, segmenter, zscore_threshold

WITHIN = (1.5, 1.0, 0.5, 0.1)


def uneven(number: int):
    """Return a disc on uneven ground, another ground for each number."""
    y, x = np.mgrid[:64, :64]
    disc = np.hypot(y - 32, x - 32) < 9
    ground = gaussian_filter(np.random.default_rng(number).standard_normal((64, 64)), 5)
    return held(f"uneven/{number}", (100 + 200 * ground + 40 * disc)[None], disc)


def changes(model, samples):
    """Return the mean change of the IoU at each distance, and the rows."""
    rows = after_reach(Context(within_reach=WITHIN), model, samples)
    return [mean_of(rows, "iou_change", within_reach=share) for share in WITHIN], rows


def test_a_model_of_neighbourhoods_needs_them():
    """Positive control: who compares with 31 px around errs when these change, but not beyond."""
    model = segmenter(Contrast(31, 0.7), output="sigmoid-logits", normalisation="zscore")
    found, rows = changes(model, [uneven(number) for number in range(4)])
    assert found[0] == found[1] == 0
    assert found[3] > 0.02
    needed = [row.value for row in rows if row.metric == "context_px"]
    assert all(1 <= value <= 15 for value in needed)


def test_a_pixelwise_model_needs_none():
    """Negative control: behind a z-score, all but the object may change and nothing happens."""
    found, rows = changes(zscore_threshold(), scenes(3))
    assert found == [0, 0, 0, 0]
    assert {row.value for row in rows if row.metric == "context_px"} == {0}


def test_a_lone_image_has_no_other_content():
    """Without a second image there is a reason at every distance."""
    rows = after_reach(Context(within_reach=WITHIN), zscore_threshold(), scenes(1))
    assert len(rows) == len(WITHIN) + 1
    assert all("no second image" in row.undefined for row in rows)


def test_exchanging_keeps_every_statistic():
    """The pattern is the other image's, the values are the image's own, and outside nothing is."""
    stream = torch.Generator().manual_seed(0)
    image, other = torch.rand(2, 1, 20, 20, generator=stream)
    where = torch.rand(20, 20, generator=stream) > 0.5
    out = exchanged(image, other, where)
    assert torch.equal(out[:, ~where], image[:, ~where])
    assert torch.equal(out.flatten().sort().values, image.flatten().sort().values)
    assert torch.equal(out[0][where].argsort(), other[0][where].argsort())

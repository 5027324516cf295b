"""Controls of pipeline.repeat: chance and memory inside a model are caught, a function is not."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from suites.pipeline.repeat import Repeat
from tests.suites.pipeline.verdict import verdicts
from tests.toys import Does, Tiny, mean_of, rows_of, scenes, segmenter, tiny


class Remembers(nn.Module):
    """Foreground is what is brighter, by 30, than the mean of the image before."""

    def __init__(self) -> None:
        super().__init__()
        self.last = torch.tensor(140.0)

    def forward(self, images):
        """Return one logit a pixel."""
        level, self.last = self.last, images.mean()
        return images - level - 30.0


def test_a_function_repeats_itself():
    """Negative control: a network without chance or memory passes, with no pixel changed."""
    assert set(verdicts(Repeat(), tiny(), "repeat").values()) == {"PASS"}
    rows = rows_of(Repeat(), tiny())
    assert {row.value for row in rows} == {0.0}


def test_dropout_that_was_left_on_is_caught():
    """Positive control: a dropout in training mode fails at once."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = nn.Sequential(nn.Dropout(0.5), Tiny())
        model = segmenter(module.train(), normalisation="zscore")
        assert verdicts(Repeat(), model, "repeat") == {
            "repeat between=nothing": "FAIL",
            "repeat between=others": "FAIL",
        }


def test_memory_is_told_from_chance():
    """A model that judges by the image before changes after others only."""
    rows = rows_of(Repeat(), segmenter(Remembers(), output="sigmoid-logits"))
    per_image = [
        [row.value for row in rows if row.metric == "changed_fraction" and row.at["between"] == one]
        for one in ("nothing", "others")
    ]
    assert np.mean(per_image[0][1:]) < np.mean(per_image[1][1:])


def test_the_share_is_of_all_pixels():
    """A model that turns over after its first answer changes every pixel, and says by how much."""
    seen = []

    def turns(images):
        seen.append(len(seen))
        return torch.full_like(images, 2.0 if len(seen) == 1 else -2.0)

    rows = rows_of(Repeat(), segmenter(Does(turns), output="sigmoid-logits"), scenes(1))
    assert mean_of(rows, "changed_fraction", between="nothing") == 1
    moved = 1 / (1 + np.exp(-2)) - 1 / (1 + np.exp(2))
    assert np.isclose(mean_of(rows, "probability_change", between="nothing"), moved)

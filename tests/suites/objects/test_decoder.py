"""Laws of objects.decoder: a tuned or mistaken threshold is found, and costs one pass to find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage
from torch import nn

from audit.policy.verdict import Verdict
from audit.probing.catalog import Catalog
from suites.objects.decoder import Decoder
from tests.suites.objects.test_controls import field
from tests.toys import audit_of, held, judged_of, rows_of, segmenter


def image(seed: int):
    """Return a field whose channels are what a network would give: foreground and boundary."""
    truth = field(seed)
    depth = np.zeros(truth.shape)
    for number in np.unique(truth)[1:]:
        depth = np.maximum(depth, ndimage.distance_transform_edt(truth == number))
    foreground = np.where(truth > 0, 0.9, 0.1)
    boundary = np.where(truth > 0, np.exp(-depth / 2), 0.0)
    whole = held(f"{seed}", np.stack([foreground, boundary]), (truth > 0) * 1)
    return replace(whole, instances=truth.copy)


IMAGES = tuple(image(seed) for seed in range(6))


class Asked(nn.Identity):
    """A network that gives its input, and counts how often it is asked."""

    asked = 0

    def forward(self, images):
        """Return the channels as they are."""
        self.asked += 1
        return super().forward(images)


def model(network=None, **card):
    """Return channels decoded by a seeded watershed."""
    kinds = {"output": "sigmoid", "heads": ("foreground", "boundary"), "decoder": "watershed"}
    return segmenter(network or nn.Identity(), channels=2, **{**kinds, **card})


def verdicts(**card):
    """Return what the rules on a decoder say."""
    audit = audit_of(model(**card), IMAGES, task="instance")
    found = judged_of(audit, Catalog.installed().select(["pipeline.score", "objects.decoder"]))
    return {name: one for name, one in found.items() if one.rule.probe == Decoder.name}


def test_a_decoder_on_a_plateau_is_left_alone():
    """Thresholds that may be moved without loss are neither accused nor called a peak."""
    found = verdicts(seed_threshold=0.4)
    assert {one.verdict for one in found.values()} == {Verdict.PASS}


@pytest.mark.parametrize(
    ("card", "rule"),
    [({"seed_threshold": 0.85}, "seeds of objects"), ({"threshold": 0.95}, "threshold of objects")],
)
def test_a_mistaken_threshold_is_told_by_what_another_gains(card, rule):
    """Seeds that only the deepest pixels make, or a foreground that nothing reaches, cost score."""
    assert verdicts(**card)[rule].verdict is Verdict.FAIL


def test_a_default_on_a_peak_is_named():
    """Where a quarter more loses a lot, the default is said to stand on a peak."""
    assert verdicts(seed_threshold=0.7)["peak of seeds seed_factor=1.25"].verdict is Verdict.WARN


def test_all_thresholds_are_read_from_one_pass():
    """However many there are, the network is asked once, and its own is what it declares."""
    network = Asked()
    rows = rows_of(Decoder(), model(network), IMAGES[:1], task="instance")
    assert network.asked == 1
    mine = {
        row.value for row in rows if row.metric == "panoptic_quality" and 1.0 in row.at.values()
    }
    assert len(mine) == 1

"""The picture of a ledger: each object in the colour of its fate."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from audit.metrics.ledger import Fate, ledger
from suites.objects.picture import COLOURS, draw_fates
from tests.suites.objects.test_ledger import field

TRUTH = field((4, 16, 4, 16), (4, 16, 16, 28), (40, 52, 4, 16), (40, 52, 40, 52), size=64)


def near(seen, colour) -> bool:
    """Return whether a drawn pixel is of a colour, or tinted with it, as JPEG keeps it."""
    tinted = 0.45 * np.array(colour)
    return np.abs(seen - tinted).max() < 30


@pytest.mark.parametrize(
    ("predicted", "place", "fate"),
    [
        (np.where(TRUTH == 3, 0, TRUTH), (46, 10), Fate.MISSED),
        (np.where(TRUTH == 2, 1, TRUTH), (10, 10), Fate.MERGED),
        (np.where((TRUTH == 4) & (np.arange(64) > 46), 9, TRUTH), (46, 43), Fate.SPLIT),
        (TRUTH + field((4, 16, 40, 52), size=64) * 20, (10, 46), Fate.INVENTED),
    ],
)
def test_what_goes_wrong_is_tinted_in_its_colour(predicted, place, fate):
    """In the middle of an object that was missed, merged, split or invented stands its colour."""
    found = ledger(TRUTH, predicted)
    drawn = draw_fates(torch.zeros(1, 64, 64), TRUTH, predicted, found, (0.0, 1.0))
    pixels = np.asarray(Image.open(io.BytesIO(drawn.jpeg)).convert("RGB")).astype(float)
    assert near(pixels[place], COLOURS[fate])


def test_what_was_kept_is_not_tinted():
    """The inside of a kept object is shown as it is."""
    drawn = draw_fates(torch.zeros(1, 64, 64), TRUTH, TRUTH, ledger(TRUTH, TRUTH), (0.0, 1.0))
    pixels = np.asarray(Image.open(io.BytesIO(drawn.jpeg)).convert("RGB")).astype(float)
    assert pixels[46, 46].max() < 20

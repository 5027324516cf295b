"""A network that was trained on masks which are shifted against their objects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from baselines.flaws.change import changed, settings
from baselines.flaws.effect import Effect, errors
from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from audit.datasets.sample import Sample
    from baselines.flaws.images import FlawImages

SHIFT_PX = 10


def misaligned(material: FlawImages) -> FlawImages:
    """Return the material with training masks moved to the right."""
    return replace(material, train=tuple(map(moved, material.train)))


def moved(sample: Sample) -> Sample:
    """Return the sample with its truth moved to the right."""
    fields = {"mask": beside(sample.mask), "instances": beside(sample.instances)}
    return changed(sample, f"truth moved by {SHIFT_PX} px", **fields)


def beside(read: Callable[[], Any] | None) -> Callable[[], Any] | None:
    """Return a reader of label images moved to the right, with background on the left."""
    if read is None:
        return None

    def shifted() -> Any:
        return np.pad(read(), ((0, 0), (SHIFT_PX, 0)))[:, :-SHIFT_PX]

    return shifted


MISALIGNED = Flaw(
    name="misaligned",
    planted=f"Its training masks lie {SHIFT_PX} pixels to the right of their objects; images are "
    "never turned in training, which would turn the offset too.",
    caught_by=("alignment",),
    data=misaligned,
    recipe=settings(turns=False),
    effect=Effect(what="the error (1 - IoU)", of=errors),
)

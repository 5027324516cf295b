"""A network that is as often right as its twin, and far more certain.

Where a network is always right it may be as certain as it likes, so cells are faint and blurred
here: nobody can be sure of their borders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.datasets.cells import Simulation
from baselines.flaws.change import worn
from baselines.flaws.effect import Effect, looked_at, mean
from baselines.flaws.flaw import Flaw
from baselines.flaws.images import drawn
from baselines.network import Network

if TYPE_CHECKING:
    from torch import Tensor

    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

FACTOR = 12.0

SIMULATION = Simulation(
    seed=230, size_px=192, cells=(6, 12), photons=(15.0, 60.0), psf_um=(1.3, 2.2)
)
IMAGES = 12
"""Number of images to train on, and of test images."""


class Overconfident(Network):
    """The trained network with its logits multiplied: the labels stay, the confidence rises."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the multiplied logits."""
        return FACTOR * super().forward(images)


def faint_fields() -> FlawImages:
    """Return images of cells that hardly rise above the background, out of focus."""
    return drawn(SIMULATION, "simulated-faint", IMAGES)


def boast(model: Segmenter, material: FlawImages) -> float:
    """Return by how much the mean certainty exceeds the share of pixels that are right."""
    return mean(boasted(model, image, mask) for image, mask in looked_at(material))


def boasted(model: Segmenter, image: Tensor, mask: Tensor) -> float:
    """Return certainty less accuracy for one image (1, C, Y, X)."""
    seen = model.predict(image)
    assert seen.probabilities is not None
    certain = float(seen.probabilities[0].amax(0).mean())
    return certain - float((seen.labels[0] == mask).float().mean())


OVERCONFIDENT = Flaw(
    name="overconfident",
    planted=f"The logits of its healthy twin are multiplied by {FACTOR:g}.",
    caught_by=("calibration",),
    scene=faint_fields,
    finish=worn("baselines.flaws.overconfident:Overconfident"),
    effect=Effect(what="certainty beyond accuracy", of=boast, least=0.01),
)

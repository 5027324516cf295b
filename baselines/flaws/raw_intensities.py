"""A network that normalises by the camera's full scale, so that its input follows the light."""

from __future__ import annotations

from baselines.flaws.change import settings
from baselines.flaws.effect import Effect, loss_by
from baselines.flaws.flaw import Flaw

RAW_INTENSITIES = Flaw(
    name="raw-intensities",
    planted="Intensities are divided by the full scale of the camera, and by nothing else.",
    caught_by=(
        "gain gain=0.5",
        "gain gain=2.0",
        "gain gain=257.0",
        "pedestal pedestal_fraction=0.25",
    ),
    recipe=settings(normalisation="range", contrast=0.0, noise=0.0),
    effect=Effect(what="the true area lost at half the light", of=loss_by(lambda x: x / 2)),
)

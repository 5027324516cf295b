"""A network whose normalisation hangs on the darkest and the brightest pixel of each image."""

from __future__ import annotations

from baselines.flaws.change import settings
from baselines.flaws.flaw import Flaw

MINMAX = Flaw(
    name="minmax",
    planted="Each image is stretched from its darkest to its brightest pixel; contrast and noise "
    "are never varied in training.",
    caught_by=("broken pixel pixel=hot", "gamma gamma=0.5"),
    recipe=settings(normalisation="minmax", contrast=0.0, noise=0.0),
)

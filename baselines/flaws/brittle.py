"""A network that was never shown a varied image; its healthy twin was shown the worst of each.

It falters under random noise. To an attack by gradient it is no flaw on simulated cells, where such
networks kept more of their overlap than the references.
"""

from __future__ import annotations

from baselines.flaws.change import settings
from baselines.flaws.flaw import Flaw

ATTACK_SPREAD = 0.2
"""Within how many standard deviations of an image the twin is attacked while it learns."""

BRITTLE = Flaw(
    name="brittle",
    planted="Images are never turned, mirrored, relit or made noisy in training; the twin is "
    "trained against an adversary.",
    caught_by=("random noise against reference",),
    twin=settings(attack_spread=ATTACK_SPREAD),
    recipe=settings(attack_spread=0.0, turns=False, contrast=0.0, noise=0.0),
)

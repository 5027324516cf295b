"""A network that was never shown a varied image; its healthy twin was shown the worst of each.

No rule is named for it, since on simulated cells it is no flaw in effect. To attacks by gradient
such networks kept more of their overlap than the references; under random noise of twice the
images' own one that was never varied kept 0.97, and healthy ones 0.71, 0.98 and 0.99.
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
    caught_by=(),
    twin=settings(attack_spread=ATTACK_SPREAD),
    recipe=settings(attack_spread=0.0, turns=False, contrast=0.0, noise=0.0),
)

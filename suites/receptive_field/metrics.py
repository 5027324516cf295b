"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, amount, share
from audit.tasks.scores import AGREEMENT, DECLARED, SCORES, TILE

METRICS = (
    *(one for one in SCORES if one.name == "recall"),
    AGREEMENT,
    amount("reach_px", "reach", "px"),
    amount("reach_max_px", "largest reach", "px"),
    amount("reach_at_least_px", "reach at least", "px"),
    share("reach_exceeds_image", "reach exceeds the image", ""),
    share("coupled_fraction", "share of far outputs that move", "lower"),
    amount("r50_px", "radius of half the gradient", "px"),
    amount("r95_px", "radius of 95% of the gradient", "px"),
    amount("used_fraction", "pixels used, over those seen"),
    share("iou_change", "change of the IoU", "", paired=True),
    amount("context_px", "context that suffices", "px"),
    share("blind_fraction", "share of objects that sees no edge", "lower"),
    share("blind_missed_fraction", "share of objects missed where no edge is seen", "lower"),
    share("outgrown_fraction", "share of objects wider than the field", "lower"),
    share("hole_fraction", "share of the object in holes", "lower"),
    amount("diameter_reach", "diameter, in units of the reach"),
    amount("halo_px", "halo that is needed", "px"),
    amount("missing_halo_px", "halo that is missing", "px", "lower"),
    share(
        "seam_fraction", "share of the tile that changes at the declared halo", "lower", paired=True
    ),
)

CONDITIONS = (
    DECLARED,
    TILE,
    Condition(name="track", words="track", identity=True, many=True),
    Condition(name="within_reach", words="distance, in units of the reach"),
)

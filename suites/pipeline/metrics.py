"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, Metric, amount, change, share
from audit.tasks.scores import AGREEMENT, CLASS, DECLARED, SATURATED, SCORES, TILE

METRICS = (
    *SCORES,
    AGREEMENT,
    SATURATED,
    share("probability_change", "largest change of a probability", "lower", paired=True),
    share("changed_fraction", "share of pixels that change class", "lower", paired=True),
    share("changed_at_seams", "share of pixels that change at seams", "lower", paired=True),
    share("changed_elsewhere", "share of pixels that change elsewhere", "lower", paired=True),
    share("differing_fraction", "share of the published test output that differs", "lower"),
    change("gain", "IoU gained by moving the prediction"),
    change("gain_otherwise", "IoU gained by another reading of the description"),
    Metric(name="shift_y_px", words="shift along y", unit="px"),
    Metric(name="shift_x_px", words="shift along x", unit="px"),
    amount("distance_px", "length of the shift", "px", "lower"),
    amount("temperature", "temperature"),
    amount("nll", "negative log likelihood", "nats", "lower"),
    amount("nll_tempered", "negative log likelihood, tempered", "nats", "lower"),
    share("calibration_error", "calibration error", "lower"),
    amount("gained", "objects gained", better="lower", paired=True),
    amount("lost", "objects lost", better="lower", paired=True),
    amount("split", "objects split", better="lower", paired=True),
    amount("merged", "objects merged", better="lower", paired=True),
    amount("rearranged", "objects rearranged", better="lower", paired=True),
    share("wobble", "wobble of the outline", "lower", paired=True),
)

CONDITIONS = (
    CLASS,
    DECLARED,
    TILE,
    Condition(name="between", words="between"),
    Condition(name="companion", words="companion"),
    Condition(name="halo_px", words="halo (px)"),
    Condition(name="phase_fraction", words="phase, in tiles", neutral=0.0),
    Condition(name="orientation", words="orientation"),
    Condition(name="roll", words="roll"),
    Condition(name="pixel", words="pixel"),
    Condition(name="least_px", words="least shift (px)"),
    Condition(name="where", words="where"),
    Condition(name="divided_by", words="divisor of the logits", neutral=1.0),
    Condition(name="format", words="format"),
    Condition(name="reading", words="reading"),
)

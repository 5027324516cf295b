"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, amount, change
from audit.tasks.scores import CLASS, FACTOR, SCORES, SIDE

METRICS = (
    *SCORES,
    change("shape_gain", "IoU gained on pixels of another shape"),
    amount("pixel_ratio", "pixel size over that declared"),
    amount("mismatch_percent", "mismatch of the pixel size", "%", "lower"),
)

CONDITIONS = (CLASS, FACTOR, SIDE, Condition(name="axis", words="axis"))

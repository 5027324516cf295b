"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, amount, share
from audit.tasks.scores import CLASS, DIAMETER, GAMMA, SATURATED, SCORES

METRICS = (
    *SCORES,
    DIAMETER,
    SATURATED,
    amount("retention", "share of the IoU that is kept", better="higher", paired=True),
    amount("epsilon_intensity", "radius, in the image's intensities"),
    amount("steps_taken", "steps taken"),
    share("worst_iou", "lowest IoU"),
    share("worst_drop", "IoU lost at worst", "lower", paired=True),
    share("reached", "share of goals that are reached", "lower", paired=True),
    amount("smallest_noise_ratio", "smallest radius that succeeds", "noise sigma", "higher"),
    share("broken_graph", "broken gradient", "lower"),
    share("zero_gradient_fraction", "share of pixels without gradient", "lower"),
    share("unstable_loss", "relative change of the loss by trembling", "lower", paired=True),
    share("unraised_loss", "share of attacks that raise no loss", "lower", paired=True),
    share("outside_fraction", "share of pixels outside the radius", "lower"),
    share("silent_success", "IoU that comes back when shown again", "lower", paired=True),
    share("unfinished_iou", "IoU that more steps take", "lower", paired=True),
    share("unbounded_iou", "share of the IoU left when every pixel is free", "lower", paired=True),
    share("weaker_fraction", "share of radii that do less than a smaller one", "lower"),
    share(
        "black_box_gain", "IoU that an attack without gradient takes beyond", "lower", paired=True
    ),
    share(
        "transfer_gain", "IoU that an attack on the reference takes beyond", "lower", paired=True
    ),
)

CONDITIONS = (
    CLASS,
    GAMMA,
    Condition(
        name="noise_ratio", words="radius, in units of the image's noise", unit="noise sigma"
    ),
    Condition(name="range_fraction", words="radius, as a share of the range", unit="of the range"),
    Condition(name="loss", words="loss"),
    Condition(name="quantile", words="quantile of size"),
    Condition(name="goal", words="goal"),
    Condition(name="rotation_deg", words="rotation (°)", neutral=0.0),
    Condition(name="shift_px", words="shift (px)", neutral=0.0),
)

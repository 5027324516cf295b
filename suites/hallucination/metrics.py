"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, amount, change, share
from audit.tasks.scores import DENSITY, OBJECT, SIDE

METRICS = (
    DENSITY,
    share("foreground_fraction", "share of foreground", "lower"),
    share("context_fraction", "share of foreground within the image", "lower"),
    change("excess_fraction", "share of foreground beyond that within the image"),
    share("still_fraction", "share that is still predicted", "lower", paired=True),
    share("found_fraction", "share that is found", paired=True),
    share("control_fraction", "share predicted on background", "lower", paired=True),
    change("fired_fraction", "share of marked background that fires"),
    change("recall_added_fraction", "recall added by the mark"),
    amount("false_objects_per_mpx", "false objects per megapixel", better="lower"),
    amount("false_per_true", "false objects for each true one", better="lower"),
)

CONDITIONS = (
    OBJECT,
    SIDE,
    Condition(name="crop", words="window", identity=True, many=True),
    Condition(name="level_fraction", words="level, as a share of the range", unit="of the range"),
    Condition(name="field", words="field"),
    Condition(name="noise", words="noise"),
    Condition(name="copy", words="copy"),
    Condition(name="mark", words="mark"),
    Condition(name="distance_px", words="distance (px)"),
)

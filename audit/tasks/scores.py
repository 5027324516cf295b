"""Metrics and conditions of several suites, each declared once.

First of all what a semantic score yields; then what suites have in common beside it.
"""

from __future__ import annotations

from audit.metric import Condition, amount, share

CLASS_SCORES = (
    share("iou", "IoU"),
    share("dice", "Dice"),
    share("recall", "recall"),
    share("class_iou", "IoU of the class"),
    share("correct_rejection", "empty images left empty"),
)
"""What `case.score` yields of classes."""

OBJECT_SCORES = (
    share("panoptic_quality", "panoptic quality"),
    share("object_f1", "F1 of objects"),
    share("segmentation_quality", "mean IoU of matched objects"),
    share("missed_fraction", "share of objects missed", "lower"),
    share("merged_fraction", "share of objects merged with others", "lower"),
    share("split_fraction", "share of objects split", "lower"),
    share("invented_fraction", "share of predicted objects that are invented", "lower"),
)
"""What `case.score` yields of objects, beside the empty images left empty."""

MAIN = {"semantic": "iou", "instance": "panoptic_quality"}
"""The metric that each task is known by: what rules mean by "score"."""

SCORES = (*CLASS_SCORES, *OBJECT_SCORES)
"""What `case.score` yields, whatever the task."""

AGREEMENT = share("agreement", "agreement", paired=True)
SATURATED = share("saturated_fraction", "share that is saturated", "lower")
DIAMETER = amount("diameter_px", "diameter", "px")
DENSITY = amount("objects_per_mpx", "objects per megapixel")

CLASS = Condition(name="class", words="class", identity=True)
OBJECT = Condition(name="object", words="object", identity=True, many=True)
GAMMA = Condition(name="gamma", words="gamma", neutral=1.0)
FACTOR = Condition(name="factor", words="scale factor of the image", neutral=1.0)
SIDE = Condition(name="side_px", words="side (px)")
TILE = Condition(name="tile_px", words="tile (px)")
DECLARED = Condition(name="declared", words="declared halo")

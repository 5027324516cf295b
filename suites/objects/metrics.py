"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

import math

from audit.metric import Condition, Metric, amount, change, share
from audit.tasks.scores import DIAMETER, OBJECT, SCORES

BIASES = (
    change("small_missed_excess", "share missed of the small beyond the others'", paired=False),
    change("edge_missed_excess", "share missed at the frame beyond that inside", paired=False),
)

FATES = (
    share("kept_fraction", "share of objects kept"),
    share("wobble_fraction", "share of objects found in another shape", "lower"),
    share("cut_fraction", "share of objects cut by the frame", ""),
    share("merged_pairs_fraction", "share of touching pairs that are merged", "lower"),
)

NAMED_SCORES = (
    share("average_precision", "AP at IoU 0.5, as TP / (TP + FP + FN)"),
    share("mean_average_precision", "AP over IoU 0.50 to 0.95, as TP / (TP + FP + FN)"),
    share("seg", "SEG of the Cell Tracking Challenge"),
    share("det", "DET of the Cell Tracking Challenge"),
    share("aggregated_jaccard", "aggregated Jaccard index"),
)

METRICS = (
    *SCORES,
    *FATES,
    *BIASES,
    *NAMED_SCORES,
    DIAMETER,
    amount("edge_px", "distance from the frame", "px"),
    amount("centre_y_px", "row of the centre", "px"),
    amount("centre_x_px", "column of the centre", "px"),
    share("object_iou", "IoU of the object with its partner"),
    *(
        share(f"is_{fate}", f"whether the object is {fate}", "")
        for fate in ("kept", "wobble", "missed", "merged", "split", "cut")
    ),
    Metric(
        name="count_excess",
        words="objects counted beyond the true number, as a share of it",
        low=-1.0,
        high=math.inf,
    ),
    Metric(
        name="excess",
        words="mean over predicted objects beyond that over true ones, as a share of it",
        low=-1.0,
        high=math.inf,
    ),
    amount("true_mean", "mean over true objects"),
    amount("predicted_mean", "mean over predicted objects"),
    amount("smallest_true", "smallest difference seen by true objects, as a share of the mean"),
    amount("smallest_seen", "smallest difference seen by predicted ones, as a share of the mean"),
    Metric(
        name="fidelity",
        words="correlation of predicted with true image means",
        low=-1.0,
        high=1.0,
        better="higher",
    ),
    amount("seams", "seams across the image"),
    share("seam_cut_fraction", "share of predicted objects cut by seams", "lower"),
    amount("true_count", "true objects"),
    amount("predicted_count", "predicted objects"),
)

TURNS = (
    Condition(name="threshold_odds", words="odds of the threshold, times", neutral=1.0),
    Condition(name="seed_factor", words="threshold of seeds, times", neutral=1.0),
)

PROPERTY = Condition(name="property", words="", identity=True)

CONDITIONS = (OBJECT, PROPERTY, *TURNS)

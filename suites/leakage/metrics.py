"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, Metric, amount, share
from audit.tasks.scores import AGREEMENT

METRICS = (
    AGREEMENT,
    share("leaked", "share of images that leaked", "lower"),
    share("identical", "share of identical images", "lower"),
    share("turned", "share of turned copies", "lower"),
    share("is_kind", "share of copies of the kind", "lower"),
    share("same_id", "share of ids in both parts", "lower"),
    share("same_file", "share of files in both parts", "lower"),
    share("same_field", "share of fields in both parts", "lower"),
    share("same_movie", "share of movies in both parts", "lower"),
    Metric(name="correlation", words="correlation", low=-1.0, high=1.0, better="lower"),
    Metric(name="pair_correlation", words="correlation of the pair", low=-1.0, high=1.0),
    Metric(name="limit_correlation", words="limit of the correlation", low=-1.0, high=1.0),
    Metric(name="lag_correlation", words="correlation at the lag", low=-1.0, high=1.0),
    share("false_pair_fraction", "share of false pairs", "lower"),
    amount("nearest_frames", "frames to the nearest training image", better="higher"),
    amount("gap_frames", "frames until alike no more"),
    share("collapsed", "share of images that collapsed", "lower", paired=True),
    share("leaked_iou", "IoU of images that leaked", ""),
    share("clean_iou", "IoU of images that did not leak"),
    Metric(name="inflation_iou", words="IoU added by leaked images", better="lower"),
    amount("loss", "loss", "nats a pixel", "lower"),
    Metric(name="calibrated_loss", words="loss beyond its difficulty"),
    share("membership_p", "p value of membership", ""),
    share("detected", "membership detected", "lower"),
)

CONDITIONS = (
    Condition(name="change", words="change"),
    Condition(name="kind", words="kind"),
    Condition(name="image", words="image", identity=True),
    Condition(name="twin", words="twin", identity=True, many=True),
    Condition(name="content", words="content"),
    Condition(name="lag_frames", words="lag in frames", unit="frames"),
)

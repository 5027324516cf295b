"""Made-up networks: what each saw of a quantity, image by image, whose truth is known."""

from __future__ import annotations

import numpy as np

from audit.probing.catalog import Catalog
from audit.quantities.evidence import Evidence, ends, worse
from audit.quantities.quantity import Quantity
from audit.quantities.seen import Seen, direction

PHOTONS = (1000.0, 300.0, 100.0, 30.0)
SCORE = Quantity(probe="pipeline.score", metric="iou")
FALSE = Quantity(probe="hallucination.border", metric="false_per_true", statistic="rate")
BREAK = Quantity(
    probe="shift.noise",
    metric="iou",
    statistic="breaking_point",
    over="photons",
    against=("clean",),
    tolerance=0.1,
)
METRICS = {one.name: one for suite in Catalog.installed().suites for one in suite.metrics}


def seen(values, groups=None, weights=None, asks=SCORE, digest="") -> Seen:
    """Return what was seen of one quantity on images numbered in time."""
    count = len(values)
    columns = np.asarray(values, float).reshape(count, -1)
    names = tuple(f"{number:03d}" for number in range(count))
    metric = METRICS[asks.metric]
    low, high = ends(metric, asks)
    evidence = Evidence(
        samples=names,
        groups=tuple(groups or names),
        things=names,
        choices=PHOTONS if columns.shape[1] == len(PHOTONS) else (None,),
        values=columns,
        weights=np.ones_like(columns) if weights is None else np.asarray(weights, float)[:, None],
        beside=np.full(count, np.nan),
        low=low,
        high=high,
        sign=worse(metric, asks),
    )
    return Seen(
        quantity=asks,
        evidence=evidence,
        better=direction(metric, asks, evidence),
        digests=dict.fromkeys(names, digest),
    )

"""Rare classes, rare objects, and the threshold between them."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.imbalance.classes import Classes
from suites.imbalance.metrics import CONDITIONS, METRICS
from suites.imbalance.neglected import Neglected
from suites.imbalance.objects import Objects
from suites.imbalance.prevalence import Prevalence
from suites.imbalance.sizes import Sizes
from suites.imbalance.threshold import Threshold

SUITE = Suite(
    name="imbalance",
    title="Rare objects",
    about="Rare classes, rare objects, and the threshold between them.",
    probes=(Classes, Neglected, Objects, Prevalence, Sizes, Threshold),
    metrics=METRICS,
    conditions=CONDITIONS,
)

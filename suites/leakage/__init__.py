"""Test images that were in the training set, or next to it."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.leakage.exact import Exact
from suites.leakage.inflation import Inflation
from suites.leakage.membership import Membership
from suites.leakage.memorised import Memorised
from suites.leakage.metrics import CONDITIONS, METRICS
from suites.leakage.near import Near
from suites.leakage.neighbours import Neighbours
from suites.leakage.split import Split

SUITE = Suite(
    name="leakage",
    title="Test images in the training set",
    about="Test images that were in the training set, or next to it.",
    probes=(Exact, Inflation, Membership, Memorised, Near, Neighbours, Split),
    metrics=METRICS,
    conditions=CONDITIONS,
)

"""How far the model sees, and whether that suffices for its objects."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.receptive_field.context import Context
from suites.receptive_field.effective import Effective
from suites.receptive_field.halo import Halo
from suites.receptive_field.margin import Margin
from suites.receptive_field.metrics import CONDITIONS, METRICS
from suites.receptive_field.objects import Objects
from suites.receptive_field.reach import Reach

SUITE = Suite(
    name="receptive_field",
    title="How far the network sees",
    about="How far the model sees, and whether that suffices for its objects.",
    probes=(Reach, Effective, Context, Objects, Halo, Margin),
    metrics=METRICS,
    conditions=CONDITIONS,
)

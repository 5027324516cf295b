"""Objects one by one: kept, missed, invented, merged or split, and counted."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.objects.counts import Counts
from suites.objects.ledger import ObjectLedger
from suites.objects.metrics import CONDITIONS, METRICS

SUITE = Suite(
    name="objects",
    title="Objects one by one",
    about="Which objects are kept, missed, invented, merged and split, and how many are counted.",
    probes=(ObjectLedger, Counts),
    metrics=METRICS,
    conditions=CONDITIONS,
)

"""Objects one by one: kept, missed, invented, merged or split; counted and measured."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.objects.counts import Counts
from suites.objects.decoder import Decoder
from suites.objects.difference import Difference
from suites.objects.ledger import Ledger
from suites.objects.measurements import Measurements
from suites.objects.metrics import CONDITIONS, METRICS
from suites.objects.seams import Seams

SUITE = Suite(
    name="objects",
    title="Objects one by one",
    about="Which objects are kept, missed, invented, merged and split; what is counted.",
    probes=(Ledger, Counts, Measurements, Difference, Seams, Decoder),
    metrics=METRICS,
    conditions=CONDITIONS,
)

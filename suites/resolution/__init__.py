"""Resolution: the same scene on coarser or finer pixels."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.resolution.anisotropy import Anisotropy
from suites.resolution.binning import Binning
from suites.resolution.declared import Declared
from suites.resolution.metrics import CONDITIONS, METRICS
from suites.resolution.scale import Scale

SUITE = Suite(
    name="resolution",
    title="Pixel size",
    about="Resolution: the same scene on coarser or finer pixels.",
    probes=(Scale, Anisotropy, Binning, Declared),
    metrics=METRICS,
    conditions=CONDITIONS,
)

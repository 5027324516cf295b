"""Resolution: the same scene on coarser or finer pixels."""

from __future__ import annotations

from suites.resolution.anisotropy import Anisotropy
from suites.resolution.binning import Binning
from suites.resolution.declared import Declared
from suites.resolution.scale import Scale

PROBES = (Scale, Anisotropy, Binning, Declared)

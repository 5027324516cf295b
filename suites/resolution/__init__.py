"""Resolution: the same scene on coarser or finer pixels."""

from __future__ import annotations

from suites.resolution.scale import Scale

PROBES = (Scale,)

"""How the model is used: from file to score."""

from __future__ import annotations

from suites.pipeline.score import Score

PROBES = (Score,)

"""What the curves of a training say about the network that came of it."""

from __future__ import annotations

from suites.training.advice import Advice
from suites.training.checkpoint import Checkpoint
from suites.training.curves import Curves
from suites.training.diagnosis import Diagnosis

PROBES = (Advice, Checkpoint, Curves, Diagnosis)

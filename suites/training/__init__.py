"""What the curves of a training say about the network that came of it."""

from __future__ import annotations

from suites.training.checkpoint import Checkpoint

PROBES = (Checkpoint,)

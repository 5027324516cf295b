"""What the curves of a training say about the network that came of it."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.training.advice import Advice
from suites.training.checkpoint import Checkpoint
from suites.training.curves import Curves
from suites.training.diagnosis import Diagnosis
from suites.training.metrics import CONDITIONS, METRICS

SUITE = Suite(
    name="training",
    title="How it was trained",
    about="What the curves of a training say about the network that came of it.",
    probes=(Advice, Checkpoint, Curves, Diagnosis),
    metrics=METRICS,
    conditions=CONDITIONS,
)

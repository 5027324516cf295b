"""How the model is used: from file to score."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.pipeline.alignment import Alignment
from suites.pipeline.batch import Batch
from suites.pipeline.calibration import Calibration
from suites.pipeline.description import Description
from suites.pipeline.equivariance import Equivariance
from suites.pipeline.evaluation import Evaluation
from suites.pipeline.formats import Formats
from suites.pipeline.metrics import CONDITIONS, METRICS
from suites.pipeline.normalisation import Normalisation
from suites.pipeline.repeat import Repeat
from suites.pipeline.reproduces import Reproduces
from suites.pipeline.score import Score
from suites.pipeline.tiles import Tiles

SUITE = Suite(
    name="pipeline",
    title="The images as they are",
    about="How the model is used: from file to score.",
    probes=(
        Score,
        Repeat,
        Batch,
        Evaluation,
        Tiles,
        Equivariance,
        Normalisation,
        Alignment,
        Calibration,
        Formats,
        Description,
        Reproduces,
    ),
    metrics=METRICS,
    conditions=CONDITIONS,
)

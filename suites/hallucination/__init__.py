"""Objects that the model sees where there are none.

Structure invented by restoration (denoising, super-resolution) has its place here: it comes later.
"""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.hallucination.border import Border
from suites.hallucination.foreign import Foreign
from suites.hallucination.insertion import Insertion
from suites.hallucination.marker import Marker
from suites.hallucination.metrics import CONDITIONS, METRICS
from suites.hallucination.removal import Removal
from suites.hallucination.scrambled import Scrambled
from suites.hallucination.void import Void

SUITE = Suite(
    name="hallucination",
    title="Cells where there are none",
    about="Objects that the model sees where there are none.",
    probes=(Void, Foreign, Scrambled, Removal, Insertion, Marker, Border),
    metrics=METRICS,
    conditions=CONDITIONS,
)

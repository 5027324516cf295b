"""Changes of an image that are chosen to mislead the model."""

from __future__ import annotations

import os

# foolbox imports GitPython, which refuses to be imported where there is no git.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

from audit.probing.suite import Suite
from suites.adversarial.black_box import BlackBox
from suites.adversarial.certificate import Certificate
from suites.adversarial.gradient import Gradient
from suites.adversarial.metrics import CONDITIONS, METRICS
from suites.adversarial.noise import Noise
from suites.adversarial.objects import Objects
from suites.adversarial.spatial import Spatial
from suites.adversarial.universal import Universal

SUITE = Suite(
    name="adversarial",
    title="Changes chosen to mislead",
    about="Changes of an image that are chosen to mislead the model.",
    probes=(Gradient, Noise, BlackBox, Certificate, Spatial, Universal, Objects),
    metrics=METRICS,
    conditions=CONDITIONS,
)

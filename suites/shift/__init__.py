"""Dataset shift: the same scene under another microscope, camera or lamp."""

from __future__ import annotations

from audit.probing.suite import Suite
from suites.shift.bit_depth import BitDepth
from suites.shift.blackout import Blackout
from suites.shift.bleaching import Bleaching
from suites.shift.compression import Compression
from suites.shift.cross_dataset import CrossDataset
from suites.shift.defocus import Defocus
from suites.shift.drift_blur import DriftBlur
from suites.shift.illumination import Illumination
from suites.shift.intensity import Intensity
from suites.shift.metrics import CONDITIONS, METRICS
from suites.shift.noise import Noise
from suites.shift.population import Population
from suites.shift.position import Position
from suites.shift.saturation import Saturation

SUITE = Suite(
    name="shift",
    title="Another microscope, camera or lamp",
    about="Dataset shift: the same scene under another microscope, camera or lamp.",
    probes=(
        Noise,
        Defocus,
        DriftBlur,
        Illumination,
        Bleaching,
        Intensity,
        Saturation,
        BitDepth,
        Compression,
        Blackout,
        CrossDataset,
        Population,
        Position,
    ),
    metrics=METRICS,
    conditions=CONDITIONS,
)

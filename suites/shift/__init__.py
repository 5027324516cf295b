"""Dataset shift: the same scene under another microscope, camera or lamp."""

from __future__ import annotations

from suites.shift.defocus import Defocus
from suites.shift.illumination import Illumination
from suites.shift.intensity import Intensity
from suites.shift.noise import Noise

PROBES = (Noise, Defocus, Illumination, Intensity)

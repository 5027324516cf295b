"""Dataset shift: the same scene under another microscope, camera or lamp."""

from __future__ import annotations

from suites.shift.cross_dataset import CrossDataset
from suites.shift.defocus import Defocus
from suites.shift.illumination import Illumination
from suites.shift.intensity import Intensity
from suites.shift.noise import Noise
from suites.shift.population import Population
from suites.shift.position import Position

PROBES = (Noise, Defocus, Illumination, Intensity, CrossDataset, Population, Position)

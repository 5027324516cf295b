"""Rare classes, rare objects, and the threshold between them."""

from __future__ import annotations

from suites.imbalance.classes import Classes
from suites.imbalance.neglected import Neglected
from suites.imbalance.objects import Objects
from suites.imbalance.prevalence import Prevalence
from suites.imbalance.sizes import Sizes
from suites.imbalance.threshold import Threshold

PROBES = (Classes, Neglected, Objects, Prevalence, Sizes, Threshold)

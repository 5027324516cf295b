"""Test images that were in the training set, or next to it."""

from __future__ import annotations

from suites.leakage.exact import Exact
from suites.leakage.inflation import Inflation
from suites.leakage.membership import Membership
from suites.leakage.memorised import Memorised
from suites.leakage.near import Near
from suites.leakage.neighbours import Neighbours
from suites.leakage.split import Split

PROBES = (Exact, Inflation, Membership, Memorised, Near, Neighbours, Split)

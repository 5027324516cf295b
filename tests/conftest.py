"""What every test may ask for: real data where there is some, and small folders of images."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Threads that wait by spinning slow a shared machine down; OpenMP reads this once.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real images: $BIOAUDIT_DATA, or ../shared/data beside the checkout."""
    named = os.environ.get("BIOAUDIT_DATA")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set BIOAUDIT_DATA")
    return folder

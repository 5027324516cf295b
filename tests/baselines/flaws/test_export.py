"""A law of export: what is written to a folder is what is read."""

from __future__ import annotations

import numpy as np

from baselines.flaws.export import export
from baselines.flaws.minority import MINORITY
from tests.baselines.flaws.material import MATERIAL, readings


def test_exported_samples_read_back(tmp_path):
    """Images and object numbers come back from a folder as they were; two classes as classes."""
    from audit.datasets.open import open_dataset

    assert export(MATERIAL.test, tmp_path / "one") == "instances"
    found = open_dataset(tmp_path / "one", labels="instances").samples
    assert all(map(np.array_equal, readings(found[0]), readings(MATERIAL.test[0])))
    assert export(MINORITY.stage(MATERIAL).test, tmp_path / "two") == "classes"

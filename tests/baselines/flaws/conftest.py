"""Networks with a planted flaw, each trained once."""

from __future__ import annotations

import pytest

from audit.models.load import load_model
from baselines.flaws.plant import find, planted
from tests.baselines.flaws.material import MATERIAL, RECIPE


@pytest.fixture(scope="session")
def grown(tmp_path_factory):
    """Return a function that gives the model of a flaw, or of its twin, hardly trained."""
    cache = tmp_path_factory.mktemp("cache")

    def model(name: str, make=planted):
        return load_model(str(make(find(name), MATERIAL, RECIPE, cache=cache)))

    return model

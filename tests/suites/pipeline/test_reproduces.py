"""Controls of pipeline.reproduces: another network's test output, and the package's own."""

from __future__ import annotations

import numpy as np
import torch

from audit.models.load import load_model
from audit.models.package.replay import compared
from suites.pipeline.reproduces import Reproduces
from tests.audit.models.package.made import Blurred, example, package
from tests.suites.pipeline.verdict import verdicts
from tests.toys import raw_threshold, rows_of


def model_of(folder, tests=True):
    """Return a package with test tensors."""
    return load_model(str(package(folder, network=Blurred(), tests=tests)))


def told(model):
    """Return what the default policy says."""
    return verdicts(Reproduces(), model, "reproduces")


def test_the_output_of_another_network_is_caught(tmp_path):
    """Planted flaw: a stored output that is the opposite of what is given fails the rule."""
    image, output = example()

    assert told(model_of(tmp_path / "p", (image, 1 - output))) == {"reproduces": "FAIL"}


def test_an_output_of_another_shape_is_caught(tmp_path):
    """A stored output of another size is not reproduced in any part."""
    image, output = example()
    model = model_of(tmp_path / "p", (image, output[..., :-4]))

    assert [row.value for row in rows_of(Reproduces(), model)] == [1.0]
    assert told(model) == {"reproduces": "FAIL"}


def test_a_network_that_fails_on_its_own_input_is_caught(tmp_path):
    """What is published for a network cannot be shown to it: nothing is reproduced."""
    image, output = example()
    model = model_of(tmp_path / "p", (image[..., :0], output))

    assert [row.value for row in rows_of(Reproduces(), model)] == [1.0]
    assert told(model) == {"reproduces": "FAIL"}


def test_the_healthy_twin_passes(tmp_path):
    """Negative control: the package's own output passes, also where rounding moves it a little."""
    image, output = example()

    assert told(model_of(tmp_path / "p")) == {"reproduces": "PASS"}
    assert told(model_of(tmp_path / "q", (image, output + 1e-5))) == {"reproduces": "PASS"}


def test_a_model_without_test_tensors_is_not_judged(tmp_path):
    """Neither a package nor any other model passes by bringing nothing: it is said, not judged."""
    for model in (model_of(tmp_path / "p", tests=None), raw_threshold()):
        row = next(iter(rows_of(Reproduces(), model)))
        assert row.value is None
        assert "brings no test tensors" in row.undefined
        assert told(model).get("reproduces") not in {"PASS", "FAIL"}


def test_objects_are_compared_up_to_their_numbers():
    """The same objects under other numbers are the same; merged ones are not, nor are classes."""
    wanted = torch.tensor([[[[1.0, 1, 0, 2, 2, 0, 3]]]])
    other = torch.tensor([[[[7.0, 7, 0, 3, 3, 0, 1]]]])
    merged = torch.tensor([[[[7.0, 7, 0, 3, 3, 0, 3]]]])

    assert compared(other, wanted, numbers_objects=True).reproduced
    assert not compared(merged, wanted, numbers_objects=True).reproduced
    assert not compared(other, wanted).reproduced
    assert np.isclose(compared(merged, wanted, numbers_objects=True).differing, 1 / 7)


def test_another_test_output_is_another_model(tmp_path):
    """What was measured of one test output is never reused for another: the digests differ."""
    image, output = example()
    digests = {
        model_of(tmp_path / "p", tests).traits.digest for tests in (True, (image, 1 - output))
    }

    assert len(digests) == 2

"""Our operations give what bioimageio.core gives, operation by operation."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

from audit.models.steps.step import read_step

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    core = pytest.importorskip("bioimageio.core", reason="bioimageio.core is not installed")
    from bioimageio.core import proc_ops, stat_calculators
    from bioimageio.core.sample import Sample
    from bioimageio.core.tensor import Tensor
    from bioimageio.spec.model import v0_4, v0_5

pytestmark = pytest.mark.filterwarnings("ignore")
STREAM = np.random.default_rng(0)
IMAGES = STREAM.normal(300, 90, (2, 3, 9, 11)).astype(np.float32)
SMALL = STREAM.normal(0, 2, (2, 3, 9, 11)).astype(np.float32)
CHANNELS = {"axis": "channel", "mean": [280.0, 300.0, 320.0], "std": [80.0, 90.0, 100.0]}
NEW = (
    ("zero_mean_unit_variance", {}),
    ("zero_mean_unit_variance", {"axes": ["channel", "y", "x"]}),
    ("zero_mean_unit_variance", {"axes": ["y", "x"]}),
    ("zero_mean_unit_variance", {"axes": ["batch", "channel", "y", "x"]}),
    ("fixed_zero_mean_unit_variance", {"mean": 280.0, "std": 80.0}),
    ("fixed_zero_mean_unit_variance", CHANNELS),
    ("scale_range", {"axes": ["channel", "y", "x"]}),
    ("scale_range", {"axes": ["y", "x"], "min_percentile": 1, "max_percentile": 99.8}),
    ("scale_range", {"axes": ["channel", "y", "x"], "min_percentile": 5.0, "max_percentile": 95}),
    ("scale_linear", {"gain": 0.5, "offset": -3.0}),
    ("scale_linear", {"axis": "channel", "gain": [1.0, 2.0, 3.0], "offset": [0.0, 1.0, 2.0]}),
    ("clip", {"min": 250.0, "max": 320.0}),
    ("clip", {"min": 250.0}),
    ("binarize", {"threshold": 300.0}),
    ("sigmoid", {}),
    ("softmax", {}),
    ("softmax", {"axis": "x"}),
    ("ensure_dtype", {"dtype": "float32"}),
    ("ensure_dtype", {"dtype": "uint16"}),
    ("ensure_dtype", {"dtype": "float64"}),
)
OLD = (
    ("zero_mean_unit_variance", {"mode": "per_sample", "axes": "cyx"}),
    ("zero_mean_unit_variance", {"mode": "per_sample", "axes": "yx"}),
    ("zero_mean_unit_variance", {"mode": "per_dataset", "axes": "cyx"}),
    ("scale_range", {"mode": "per_sample", "axes": "yx", "max_percentile": 99.8}),
    ("scale_range", {"mode": "per_sample", "axes": "cyx"}),
    ("scale_linear", {"gain": 2.0, "offset": 1.0}),
    ("clip", {"min": 250.0, "max": 320.0}),
    ("binarize", {"threshold": 300.0}),
    ("sigmoid", {}),
)


def theirs(operation, image, letters=False):
    """Return what an operation of bioimageio.core gives for an image."""
    dims = "bcyx" if letters else ("batch", "channel", "y", "x")
    tensor = Tensor(image, dims=tuple(dims))
    sample = Sample(members={"t": tensor}, stat={}, id="one")
    stat = stat_calculators.compute_measures(operation.required_measures, [sample])
    return np.asarray(operation._apply(tensor, stat).data)


def named(name, spec):
    """Return the class of an operation in a version of the specification, by its name there."""
    words = "".join(word.capitalize() for word in name.split("_"))
    return getattr(spec, f"{words}Descr"), getattr(proc_ops, words)


@pytest.mark.parametrize(("name", "settings"), NEW)
def test_an_operation_of_format_0_5_gives_what_core_gives(name, settings):
    """Ours and theirs differ by less than 1e-6, relative and absolute."""
    # What a float beyond the bounds of an integer becomes differs between processors.
    image = SMALL if name in ("sigmoid", "softmax") else np.abs(IMAGES)
    described, kind = named(name, v0_5)
    given = {"kwargs": settings} if settings else {}
    expected = theirs(kind.from_proc_descr(described(**given), "t"), image)
    step = read_step({"id": name, "kwargs": settings}, where="input", tensor="t")
    found = step(torch.from_numpy(image).double()).numpy()

    assert np.allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("name", "settings"), OLD)
def test_an_operation_of_format_0_4_gives_what_core_gives(name, settings):
    """Modes and letters mean what they mean there."""
    image = SMALL if name == "sigmoid" else IMAGES
    described, _ = named(name, v0_4)
    modern = v0_5._convert_proc(
        described(**({"kwargs": settings} if settings else {})),
        ["batch", "channel", "y", "x"],
    )
    kind = getattr(proc_ops, type(modern).__name__.removesuffix("Descr"))
    expected = theirs(kind.from_proc_descr(modern, "t"), image)
    step = read_step({"name": name, "kwargs": settings}, where="input", tensor="t")
    found = step(torch.from_numpy(image).double()).numpy()

    assert np.allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_a_reference_lends_its_moments_as_in_core():
    """scale_mean_variance with another tensor gives what core gives."""
    from audit.models.steps.operations import scale_mean_variance

    described = v0_5.ScaleMeanVarianceDescr(
        kwargs={"reference_tensor": "other", "axes": ["channel", "y", "x"]}
    )
    operation = proc_ops.ScaleMeanVariance.from_proc_descr(described, "t")
    dims = ("batch", "channel", "y", "x")
    members = {"t": Tensor(SMALL, dims=dims), "other": Tensor(IMAGES, dims=dims)}
    sample = Sample(members=members, stat={}, id="one")
    stat = stat_calculators.compute_measures(operation.required_measures, [sample])
    expected = np.asarray(operation._apply(members["t"], stat).data)
    found = scale_mean_variance(
        torch.from_numpy(SMALL).double(),
        reference=torch.from_numpy(IMAGES).double(),
        axes=("channel", "y", "x"),
    )

    assert np.allclose(found.numpy(), expected, rtol=1e-6, atol=1e-6)

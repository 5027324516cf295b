"""Laws of the operations by themselves: closed forms, axes, and gradients."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.errors import ModelError
from audit.models.steps import operations as op

IMAGES = 5 + 40 * torch.randn(2, 3, 5, 7, generator=torch.Generator().manual_seed(0)).double()


@pytest.mark.parametrize("axes", [None, ("channel", "y", "x"), ("x", "y"), ("batch", "y")])
def test_zero_mean_unit_variance_says_what_it_does(axes):
    """Over its axes the mean is 0 and the variance 1; without axes over all, the batch too."""
    found = op.zero_mean_unit_variance(IMAGES, axes=axes)
    over = op.places(axes)

    assert torch.allclose(found.mean(over), torch.zeros(1).double(), atol=1e-9)
    assert torch.allclose(found.var(over, correction=0), torch.ones(1).double(), atol=1e-6)


def test_an_image_without_contrast_is_zero_and_has_finite_gradients():
    """Where nothing varies the result is 0, and no gradient is NaN."""
    flat = torch.full((1, 1, 4, 4), 7.0, dtype=torch.float64, requires_grad=True)
    for step in (op.zero_mean_unit_variance, op.scale_range):
        found = step(flat)
        (slope,) = torch.autograd.grad(found.sum(), flat)
        assert not found.any()
        assert torch.isfinite(slope).all()


@pytest.mark.parametrize("percent", [0.0, 1.0, 37.5, 50.0, 99.8, 100.0])
@pytest.mark.parametrize("axes", [None, ("y", "x"), ("batch", "channel"), ("channel",)])
def test_percentiles_are_those_of_numpy(percent, axes):
    """A percentile lies between the two nearest values, linearly, along any axes."""
    expected = np.percentile(IMAGES.numpy(), percent, axis=tuple(op.places(axes)), keepdims=True)

    assert np.allclose(op.percentile(IMAGES, percent, axes).numpy(), expected, atol=1e-9)


def test_a_range_is_scaled_to_0_and_1_without_clipping():
    """The two percentiles become 0 and 1, and what lies beyond them stays beyond."""
    values = torch.arange(101.0).double().reshape(1, 1, 1, 101)
    found = op.scale_range(values, min_percentile=10, max_percentile=90).flatten()

    assert found[10] == 0
    assert float(found[90]) == pytest.approx(1)
    assert float(found[100]) == pytest.approx(1.125)
    assert float(found[0]) == pytest.approx(-0.125)


def test_numbers_stand_along_their_axis():
    """Means and gains of several channels are each used on its own channel."""
    mean, std = (1.0, 2.0, 3.0), (2.0, 4.0, 8.0)
    found = op.fixed_zero_mean_unit_variance(IMAGES, mean=mean, std=std, axis="channel", eps=0.0)
    expected = torch.stack([(IMAGES[:, n] - mean[n]) / std[n] for n in range(3)], 1)
    assert torch.allclose(found, expected)

    found = op.scale_linear(IMAGES, gain=(2.0, 3.0, 4.0), offset=1.0, axis="channel")
    assert torch.allclose(found[:, 1], IMAGES[:, 1] * 3 + 1)
    with pytest.raises(ModelError, match="2 numbers are declared along channel, which is 3 long"):
        op.scale_linear(IMAGES, gain=(2.0, 3.0), axis="channel")
    with pytest.raises(ModelError, match="no axis that they stand along"):
        op.scale_linear(IMAGES, gain=(2.0, 3.0))


def test_bounds_are_bounds():
    """Clipping keeps what is inside; a threshold gives 0 and 1 and is itself 0."""
    assert op.clip(IMAGES, min=-1.0, max=2.0).aminmax() == (-1, 2)
    assert op.clip(IMAGES, min=0.0).max() == IMAGES.max()
    low = op.percentile(IMAGES, 10, None)
    assert op.clip(IMAGES, min_percentile=10).min() == low
    values = torch.tensor([[[[0.4, 0.5, 0.6]]]])
    assert op.binarize(values, threshold=0.5).flatten().tolist() == [0, 0, 1]


def test_a_data_type_leaves_what_it_can_hold():
    """Whole numbers are cut towards zero and held in their bounds, bool is 0 or 1."""
    values = torch.tensor([[[[-1.5, 0.0, 2.7, 300.0]]]])
    kinds = {"uint8": [0, 0, 2, 255], "int16": [-1, 0, 2, 300], "bool": [1, 0, 1, 1]}
    for kind, expected in kinds.items():
        assert op.ensure_dtype(values, dtype=kind).flatten().tolist() == expected
    assert torch.equal(op.ensure_dtype(values, dtype="float32"), values)
    with pytest.raises(ModelError, match="no data type 'float33'"):
        op.ensure_dtype(values, dtype="float33")


def test_a_reference_lends_its_mean_and_variance():
    """After scale_mean_variance an image has the reference's mean and standard deviation."""
    reference = IMAGES * 3 - 8
    found = op.scale_mean_variance(IMAGES.exp2().clamp_max(1e3), reference=reference)

    assert float(found.mean()) == pytest.approx(float(reference.mean()))
    assert float(found.std()) == pytest.approx(float(reference.std()), rel=1e-6)


SMOOTH = (
    lambda one: op.zero_mean_unit_variance(one, axes=("channel", "y", "x")),
    lambda one: op.fixed_zero_mean_unit_variance(one, mean=2.0, std=3.0),
    lambda one: op.scale_range(one, axes=("y", "x"), min_percentile=1, max_percentile=99.8),
    lambda one: op.scale_linear(one, gain=2.0, offset=-1.0),
    lambda one: op.clip(one, min=-30.0, max=60.0),
    op.sigmoid,
    op.softmax,
    lambda one: op.scale_mean_variance(one, reference=IMAGES),
)


@pytest.mark.parametrize("step", SMOOTH)
def test_gradients_are_those_of_finite_differences(step):
    """Where mathematics allows, the gradient through a step is its slope."""
    small = IMAGES[:1, :, :3, :3].clone().requires_grad_()

    assert torch.autograd.gradcheck(step, (small,), eps=1e-5, atol=1e-4)


def test_an_unknown_axis_is_named():
    """An axis that there is not is an error that lists those that there are."""
    with pytest.raises(ModelError, match="no axis 'z'; known: batch, channel, y, x"):
        op.zero_mean_unit_variance(IMAGES, axes=("z", "y"))

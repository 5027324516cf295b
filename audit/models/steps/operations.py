"""The processing operations of bioimage.io on tensors (B, C, Y, X), by the names of their axes.

Each gives what bioimageio.core gives, and lets gradients through where mathematics allows. Source:
the model specification 0.5, https://bioimage-io.github.io/spec-bioimage-io.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

PLACES = {"batch": 0, "channel": 1, "y": 2, "x": 3}
"""Where each axis stands."""

EPS = 1e-6
FLOATS = {"float16": torch.float16, "float32": torch.float32, "float64": torch.float64}
INTEGERS = {
    name: getattr(torch, name)
    for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
}

Numbers = float | tuple[float, ...]
"""One number, or one for each place along an axis."""


def zero_mean_unit_variance(
    image: Tensor, *, axes: Sequence[str] | None = None, eps: float = EPS
) -> Tensor:
    """Return an image less its mean over the axes, in standard deviations; all axes by default."""
    mean, spread = moments(image, axes)
    return (image - mean) / (spread + eps)


def fixed_zero_mean_unit_variance(
    image: Tensor, *, mean: Numbers, std: Numbers, axis: str | None = None, eps: float = EPS
) -> Tensor:
    """Return an image less a given mean, in units of a given standard deviation."""
    return (image - along(image, mean, axis)) / (along(image, std, axis) + eps)


def scale_range(
    image: Tensor,
    *,
    axes: Sequence[str] | None = None,
    min_percentile: float = 0.0,
    max_percentile: float = 100.0,
    eps: float = EPS,
    reference: Tensor | None = None,
) -> Tensor:
    """Return an image in which two percentiles, of it or of a reference, are 0 and 1; no clipping.

    Percentiles lie between the two nearest values, linearly.
    """
    seen = image if reference is None else reference
    low, high = percentile(seen, min_percentile, axes), percentile(seen, max_percentile, axes)
    return (image - low) / (high - low + eps)


def scale_linear(
    image: Tensor, *, gain: Numbers = 1.0, offset: Numbers = 0.0, axis: str | None = None
) -> Tensor:
    """Return gain * image + offset."""
    return image * along(image, gain, axis) + along(image, offset, axis)


def clip(
    image: Tensor,
    *,
    min: float | None = None,  # noqa: A002 (the names of the specification)
    max: float | None = None,  # noqa: A002
    min_percentile: float | None = None,
    max_percentile: float | None = None,
    axes: Sequence[str] | None = None,
) -> Tensor:
    """Return an image no lower and no higher than two numbers, or than two of its percentiles."""
    low = image.new_tensor(min) if min is not None else None
    high = image.new_tensor(max) if max is not None else None
    if min_percentile is not None:
        low = percentile(image, min_percentile, axes)
    if max_percentile is not None:
        high = percentile(image, max_percentile, axes)
    image = image if low is None else torch.maximum(image, low)
    return image if high is None else torch.minimum(image, high)


def binarize(image: Tensor, *, threshold: Numbers, axis: str | None = None) -> Tensor:
    """Return 1 where an image is above a threshold, 0 elsewhere; no gradient passes."""
    return (image > along(image, threshold, axis)).to(image.dtype)


def sigmoid(image: Tensor) -> Tensor:
    """Return 1 / (1 + exp(-image))."""
    return image.sigmoid()


def softmax(image: Tensor, *, axis: str = "channel") -> Tensor:
    """Return exp(image) as shares of its sum along an axis."""
    return image.softmax(place(axis))


def scale_mean_variance(
    image: Tensor, *, reference: Tensor, axes: Sequence[str] | None = None, eps: float = EPS
) -> Tensor:
    """Return an image with the mean and the standard deviation that a reference has."""
    mean, spread = moments(image, axes)
    wanted, wide = moments(reference, axes)
    return (image - mean) / (spread + eps) * (wide + eps) + wanted


def ensure_dtype(image: Tensor, *, dtype: str) -> Tensor:
    """Return an image in whose numbers nothing is left that a data type cannot hold.

    The numbers stay floating-point: whole ones, cut towards zero, for integers; 0 and 1 for bool.
    Through what is cut no gradient passes.
    """
    if dtype in FLOATS:
        return image.to(FLOATS[dtype]).to(image.dtype)
    if dtype == "bool":
        return (image != 0).to(image.dtype)
    if dtype not in INTEGERS:
        raise ModelError(f"ensure_dtype: no data type {dtype!r}")
    held = torch.iinfo(INTEGERS[dtype])
    return image.trunc().clamp(float(held.min), float(held.max))


def moments(image: Tensor, axes: Sequence[str] | None) -> tuple[Tensor, Tensor]:
    """Return mean and standard deviation (of all there is, not of a sample) over axes, kept."""
    over = places(axes)
    variance, mean = torch.var_mean(image, over, correction=0, keepdim=True)
    # A root has no slope at 0: one flat image would turn every gradient into NaN.
    varied = variance > 0
    root = torch.where(varied, variance, torch.ones_like(variance)).sqrt()
    return mean, torch.where(varied, root, torch.zeros_like(root))


def percentile(image: Tensor, percent: float, axes: Sequence[str] | None) -> Tensor:
    """Return a percentile over axes, kept; between the two nearest values, linearly.

    By rank: torch.quantile takes 16 million values at most.
    """
    over = places(axes)
    kept = [one for one in range(image.ndim) if one not in over]
    values = image.permute(*kept, *over).flatten(len(kept))
    rank = percent / 100 * (values.shape[-1] - 1)
    below = min(int(rank), values.shape[-1] - 1)
    above = min(below + 1, values.shape[-1] - 1)
    low, high = (values.kthvalue(number + 1, -1).values for number in (below, above))
    found = low + (high - low) * (rank - below)
    for one in over:
        found = found.unsqueeze(one)
    return found


def along(image: Tensor, values: Numbers, axis: str | None) -> Tensor:
    """Return numbers as a tensor that stands along an axis of an image."""
    held = image.new_tensor(values)
    if held.ndim == 0 or held.numel() == 1:
        return held.reshape(())
    if axis is None:
        raise ModelError(f"{held.numel()} numbers are declared, and no axis that they stand along")
    size = image.shape[place(axis)]
    if held.numel() != size:
        raise ModelError(f"{held.numel()} numbers are declared along {axis}, which is {size} long")
    return held.reshape([-1 if number == place(axis) else 1 for number in range(image.ndim)])


def places(axes: Sequence[str] | None) -> list[int]:
    """Return where axes stand, in order; all of them where none is named."""
    return sorted(PLACES.values()) if axes is None else sorted({place(one) for one in axes})


def place(axis: str) -> int:
    """Return where an axis stands; ModelError where there is none of its name."""
    if axis not in PLACES:
        raise ModelError(f"there is no axis {axis!r}; known: {', '.join(PLACES)}")
    return PLACES[axis]

"""Inputs and outputs of a description, the same for formats 0.4 and 0.5.

0.4 writes `axes: bcyx` with a list of sizes, or `{min, step}`, or what an output's size follows;
0.5 writes a list of axes, each with its own size, halo, scale and unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError
from audit.models.sizes import Size
from audit.models.steps.step import LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

UM = {
    "meter": 1e6,
    "decimeter": 1e5,
    "centimeter": 1e4,
    "millimeter": 1e3,
    "micrometer": 1.0,
    "micron": 1.0,
    "um": 1.0,
    "nanometer": 1e-3,
    "nm": 1e-3,
    "angstrom": 1e-4,
    "picometer": 1e-6,
}
"""Units of length in micrometres."""


@dataclass(frozen=True)
class Follows:
    """The size of an axis of another tensor, times `scale`, plus `offset` px."""

    tensor: str
    axis: str
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class TensorAxis:
    """One axis: batch, channel, y, x, z, time, index, or a name that only its author knows."""

    name: str
    size: Size | Follows = field(default_factory=Size)
    halo: int = 0
    scale: float = 1.0
    pixel_um: float | None = None
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tensor:
    """An input or an output as it is declared."""

    name: str
    axes: tuple[TensorAxis, ...]
    dtype: str = ""
    range: tuple[float | None, float | None] = (None, None)
    values: bool = False
    declared_steps: object = None
    test: Mapping[str, Any] | None = None
    optional: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the axes, in their order."""
        return tuple(axis.name for axis in self.axes)

    def axis(self, name: str) -> TensorAxis | None:
        """Return an axis by its name; None where there is none."""
        return next((one for one in self.axes if one.name == name), None)

    @property
    def is_image(self) -> bool:
        """Whether it has rows and columns."""
        return {"y", "x"} <= {*self.order}


def read_tensor(given: object, where: str, steps: str) -> Tensor:
    """Return a tensor of a description; ModelError that says what is wrong with it."""
    if not isinstance(given, dict):
        raise ModelError(f"{where}: expected a tensor, got {given!r:.60}")
    name = str(given.get("id") or given.get("name") or where.rpartition(": ")[2])
    data = given.get("data")
    data = data[0] if isinstance(data, list) and data else data
    data = data if isinstance(data, dict) else {}
    try:
        axes = read_axes(given)
        low, high = bounds(given.get("data_range") or data.get("range"))
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{where} {name}: cannot be understood: {error}") from None
    return Tensor(
        name=name,
        axes=axes,
        dtype=str(given.get("data_type") or data.get("type") or ""),
        range=(low, high),
        values="values" in data,
        declared_steps=given.get(steps),
        test=given.get("test_tensor") if isinstance(given.get("test_tensor"), dict) else None,
        optional=given.get("optional") is True,
    )


def bounds(given: object) -> tuple[float | None, float | None]:
    """Return the lowest and the highest value that are declared; None where there is no bound.

    >>> bounds([0, "inf"]), bounds(None)
    ((0.0, None), (None, None))
    """
    if not isinstance(given, list | tuple) or len(given) != 2:  # noqa: PLR2004
        return None, None
    low, high = (None if one is None else float(one) for one in given)
    return finite(low), finite(high)


def finite(value: float | None) -> float | None:
    """Return a value that is a number, None for others."""
    return value if value is not None and math.isfinite(value) else None


def read_axes(given: Mapping[str, Any]) -> tuple[TensorAxis, ...]:
    """Return the axes of a tensor in either format."""
    axes = given["axes"]
    if isinstance(axes, str):
        return lettered(axes, given)
    return tuple(described(one) for one in axes)


def lettered(letters: str, given: Mapping[str, Any]) -> tuple[TensorAxis, ...]:
    """Return axes of format 0.4: letters, with what is declared of their sizes and halos."""
    halo = given.get("halo") or [0] * len(letters)
    sizes = shape_of(given.get("shape"), len(letters))
    return tuple(
        TensorAxis(
            name=LETTERS.get(letter, letter),
            # A batch may be of any size, whatever stands there: the specification says 1.
            size=Size() if letter == "b" else sizes[number](LETTERS.get(letter, letter)),
            halo=int(halo[number]),
        )
        for number, letter in enumerate(letters)
    )


def shape_of(shape: object, count: int) -> list[Any]:
    """Return for each axis what makes its size of its name, from any form that 0.4 knows."""
    if isinstance(shape, list):
        return [lambda _, size=int(one): Size(size, 0) for one in shape]
    if isinstance(shape, dict) and "min" in shape:
        pairs = zip(shape["min"], shape["step"], strict=True)
        return [lambda _, least=int(a), step=int(b): Size(least, step) for a, b in pairs]
    if isinstance(shape, dict) and "reference_tensor" in shape:
        other = str(shape["reference_tensor"])
        pairs = zip(shape["scale"], shape["offset"], strict=True)
        # An axis that is new has a scale of 0 and twice its offset as its size.
        return [
            lambda name, a=a, b=b: (
                Follows(other, name, float(a), 2 * float(b))
                if a
                else Size(max(1, round(2 * float(b))), 0)
            )
            for a, b in pairs
        ]
    if shape is None:
        return [lambda _: Size()] * count
    raise ValueError(f"a shape of {shape!r:.60}")


def described(given: Mapping[str, Any]) -> TensorAxis:
    """Return an axis of format 0.5."""
    kind = str(given.get("type", "space"))
    name = str(given.get("id") or {"space": "x"}.get(kind, kind))
    if kind in ("batch", "channel"):
        name = kind
    channels = given.get("channel_names") or ()
    channels = (channels,) if isinstance(channels, str) else tuple(map(str, channels))
    scale = float(given.get("scale") or 1.0)
    unit = str(given.get("unit") or "")
    size = size_of(given.get("size"))
    if kind == "channel":
        # "#channel" and its like stand for channels that nobody counted.
        size = Size(len(channels), 0) if isinstance(given.get("channel_names"), list) else size
    return TensorAxis(
        name=name,
        size=size,
        halo=int(given.get("halo") or 0),
        scale=scale,
        pixel_um=scale * UM[unit] if kind == "space" and unit in UM else None,
        channels=channels,
    )


def size_of(size: object) -> Size | Follows:
    """Return what format 0.5 says of a size."""
    if isinstance(size, dict) and "tensor_id" in size:
        offset = float(size.get("offset") or 0)
        return Follows(str(size["tensor_id"]), str(size.get("axis_id", "")), 1.0, offset)
    if isinstance(size, dict) and ("min" in size or "step" in size):
        return Size(int(size.get("min") or 1), int(size.get("step") or 1))
    if isinstance(size, int | float):
        return Size(int(size), 0)
    return Size()

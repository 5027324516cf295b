"""One declared operation with its settings, as a description of bioimage.io writes it down.

Formats 0.4 and 0.5 are read: `{name, kwargs: {mode, axes: "cyx"}}` and
`{id, kwargs: {axes: [channel, y, x]}}`.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError, suggest
from audit.models.steps import operations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from torch import Tensor

OPERATIONS: Mapping[str, Callable[..., Tensor]] = {
    one.__name__: one
    for one in (
        operations.zero_mean_unit_variance,
        operations.fixed_zero_mean_unit_variance,
        operations.scale_range,
        operations.scale_linear,
        operations.clip,
        operations.binarize,
        operations.sigmoid,
        operations.softmax,
        operations.scale_mean_variance,
        operations.ensure_dtype,
    )
}
LETTERS = {"b": "batch", "c": "channel", "y": "y", "x": "x", "z": "z", "t": "time", "i": "index"}
"""What the letters of format 0.4 stand for."""

BY_IMAGE = ("zero_mean_unit_variance", "scale_range")
"""Operations after which it does not matter in which units an image was."""

HARD = ("binarize",)
"""Operations that let no gradient through."""

REFERENCE = "reference_tensor"


@dataclass(frozen=True)
class Step:
    """An operation by name, and the settings that it is called with."""

    name: str
    settings: tuple[tuple[str, Any], ...] = ()

    def __call__(self, image: Tensor) -> Tensor:
        """Return an image (B, C, Y, X) after the operation."""
        return OPERATIONS[self.name](image, **dict(self.settings))

    def __str__(self) -> str:
        """Return the operation as a line of a card has it."""
        return f"{self.name}({', '.join(f'{name}={told(v)}' for name, v in self.settings)})"

    def over(self) -> tuple[str, ...]:
        """Return the axes that its statistics are taken over: all where none is named."""
        return dict(self.settings).get("axes") or tuple(operations.PLACES)


def told(value: Any) -> str:
    """Return a setting as a card shows it.

    >>> told(("y", "x")), told(1e-6)
    ('y,x', '1e-06')
    """
    return ",".join(map(told, value)) if isinstance(value, tuple) else str(value)


def read_steps(
    declared: object, *, where: str, tensor: str, left_out: Collection[str] = ()
) -> tuple[Step, ...]:
    """Return the steps that a list of operations declares; ModelError names the one at fault.

    `left_out` are axes of one place, over which nothing changes; `tensor` is the tensor's own name.
    """
    if declared is None:
        return ()
    if not isinstance(declared, list):
        raise ModelError(f"{where}: expected a list of operations, got {declared!r:.60}")
    return tuple(read_step(one, where=where, tensor=tensor, left_out=left_out) for one in declared)


def read_step(declared: object, *, where: str, tensor: str, left_out: Collection[str] = ()) -> Step:
    """Return the step that one operation declares."""
    name, given = parts_of(declared, where)
    if name not in OPERATIONS:
        raise ModelError(
            f"{where}: no operation {name!r} is known here; {suggest(name, OPERATIONS)}"
        )
    name, given = as_newer(name, given)
    if given.pop(REFERENCE, None) not in (None, tensor):
        raise ModelError(f"{where}: {name} refers to another tensor, which is not done here")
    if name == "scale_mean_variance":
        raise ModelError(f"{where}: {name} without a tensor that it refers to")
    known = list(inspect.signature(OPERATIONS[name]).parameters)[1:]
    for key in given:
        if key not in known:
            raise ModelError(f"{where}: {name}: unknown setting {key!r}; {suggest(key, known)}")
    try:
        kept = {key: setting(key, value, left_out) for key, value in given.items()}
        inspect.signature(OPERATIONS[name]).bind(None, **kept)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{where}: {name}: {error}") from None
    return Step(name, tuple(kept.items()))


def parts_of(declared: object, where: str) -> tuple[str, dict[str, Any]]:
    """Return name and settings of an operation; those that are declared as none are left out."""
    if not isinstance(declared, dict):
        raise ModelError(f"{where}: expected an operation, got {declared!r:.60}")
    name = str(declared.get("id") or declared.get("name"))
    given = declared.get("kwargs") or {}
    if not isinstance(given, dict):
        raise ModelError(f"{where}: {name}: expected settings, got {given!r:.60}")
    return name, {str(key): value for key, value in given.items() if value is not None}


def as_newer(name: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return an operation of format 0.4 as 0.5 says it: `mode` becomes a name, or axes.

    Numbers that stand for several places stand along the channels there.
    """
    mode = given.pop("mode", None)
    axes = given.get("axes")
    if isinstance(axes, str):
        given["axes"] = [LETTERS.get(letter, letter) for letter in axes]
    if mode == "fixed" and name == "zero_mean_unit_variance":
        name = "fixed_zero_mean_unit_variance"
    if mode == "per_dataset" and given.get("axes"):
        given["axes"] = ["batch", *given["axes"]]
    if name in ("fixed_zero_mean_unit_variance", "scale_linear") and "axes" in given:
        del given["axes"]
        given["axis"] = "channel"
    return name, given


def setting(key: str, value: Any, left_out: Collection[str]) -> Any:
    """Return a setting in the form that an operation takes; raise ValueError where it has none."""
    if key == "axes":
        axes: Sequence[Any] = value if isinstance(value, list) else [value]
        named = tuple(str(one) for one in axes if str(one) not in left_out)
        for one in named:
            operations.place(one)
        return named
    if key in ("axis", "dtype"):
        return str(value)
    if isinstance(value, list):
        return tuple(float(one) for one in value)
    return float(value)

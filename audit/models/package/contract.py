"""What an audit takes from a description: one image in, one map of its pixels out.

Where that cannot be had, one line says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

from audit.errors import ModelError
from audit.models.package.heads import Heads, read_heads
from audit.models.package.tensor import Follows, Tensor, TensorAxis
from audit.models.sizes import Size, Sized
from audit.models.steps.step import BY_IMAGE, HARD, Step, read_steps

if TYPE_CHECKING:
    from audit.models.package.description import ModelDescription

KNOWN = ("batch", "channel", "y", "x")
CALLED = "let a Python function call it: --model file.py:function"
OTHER_WORK = {
    *("denoising", "restoration", "image-restoration", "image-reconstruction", "deconvolution"),
    *("super-resolution", "upsampling", "image-to-image", "in-silico-labeling", "splitting"),
    *("semantic-unmixing", "superimposed-image", "image-decomposition", "image-dcomposition"),
    *("feature-extraction", "classification", "image-classification", "depth-estimation"),
    *("registration", "noise2void", "style-transfer", "virtual-staining", "care"),
}
"""Tags of models that make something else than a segmentation."""


@dataclass(frozen=True)
class Contract:
    """How a network is called, and what comes out of it."""

    name: str
    source: str
    input_number: int
    output_number: int
    output_name: str
    input_order: tuple[str, ...]
    output_order: tuple[str, ...]
    channels: int
    y: Sized
    x: Sized
    one_by_one: bool
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    heads: Heads
    pixel_um: float | None = None
    range: tuple[float, float] | None = None

    @property
    def stride(self) -> int:
        """Multiples that sizes come in; 1 where they are fixed."""
        return lcm(*(one.size.step or 1 for one in (self.y, self.x)))

    @property
    def halo(self) -> int:
        """The border in px that is cut off a result, the wider one."""
        return max(self.y.halo, self.x.halo)

    @property
    def differentiable(self) -> bool:
        """Whether gradients pass through everything that is declared."""
        return not any(one.name in HARD for one in (*self.before, *self.after))

    @property
    def by_image(self) -> bool:
        """Whether an image is brought to its own scale, so that its units do not matter."""
        return any(one.name in BY_IMAGE for one in self.before)


def read_contract(described: ModelDescription) -> Contract:
    """Return what an audit takes from a description; ModelError with the one reason against it."""
    taken = the_input(described)
    number, given = the_output(described)
    refuse_other_work(described)
    before, after = steps_of(taken), steps_of(given)
    refuse_labels(given, after)
    batch = taken.axis("batch")
    return Contract(
        name=described.name,
        source=f"bioimage.io {described.version}",
        input_number=described.inputs.index(taken),
        output_number=number,
        output_name=given.name,
        input_order=taken.order,
        output_order=given.order,
        channels=input_channels(taken),
        y=sized("y", taken, given, described),
        x=sized("x", taken, given, described),
        one_by_one=batch is None or (isinstance(batch.size, Size) and batch.size.step == 0),
        before=before,
        after=after,
        heads=read_heads(described, given, after),
        pixel_um=pixel_um(taken),
        range=both(taken.range),
    )


def both(bounds: tuple[float | None, float | None]) -> tuple[float, float] | None:
    """Return a range whose two ends are known and apart; None for others."""
    low, high = bounds
    return (low, high) if low is not None and high is not None and low < high else None


def the_input(described: ModelDescription) -> Tensor:
    """Return the one image that a model takes."""
    needed = [one for one in described.inputs if not one.optional]
    if len(needed) != 1:
        names = ", ".join(one.name for one in described.inputs)
        raise ModelError(
            f"takes {len(needed)} inputs ({names:.80}); an audit shows one image; {CALLED}"
        )
    (taken,) = needed
    refuse_deep(taken, "takes")
    if not taken.is_image:
        raise ModelError(f"takes no image of Y and X, but {', '.join(taken.order)}")
    return taken


def the_output(described: ModelDescription) -> tuple[int, Tensor]:
    """Return the one image that a model gives, and its number."""
    images = [(n, one) for n, one in enumerate(described.outputs) if one.is_image]
    if not images:
        kinds = "; ".join(", ".join(one.order) for one in described.outputs)
        raise ModelError(f"gives no image of Y and X, but {kinds:.80}")
    if len(images) > 1:
        names = ", ".join(one.name for _, one in images)
        raise ModelError(f"gives {len(images)} images ({names:.80}); to choose among them {CALLED}")
    ((number, given),) = images
    refuse_deep(given, "gives")
    return number, given


def refuse_labels(given: Tensor, after: tuple[Step, ...]) -> None:
    """Raise ModelError where numbers of classes or of objects come out, not a map."""
    numbers = given.values or given.dtype.startswith(("int", "uint"))
    # One plane without a channel, and nothing that bounds it: how masks of objects are declared.
    plane = given.axis("channel") is None and both(given.range) != (0.0, 1.0)
    if (numbers or plane) and not any(one.name in (*HARD, "sigmoid") for one in after):
        raise ModelError(f"gives label images; {CALLED}")


def refuse_deep(tensor: Tensor, does: str) -> None:
    """Raise ModelError where a tensor has axes beside rows and columns that hold several places."""
    for axis in tensor.axes:
        if axis.name in KNOWN or axis.size == Size(1, 0):
            continue
        if axis.name in ("z", "time"):
            kind = "3-D" if axis.name == "z" else "a movie"
            raise ModelError(f"{kind}: it {does} {', '.join(tensor.order)}; audited are Y and X")
        order = ", ".join(tensor.order)
        raise ModelError(f"{does} {order}: the axis {axis.name!r} is not known; {CALLED}")


def refuse_other_work(described: ModelDescription) -> None:
    """Raise ModelError where the tags say that no segmentation comes out."""
    tags = [re.sub(r"[\s_]+", "-", tag.strip().lower()) for tag in described.tags]
    other = [tag for tag in tags if tag in OTHER_WORK]
    if other and not any("segmentation" in tag for tag in tags):
        raise ModelError(f"makes an image, not a segmentation (tagged {other[0]!r})")


def steps_of(tensor: Tensor) -> tuple[Step, ...]:
    """Return the operations that are declared of a tensor."""
    left_out = {axis.name for axis in tensor.axes} - {*KNOWN}
    return read_steps(
        tensor.declared_steps, where=tensor.name, tensor=tensor.name, left_out=left_out
    )


def input_channels(taken: Tensor) -> int:
    """Return how many channels an image must have."""
    channel = taken.axis("channel")
    if channel is None:
        return 1
    if isinstance(channel.size, Follows) or channel.size.step:
        raise ModelError(f"the number of channels of {taken.name} is not declared")
    return channel.size.least


def sized(name: str, taken: Tensor, given: Tensor, described: ModelDescription) -> Sized:
    """Return the sizes of an axis; ModelError where the output is of another scale."""
    shown, out = taken.axis(name), given.axis(name)
    assert shown is not None
    assert out is not None
    size = shown.size if isinstance(shown.size, Size) else square(shown.size, taken)
    scale, offset = followed(out, size, described)
    if scale != 1:
        raise ModelError(
            f"its output is {scale:.4g} times as large as its input in {name}; "
            "audited is one answer for each pixel"
        )
    if offset > 0 or offset % 2:
        raise ModelError(f"its output has {offset:+g} px in {name}: where it belongs is not known")
    found = Sized(size, halo=out.halo, margin=round(-offset / 2))
    if not size.step and size.least <= 2 * (found.halo + found.margin):
        raise ModelError(f"a size of {size.least} px in {name} leaves nothing within its halo")
    return found


def square(size: Follows, taken: Tensor) -> Size:
    """Return the size of the axis that another one of the same image follows."""
    other = taken.axis(size.axis) if size.tensor == taken.name else None
    if other is None or not isinstance(other.size, Size):
        raise ModelError(f"the sizes of {taken.name} are not declared")
    return other.size


def followed(out: TensorAxis, size: Size, described: ModelDescription) -> tuple[float, float]:
    """Return scale and offset in px of an output's axis against the input's."""
    if isinstance(out.size, Follows):
        shown = next((one for one in described.inputs if one.name == out.size.tensor), None)
        seen = shown.axis(out.size.axis or out.name) if shown else None
        if seen is None or seen.name != out.name:
            raise ModelError(f"the size of its output in {out.name} does not follow its input's")
        return out.size.scale * seen.scale / out.scale, out.size.offset
    if out.size.step == 0 and size.step == 0:
        same = abs(out.size.least - size.least) < size.least / 2
        least = out.size.least - size.least
        return (1.0, least) if same else (out.size.least / size.least, 0.0)
    if out.size == size:
        return 1.0, 0.0
    raise ModelError(f"the size of its output in {out.name} is declared apart from its input's")


def pixel_um(taken: Tensor) -> float | None:
    """Return the pixel size that is declared, in micrometres; None where y and x differ."""
    sizes = [axis.pixel_um for axis in taken.axes if axis.name in ("y", "x")]
    first = sizes[0] if sizes else None
    return first if len({*sizes}) == 1 else None

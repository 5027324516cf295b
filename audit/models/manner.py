"""How a network wants to be shown images, and how what it returns is read.

A card declares some of it; the rest is found by trying the network on an image, and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from audit.errors import ModelError
from audit.models.segmenter import LABELS, OBJECTS

if TYPE_CHECKING:
    from audit.models.card import Card

MAIN = "out"
"""The key of the answer among auxiliary ones, as torchvision names it."""

AS_THEY_ARE = "float32"


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How images are handed to a network, and how its answer is read.

    Sides are padded to `remainder` more than a multiple of `stride`, with `margin_px` at the near
    ends for an output that is smaller by as much on each side. `entry` is which of several outputs
    is meant, `channels_last` that it is (B, Y, X, C), `precision` what the network computes in,
    `contiguous` that it cannot be given channels_last memory. `output_stride` is how many pixels of
    an image one of the output stands for along each side: channels are enlarged by linear
    interpolation, whole numbers (`whole`) by repetition.
    """

    stride: int = 1
    remainder: int = 0
    margin_px: int = 0
    entry: str | None = None
    channels_last: bool = False
    precision: str = AS_THEY_ARE
    contiguous: bool = False
    output_stride: int = 1
    whole: bool = False

    @classmethod
    def of(cls, card: Card, module: nn.Module) -> Manner:
        """Return what a card declares, in the precision of the network's own weights."""
        return cls(
            stride=card.stride,
            entry=card.entry,
            precision=precision_of(module),
            output_stride=card.output_stride,
            whole=card.output in (LABELS, OBJECTS),
        )

    def beyond(self, other: Manner) -> dict[str, Any]:
        """Return in what it differs from another, by name."""
        names = [one.name for one in fields(self)]
        return {n: getattr(self, n) for n in names if getattr(self, n) != getattr(other, n)}

    def shown(self, images: Tensor) -> Tensor:
        """Return normalised images (B, C, Y, X) as the network takes them; never the same memory.

        Padded by reflection, at the far ends but for the margin.
        """
        inputs = framed(images, self).to(getattr(torch, self.precision))
        layout = torch.contiguous_format if self.contiguous else torch.channels_last
        inputs = inputs.contiguous(memory_format=layout)
        # A module may write to its input; the images are everybody's.
        return inputs.clone() if inputs.data_ptr() == images.data_ptr() else inputs

    def read(self, answer: object, size: tuple[int, int]) -> Tensor:
        """Return the channels (B, C, Y, X) in what a network returned for images of a size.

        What is padded is cut off again. Without channels, C is 1. Raises ModelError where it is no
        tensor, or several of which none is named.
        """
        output = plain_tensor(entry_of(answer, self.entry))
        if output.ndim == 3:  # noqa: PLR2004
            output = output[:, None]
        if output.ndim != 4:  # noqa: PLR2004
            raise ModelError(f"expected an output (B, C, Y, X), got {tuple(output.shape)}")
        if self.channels_last:
            output = output.movedim(-1, 1)
        output = self.enlarged(output)
        padded = [side - 2 * self.margin_px for side in self.sides(size)]
        if list(output.shape[-2:]) == padded:
            output = output[..., : size[0], : size[1]]
        return output.float()

    def enlarged(self, output: Tensor) -> Tensor:
        """Return an output (B, C, Y, X) on the pixels of the images."""
        if self.output_stride == 1:
            return output
        mode = "nearest" if self.whole else "bilinear"
        return nn.functional.interpolate(output.float(), scale_factor=self.output_stride, mode=mode)

    def sides(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the size (Y, X) that images of a size are padded to."""
        least = [side + 2 * self.margin_px for side in size]
        height, width = (side + (self.remainder - side) % self.stride for side in least)
        return height, width


def framed(images: Tensor, manner: Manner) -> Tensor:
    """Return images padded by reflection to what a network takes."""
    height, width = images.shape[-2:]
    near = manner.margin_px
    tall, wide = manner.sides((height, width))
    around = (near, wide - width - near, near, tall - height - near)
    if not any(around):
        return images
    # Reflection needs more pixels than it adds; an image smaller than that repeats its edge.
    fits = max(around[:2]) < width and max(around[2:]) < height
    return nn.functional.pad(images, around, mode="reflect" if fits else "replicate")


def precision_of(module: nn.Module) -> str:
    """Return the floating type of a module's weights; float32 where it has none."""
    weights = (*module.parameters(), *module.buffers())
    kinds = [one.dtype for one in weights if one.is_floating_point()]
    return str(kinds[0]).removeprefix("torch.") if kinds else AS_THEY_ARE


def entry_of(answer: object, entry: str | None) -> object:
    """Return the output that is meant where a network gives several; ModelError where none is."""
    several = entries(answer)
    if several is None:
        return answer
    if entry is None and len(several) == 1:
        return next(iter(several.values()))
    if entry is None:
        raise ModelError(
            f"returned {told(answer)}; say which is meant: --entry {'|'.join(several)}"
        )
    if entry not in several:
        raise ModelError(f"has no output {entry!r}, but {told(answer)}")
    return several[entry]


def entries(answer: object) -> dict[str, object] | None:
    """Return what a network gave by key or by number; None where it gave one thing."""
    if isinstance(answer, Mapping):
        return {str(key): one for key, one in answer.items()}
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return {str(number): one for number, one in enumerate(answer)}
    return None


def told(answer: object) -> str:
    """Return what a network gave, in words: each output with its shape.

    >>> told({"out": torch.zeros(1, 2), "aux": None})
    '2 outputs: out (1, 2), aux NoneType'
    """
    several = entries(answer)
    if several is None:
        return shape_of(answer)
    return f"{len(several)} outputs: " + ", ".join(f"{k} {shape_of(v)}" for k, v in several.items())


def shape_of(thing: object) -> str:
    """Return the shape of a tensor in words, and the kind of anything else."""
    return str(tuple(thing.shape)) if isinstance(thing, Tensor) else type(thing).__name__


def plain_tensor(output: object) -> Tensor:
    """Return a tensor without its subclass's own code, which could raise wherever it is used.

    Raises ModelError where it is no tensor.
    """
    if not isinstance(output, Tensor):
        raise ModelError(f"expected a tensor, got {type(output).__name__}")
    if type(output) is Tensor:
        return output
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 (torch has no public name for it)
        return Tensor.as_subclass(output, Tensor)

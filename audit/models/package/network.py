"""A network as its description says it is called: steps before and after, sizes, axes, halo.

Steps see whole images, as in bioimageio.core; the network between them sees sizes that it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from audit.errors import ModelError
from audit.models.manner import plain_tensor
from audit.models.sizes import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.models.package.contract import Contract
    from audit.models.steps.step import Step


RANGE_SLACK = 1e-3
"""How far beyond a declared range an image may go, as a share of it."""


class DeclaredNetwork(nn.Module):
    """Raw images (B, C, Y, X) in, the declared output (B, K, Y, X) of every pixel out."""

    def __init__(
        self,
        raw: nn.Module,
        contract: Contract,
        after: Sequence[Step],
        units: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self.raw = raw
        self.contract = contract
        self.after = tuple(after)
        self.units = None if contract.by_image else units

    def forward(self, images: Tensor) -> Tensor:
        """Return what the description says comes out, float32."""
        if self.units:
            refuse_range(images, self.units)
            # The first image tells in which units all of them are; those of probes may go beyond.
            self.units = None
        contract = self.contract
        found = placed(self.prepared(images), contract.y, contract.x, self.called)
        return finished(found, self.after)

    def prepared(self, images: Tensor) -> Tensor:
        """Return images after the declared preprocessing, in double precision on the way."""
        shown = images.double()
        for step in self.contract.before:
            shown = step(shown)
        return shown.float()

    def called(self, images: Tensor) -> Tensor:
        """Return what the network gives for images (B, C, Y, X) of a size that it takes."""
        if not self.contract.one_by_one:
            return self.asked(images)
        return torch.cat([self.asked(one[None]) for one in images])

    def asked(self, images: Tensor) -> Tensor:
        """Return one call's output as (B, K, Y, X)."""
        contract = self.contract
        output = self.raw(arranged(images, contract.input_order))
        if isinstance(output, dict):
            output = output.get(contract.output_name, next(iter(output.values()), None))
        elif isinstance(output, tuple | list) and output:
            output = output[min(contract.output_number, len(output) - 1)]
        return restored(plain_tensor(output), contract.output_order)


def refuse_range(images: Tensor, declared: tuple[float, float]) -> None:
    """Raise ModelError where images are not in the units that the network is said to take."""
    low, high = (float(end) for end in images.detach().aminmax())
    slack = RANGE_SLACK * (declared[1] - declared[0])
    if low < declared[0] - slack or high > declared[1] + slack:
        raise ModelError(
            f"the package takes intensities from {declared[0]:g} to {declared[1]:g}, and the image "
            f"runs from {low:g} to {high:g}; scale the images, or say --range {low:g} {high:g} "
            "where the description is wrong"
        )


def finished(found: Tensor, after: Sequence[Step]) -> Tensor:
    """Return what a network gave, after steps, in double precision on the way."""
    found = found.double()
    for step in after:
        found = step(found)
    return found.float()


PLAIN = ("batch", "channel", "y", "x")


def arranged(images: Tensor, order: Sequence[str]) -> Tensor:
    """Return images (B, C, Y, X) with their axes in an order; further axes have one place.

    >>> arranged(torch.zeros(1, 3, 4, 5), ("y", "x", "time", "channel")).shape
    torch.Size([4, 5, 1, 3])
    """
    kept = [PLAIN.index(name) for name in order if name in PLAIN]
    gone = [number for number in range(len(PLAIN)) if number not in kept]
    if any(images.shape[number] != 1 for number in gone):
        raise ModelError(f"takes {', '.join(order)}, and is shown {tuple(images.shape)}")
    found = images.permute(*gone, *kept)[(0,) * len(gone)].contiguous()
    for place, name in enumerate(order):
        if name not in PLAIN:
            found = found.unsqueeze(place)
    return found


def restored(output: Tensor, order: Sequence[str]) -> Tensor:
    """Return an output whose axes stand in an order as (B, K, Y, X).

    >>> restored(torch.zeros(4, 5, 1, 3), ("y", "x", "time", "channel")).shape
    torch.Size([1, 3, 4, 5])
    """
    if output.ndim != len(order):
        raise ModelError(f"gave {tuple(output.shape)}, declared are the axes {', '.join(order)}")
    for place in reversed(range(len(order))):
        if order[place] not in PLAIN:
            if output.shape[place] != 1:
                raise ModelError(f"gave {output.shape[place]} places in {order[place]}, not one")
            output = output.squeeze(place)
    named = [name for name in order if name in PLAIN]
    for name in PLAIN:
        if name not in named:
            output, named = output.unsqueeze(0), [name, *named]
    return output.permute(*(named.index(name) for name in PLAIN))

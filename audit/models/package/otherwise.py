"""The network of a package, called otherwise than its description says, in one thing at a time.

Where a model does better so, the description says something that is not: other steps before the
network, an activation after it that it has already, rows and columns exchanged, channels reversed.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from torch import Tensor, nn

from audit.models.package.network import DeclaredNetwork
from audit.models.steps.step import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.models.package.contract import Contract
    from audit.models.torch_module import TorchSegmenter

WHOLE = ("channel", "y", "x")
BEFORE: dict[str, tuple[Step, ...]] = {
    "raw intensities": (),
    "z-score": (Step("zero_mean_unit_variance", (("axes", WHOLE),)),),
    "darkest to brightest": (Step("scale_range", (("axes", WHOLE),)),),
    "percentiles 1 to 99.8": (
        Step(
            "scale_range",
            (("axes", WHOLE), ("min_percentile", 1.0), ("max_percentile", 99.8)),
        ),
    ),
    "shares of 255": (Step("scale_linear", (("gain", 1 / 255),)),),
    "shares of 65535": (Step("scale_linear", (("gain", 1 / 65535),)),),
}
"""What else may be done to an image before a network."""

ACTIVATED, EXCHANGED, REVERSED = "activated already", "y and x exchanged", "channels reversed"
TOLERANCE = 1e-3
EXCHANGE = {"y": "x", "x": "y"}


class Activated(nn.Module):
    """Probabilities where a network gives them, else the sigmoid of what it gives."""

    def __init__(self, network: DeclaredNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (B, 1, Y, X) of the probabilities."""
        found: Tensor = self.network(images)
        low, high = (float(end) for end in found.detach().aminmax())
        if low < -TOLERANCE or high > 1 + TOLERANCE:
            return found
        return found.clamp(TOLERANCE, 1 - TOLERANCE).logit()


class Reversed(nn.Module):
    """A network that is shown the channels of an image in reverse."""

    def __init__(self, network: DeclaredNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Return what the network gives."""
        return self.network(images.flip(1))  # type: ignore[no-any-return]


def otherwise(model: TorchSegmenter, network: DeclaredNetwork) -> dict[str, TorchSegmenter]:
    """Return a package's model under each other reading of its description, by name."""
    return {name: with_module(model, module) for name, module in modules(network)}


def with_module(model: TorchSegmenter, module: nn.Module) -> TorchSegmenter:
    """Return a model with another module in its place."""
    other = copy(model)
    other.module = module.eval()
    return other


def modules(network: DeclaredNetwork) -> Iterator[tuple[str, nn.Module]]:
    """Yield the network as other readings have it, but for those that change nothing."""
    contract = network.contract
    for name, steps in BEFORE.items():
        if meaning(steps, contract) != meaning(contract.before, contract):
            yield name, called(network, replace(contract, before=steps))
    if contract.after and contract.after != network.after and contract.heads.channels == 1:
        yield ACTIVATED, Activated(network)
    exchanged = replace(
        contract,
        input_order=tuple(EXCHANGE.get(axis, axis) for axis in contract.input_order),
        output_order=tuple(EXCHANGE.get(axis, axis) for axis in contract.output_order),
        y=contract.x,
        x=contract.y,
    )
    yield EXCHANGED, called(network, exchanged)
    if contract.channels > 1:
        yield REVERSED, Reversed(network)


def called(network: DeclaredNetwork, contract: Contract) -> DeclaredNetwork:
    """Return the same network, called by another contract; units are not asked for again."""
    return DeclaredNetwork(network.raw, contract, network.after)


def meaning(steps: tuple[Step, ...], contract: Contract) -> list[tuple[str, object]]:
    """Return what steps do, so that two that do the same are equal."""
    alone = {"batch", *(("channel",) if contract.channels == 1 else ())}
    return [(one.name, [*settings(one, alone)]) for one in steps if one.name != "ensure_dtype"]


def settings(step: Step, alone: set[str]) -> Iterator[tuple[str, object]]:
    """Yield the settings of a step that change what it does to one image."""
    given = dict(step.settings)
    if step.name in ("zero_mean_unit_variance", "scale_range"):
        yield "axes", sorted({*step.over()} - alone)
        yield "low", given.get("min_percentile", 0.0)
        yield "high", given.get("max_percentile", 100.0)
        return
    yield from sorted((name, value) for name, value in given.items() if name != "eps")


READINGS = (*BEFORE, ACTIVATED, EXCHANGED, REVERSED)
"""The names of all readings."""

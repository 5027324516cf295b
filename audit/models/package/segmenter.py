"""A package of bioimage.io behind the contract of a segmenter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError
from audit.models.package.card import card_of, seen_as
from audit.models.package.contract import RANGE_SLACK, Contract, read_contract
from audit.models.package.network import DeclaredNetwork
from audit.models.package.opening import opened
from audit.models.package.replay import replayed, seen
from audit.models.package.weights import OPENERS, Raw, open_weights
from audit.models.torch_module import TorchSegmenter
from audit.models.weights import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from audit.models.card import Card
    from audit.models.package.description import ModelDescription


class PackageSegmenter(TorchSegmenter):
    """A network with everything that its description declares around it."""

    def __init__(
        self, network: DeclaredNetwork, card: Card, raw: Raw, *, digest: str, device: str
    ) -> None:
        # The network pads by itself, after the steps that are taken of the whole image.
        super().__init__(
            network.eval(), card.model_copy(update={"stride": 1}), digest=digest, device=device
        )
        self.contract = network.contract
        passes = raw.differentiable and self.contract.differentiable
        self.traits = replace(
            self.traits, stride=card.stride, access="gradients" if passes else "live"
        )

    def logits(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of raw images (B, C, Y, X) of any size."""
        if self.unseen and self.card.range and not self.contract.by_image:
            refuse_range(images, self.card.range)
        return super().logits(images)


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


def load_package(spec: str, declared: Mapping[str, Any], device: str) -> PackageSegmenter:
    """Return the model in a package, ready on the device; nothing need be declared.

    `weights` among the declarations names one of its formats, `network` an architecture that the
    user trusts. Raises ModelError that names the package, and what cannot be done with it.
    """
    wanted = declared.get("weights")
    if wanted is not None and wanted not in OPENERS:
        raise ModelError(f"{spec}: --weights {wanted}: name one of {', '.join(OPENERS)}")
    with opened(Path(spec)) as described:
        try:
            return assembled(described, declared, device)
        except ModelError as error:
            raise ModelError(f"{spec}: {error}") from None


def assembled(
    described: ModelDescription, declared: Mapping[str, Any], device: str
) -> PackageSegmenter:
    """Return the model that a description amounts to, tried on its own test tensors."""
    contract = read_contract(described)
    contract = seen_as(contract, seen(described, contract))
    card, after = card_of(contract, declared)
    raw = open_weights(described, wanted=declared.get("weights"), network=declared.get("network"))
    network = DeclaredNetwork(raw.module, contract, after).eval()
    facts = facts_of(contract, raw, str(replayed(network, described)))
    files = (*((described.file,) if described.file else ()), *raw.files)
    who = digest(*files, extra=card.model_dump_json(exclude={"about", "name"}))
    model = PackageSegmenter(network, card, raw, digest=who, device=device)
    model.traits = replace(model.traits, facts=facts)
    return model


def facts_of(contract: Contract, raw: Raw, replay: str) -> tuple[tuple[str, str], ...]:
    """Return what was decided at opening, for the record and for whoever reads it."""
    heads = contract.heads
    return (
        ("format", contract.source),
        ("weights", raw.format),
        *((("passed over", "; ".join(raw.passed_over)),) if raw.passed_over else ()),
        ("heads", "classes" if heads.classes else ", ".join(heads.maps) or "as declared"),
        ("activation", f"{heads.activation}, by {heads.source}" if heads.source else "unknown"),
        ("test tensors", replay),
    )

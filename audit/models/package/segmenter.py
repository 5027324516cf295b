"""A package of bioimage.io behind the contract of a segmenter."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError
from audit.models.package.card import card_of, seen_as
from audit.models.package.contract import Contract, read_contract
from audit.models.package.network import DeclaredNetwork
from audit.models.package.opening import opened
from audit.models.package.otherwise import otherwise
from audit.models.package.replay import Replayed, refused_sizes, replayed, seen, tensor_files
from audit.models.package.weights import OPENERS, Raw, open_weights
from audit.models.segmenter import OBJECTS
from audit.models.torch_module import TorchSegmenter
from audit.models.weights import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.models.card import Card
    from audit.models.package.description import ModelDescription
    from audit.models.segmenter import Segmenter


class PackageSegmenter(TorchSegmenter):
    """A network with everything that its description declares around it."""

    def __init__(
        self, network: DeclaredNetwork, card: Card, raw: Raw, *, digest: str, device: str
    ) -> None:
        # The network pads by itself, after the steps that are taken of the whole image.
        super().__init__(
            network.eval(), card.model_copy(update={"stride": 1}), digest=digest, device=device
        )
        self.network = network
        self.contract = network.contract
        self.replayed: Replayed | str = "the test tensors were not tried"
        passes = raw.differentiable and self.contract.differentiable
        self.traits = replace(
            self.traits, stride=card.stride, access="gradients" if passes else "live"
        )

    def otherwise(self) -> Mapping[str, Segmenter]:
        """Return the model under each other reading of its description, by name."""
        return otherwise(self, self.network)

    def replay(self) -> tuple[float, str]:
        """Return what differs of the published test output, as it was found at opening."""
        if isinstance(self.replayed, Replayed):
            return self.replayed.differing, ""
        return math.nan, self.replayed


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
    network = DeclaredNetwork(raw.module, contract, after, card.range).eval()
    files = (*((described.file,) if described.file else ()), *raw.files)
    files = (*files, *tensor_files(described, contract))
    who = digest(*files, extra=card.model_dump_json(exclude={"about", "name"}))
    model = PackageSegmenter(network, card, raw, digest=who, device=device)
    model.replayed = replayed(network, described, objects=card.output == OBJECTS)
    found = found_of(contract, raw, str(model.replayed))
    found |= {"package_sizes": said} if (said := refused_sizes(network)) else {}
    model.traits = replace(model.traits, found=found)
    return model


def found_of(contract: Contract, raw: Raw, replay: str) -> dict[str, str]:
    """Return what was decided at opening, for the record and for whoever reads it."""
    heads = contract.heads
    return {
        "package_format": contract.source,
        "package_weights": raw.format,
        **({"package_passed_over": "; ".join(raw.passed_over)} if raw.passed_over else {}),
        "package_heads": "classes" if heads.classes else ", ".join(heads.maps) or "as declared",
        "package_activation": f"{heads.activation}, by {heads.source}"
        if heads.source
        else "unknown",
        "package_test": replay,
    }

"""What is audited together: models by the role they play, samples, a training log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.datasets.sample import Sample
    from audit.logs.log import Log
    from audit.models.segmenter import Segmenter

OTHER_FORMAT = "format:"
"""How the roles of further files of the audited model begin."""

LAST = "last"
"""The role of the audited model as it was when its training ended."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Everything that is audited together: models by role, samples, training log, seed.

    Roles: "audited", "reference", "reference:2", "format:onnx", … Sample ids must be unique.
    """

    models: Mapping[str, Segmenter]
    samples: tuple[Sample, ...]
    log: Log | None = None
    seed: int = 0
    device: str = "cpu"
    task: str = "semantic"

    @property
    def formats(self) -> Mapping[str, Segmenter]:
        """Further files of the audited model, by what tells them apart."""
        return {
            role.removeprefix(OTHER_FORMAT): model
            for role, model in self.models.items()
            if role.startswith(OTHER_FORMAT)
        }

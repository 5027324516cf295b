"""What is audited together: models by the role they play, samples, a training log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.role import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.datasets.sample import Sample
    from audit.logs.log import Log
    from audit.models.segmenter import Segmenter


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Everything that is audited together: models by role, samples, training log, seed.

    A role may be given as its text, such as "audited" or "reference:2". Sample ids must be unique.
    """

    models: Mapping[Role, Segmenter]
    samples: tuple[Sample, ...]
    log: Log | None = None
    seed: int = 0
    device: str = "cpu"
    task: str = "semantic"

    def __post_init__(self) -> None:
        models = {Role.read(role): model for role, model in self.models.items()}
        object.__setattr__(self, "models", models)

    @property
    def formats(self) -> Mapping[str, Segmenter]:
        """Further files of the audited model, by what tells them apart."""
        return {role.name: model for role, model in self.models.items() if role.kind == "format"}

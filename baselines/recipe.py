"""Recipes: how a reference network is trained, as a TOML file can state it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.declared import read_toml, shaped
from audit.errors import UsageError
from audit.models.card import Normalisation  # noqa: TC001 (pydantic reads annotations)

if TYPE_CHECKING:
    from pathlib import Path


Loss = Literal["cross-entropy", "weighted", "dice", "focal", "cross-entropy+dice", "mse", "mae"]
Optimiser = Literal["adam", "sgd"]
Schedule = Literal["one-cycle", "constant", "cosine"]


class Recipe(BaseModel):
    """The workshop's recipe unless told otherwise: U-Net of 3 scales, cross-entropy, Adam.

    Images are z-scored one by one and resampled so that the median object spans `object_px` (never
    to finer pixels than they have), because a network of three scales does not see what is much
    larger; `pixel_um` states the working pixel size outright. One epoch is `steps` batches of
    random crops; `turns` lets them be mirrored and turned. `patience` ends the training after so
    many epochs without a lower validation loss. With `attack_spread` every batch is first attacked
    within so many standard deviations of the image (adversarial training). `network` builds what
    is trained, as a model card names it. `shrink` trains on images shrunk by a factor that is
    kept silent: a planted flaw.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("standard", pattern=r"^[\w.-]+$")
    network: str = "baselines.network:reference"
    widths: tuple[int, ...] = (16, 32, 64)
    normalisation: Normalisation = "zscore"
    object_px: float = Field(24.0, gt=4)
    pixel_um: float | None = Field(None, gt=0)
    epochs: int = Field(40, ge=1)
    steps: int = Field(20, ge=1)
    batch: int = Field(8, ge=1)
    crop_px: int = Field(96, ge=16)
    loss: Loss = "cross-entropy"
    optimiser: Optimiser = "adam"
    schedule: Schedule = "one-cycle"
    patience: int | None = Field(None, ge=1)
    learning_rate: float = Field(1e-2, gt=0)
    weight_decay: float = Field(1e-4, ge=0)
    validation: float = Field(0.1, gt=0, lt=1)
    turns: bool = True
    zoom: float = Field(0.0, ge=0, lt=1)
    contrast: float = Field(0.15, ge=0)
    noise: float = Field(0.1, ge=0)
    attack_spread: float = Field(0.0, ge=0)
    shrink: float = Field(1.0, gt=0, le=1)

    @property
    def digest(self) -> str:
        """Sixteen hex digits that identify the settings."""
        return hashlib.sha256(self.model_dump_json(exclude={"name"}).encode()).hexdigest()[:16]


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a TOML file; UsageError names the key at fault."""
    return shaped(Recipe, read_toml(path, UsageError), path, UsageError)

"""Recipes: how a reference network is trained, as a TOML file can state it."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit.declared import declared
from audit.errors import UsageError, suggest
from audit.models.card import Normalisation  # noqa: TC001 (pydantic reads annotations)

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Loss = Literal["cross-entropy", "weighted", "dice", "focal", "cross-entropy+dice", "mse", "mae"]
Optimiser = Literal["adam", "sgd"]
Schedule = Literal["one-cycle", "constant", "cosine"]
Precision = Literal["float32", "bfloat16"]

LATER = frozenset({"rotation_deg", "dropout", "boundary_px", "depth_px"})
"""Settings added after networks were stored: at 0 they do not enter the digest, as before."""


DEPTH = "baselines.ordinal:depth"
"""The network that gives depths inside objects."""


class Recipe(BaseModel):
    """How a reference network is trained; by default a U-Net of 3 scales, cross-entropy and Adam.

    The network has one scale for each of `widths`; `network` builds it, as a model card names it.
    Images are normalised (one by one, by all training images, or by the batch at hand) and
    resampled so that the median object spans `object_px` (never to finer pixels than they have),
    because a network of three scales does not see what is much larger; `pixel_um` states the
    working pixel size outright.

    One epoch is `steps` batches of random crops. A share `oversampling` of these lies around a
    pixel of a class drawn with equal probability, so that rare classes are seen more often.
    `patience` ends the training after so many epochs without a lower validation loss.

    Crops are varied, each by a random amount up to a strength: `turns` mirrors them and turns them
    by quarters, `rotation_deg` turns them by any angle up to it, either way, `zoom` is a share of
    their size, `elastic` the standard deviation of a bend in px, `blur` the deviation of a Gaussian
    in px, `contrast` a share of brightness and gain, `noise` a share of the image's deviation,
    `erasing` a share of the crop's area.

    With `boundary_px` the network learns single objects: background, body, and inside each object
    a boundary so many px wide at the working scale; its card says how a watershed makes objects.
    With `depth_px` it learns instead how deep each pixel lies inside its object, up to so many px.

    `dropout` is the share of the feature maps of the deepest scale that each step drops.
    With `attack_spread` every batch is first attacked within so many standard deviations of the
    image (adversarial training). `shrink` trains on images shrunk by a factor that the model
    card conceals: a planted flaw.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("standard", pattern=r"^[\w.-]+$")
    about: str = ""
    network: str = "baselines.network:reference"
    widths: tuple[int, ...] = Field((16, 32, 64), min_length=1)
    normalisation: Normalisation = "zscore"
    object_px: float = Field(24.0, gt=4)
    pixel_um: float | None = Field(None, gt=0)
    boundary_px: float = Field(0.0, ge=0, le=8)
    depth_px: int = Field(0, ge=0, le=32)
    loss: Loss = "cross-entropy"
    optimiser: Optimiser = "adam"
    schedule: Schedule = "one-cycle"
    learning_rate: float = Field(1e-2, gt=0)
    weight_decay: float = Field(1e-4, ge=0)
    precision: Precision = "float32"
    epochs: int = Field(40, ge=1)
    patience: int | None = Field(None, ge=1)
    steps: int = Field(20, ge=1)
    batch: int = Field(8, ge=1)
    crop_px: int = Field(96, ge=16)
    oversampling: float = Field(0.0, ge=0, le=1)
    validation: float = Field(0.1, gt=0, lt=1)
    turns: bool = True
    rotation_deg: float = Field(0.0, ge=0, le=180)
    zoom: float = Field(0.0, ge=0, lt=1)
    elastic: float = Field(0.0, ge=0, le=8)
    blur: float = Field(0.0, ge=0, le=8)
    contrast: float = Field(0.15, ge=0)
    noise: float = Field(0.1, ge=0)
    erasing: float = Field(0.0, ge=0, le=0.5)
    dropout: float = Field(0.0, ge=0, lt=1)
    attack_spread: float = Field(0.0, ge=0)
    shrink: float = Field(1.0, gt=0, le=1)

    @model_validator(mode="after")
    def halved_evenly(self) -> Self:
        """Refuse crops that the network cannot halve as often as it has scales."""
        stride = 2 ** (len(self.widths) - 1)
        if self.crop_px % stride:
            raise ValueError(
                f"crop_px: {len(self.widths)} scales need a multiple of {stride}, "
                f"not {self.crop_px}"
            )
        return self

    @model_validator(mode="after")
    def depth_alone(self) -> Self:
        """Refuse depths of a network that gives none, and depths beside a boundary."""
        if bool(self.depth_px) != (self.network == DEPTH) or (self.depth_px and self.boundary_px):
            raise ValueError(f"depth_px: goes with network = {DEPTH!r}, and without boundary_px")
        return self

    @property
    def digest(self) -> str:
        """Sixteen hex digits that identify the settings."""
        idle = LATER - {name for name, _ in self if getattr(self, name)}
        settings = self.model_dump_json(exclude={"name", "about", *idle})
        return hashlib.sha256(settings.encode()).hexdigest()[:16]


def recipes() -> list[str]:
    """Return the names of the recipes that come with bioaudit.

    >>> "standard" in recipes()
    True
    """
    stored = (one.name for one in files("baselines.recipes").iterdir())
    return sorted(name.removesuffix(".toml") for name in stored if name.endswith(".toml"))


def load_recipe(recipe: str | PathLike[str]) -> Recipe:
    """Return the recipe of a name, or in a TOML file; UsageError names the key at fault.

    >>> load_recipe("standard").digest == Recipe().digest
    True
    """
    name = fspath(recipe)
    source: Path | Traversable = Path(name)
    if name in recipes():
        source = files("baselines.recipes") / f"{name}.toml"
    elif not name.endswith(".toml"):
        raise UsageError(f"{name}: no such recipe, nor a TOML file; {suggest(name, recipes())}")
    return declared(Recipe, source, UsageError)

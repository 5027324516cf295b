"""The card of a model: a small TOML file that says how its weights become a segmenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.declared import Option, declared, shaped
from audit.errors import ModelError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Literal[1] = 1
"""1: the first."""

Output = Literal["logits", "softmax", "sigmoid", "probability", "labels", "objects"]
Kind = Literal["network", "callable", "command", "recorded"]
Normalisation = Literal["none", "zscore", "minmax", "range", "dataset", "batch"]


class Card(BaseModel):
    """What is declared of a model; paths are relative to the card's own folder.

    `settings` are what the function of `network` is called with, `about` is for readers alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    format: Literal[1] = SCHEMA
    name: str = "model"
    network: Annotated[str | None, Option(metavar="CODE")] = None
    """file.py:function or package.module:function that builds the network; without one, the weights
    are TorchScript. A card may name a file in its own folder only, you may name any that you
    trust"""
    settings: dict[str, Any] = Field(default_factory=dict)
    weights: Annotated[str | None, Option(metavar="FILE")] = None
    """a safetensors file, a state dict, or TorchScript"""
    output: Output = "logits"
    """what the network gives: logits or softmax (K channels), sigmoid (one logit of the foreground)
    or probability (one probability of it); labels (class numbers) or objects (one number an object)
    of a Python function, a command or recorded predictions, where it is told by the numbers, and
    said, unless it is declared"""
    normalisation: Normalisation = "none"
    """what is done to an image before the network: z-score or min-max of each image, division by
    the declared range, z-score by the statistics of a dataset or of the batch at hand"""
    classes: int = Field(2, ge=2)
    """how many classes there are, the background among them"""
    channels: int = Field(1, ge=1)
    """how many channels an image has"""
    range: Annotated[tuple[float, float] | None, Option(metavar="LOW HIGH")] = None
    """the lowest and the highest intensity that an image may hold"""
    statistics: Annotated[tuple[float, float] | None, Option(metavar="MEAN SD")] = None
    """mean and standard deviation of all training images, for --normalisation dataset"""
    pixel_um: float | None = Field(None, gt=0)
    """the pixel size in micrometres that the model expects"""
    stride: int = Field(1, ge=1)
    """image sizes are padded to multiples of this"""
    halo: int = Field(0, ge=0)
    """the border in px that the model cannot judge"""
    taken_as: Annotated[
        Kind | None, Option(flag="as", metavar="network|callable|command|recorded")
    ] = None
    """what --model is, where that cannot be told: a function that builds a network, or a callable
    that takes an image; a command; a folder of recorded predictions"""
    command: Annotated[str | None, Option(metavar="TEXT")] = None
    """a program that writes a prediction for each image of a folder: 'my_program --in {input} --out
    {output}'. A card's is run only where you name it here, or as --model 'command: ...'"""
    timeout_s: Annotated[float, Option(flag="timeout", metavar="SECONDS")] = Field(600, gt=0)
    """how long a command may take for the images that it is given at once (600)"""
    about: dict[str, Any] = Field(default_factory=dict)


def read_card(path: Path) -> Card:
    """Return the card in a TOML file; raise ModelError that names the file and the key."""
    return declared(Card, path, ModelError)


def declare(card: Card, said: dict[str, Any]) -> Card:
    """Return the card with what the user declares in its place."""
    given = {key: value for key, value in said.items() if value is not None}
    return shaped(Card, card.model_dump(exclude_unset=True) | given, card.name, UsageError)


def identity_of(card: Card) -> str:
    """Return what a card declares, but for what does not change what a model says."""
    return card.model_dump_json(exclude={"about", "name", "taken_as", "command", "timeout_s"})

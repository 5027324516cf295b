"""The card of a model: a small TOML file that says how its weights become a segmenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.declared import Option, declared
from audit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Literal[1] = 1
"""1: the first."""

Output = Literal["logits", "softmax", "sigmoid", "probability", "labels"]
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
    """a safetensors file, a state dict, TorchScript or ONNX; of a bioimage.io package the format:
    torchscript, pytorch_state_dict or onnx"""
    output: Output = "logits"
    """what the network gives: logits or softmax (K channels), sigmoid (one logit of the foreground)
    or probability (one probability of it); labels (class numbers) of a Python function"""
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
    about: dict[str, Any] = Field(default_factory=dict)


def read_card(path: Path) -> Card:
    """Return the card in a TOML file; raise ModelError that names the file and the key."""
    return declared(Card, path, ModelError)

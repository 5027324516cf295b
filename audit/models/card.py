"""The card of a model: a small TOML file that says how its weights become a segmenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.declared import declared
from audit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Literal[1] = 1
"""1: the first."""

Output = Literal["logits", "softmax", "sigmoid", "probability"]
Normalisation = Literal["none", "zscore", "minmax", "range", "dataset", "batch"]


class Card(BaseModel):
    """What is declared of a model; paths are relative to the card's own folder.

    `network` names the function that builds the module, as `file.py:function`, called with
    `settings`; the file lies in the card's folder. A module, `package.module:function`, is imported
    only where the user names it, or where it is a network of ours. Without `network`, `weights` is
    TorchScript.
    `output`: logits (K channels), softmax (K probabilities), sigmoid (one logit of the foreground)
    or probability (one probability of the foreground). `normalisation` is done before the network:
    per-image z-score, per-image min-max, division by the declared range, z-score by `statistics`
    (mean and standard deviation of all training images), or z-score over the batch at hand.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = SCHEMA
    name: str = "model"
    network: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    weights: str | None = None
    output: Output = "logits"
    normalisation: Normalisation = "none"
    classes: int = Field(2, ge=2)
    channels: int = Field(1, ge=1)
    range: tuple[float, float] | None = None
    statistics: tuple[float, float] | None = None
    pixel_um: float | None = Field(None, gt=0)
    stride: int = Field(1, ge=1)
    halo: int = Field(0, ge=0)
    about: dict[str, Any] = Field(default_factory=dict)


def read_card(path: Path) -> Card:
    """Return the card in a TOML file; raise ModelError that names the file and the key."""
    return declared(Card, path, ModelError)

"""The card of a model: a small TOML file that says how its weights become a segmenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from audit.declared import Option, declared, shaped
from audit.errors import ModelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA: Literal[1] = 1
"""1: the first."""

Word = Literal["logits", "softmax", "sigmoid", "sigmoid-logits", "labels", "objects"]
Output = Annotated[Word, BeforeValidator(lambda said: "sigmoid" if said == "probability" else said)]
"""What comes out of a network, after whatever it ends in. A lone probability is a sigmoid's."""

Kind = Literal["network", "callable", "command", "recorded"]
Head = Literal["background", "foreground", "boundary", "affinity", "distance", "class", "other"]
Decoding = Literal["argmax", "threshold", "components", "watershed"]
Normalisation = Literal["none", "zscore", "minmax", "percentile", "range", "dataset", "batch"]

WORDS, DECODINGS = "|".join(get_args(Word)), "|".join(get_args(Decoding))

MAPS = ("sigmoid", "sigmoid-logits")
"""Outputs whose channels stand each by itself."""

OBJECTS = ("components", "watershed")
"""Decoders that make objects."""

HALF = 0.5

HEADS = {
    "maps": get_args(Head),
    "classes": ("background", "foreground", "boundary", "class"),
}
"""What a channel may be: where each stands by itself, and where all compete for a pixel."""


def named(value: Any) -> Any:
    """Return names that were given in one text, separated by commas, as many.

    >>> named("foreground, boundary")
    ('foreground', 'boundary')
    """
    return tuple(one.strip() for one in value.split(",")) if isinstance(value, str) else value


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
    output: Annotated[Output, Option(metavar=WORDS)] = "logits"
    """what comes out of the network: logits or softmax (K channels that compete), sigmoid
    (probabilities, each channel by itself), sigmoid-logits (the same before the sigmoid), labels
    (class numbers) or objects (one number an object); one channel of a sigmoid is the foreground
    unless --heads says otherwise; of a function, a command or recorded predictions it is told by
    the numbers, and said, unless it is declared"""
    heads: Annotated[tuple[Head, ...], BeforeValidator(named), Option(metavar="NAMES")] = ()
    """what each channel is, separated by commas: background, foreground, boundary, affinity,
    distance, class or other of a sigmoid; background, foreground, boundary or class of a softmax,
    where boundary counts as foreground"""
    decoder: Annotated[Decoding | None, Option(metavar=DECODINGS)] = None
    """what makes labels or objects of the channels: the highest class (argmax), a threshold on the
    foreground, its connected components, or a watershed seeded where boundary is low or distance
    high; argmax or threshold unless said"""
    threshold: float = HALF
    """the probability (of a distance: the distance) from which a pixel is foreground"""
    seed_threshold: float = 0.5
    """foreground less boundary, or the distance, from which a pixel seeds an object"""
    smallest_px: int = Field(0, ge=0)
    """objects of fewer pixels are left out"""
    entry: str | None = None
    """which of several outputs is meant: its key, or its number from 0"""
    normalisation: Normalisation = "none"
    """what is done to an image before the network: z-score, min-max or percentiles of each image,
    division by the declared range, z-score by the statistics of a dataset or of the batch"""
    percentiles: Annotated[tuple[float, float], Option(metavar="LOW HIGH")] = (1.0, 99.8)
    """the percentiles of each image that become 0 and 1, for --normalisation percentile"""
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
    output_stride: int = Field(1, ge=1)
    """the output has one pixel for so many of the image's along each side, and is enlarged"""
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

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse heads that channels cannot be, and parameters out of range."""
        if reason := next(filter(None, unfit(self)), None):
            raise ValueError(reason)
        return self


def unfit(card: Card) -> Iterator[str]:
    """Yield what declarations of a card do not go together; nothing for those that do."""
    yield from unfit_heads({*card.heads}, card)
    yield from unfit_decoder({*card.heads}, card)
    low, high = card.percentiles
    if not 0 <= low < high <= 100:  # noqa: PLR2004
        yield f"percentiles: expected 0 <= LOW < HIGH <= 100, got {low:g} {high:g}"


def unfit_heads(heads: set[Head], card: Card) -> Iterator[str]:
    """Yield what channels of an output cannot be."""
    alone = card.output in MAPS
    known = HEADS["maps" if alone else "classes"]
    for head in heads - {*known}:
        yield f"heads: {head!r} is no channel of {card.output}; expected {', '.join(known)}"
    if alone and card.heads.count("foreground") > 1:
        yield "heads: one foreground at most; call further ones class"
    if heads and heads <= {"other", "background"}:
        yield "heads: none of them says where the foreground is"
    if not alone and heads & {"foreground", "boundary"} and "background" not in heads:
        yield (
            f"heads: {card.output} needs a background among them; say --output sigmoid or "
            "sigmoid-logits where each channel stands by itself"
        )


def unfit_decoder(heads: set[Head], card: Card) -> Iterator[str]:
    """Yield what a decoder cannot make of channels, and parameters that it would not heed."""
    alone = card.output in MAPS
    if card.decoder == "watershed" and not heads & {"boundary", "distance"}:
        yield "decoder: a watershed needs a head boundary or distance"
    if card.decoder == "argmax" and alone and "class" not in heads:
        yield "decoder: argmax is of classes; a map has a threshold"
    several = not alone and "foreground" not in heads and card.classes > 2  # noqa: PLR2004
    if card.threshold != HALF and several:
        yield "threshold: of several classes the highest is taken; leave it out"
    if card.smallest_px and card.decoder not in OBJECTS:
        yield f"smallest_px: objects are made by --decoder {' or '.join(OBJECTS)} alone"
    by_distance = "distance" in heads and "foreground" not in heads
    if not by_distance and not 0 < card.threshold < 1:
        yield f"threshold: expected a probability, got {card.threshold:g}"


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

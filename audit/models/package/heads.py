"""What the channels of an output are, as far as a description says so, and how it is activated.

Read are the operations after the network, the activation that its architecture is built with, the
range that is declared, the names of the channels and the tags. What none of them says stays
unknown: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from audit.models.sizes import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.models.package.description import ModelDescription
    from audit.models.package.tensor import Tensor
    from audit.models.steps.step import Step

Activation = Literal["sigmoid", "softmax", "binary", "unit", "unknown"]
"""How the values are bounded: by a sigmoid, a softmax or a threshold; "unit": they are in 0..1."""

KINDS = {
    kind: re.compile(words, re.IGNORECASE)
    for kind, words in {
        "background": r"^(background|bg)\b",
        "boundary": r"boundar|border|contour|\bedges?\b|membrane|outline",
        "distance": r"distance|\bdist\b|radius|\brays?\b",
        "affinity": r"affinit",
        "flow": r"\bflows?\b|gradient",
        "foreground": r"foreground|\bfg\b|\bmasks?\b|interior|nucle|\bcells?\b|object|probab",
    }.items()
}
"""Words by which a channel's name says what it holds, the first that fits."""

GENERIC = re.compile(
    r"^(channel|ch|c|prediction|output|class|out|pred|#.*)?[_\- ]?\d*$", re.IGNORECASE
)
"""Names of channels that say nothing."""

STATED = re.compile(r"(final|output|last|out)_?activation$", re.IGNORECASE)
"""Settings of an architecture that name its last activation."""

UNIT = (0.0, 1.0)


@dataclass(frozen=True)
class Heads:
    """What comes out: class scores, or one map a channel by name; neither where nobody says."""

    channels: int
    activation: Activation
    classes: bool = False
    maps: tuple[str, ...] = ()
    source: str = ""

    @property
    def known(self) -> bool:
        """Whether the description says what each channel is, and how it is activated."""
        return self.classes or (bool(self.maps) and self.activation != "unknown")


def read_heads(described: ModelDescription, output: Tensor, steps: tuple[Step, ...]) -> Heads:
    """Return what a description says of the channels of its output."""
    channel = output.axis("channel")
    names = channel.channels if channel else ()
    count = channels_of(output)
    activation, source = activation_of(described, output, steps)
    if count == 1:
        return Heads(1, activation, maps=(single(described, names),), source=source)
    told = [kind_of(name) for name in names] if len(names) == count else []
    if activation == "softmax" or is_classes(names, told, activation):
        return Heads(count, activation, classes=True, source=source)
    maps = tuple(told) if told and all(one not in ("", "background") for one in told) else ()
    return Heads(count, activation, maps=maps, source=source)


def channels_of(output: Tensor) -> int:
    """Return how many channels an output has; 0 where it depends on what is shown."""
    channel = output.axis("channel")
    if channel is None:
        return 1
    size = channel.size
    if isinstance(size, Size):
        return 0 if size.step else size.least
    # A multiple of a grey image's one channel, as 0.4 writes it.
    return round(size.scale + size.offset)


def single(described: ModelDescription, names: tuple[str, ...]) -> str:
    """Return what one channel is: the boundary where anything calls it so, else the foreground."""
    own = next((kind for kind in map(kind_of, names) if kind not in ("", "background")), "")
    if own:
        return own
    said = [described.name, *described.tags]
    words = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one) for one in said]
    for kind in ("boundary", "distance", "affinity"):
        if any(KINDS[kind].search(one) for one in words):
            return kind
    return "foreground"


def kind_of(name: str) -> str:
    """Return what a channel's name says that it holds; nothing where it says nothing known.

    >>> kind_of("cell_boundary"), kind_of("channel0"), kind_of("lamellipodia")
    ('boundary', '', '')
    """
    words = name.replace("_", " ")
    return next((kind for kind, pattern in KINDS.items() if pattern.search(words)), "")


def is_classes(names: tuple[str, ...], told: list[str], activation: Activation) -> bool:
    """Return whether channels are scores of classes: they are named, and the first is the ground.

    Channels with a sigmoid each are maps that stand alone.
    """
    if activation in ("sigmoid", "binary") or not told or told[0] != "background":
        return False
    return not any(GENERIC.match(name) for name in names)


def activation_of(
    described: ModelDescription, output: Tensor, steps: tuple[Step, ...]
) -> tuple[Activation, str]:
    """Return how the output is activated, and what says so."""
    last = next((one for one in reversed(steps) if one.name != "ensure_dtype"), None)
    named: Mapping[str, Activation] = {
        "sigmoid": "sigmoid",
        "softmax": "softmax",
        "binarize": "binary",
    }
    if last and last.name in named:
        return named[last.name], "postprocessing"
    stated = built_with(described)
    if last is None and stated in ("sigmoid", "softmax"):
        return stated, "its architecture's settings"
    if output.range == UNIT:
        return "unit", "the declared range"
    return "unknown", ""


def built_with(described: ModelDescription) -> Any:
    """Return the activation that an architecture's settings name last, in small letters."""
    state = described.weights.get("pytorch_state_dict") or {}
    architecture = state.get("architecture")
    inner = architecture.get("kwargs") if isinstance(architecture, dict) else None
    for settings in (inner, state.get("kwargs")):
        for name, value in settings.items() if isinstance(settings, dict) else ():
            if STATED.search(str(name)):
                return str(value).lower()
    return ""

"""The model card that a description amounts to, and the lines that show it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from audit.declared import shaped
from audit.errors import ModelError, UsageError
from audit.models.card import HEADS, Card, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.models.card import Word
    from audit.models.package.contract import Contract
    from audit.models.package.heads import Activation
    from audit.models.sizes import Sized
    from audit.models.steps.step import Step

LOGITS: Word = "sigmoid-logits"
"""The card's word for channels that stand each by itself, before their sigmoid."""

CHANCES: Word = "sigmoid"
"""The card's word for channels that are each a probability by itself."""

MAPS = (LOGITS, CHANCES)
OWN = ("normalisation", "statistics")
"""Keys of a card that the steps of a package stand for."""


class Carded(NamedTuple):
    """A card, and the steps after the network that it leaves to be done.

    A last sigmoid or softmax is not among them: the card says that it is still to come, so that
    gradients do not vanish where it is saturated.
    """

    card: Card
    after: tuple[Step, ...]


def card_of(contract: Contract, declared: Mapping[str, Any]) -> Carded:
    """Return the card of a package, with what the user declares in its place.

    Raises ModelError where nobody says what the channels are, UsageError for keys that do not go
    with a package.
    """
    given = {key: value for key, value in declared.items() if value is not None}
    for key in OWN:
        if key in given:
            raise UsageError(f"--{key}: the package declares its own steps; leave it out")
    heads = named(given.pop("heads", ())) or maps_of(contract)
    if heads and contract.heads.channels not in (0, len(heads)):
        names, count = ",".join(heads), contract.heads.channels
        raise UsageError(f"--heads {names}: name each channel; the package gives {count}")
    said = Card(output=given.pop("output")).output if "output" in given else None
    output, after = output_of(contract, said, heads)
    channels = given.pop("channels", contract.channels)
    if int(channels) != contract.channels:
        raise UsageError(f"--channels {channels}: the package declares {contract.channels}")
    classes = 2 if output in MAPS else contract.heads.channels
    if int(given.pop("classes", classes)) != classes:
        raise UsageError(f"--classes: the package gives {classes} as {output}")
    values = {
        "name": contract.name,
        "output": output,
        "heads": heads,
        "classes": classes,
        "channels": contract.channels,
        "range": contract.range,
        "pixel_um": contract.pixel_um,
        "stride": contract.stride,
        "halo": contract.halo,
    }
    kept = {key: value for key, value in given.items() if key not in ("weights", "network")}
    return Carded(shaped(Card, values | kept, contract.name, UsageError), after)


def maps_of(contract: Contract) -> tuple[str, ...]:
    """Return what several maps are, in the words of a card; nothing for one, or for classes."""
    maps = contract.heads.maps
    return tuple(one if one in HEADS["maps"] else "other" for one in maps) if len(maps) > 1 else ()


def output_of(
    contract: Contract, said: Word | None, heads: tuple[str, ...]
) -> tuple[Word, tuple[Step, ...]]:
    """Return what the network gives in the words of a card, and the steps that are left to do."""
    declared = contract.heads
    if said is not None:
        return checked(contract, said, heads), contract.after
    told = declared.classes or bool(heads) or declared.maps == ("foreground",)
    if not told or (declared.activation == "unknown" and not declared.classes):
        raise ModelError(unknown(contract, heads))
    changing = tuple(one for one in contract.after if one.name != "ensure_dtype")
    last = changing[-1].name if changing else ""
    if last == "sigmoid":
        return LOGITS, changing[:-1]
    if last == "softmax" and dict(changing[-1].settings).get("axis", "channel") == "channel":
        return "logits", changing[:-1]
    if declared.classes or declared.activation == "softmax":
        return ("softmax" if declared.activation == "softmax" else "logits"), contract.after
    return CHANCES, contract.after


def checked(contract: Contract, said: Word, heads: tuple[str, ...]) -> Word:
    """Return an output that the user declares; ModelError where the channels are not so many."""
    count = contract.heads.channels
    alone = said in MAPS
    if said == "labels" or (count == 1 and not alone) or (count > 1 and alone and not heads):
        raise ModelError(
            f"{contract.name}: said is --output {said}, but the package gives "
            f"{count} {'channel' if count == 1 else 'channels'}"
            + ("; say --heads with a name for each" if alone else "")
        )
    return said


def unknown(contract: Contract, said: tuple[str, ...]) -> str:
    """Return what is not known of an output, and what to say of it."""
    heads = contract.heads
    if said:
        return (
            f"whether its channels ({', '.join(said)}) are probabilities or logits is not "
            f"declared; say --output {CHANCES} or {LOGITS}, softmax or logits"
        )
    if heads.channels == 1 and heads.maps != ("foreground",):
        return (
            f"its one channel is called a {heads.maps[0]}, and the truth is of objects; if it is "
            f"of these, say --output {CHANCES} (its probability) or --output {LOGITS}"
        )
    if heads.channels == 1:
        return (
            "whether its one channel is a probability or a logit is not declared; say "
            f"--output {CHANCES} or --output {LOGITS}"
        )
    maps = ", ".join(heads.maps)
    what = f"are maps of {maps}" if maps else "are is not declared"
    classes = "" if heads.activation in ("sigmoid", "binary") else (
        ", or --output softmax or logits where they are classes"
    )  # fmt: skip
    return (
        f"what its {heads.channels} channels {what}; say --heads with a name for each, such as "
        f"foreground,boundary{classes}"
    )


def seen_as(contract: Contract, seen: Activation | None) -> Contract:
    """Return a contract whose unknown activation is what the published test output shows."""
    if seen is None or contract.heads.activation != "unknown":
        return contract
    heads = replace(contract.heads, activation=seen, source="its published test output")
    if seen == "softmax" and not heads.classes and not heads.maps:
        # Channels that sum to one are scores of classes, whatever they are called.
        heads = replace(heads, classes=True)
    return replace(contract, heads=heads)


def lines(contract: Contract, weights: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a card says, in pairs of a key and words."""
    heads = contract.heads
    yield "name", contract.name
    yield "format", contract.source
    yield "weights", ", ".join(weights)
    yield "input", f"{contract.channels} channels in {', '.join(contract.input_order)}"
    yield "output", f"{heads.channels} channels in {', '.join(contract.output_order)}"
    yield "sizes", f"y {sizes(contract.y)}; x {sizes(contract.x)}"
    yield "batch", "one image at a time" if contract.one_by_one else "any"
    yield "before", "; ".join(map(str, contract.before)) or "nothing"
    yield "after", "; ".join(map(str, contract.after)) or "nothing"
    yield "activation", f"{heads.activation}{f' (by {heads.source})' if heads.source else ''}"
    yield "heads", "classes" if heads.classes else ", ".join(heads.maps) or "unknown"
    yield "range", "{:g} to {:g}".format(*contract.range) if contract.range else "not declared"
    yield "pixel_um", f"{contract.pixel_um:g}" if contract.pixel_um else "not declared"
    yield "gradients", "pass" if contract.differentiable else "stop at a threshold"


def sizes(one: Sized) -> str:
    """Return the sizes of an axis in words."""
    border = f", halo {one.halo}" if one.halo else ""
    smaller = f", {one.margin} less at each end" if one.margin else ""
    return f"{one.size}{border}{smaller}"

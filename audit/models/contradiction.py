"""Where the numbers of a network contradict what is declared of it, and what would fit.

Asked once, of the first images: what is declared wrongly would be judged on numbers that the model
never gave. Logits that look like probabilities are refused, since softmax of probabilities leaves
none above 0.73.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.models.card import MAPS

if TYPE_CHECKING:
    from torch import Tensor

    from audit.models.decoder import Decoder

ROUNDING = 1e-3
"""How far a sum of probabilities in half precision or better is from 1 at most."""

TOLERANCE = 0.01
"""How far from 0 and 1 rounding may push a probability."""

FEW = 1e-6

MOST_CLASSES = 32
"""A whole number beyond this is no class, but a probability in per cent or of 255."""

OPPOSITE = 0.7
"""A correlation below minus this makes two maps each other's opposite."""


def contradiction(output: Tensor, decoder: Decoder) -> str:
    """Return why channels (B, C, Y, X) are not what is declared, and the remedy; "" where they are.

    Shapes first, then values.
    """
    kind, count = decoder.card.output, output.shape[1]
    if kind == "labels":
        return ""
    if count != decoder.channels:
        return (
            f"the network gives {channels(count)}, declared {are(decoder.channels)} "
            f"{decoder.channels} ({declared(decoder)}); {fitting(output)}"
        )
    if not torch.isfinite(output).all():
        share = 1 - float(torch.isfinite(output).double().mean())
        return f"the output is not finite in {share:.2%} of its values (NaN or infinite)"
    if count == 1 and is_whole(output) and not within(output):
        return f"declared as {kind}, but it returns class numbers; {fitting(output)}"
    return wrong_kind(output, decoder)


def wrong_kind(output: Tensor, decoder: Decoder) -> str:
    """Return why values are not of the kind that is declared; nothing where they are."""
    kind = decoder.card.output
    values = output[:, [n for n, head in enumerate(decoder.heads) if head != "distance"]]
    if not values.numel():
        return ""
    low, high = (float(end) for end in values.aminmax())
    said = (
        f"declared as {kind}{'' if 'output' in decoder.card.model_fields_set else ' (the default)'}"
    )
    sums = sums_to_one(values)
    # A background's map and the foreground's may well sum to one.
    if kind in MAPS and sums and "background" not in decoder.heads:
        return (
            f"{said}, but the channels of every pixel sum to one: they compete; {fitting(values)}"
        )
    if kind in ("logits", "sigmoid-logits") and (sums or looks_activated(values)):
        why = (
            "the classes of every pixel sum to one"
            if sums
            else f"all lie in {low:.2g} … {high:.2g}"
        )
        return f"{said}, but {why}: these are probabilities; {fitting(values)}"
    if reason := unfit_range(values, kind):
        return f"{said}, but the output runs from {low:.3g} to {high:.3g}{reason}"
    if kind == "softmax" and not sums:
        why = elsewhere(values) or f"; {fitting(values)}"
        return f"{said}, but the classes of a pixel do not sum to one{why}"
    return ""


def fitting(output: Tensor) -> str:
    """Return the declaration that numbers (B, C, Y, X) would bear, as options."""
    count = output.shape[1]
    if count == 1 and is_whole(output):
        return "say --output labels"
    if count == 1:
        return f"say --output {'sigmoid' if within(output) else 'sigmoid-logits'}"
    classes = f" --classes {count}" if count > 2 else ""  # noqa: PLR2004
    names = likely(output) if count == 2 else f"NAMES of its {count} channels"  # noqa: PLR2004
    if sums_to_one(output):
        return f"say --output softmax{classes}"
    if within(output):
        return f"say what each is: --output sigmoid --heads {names}"
    return f"say --output logits{classes}, or what each is: --output sigmoid-logits --heads {names}"


def likely(output: Tensor) -> str:
    """Return what two channels (B, 2, Y, X) seem to be: opposites, or maps of different things."""
    return "background,foreground" if opposite(output) else "foreground,boundary"


def opposite(output: Tensor) -> bool:
    """Return whether two channels (B, 2, Y, X) are each other's opposite."""
    first, second = (output[:, n] - output[:, n].mean() for n in (0, 1))
    scale = (first.square().sum() * second.square().sum()).sqrt()
    return float((first * second).sum()) < -OPPOSITE * float(scale)


def within(values: Tensor) -> bool:
    """Return whether all values may be probabilities, but for rounding."""
    return float(values.min()) >= -TOLERANCE and float(values.max()) <= 1 + TOLERANCE


def looks_activated(values: Tensor) -> bool:
    """Return whether values lie in 0..1 and are as sure of something as probabilities are."""
    low, high = (float(end) for end in values.aminmax())
    return low >= 0 and 0.5 < high <= 1  # noqa: PLR2004


def sums_to_one(values: Tensor, over: int = 1) -> bool:
    """Return whether values are shares over a dimension: none below 0, and they sum to one."""
    if over == 1 and values.shape[1] == 1:
        return False
    apart = float((values.sum(over) - 1).abs().max())
    return float(values.min()) >= 0 and apart <= ROUNDING


def elsewhere(values: Tensor) -> str:
    """Return over which other dimension values sum to one, with the remedy; "" where over none."""
    places = {2: "down the rows", 3: "along the columns", 0: "over the batch"}
    found = [words for over, words in places.items() if sums_to_one(values, over)]
    return f" but {found[0]}; let the network take the softmax over dimension 1" if found else ""


def is_whole(output: Tensor) -> bool:
    """Return whether one channel holds nothing but whole numbers, not below 0."""
    low, high = (float(end) for end in output.aminmax())
    return low >= 0 and high <= MOST_CLASSES and bool((output == output.round()).all())


def unfit_range(values: Tensor, kind: str) -> str:
    """Return what the range of values says against a kind, with the remedy; "" for nothing."""
    if kind in MAPS and never_below_zero(values):
        return (
            " and never below 0: probabilities in per cent or of 255, or no map; let the network "
            "divide them, so that they end at 1, and say --output sigmoid"
        )
    return f"; {fitting(values)}" if kind in ("softmax", "sigmoid") and not within(values) else ""


def never_below_zero(values: Tensor) -> bool:
    """Return whether values begin at 0 and end far above 1, so that no reading has a background."""
    low, high = (float(end) for end in values.aminmax())
    return high > 1 + TOLERANCE and 0 <= low <= TOLERANCE * high


def constant(output: Tensor) -> bool:
    """Return whether each channel of each image is one number."""
    flat = output.flatten(2)
    low, high = flat.amin(2), flat.amax(2)
    return bool((high - low <= FEW * high.abs().clamp_min(1)).all())


def channels(count: int) -> str:
    """Return a count of channels in words."""
    return f"{count} channel{'s' * (count != 1)}"


def are(count: int) -> str:
    """Return the verb of a count."""
    return "is" if count == 1 else "are"


def declared(decoder: Decoder) -> str:
    """Return what is declared of channels, in words."""
    card = decoder.card
    return f"{card.output}: {', '.join(decoder.heads)}" if card.heads else card.output

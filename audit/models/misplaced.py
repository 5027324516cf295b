"""Where the truth finds the foreground of a network in another channel than it was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.models.card import MAPS
from audit.models.contradiction import opposite

if TYPE_CHECKING:
    from torch import Tensor

    from audit.models.decoder import Decoder

FITS, BETTER = 0.6, 0.4
"""Overlap with the truth from which another reading fits, and by how much it must fit better."""

TURNED = "the classes seem to be swapped, or the masks inverted (IoU {iou:.2f} the other way)"


def misplaced(output: Tensor, decoder: Decoder, truth: Tensor) -> str:
    """Return where the foreground seems to be, in words, if not where it is declared.

    Channels (B, C, Y, X), and which pixels (B, Y, X) are foreground in truth. Only where another
    reading fits well, and much better: no bad network is refused for being bad.
    """
    logits = decoder.logits(output)
    labels = logits[:, 1:].amax(1) > logits[:, 0]
    score = overlap(labels, truth)
    scored = {words: agreement(mask, truth) for words, mask in others(output, decoder, labels)}
    best = max(scored, key=lambda words: scored[words], default="")
    if not best or scored[best] < max(FITS, score + BETTER):
        return ""
    return (
        f"the foreground as declared overlaps with the truth by {score:.2f}, but "
        f"{best.format(iou=scored[best])}"
    )


def inverted(labels: Tensor, truth: Tensor, classes: int) -> str:
    """Return that classes (B, Y, X) seem to be swapped, in words; nothing where they are not."""
    if classes != 2:  # noqa: PLR2004
        return ""
    score, other = overlap(labels > 0, truth), agreement(labels == 0, truth)
    if other < max(FITS, score + BETTER):
        return ""
    return f"the foreground overlaps with the truth by {score:.2f}, but {TURNED.format(iou=other)}"


def others(output: Tensor, decoder: Decoder, labels: Tensor) -> list[tuple[str, Tensor]]:
    """Return other readings of channels: what they would be, with the remedy, and their mask."""
    count, kind = output.shape[1], decoder.card.output
    if kind not in MAPS and count == 2:  # noqa: PLR2004
        heads = decoder.card.heads[::-1] or ("foreground", "background")
        swapped = [(f"{TURNED}; say --heads {','.join(heads)}", ~labels)]
        if kind == "softmax" or opposite(output):
            return swapped
        # Of readings that fit alike the first is told: classes are each other's opposite.
        return maps(output, 0.0, "sigmoid-logits") + swapped
    if kind not in MAPS:
        behind = output.argmax(1)
        return [(elsewhere_background(n, count), behind != n) for n in range(1, count)]
    inverse = [(f"{TURNED}; let the network give the foreground, or mend the masks", ~labels)]
    return inverse + maps(output, 0.5 if kind == "sigmoid" else 0.0, kind)


def elsewhere_background(number: int, count: int) -> str:
    """Return that another class seems to be the background, with the remedy."""
    heads = ["background" if n == number else "foreground" for n in range(count)]
    return (
        f"class {number} seems to be the background (IoU {{iou:.2f}} of all others); say --heads "
        f"{','.join(heads)}"
    )


def maps(output: Tensor, level: float, kind: str) -> list[tuple[str, Tensor]]:
    """Return the readings in which one of several channels is the map of the foreground."""
    count = output.shape[1]
    found = []
    for number in range(count) if count > 1 else ():
        heads = ["foreground" if n == number else "boundary" for n in range(count)]
        words = (
            f"channel {number} by itself overlaps by {{iou:.2f}}; say what each channel is: "
            f"--output {kind} --heads {','.join(heads)}"
        )
        found.append((words, output[:, number] > level))
    return found


def agreement(mask: Tensor, truth: Tensor) -> float:
    """Return the overlap of two masks or of what they leave out, whichever is less.

    In an image that is nearly all foreground, everything is foreground to much overlap, and to no
    agreement.
    """
    return min(overlap(mask, truth), overlap(~mask, ~truth))


def overlap(mask: Tensor, truth: Tensor) -> float:
    """Return intersection over union of two masks; 1 where both are empty."""
    union = int((mask | truth).sum())
    return int((mask & truth).sum()) / union if union else 1.0

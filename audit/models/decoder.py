"""From the channels of a network to classes and objects, as its card declares them.

Channels that compete for a pixel (logits, softmax) are classes; those that stand each by itself
(sigmoid, sigmoid-logits) are maps, of which the foreground is made. All is differentiable but for
the objects: seeded watershed (Beucher and Meyer 1993) or connected components.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch

from audit.models.card import MAPS, OBJECTS
from audit.models.segmenter import Prediction, highest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from audit.models.card import Card
    from audit.models.turned import Turned

SMALLEST_PROBABILITY = 1e-6
"""Probabilities are kept this far from 0 and 1, so that their logarithm stays finite."""


@dataclass(frozen=True)
class Decoder:
    """What makes logits, and objects where a card asks for them, of a network's channels."""

    card: Card

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """What each channel is: as declared, or one foreground map, or classes."""
        if self.card.heads:
            return self.card.heads
        return ("foreground",) if self.card.output in MAPS else ("class",) * self.card.classes

    @property
    def channels(self) -> int:
        """How many channels the network must give; class numbers come without any."""
        return 1 if self.card.output == "labels" else len(self.heads)

    @property
    def classes(self) -> int:
        """How many classes there are, the background among them."""
        kinds = self.heads.count("class")
        if self.card.output in MAPS:
            return kinds + 1 if kinds else 2
        return kinds if kinds == len(self.heads) else 2

    @property
    def makes_objects(self) -> bool:
        """Return whether objects are asked for."""
        return self.card.decoder in OBJECTS

    def prediction(self, output: Tensor, logits: Tensor) -> Prediction:
        """Return classes, probabilities and objects of channels (B, C, Y, X) and their logits."""
        labels = highest(logits)
        objects = self.objects(output, labels)
        return Prediction(labels=labels, probabilities=logits.softmax(1), instances=objects)

    def logits(self, output: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of channels (B, C, Y, X).

        A foreground logit s becomes (-s/2, s/2), so that softmax gives back its sigmoid; another
        threshold than 0.5 moves it to where softmax says 0.5. Maps of classes stand against a
        background of logit 0.
        """
        if self.card.output not in MAPS:
            return self.competing(output)
        scores = self.scores(output)
        kinds = self.where("class")
        if kinds:
            found = scores[:, kinds] - self.level
            return torch.cat((torch.zeros_like(found[:, :1]), found), 1)
        inside = self.inside(scores)
        return torch.cat((-inside / 2, inside / 2), 1)

    def competing(self, output: Tensor) -> Tensor:
        """Return logits of channels that compete; named ones become background and foreground."""
        if self.card.output == "softmax":
            output = output.clamp_min(SMALLEST_PROBABILITY).log()
        behind = self.where("background")
        if behind or self.heads.count("class") < len(self.heads):
            before = [number for number in range(len(self.heads)) if number not in behind]
            output = folded(output, behind, before)
        if output.shape[1] > 2 or not self.level:  # noqa: PLR2004
            return output
        return torch.cat((output[:, :1], output[:, 1:] - self.level), 1)

    def scores(self, output: Tensor) -> Tensor:
        """Return maps (B, C, Y, X) before their sigmoid; distances as they are."""
        if self.card.output != "sigmoid":
            return output
        planes = [
            output[:, number] if head == "distance" else logit(output[:, number])
            for number, head in enumerate(self.heads)
        ]
        return torch.stack(planes, 1)

    def inside(self, scores: Tensor) -> Tensor:
        """Return the foreground's logit (B, 1, Y, X) against the background.

        Of the foreground's map; else of the distance; else of what is no boundary; else of the mean
        affinity.
        """
        if found := self.where("foreground"):
            return scores[:, found] - self.level
        if found := self.where("distance"):
            return scores[:, found[:1]] - self.card.threshold
        if found := self.where("boundary"):
            return -scores[:, found].amax(1, keepdim=True) - self.level
        return scores[:, self.where("affinity")].mean(1, keepdim=True) - self.level

    @property
    def level(self) -> float:
        """The logit of the threshold."""
        return math.log(self.card.threshold / (1 - self.card.threshold))

    def where(self, head: str) -> list[int]:
        """Return the channels that are something."""
        return [number for number, one in enumerate(self.heads) if one == head]

    def objects(self, output: Tensor, labels: Tensor) -> Tensor | None:
        """Return object numbers (B, Y, X), 0 for none, of channels and labels; None unless asked.

        Components of the foreground, or a watershed in it: seeds are the pieces where foreground
        less boundary, or the distance, exceeds the seed threshold.
        """
        if not self.makes_objects:
            return None
        from audit.models.objects import components, watershed

        if self.card.decoder == "components":
            return components(labels > 0, self.card.smallest_px)
        seeds, land = self.landscape(output)
        return watershed(labels > 0, seeds > self.card.seed_threshold, land, self.card.smallest_px)

    def landscape(self, output: Tensor) -> tuple[Tensor, Tensor]:
        """Return what seeds objects and what parts them, both (B, Y, X)."""
        if found := self.where("distance"):
            return output[:, found[0]], -output[:, found[0]]
        chance = output
        if self.card.output == "sigmoid-logits":
            chance = output.sigmoid()
        elif self.card.output == "logits":
            chance = output.softmax(1)
        edge = chance[:, self.where("boundary")].amax(1)
        inner = self.where("foreground")
        inside = chance[:, inner].sum(1) if inner else 1 - edge
        return inside - edge, edge


def turned(output: Tensor, card: Card, turns: Sequence[Turned]) -> list[Prediction]:
    """Return the predictions that channels (B, C, Y, X) come to by each turn of a card."""
    decoders = [Decoder(turn.of(card)) for turn in turns]
    return [one.prediction(output, one.logits(output)) for one in decoders]


def folded(logits: Tensor, behind: list[int], before: list[int]) -> Tensor:
    """Return two logits (B, 2, Y, X): of any class that is background, and of any that is not."""
    sides = [logits[:, side].logsumexp(1, keepdim=True) for side in (behind, before)]
    return torch.cat(sides, 1)


def logit(chance: Tensor) -> Tensor:
    """Return the logit of probabilities, finite for 0 and 1 too."""
    return chance.clamp(SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY).logit()

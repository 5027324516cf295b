"""The parameters of a decoder, turned from what a card declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.models.card import Card


@dataclass(frozen=True, kw_only=True)
class Turned:
    """How far the parameters of a decoder are turned from what a card declares.

    `threshold_odds` multiplies the odds of the threshold, or the threshold itself where it is a
    distance; `seed_factor` multiplies the threshold of seeds.
    """

    threshold_odds: float = 1.0
    seed_factor: float = 1.0

    def of(self, card: Card) -> Card:
        """Return a card with its parameters turned."""
        threshold = card.threshold * self.threshold_odds
        if "distance" not in card.heads or "foreground" in card.heads:
            odds = card.threshold / (1 - card.threshold) * self.threshold_odds
            threshold = odds / (1 + odds)
        seeds = card.seed_threshold * self.seed_factor
        return card.model_copy(update={"threshold": threshold, "seed_threshold": seeds})

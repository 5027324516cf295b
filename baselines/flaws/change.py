"""Small tools of those who plant: other pixels in a sample, other keys in a recipe or a card."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.models.card import read_card
from audit.models.load import CARD
from baselines.reference import write_card

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe


def changed(sample: Sample, how: str, **fields: Any) -> Sample:
    """Return a sample with other fields; `how` says what was done, and makes another digest."""
    digest = hashlib.sha256(f"{sample.digest} {how}".encode()).hexdigest()[:16]
    return replace(sample, digest=digest, **fields)


def dice(sample: Sample) -> np.random.Generator:
    """Return random numbers that are the same whenever a sample is read."""
    return np.random.default_rng(list(sample.digest.encode()))


def settings(**keys: Any) -> Callable[[Recipe], Recipe]:
    """Return what gives a recipe other settings."""
    return lambda recipe: recipe.model_copy(update=keys)


def worn(network: str, output: str = "logits") -> Callable[[Path, object], None]:
    """Return what puts another network around the trained weights: only the card changes."""
    return lambda folder, _: recarded(folder, network=network, output=output)


def recarded(folder: Path, **keys: Any) -> None:
    """Give the card of a trained network other keys."""
    card = read_card(folder / CARD)
    write_card(folder / CARD, card.model_copy(update=keys))

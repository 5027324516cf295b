"""Helpers for planting flaws: other pixels in a sample, other keys in a recipe or model card."""

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
    """Return a sample with other fields; `how` says what was done and changes the digest."""
    digest = hashlib.sha256(f"{sample.digest} {how}".encode()).hexdigest()[:16]
    return replace(sample, digest=digest, **fields)


def dice(sample: Sample) -> np.random.Generator:
    """Return a random generator that is seeded by the sample: the same at every reading."""
    return np.random.default_rng(list(sample.digest.encode()))


def settings(**keys: Any) -> Callable[[Recipe], Recipe]:
    """Return a function that gives a recipe these settings."""
    return lambda recipe: recipe.model_copy(update=keys)


def worn(network: str, output: str = "logits") -> Callable[[Path, object], None]:
    """Return a `finish` that names another network for the trained weights, in the card alone."""
    return lambda folder, _: recarded(folder, network=network, output=output)


def recarded(folder: Path, **keys: Any) -> None:
    """Rewrite the card of a trained network with these keys."""
    card = read_card(folder / CARD)
    write_card(folder / CARD, card.model_copy(update=keys))

"""Every flaw by name, and its planting: a network that has it, and its healthy twin without.

Flaws of the training curve (overfitting, underfitting, unfinished training) are not planted here:
the training suite is tested on the logs of recorded trainings.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from audit.errors import UsageError, suggest
from baselines.flaws.batch_statistics import BATCH_STATISTICS
from baselines.flaws.brittle import BRITTLE
from baselines.flaws.decoders import DECODERS
from baselines.flaws.flaw import Flaw
from baselines.flaws.half_resolution import HALF_RESOLUTION
from baselines.flaws.leaky import LEAKY, NEIGHBOURS
from baselines.flaws.marker import MARKER
from baselines.flaws.masked_gradients import ROUNDED, SATURATED
from baselines.flaws.mean_mask import MEAN_MASK
from baselines.flaws.memorised import MEMORISED
from baselines.flaws.minmax import MINMAX
from baselines.flaws.minority import MINORITY
from baselines.flaws.misaligned import MISALIGNED
from baselines.flaws.narrow import NARROW
from baselines.flaws.nearest_mask import NEAREST_MASK
from baselines.flaws.overconfident import OVERCONFIDENT
from baselines.flaws.position import POSITION
from baselines.flaws.raw_intensities import RAW_INTENSITIES
from baselines.flaws.threshold import THRESHOLD
from baselines.flaws.tiny_field import TINY_FIELD
from baselines.flaws.trained_on_test import TRAINED_ON_TEST
from baselines.reference import train_into, trained, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from baselines.flaws.images import FlawImages
    from baselines.loop import Epoch
    from baselines.recipe import Recipe
    from baselines.training import Trained

NONE = Flaw(name="", planted="Nothing is planted.", caught_by=())

FLAWS: dict[str, Flaw] = {
    flaw.name: flaw
    for flaw in (
        HALF_RESOLUTION,
        TINY_FIELD,
        MINMAX,
        RAW_INTENSITIES,
        POSITION,
        MISALIGNED,
        MEAN_MASK,
        NEAREST_MASK,
        BRITTLE,
        ROUNDED,
        SATURATED,
        BATCH_STATISTICS,
        OVERCONFIDENT,
        THRESHOLD,
        MEMORISED,
        MINORITY,
        MARKER,
        NARROW,
        LEAKY,
        NEIGHBOURS,
        TRAINED_ON_TEST,
        *DECODERS,
    )
}


def find(name: str) -> Flaw:
    """Return a flaw by its name; UsageError names the nearest."""
    if name not in FLAWS:
        raise UsageError(f"no flaw {name!r}; {suggest(name, FLAWS)}")
    return FLAWS[name]


def healthy(
    flaw: Flaw,
    material: FlawImages,
    recipe: Recipe,
    *,
    seed: int = 0,
    cache: Path,
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Path:
    """Return the folder of a flaw's healthy twin, trained now or before."""
    learnt = flaw.stage(material).train
    return trained(learnt, flaw.healthy(recipe), seed=seed, cache=cache, say=say)


def planted(
    flaw: Flaw,
    material: FlawImages,
    recipe: Recipe,
    *,
    seed: int = 0,
    cache: Path,
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Path:
    """Return the folder of a network with the flaw, trained now or before.

    A flaw that only changes the finished network shares its training with the healthy twin.
    """
    used = flaw.stage(material)
    spoilt = flaw.data(used)
    same = spoilt.train == used.train and flaw.flawed(recipe).digest == flaw.healthy(recipe).digest
    taught = flaw.healthy(recipe) if same else flaw.flawed(recipe)
    grown = trained(spoilt.train, taught, seed=seed, cache=cache, say=say)
    if flaw.finish is None:
        return grown
    folder = cache / f"{grown.name}-{flaw.name}"
    with whole(folder) as made:
        shutil.copytree(grown, made, dirs_exist_ok=True)
        flaw.finish(made, spoilt)
    return folder


def plant_into(
    folder: Path,
    flaw: Flaw,
    material: FlawImages,
    recipe: Recipe,
    *,
    seed: int = 0,
    device: str = "cpu",
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Trained:
    """Train a network with the flaw and leave it in a folder; return what was trained."""
    if flaw.cheats and not material.test:
        raise UsageError(f"the flaw {flaw.name!r} is planted with the test images: name them too")
    spoilt = flaw.data(flaw.stage(material))
    taught = flaw.flawed(recipe)
    result = train_into(folder, spoilt.train, taught, seed=seed, device=device, say=say)
    if flaw.finish is not None:
        flaw.finish(folder, spoilt)
    return result

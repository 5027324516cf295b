"""The models of an audit by role: the audited one, its other files, references, naive ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.application.at_hand import NOTHING, AtHand
from audit.application.settings import STORED, TRAIN, Settings
from audit.errors import DataError, UsageError
from audit.named import is_command
from audit.role import AUDITED, LAST, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audit.application.parts import Parts
    from audit.datasets.sample import Dataset
    from audit.logs.log import Log
    from audit.models.segmenter import Segmenter
    from baselines.loop import Epoch

PARTS_OF_A_MODEL = ("weights", "network", "taken_as", "command")
"""Declarations that are of one file of a model, and not of the others."""

FOREGROUND_ONLY = 2
"""Classes of a model that knows background and foreground."""


def own(wanted: Settings, device: str, at_hand: AtHand) -> Mapping[Role, Segmenter]:
    """Return the audited model, and the model at the end of its training if that was kept."""
    from audit.models.load import load_model
    from baselines.reference import LAST as LAST_WEIGHTS

    if at_hand.model is not None:
        return handed(wanted, device, at_hand)
    assert wanted.model is not None
    models: dict[Role, Segmenter] = {
        AUDITED: load_model(wanted.model, device=device, **wanted.card)
    }
    last = Path(wanted.last).resolve() if wanted.last else left_by_training(wanted, LAST_WEIGHTS)
    if last:
        card = wanted.card | {"weights": str(last)}
        models[LAST] = load_model(wanted.model, device=device, **card)
    return models


def handed(wanted: Settings, device: str, at_hand: AtHand) -> Mapping[Role, Segmenter]:
    """Return the audited model where it was handed over in Python."""
    from audit.models.handed import take

    if wanted.last:
        raise UsageError("last: the weights of a model that has a file; leave it out")
    return {AUDITED: take(at_hand.model, device=device, **wanted.card)}


def formats(wanted: Settings, device: str) -> Mapping[Role, Segmenter]:
    """Return the model's further files by role, named by the ending of their file's name."""
    from audit.models.doors import door_of
    from audit.models.load import load_model

    models: dict[Role, Segmenter] = {}
    for spec in wanted.format:
        ending = Path(spec).suffix.removeprefix(".") or Path(spec).name
        number = sum(one.name.split(" ")[0] == ending for one in models)
        role = Role("format", f"{ending} {number + 1}" if number else ending)
        # What a door opens speaks for itself.
        said = {} if door_of(spec, {}) else declared(wanted)
        models[role] = load_model(spec, device=device, **said)
    return models


def folded(models: Mapping[Role, Segmenter], parts: Parts) -> dict[Role, Segmenter]:
    """Return models whose foreground classes are one where the truth tells foreground only.

    Raises DataError where other parts tell classes apart.
    """
    from audit.models.folded import Folded

    if not parts.tell_foreground_only:
        return dict(models)
    several = {role for role, one in models.items() if one.traits.classes > FOREGROUND_ONLY}
    if several and "classes" in parts.kinds:
        raise DataError(
            "the masks of one part are classes, those of the test images are not; say --labels "
            "binary, and in all parts every class but 0 is foreground"
        )
    return {role: Folded(one) if role in several else one for role, one in models.items()}


def naive(parts: Parts, classes: int) -> Mapping[Role, Segmenter]:
    """Return the predictors by role that say what a score is worth."""
    from baselines.naive.team import naive_models

    train = parts.train.samples if parts.train else ()
    return naive_models(train, parts.test.samples, classes)


def references(
    wanted: Settings,
    train: Dataset | None,
    device: str,
    say: Callable[[Epoch, int], None],
) -> list[Path]:
    """Return the folders of the reference networks, trained now or before, or as given."""
    if wanted.reference is None or wanted.reference.partition(":")[0] == STORED:
        return []
    if wanted.reference != TRAIN:
        return [Path(one) for one in wanted.reference.split(",")]
    if train is None:
        raise UsageError("--reference train needs the training images: say --train")
    from baselines.recipe import Recipe, load_recipe
    from baselines.reference import trained

    recipe = load_recipe(Path(wanted.recipe)) if wanted.recipe else Recipe()
    return [
        trained(train.samples, recipe, seed=seed, cache=cache(), device=device, say=say)
        for seed in range(wanted.reference_seeds)
    ]


def left_by_training(wanted: Settings, name: str) -> Path | None:
    """Return the absolute path of a file that our training leaves beside a model's card."""
    if wanted.model and (is_command(wanted.model) or wanted.card.get("command")):
        return None
    place = Path(wanted.model or "")
    path = (place if place.is_dir() else place.parent) / name
    return path.resolve() if wanted.model and path.is_file() else None


def training_log(wanted: Settings, at_hand: AtHand = NOTHING) -> Log | None:
    """Return the log of the model's training: as given, or as our training left it."""
    from audit.logs.open import open_log
    from baselines.reference import LOG

    path = Path(wanted.log) if wanted.log else None
    if path is None and at_hand.model is None:
        path = left_by_training(wanted, LOG)
    return open_log(path, wanted.columns) if path else None


def has_card(path: Path) -> bool:
    """Return whether a model brings its own card."""
    from audit.models.load import CARD

    return path.suffix == ".toml" or (path / CARD).is_file()


def declared(wanted: Settings) -> dict[str, Any]:
    """Return what was declared of the model, without the parts that it is made of."""
    return {key: value for key, value in wanted.card.items() if key not in PARTS_OF_A_MODEL}


def cache() -> Path:
    """Return where trained references are kept: $BIOAUDIT_CACHE, or the user's cache folder."""
    root = os.environ.get("BIOAUDIT_CACHE")
    return (Path(root) if root else Path.home() / ".cache" / "bioaudit") / "references"

"""Reference networks in a folder: weights, card, log and split; trained once and kept."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors.torch import save_file

from audit.datasets.split import split
from audit.files import check_folder, settle, write_whole
from audit.models.load import CARD
from baselines.loop import Diverged, Epoch
from baselines.training import Trained, train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from audit.datasets.sample import Sample
    from audit.models.card import Card
    from baselines.recipe import Recipe

WEIGHTS = "best.safetensors"
LAST = "last.safetensors"
LOG = "training.csv"
MANIFEST = "manifest.json"


def trained(
    samples: Sequence[Sample],
    recipe: Recipe,
    *,
    seed: int = 0,
    cache: Path,
    device: str = "cpu",
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Path:
    """Return the folder of a network trained on samples by a recipe, trained now or before.

    Networks are kept in `cache` by the digests of data and recipe and by the seed.
    """
    folder = cache / f"{recipe.name}-{key(samples, recipe, seed)}"
    if not (folder / CARD).is_file():
        train_into(folder, samples, recipe, seed=seed, device=device, say=say)
    return folder


def train_into(
    folder: Path,
    samples: Sequence[Sample],
    recipe: Recipe,
    *,
    seed: int = 0,
    device: str = "cpu",
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Trained:
    """Train a network and leave it in a folder, whole or not at all; Diverged leaves the log.

    UsageError, before anything is trained, where the folder is there and not ours.
    """
    check_folder(folder)
    manifest = split(
        [sample for sample in samples if sample.mask is not None],
        validation=recipe.validation,
        seed=seed,
    )
    learn, check = (manifest.select(samples, part) for part in ("train", "validation"))
    try:
        result = train(learn, check, recipe, seed=seed, device=device, say=say)
    except Diverged as diverged:
        with whole(folder) as made:
            write_log(made / LOG, diverged.log)
        raise Diverged(diverged.log, folder / LOG) from None
    with whole(folder) as made:
        save_file(result.best, made / WEIGHTS)
        save_file(result.last, made / LAST)
        write_log(made / LOG, result.log)
        manifest.write(made / MANIFEST)
        write_card(made / CARD, card(result, recipe, seed))
    return result


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Yield an empty folder whose files are moved to `folder` once the block ends without error.

    UsageError where the folder is there and not ours: nothing of anybody else's is replaced.
    """
    check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".bioaudit-") as scratch:
        yield Path(scratch)
        settle(Path(scratch), folder, last=CARD)


def key(samples: Sequence[Sample], recipe: Recipe, seed: int) -> str:
    """Return twelve hex digits of what a trained network depends on: samples, recipe and seed."""
    depends = [sorted((s.id, s.digest) for s in samples), recipe.digest, seed]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()[:12]


def write_log(path: Path, log: Sequence[Epoch]) -> None:
    """Write a training log in the columns of Keras."""
    names = [one.name for one in fields(Epoch)]
    file = io.StringIO()
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(asdict(epoch) for epoch in log)
    write_whole(path, file.getvalue(), ",".join(names))


def card(result: Trained, recipe: Recipe, seed: int) -> Card:
    """Return the model card of a trained network."""
    best = min(result.log, key=lambda epoch: epoch.val_loss)
    about = {
        "recipe": recipe.digest,
        "seed": seed,
        "epochs": len(result.log),
        "best_epoch": best.epoch,
        "validation_iou": round(best.val_iou, 4),
        "parameters": sum(weight.numel() for weight in result.network.parameters()),
    }
    named = {"name": f"{recipe.name}, seed {seed}", "weights": WEIGHTS, "about": about}
    return result.card.model_copy(update=named)


def write_card(path: Path, content: Card) -> None:
    """Write a model card as TOML; keys with their default value are left out."""
    keys = content.model_dump(exclude_defaults=True, mode="json")
    tables = {name: keys.pop(name) for name in ("settings", "about") if name in keys}
    mark = f"format = {content.format}"
    lines = [mark, *entries(keys)]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *entries(table)]
    write_whole(path, "\n".join([*lines, ""]), mark)


def entries(table: Mapping[str, object]) -> list[str]:
    """Return the lines of a TOML table of plain values, which look as in JSON.

    >>> entries({"name": "a", "widths": [4, 8]})
    ['name = "a"', 'widths = [4, 8]']
    """
    return [f"{name} = {json.dumps(value)}" for name, value in table.items()]

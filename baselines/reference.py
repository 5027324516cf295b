"""Reference networks in a folder: weights, card, log and split; trained once and kept."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors.torch import save_file

from audit.datasets.split import split
from audit.models.card import SCHEMA
from audit.models.load import CARD
from baselines.training import Epoch, Trained, train

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe

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

    The cache is by the digests of the data, the recipe and the seed.
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
    """Train a network and leave it in a folder, whole or not at all."""
    manifest = split(
        [sample for sample in samples if sample.mask is not None],
        validation=recipe.validation,
        seed=seed,
    )
    learn, check = (manifest.select(samples, part) for part in ("train", "validation"))
    result = train(learn, check, recipe, seed=seed, device=device, say=say)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "network"
        made.mkdir()
        save_file(result.best, made / "best.safetensors")
        save_file(result.last, made / "last.safetensors")
        write_log(made / LOG, result.log)
        manifest.write(made / MANIFEST)
        (made / CARD).write_text(card(result, recipe, seed), "utf-8")
        if folder.is_dir():
            shutil.rmtree(folder)
        made.rename(folder)
    return result


def key(samples: Sequence[Sample], recipe: Recipe, seed: int) -> str:
    """Return what a trained network depends on, as twelve hex digits."""
    depends = [sorted((s.id, s.digest) for s in samples), recipe.digest, seed]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()[:12]


def write_log(path: Path, log: Sequence[Epoch]) -> None:
    """Write a training log in the columns of Keras."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Epoch)])
        writer.writeheader()
        writer.writerows(asdict(epoch) for epoch in log)


def card(result: Trained, recipe: Recipe, seed: int) -> str:
    """Return the model card of a trained network, as TOML."""
    best = min(result.log, key=lambda epoch: epoch.val_loss)
    network = result.network
    pixel = [f"pixel_um = {result.pixel_um}"] if result.pixel_um else []
    return "\n".join(
        [
            f"format = {SCHEMA}",
            f'name = "{recipe.name}, seed {seed}"',
            'network = "baselines.network:reference"',
            'weights = "best.safetensors"',
            'output = "logits"',
            'normalisation = "zscore"',
            f"classes = {result.classes}",
            f"channels = {result.channels}",
            *pixel,
            "",
            "[settings]",
            f"channels = {result.channels}",
            f"classes = {result.classes}",
            f"widths = {list(recipe.widths)}",
            f"rescale = {network.rescale!r}",
            "",
            "[about]",
            f'recipe = "{recipe.digest}"',
            f"seed = {seed}",
            f"epochs = {len(result.log)}",
            f"best_epoch = {best.epoch}",
            f"validation_iou = {best.val_iou:.4f}",
            f"parameters = {sum(weight.numel() for weight in network.parameters())}",
            "",
        ]
    )

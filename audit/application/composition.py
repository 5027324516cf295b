"""From settings to an audit: the data opened, the models loaded, the references trained."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.application.at_hand import AtHand
from audit.application.profile import load_profile
from audit.application.settings import STORED, TRAIN, Settings
from audit.application.task import task_of
from audit.declared import shaped
from audit.errors import DataError, UsageError
from audit.named import is_command
from audit.role import AUDITED, LAST, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audit.datasets.sample import Dataset, Sample
    from audit.logs.log import Log
    from audit.models.segmenter import Segmenter
    from audit.probing.audited import Audit
    from audit.probing.probe import Probe
    from baselines.loop import Epoch

MOST_THREADS = 1024

PARTS_OF_A_MODEL = ("weights", "network", "taken_as", "command")
"""Declarations that are of one file of a model, and not of the others."""

FOREGROUND_ONLY = 2
"""Classes of a model that knows background and foreground."""

NOTHING = AtHand()


def prepare_process(threads: int | None) -> None:
    """Set the process up for large activations; pin the threads where a number is given."""
    if threads is not None and not 1 <= threads <= MOST_THREADS:
        raise UsageError(f"--threads: expected 1 to {MOST_THREADS}")
    import torch

    from audit.models.memory import keep_activations_mapped

    keep_activations_mapped()
    if threads:
        torch.set_num_threads(threads)


def select_probes(wanted: Settings) -> tuple[Probe, ...]:
    """Return the probes that were asked for, with their settings."""
    from audit.engine.plan import SCORE
    from audit.probing.catalog import Catalog

    profile = load_profile(wanted.profile)
    by_probe: dict[str, dict[str, Any]] = {}
    given = {name: value for name, value in profile.set.items() if is_asked(name, wanted)}
    for name, value in (given | wanted.set).items():
        probe, _, setting = name.rpartition(".")
        if not probe:
            raise UsageError(f"--set {name}: expected suite.probe.setting=value")
        by_probe.setdefault(probe, {})[setting] = value
    catalog = Catalog.installed()
    named = wanted.probes or tuple(n for n in catalog.names() if n not in profile.left_out)
    chosen = catalog.select(named)
    if wanted.model and any(p.needs.masks and p.needs.model != "none" for p in chosen):
        # Losses are taken from the score of the untouched images, which costs one pass of each.
        named = (*named, SCORE)
    return catalog.select(named, by_probe)


def is_asked(setting: str, wanted: Settings) -> bool:
    """Return whether a profile's setting applies: no probes are named, or its probe or suite is."""
    probe = setting.rpartition(".")[0]
    return not wanted.probes or bool({probe, probe.partition(".")[0]} & {*wanted.probes})


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The datasets of an audit by the part that they play."""

    test: Dataset
    train: Dataset | None = None
    other: tuple[Dataset, ...] = ()

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """Every dataset, the test images first."""
        return (self.test, *((self.train,) if self.train else ()), *self.other)

    @property
    def kinds(self) -> set[str]:
        """What was decided of the numbers in masks, of any part."""
        masks = [one.origin.get("masks") for one in self.datasets]
        return {one["kind"] for one in masks if isinstance(one, dict)}

    @property
    def tell_foreground_only(self) -> bool:
        """Whether the test masks hold objects or foreground, and so no class of several."""
        masks = self.test.origin.get("masks")
        return isinstance(masks, dict) and masks["kind"] in ("instances", "binary")

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All samples, under ids that differ."""
        return unique([sample for dataset in self.datasets for sample in dataset.samples])

    def seen_with(self, channels: int | None) -> Parts:
        """Return the datasets as a model of so many channels sees them."""
        from audit.datasets.grey import as_grey

        def seen(one: Dataset) -> Dataset:
            return replace(one, samples=as_grey(one.samples, channels))

        return Parts(
            test=seen(self.test),
            train=seen(self.train) if self.train else None,
            other=tuple(seen(one) for one in self.other),
        )


def open_parts(wanted: Settings, at_hand: AtHand = NOTHING) -> Parts:
    """Return all images that an audit is given; an audit of a training log needs none."""
    from audit.datasets.groups import told_apart
    from audit.datasets.sample import Dataset

    if wanted.test is None and wanted.log is None:
        raise UsageError("--test is missing: name the images to audit on")
    tests = (
        [open_part(wanted.test, "test", wanted, at_hand)] if wanted.test else [Dataset(samples=())]
    )
    trains = [open_part(wanted.train, "train", wanted, at_hand)] if wanted.train else []
    others = [open_part(spec, "other", wanted, at_hand) for spec in wanted.other]
    test, *rest = told_apart(tests + trains + others)
    return Parts(
        test=test,
        train=rest[0] if trains else None,
        other=tuple(rest[len(trains) :]),
    )


def open_part(spec: str, part: str, wanted: Settings, at_hand: AtHand = NOTHING) -> Dataset:
    """Return the images of one part; DataError where there is none."""
    from audit.datasets.arrays import read_arrays
    from audit.datasets.folder import FolderReading
    from audit.datasets.open import open_dataset

    limit = wanted.limit or load_profile(wanted.profile).limit
    reading = FolderReading(
        part=part,
        labels=wanted.labels,
        map_labels=wanted.map_labels,
        classes=declared_classes(wanted, at_hand),
        judged=wanted.model is not None,
        group=wanted.group,
        pixel_um=wanted.pixel_um,
        axes=wanted.axes or "",
        channel=wanted.channel,
        every=wanted.every if part != "train" else 1,
        limit=limit if part != "train" else None,
        allow_unpaired=wanted.allow_unpaired,
    )
    if spec in at_hand.arrays:
        if reading.axes or reading.channel:
            raise UsageError("axes, channel: of files; choose them in the arrays themselves")
        return read_arrays(at_hand.arrays[spec], spec.partition(":")[2], reading)
    found = open_dataset(spec, truth=wanted.truth, target=wanted.target, **vars(reading))
    if not found.samples:
        reasons = "; ".join(refusal.reason for refusal in found.refused[:3])
        raise DataError(f"{spec}: no image can be used. {reasons}")
    return found


def declared_classes(wanted: Settings, at_hand: AtHand = NOTHING) -> int | None:
    """Return how many classes the model is said to have, before it is loaded; None if unknown.

    Raises ModelError where there is no such model.
    """
    from audit.models.card import Card
    from audit.models.decoder import Decoder
    from audit.models.doors import is_package
    from audit.models.load import recognised, resolve

    if at_hand.model is not None:
        return Decoder(Card.model_validate(wanted.card)).classes
    if wanted.model is None:
        return None
    if is_package(wanted.model, wanted.card):
        # Its description says it, but is not read before the images are.
        return wanted.card.get("classes")
    if recognised(wanted.model, wanted.card):
        return shaped(Card, wanted.card, wanted.model, UsageError).classes
    return Decoder(resolve(wanted.model, wanted.card)[0]).classes


def find_device(name: str) -> str:
    """Return the device to run on: the first CUDA device where `auto` finds one."""
    import torch

    devices = ["cpu"]
    if torch.cuda.is_available():
        devices = ["cuda", *(f"cuda:{n}" for n in range(torch.cuda.device_count())), "cpu"]
    if name == "auto":
        return devices[0]
    if name not in devices:
        seen = ", ".join(devices)
        raise UsageError(f"--device {name}: torch sees no CUDA device of that name; use {seen}")
    return name


def compose(
    wanted: Settings,
    parts: Parts,
    device: str,
    training: Callable[[Epoch, int], None],
    at_hand: AtHand = NOTHING,
) -> Audit:
    """Return the audit: the model and its references by role, and all samples."""
    from audit.application.trial import approved, fitted, looked_at
    from audit.datasets.truth import check_known
    from audit.models.load import load_model
    from audit.probing.audited import Audit

    asked = partial(Audit, log=training_log(wanted, at_hand), seed=wanted.seed)
    if wanted.model is None:
        return asked(models={}, samples=parts.samples, device=device)
    mine = {**own(wanted, device, at_hand), **formats(wanted, device)}
    parts = parts.seen_with(mine[AUDITED].traits.channels)
    for model in mine.values():
        model.meet(parts.samples)
    seen = looked_at(parts.test.samples, device)
    # Before a reference is trained, and before anything is measured.
    models = {
        role: (approved if role == AUDITED else fitted)(one, seen, f"{wanted.model}")
        for role, one in mine.items()
    }
    models = folded(models, parts)
    check_known(parts.test.samples, models[AUDITED].traits.classes)
    for number, path in enumerate(references(wanted, parts.train, device, training)):
        # A reference without a card of its own is read as the audited model's card says.
        said = {} if has_card(path) else declared(wanted)
        reference = load_model(str(path), device=device, **said)
        models |= folded({Role.reference(number): fitted(reference, seen, str(path))}, parts)
    models |= naive(parts, models[AUDITED].traits.classes)
    task = task_of(wanted.task, models[AUDITED].traits, parts.test.samples)
    return asked(models=models, samples=parts.samples, device=device, task=task)


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


def training_log(wanted: Settings, at_hand: AtHand = NOTHING) -> Log | None:
    """Return the log of the model's training: as given, or as our training left it."""
    from audit.logs.open import open_log
    from baselines.reference import LOG

    path = Path(wanted.log) if wanted.log else None
    if path is None and at_hand.model is None:
        path = left_by_training(wanted, LOG)
    return open_log(path, wanted.columns) if path else None


def left_by_training(wanted: Settings, name: str) -> Path | None:
    """Return the absolute path of a file that our training leaves beside a model's card."""
    if wanted.model and (is_command(wanted.model) or wanted.card.get("command")):
        return None
    place = Path(wanted.model or "")
    path = (place if place.is_dir() else place.parent) / name
    return path.resolve() if wanted.model and path.is_file() else None


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


def has_card(path: Path) -> bool:
    """Return whether a model brings its own card."""
    from audit.models.load import CARD

    return path.suffix == ".toml" or (path / CARD).is_file()


def declared(wanted: Settings) -> dict[str, Any]:
    """Return what was declared of the model, without the parts that it is made of."""
    return {key: value for key, value in wanted.card.items() if key not in PARTS_OF_A_MODEL}


def naive(parts: Parts, classes: int) -> Mapping[Role, Segmenter]:
    """Return the predictors by role that say what a score is worth."""
    from baselines.naive.team import naive_models

    train = parts.train.samples if parts.train else ()
    return naive_models(train, parts.test.samples, classes)


def unique(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return samples whose ids differ: the training images that are test images get a prefix."""
    seen: set[str] = set()
    kept = []
    for sample in samples:
        one = replace(sample, id=f"{sample.part}:{sample.id}") if sample.id in seen else sample
        seen.add(one.id)
        kept.append(one)
    return tuple(kept)


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


def cache() -> Path:
    """Return where trained references are kept: $BIOAUDIT_CACHE, or the user's cache folder."""
    root = os.environ.get("BIOAUDIT_CACHE")
    return (Path(root) if root else Path.home() / ".cache" / "bioaudit") / "references"

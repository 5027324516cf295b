"""The images of an audit by the part that they play: tested on, trained on, further ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.application.at_hand import NOTHING, AtHand
from audit.application.profile import load_profile
from audit.declared import shaped
from audit.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.application.settings import Settings
    from audit.datasets.sample import Dataset, Sample


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


def unique(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return samples whose ids differ: the training images that are test images get a prefix."""
    seen: set[str] = set()
    kept = []
    for sample in samples:
        one = replace(sample, id=f"{sample.part}:{sample.id}") if sample.id in seen else sample
        seen.add(one.id)
        kept.append(one)
    return tuple(kept)

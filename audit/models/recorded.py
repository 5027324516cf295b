"""Recorded predictions as a segmenter: a folder of label images or probability maps.

    predictions/a.tif · a_cp_masks.png · a.npy          for the test image a.tif
    predictions/plate1/a.tif                            for the test image plate1/a.tif

What a model said of the untouched images is known, and nothing else: whatever shows it another
image is not asked. Every test image needs a prediction, of its size; names are what pairs them.
An image is known again by its pixels.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from audit.declared import shaped
from audit.errors import DataError, ModelError, UsageError
from audit.images.reading import plain
from audit.models.answers import SUFFIXES, answering, check_size, listed, read_answer
from audit.models.card import Card, identity_of
from audit.models.function import FunctionSegmenter
from audit.models.identity import Identity
from audit.models.telling import ImageAnswer
from audit.models.weights import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from audit.models.segmenter import Shown

MOST_NAMED = 3
SIDE_FILES = (".txt", ".md", ".json", ".csv", ".yaml", ".yml", ".log")
"""Endings of what programs leave beside predictions."""

UNKNOWN = "recorded predictions know only the untouched images"


def recognises(spec: str, declared: Mapping[str, Any]) -> bool:
    """Return whether a path is a folder that holds predictions and nothing else."""
    folder = Path(spec)
    if declared.get("taken_as"):
        return bool(declared["taken_as"] == "recorded")
    if not folder.is_dir() or declared.get("network") or declared.get("weights"):
        return False
    return holds_only_predictions(folder)


def holds_only_predictions(folder: Path) -> bool:
    """Return whether all files below a folder are predictions, but for what lies beside such."""
    found = False
    for path in folder.rglob("*"):
        ending = path.suffix.lower()
        if path.name.startswith(".") or ending in SIDE_FILES or not path.is_file():
            continue
        if ending not in SUFFIXES:
            return False
        found = True
    return found


def open_recorded(spec: str, declared: Mapping[str, Any], _: str) -> RecordedSegmenter:
    """Return the segmenter of a folder of predictions."""
    folder = Path(spec)
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such folder of predictions")
    files = listed(folder)
    if not files:
        raise ModelError(
            f"{folder}: no prediction in it; expected TIFF, PNG or NPY files (of Cellpose its "
            "masks, for its _seg.npy are pickles)"
        )
    given = {name: value for name, value in declared.items() if value is not None}
    card = shaped(Card, given, folder.name, UsageError)
    known = digest(*files.values(), extra=f"{list(files)} {identity_of(card)}")
    return RecordedSegmenter(folder, files, card, Identity(known))


class RecordedSegmenter(FunctionSegmenter):
    """Predictions by the images that they were made of, behind the contract of `Segmenter`."""

    isolation: ClassVar[str] = "not needed: no model ran"
    looked: ClassVar[int] = 24

    def __init__(self, folder: Path, files: Mapping[str, Path], card: Card, who: Identity) -> None:
        super().__init__(self.recalled, card, who, access="outputs", found={"taken": "recorded"})
        self.folder, self.files = folder, files
        self.samples: dict[str, tuple[Shown, Path]] = {}

    def meet(self, samples: Sequence[Shown]) -> None:
        """Pair predictions with images by name; further images may have one, test images must.

        Raises ModelError that names a test image without a prediction, or with one of another size.
        """
        found = [(one, self.named(one.id)) for one in samples if one.part != "train"]
        self.refuse_missing([(one, path) for one, path in found if one.part == "test"])
        self.samples = {one.id: (one, path) for one, path in found if path is not None}
        self.refuse_shared()
        for one, path in self.samples.values():
            check_size(path, one.shape[1:])
        self.traits = replace(
            self.traits, found={**self.traits.found, "files": str(len(self.samples))}
        )
        super().meet([one for one, _ in self.samples.values()])

    def named(self, sample: str) -> Path | None:
        """Return the prediction for a sample: the more of its path is in the name, the better."""
        parts = sample.split("/")
        names = ("/".join(parts[start:]) for start in range(len(parts)))
        return next(filter(None, (answering(name, self.files) for name in names)), None)

    def refuse_missing(self, tests: Sequence[tuple[Shown, Path | None]]) -> None:
        """Raise ModelError where test images have no prediction."""
        missing = [one.id for one, path in tests if path is None]
        if missing:
            raise ModelError(
                f"{plain(self.folder)}: no prediction for {len(missing)} of {len(tests)} test "
                f"images ({', '.join(missing[:MOST_NAMED])}); it holds "
                f"{', '.join([*self.files][:MOST_NAMED])}: name predictions as their images"
            )

    def refuse_shared(self) -> None:
        """Raise ModelError where two images have one prediction."""
        owners: dict[Path, str] = {}
        for name, (_, path) in self.samples.items():
            if path in owners:
                raise ModelError(
                    f"{plain(path.name)} would answer for {owners[path]} and for {name}; keep "
                    "predictions in the same subfolders as the images"
                )
            owners[path] = name

    def shown(self, samples: Sequence[Shown]) -> Iterator[ImageAnswer]:
        """Yield the predictions for samples; ModelError where one is the image itself."""
        for one in samples:
            said = self.answer(one.id)
            with suppress(DataError):
                if np.array_equal(one.image().squeeze(), said.squeeze()):
                    raise ModelError(
                        f"{plain(self.samples[one.id][1].name)}: is the image itself, and no "
                        "prediction; name the folder of the predictions"
                    )
            yield ImageAnswer(one.id, one.shape[1:], said)

    def answer(self, sample: str) -> NDArray[Any]:
        """Return the prediction for a sample as it was recorded."""
        one, path = self.samples[sample]
        return read_answer(path, one.shape[1:], None if self.untold else self.card.output)

    def answers(self, images: Tensor) -> list[NDArray[Any]]:
        """Return what was recorded for each image; DataError where one is none of the known."""
        return [self.recalled(image.detach().cpu().numpy()) for image in images]

    def recalled(self, image: NDArray[np.float32]) -> NDArray[Any]:
        """Return what was recorded for the pixels (C, Y, X) of an image."""
        same = self.known.get(fingerprint(image))
        if same is None:
            raise DataError(UNKNOWN)
        first, *others = [self.answer(name) for name in same]
        if not all(np.array_equal(first, other) for other in others):
            raise ModelError(
                f"{' and '.join(same)} are the same image, pixel for pixel, but what was recorded "
                "for them differs; leave all but one out"
            )
        return first

    @cached_property
    def known(self) -> dict[str, list[str]]:
        """The samples by their pixels."""
        found: dict[str, list[str]] = {}
        for name, (one, _) in self.samples.items():
            # What cannot be read is never shown.
            with suppress(DataError):
                found.setdefault(fingerprint(one.image()), []).append(name)
        return found


def fingerprint(image: NDArray[np.float32]) -> str:
    """Return what identifies the pixels (C, Y, X) of an image."""
    pixels = np.ascontiguousarray(image, dtype=np.float32)
    return hashlib.sha256(f"{pixels.shape}".encode() + pixels.tobytes()).hexdigest()

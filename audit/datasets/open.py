"""A dataset by one text: a simulated set, a challenge sequence, a table, or a folder."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.datasets.ctc import is_sequence, read_sequence
from audit.datasets.deepbacs import as_stated
from audit.datasets.files import subfolders
from audit.datasets.folder import FolderReading, read_folder
from audit.datasets.groups import expression
from audit.datasets.simulated import simulated
from audit.datasets.table import is_table, read_table
from audit.errors import DataError, UsageError
from audit.images.reading import plain
from audit.images.source import check_axes
from audit.meaning import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.datasets.ctc import Truth
    from audit.datasets.labels import Labels
    from audit.datasets.mapping import Said
    from audit.datasets.sample import Dataset
    from audit.datasets.simulated import Target

_LOOKED_AT = 8

TRUTH = re.compile(r"\d+_(GT|ST)")


def open_dataset(
    spec: str | Path,
    *,
    part: str = "test",
    truth: Truth = "auto",
    labels: Labels = "auto",
    map_labels: Said = (),
    classes: int | None = None,
    judged: bool = True,
    target: Target = "mask",
    allow_unpaired: bool = False,
    group: str | None = None,
    pixel_um: float | None = None,
    axes: str = "",
    channel: tuple[int, ...] = (),
    every: int = 1,
    limit: int | None = None,
) -> Dataset:
    """Return the samples that a text names, in the role `part`.

    `simulated:2k-10` is the images of the part, `simulated:2k-10:train` those of "train" whatever
    their role; a CSV or TSV file is a table of images; any other text is a folder, whose layout is
    recognised. `group` is an expression that finds the group in an image's path, or "each" where
    every image stands alone; sequences and simulated sets have groups of their own. `axes` names
    those of files ("TYX" for movies), `channel` the channels that are read. `every` keeps one in so
    many, `limit` spreads at most so many of those evenly, over groups and in each.
    `labels`, `map_labels` and the model's `classes` help to tell what mask numbers mean, which is
    no matter where no truth is `judged`.
    Raises DataError where nothing can be read as a dataset, UsageError for impossible options.
    """
    if every < 1 or (limit is not None and limit < 1):
        raise UsageError(f"every and limit: expected at least 1, got {every} and {limit}")
    if pixel_um is not None and not 0 < pixel_um < float("inf"):
        raise UsageError(f"pixel_um: expected micrometres above 0, got {pixel_um}")
    expression(group or "")
    own = str(spec).startswith("simulated:") or is_sequence(Path(spec))
    if own and (axes or channel):
        raise UsageError(f"--axes and --channel: not asked of {spec}, whose axes are known")
    if str(spec).startswith("simulated:"):
        found = _simulated(str(spec), part, target, every=every, limit=limit)
        return _own_groups(found, group, "simulated images are independent")
    reading = FolderReading(
        part=part,
        labels=labels,
        map_labels=map_labels,
        classes=classes,
        judged=judged,
        allow_unpaired=allow_unpaired,
        group=group,
        pixel_um=pixel_um,
        axes=check_axes(axes) if axes else "",
        channel=channel,
        every=every,
        limit=limit,
    )
    if is_table(Path(spec)):
        return read_table(Path(spec), reading)
    folder = _folder(spec)
    if is_sequence(folder):
        found = read_sequence(
            folder.parent,
            folder.name,
            truth=truth,
            part=part,
            pixel_um=pixel_um,
            every=every,
            limit=limit,
        )
        return _own_groups(found, group, "a challenge sequence is one movie")
    return as_stated(read_folder(folder, reading), folder, pixel_um)


def _simulated(spec: str, part: str, target: Target, *, every: int, limit: int | None) -> Dataset:
    """Return a simulated set, its images chosen by the text or else by the part."""
    _, _, rest = spec.partition(":")
    name, _, images = rest.partition(":")
    chosen = images or ("train" if part == "train" else "test")
    found = simulated(name, part=chosen, target=target, every=every, limit=limit)
    samples = tuple(replace(sample, part=part) for sample in found.samples)
    return replace(found, samples=samples)


def _own_groups(found: Dataset, group: str | None, why: str) -> Dataset:
    """Return a dataset whose groups are known: an expression is not asked, and that is said."""
    if group is None:
        return found
    said = f"--group {group!r} is not asked of {found.samples[0].dataset}: {why}"
    return replace(found, origin={**found.origin, "groups": said})


def _folder(spec: str | Path) -> Path:
    """Return the folder of a specification; raises DataError with what was expected instead."""
    folder = Path(spec).expanduser()
    if not folder.is_dir():
        raise DataError(
            f"{plain(folder)}: no such folder; give simulated:<set>, a challenge sequence "
            "(.../PhC-C2DH-U373/02), or a folder of images"
        )
    folder = folder.resolve()
    if TRUTH.fullmatch(folder.name):
        raise DataError(
            f"{plain(folder)}: the truth of a challenge sequence, not its images; "
            f"did you mean {plain(folder.parent / folder.name.partition('_')[0])}?"
        )
    sequences = [child.name for child in subfolders(folder) if is_sequence(child)]
    if sequences:
        raise DataError(
            f"{plain(folder)}: a challenge dataset; choose a sequence: "
            + ", ".join(f"{plain(spec)}/{name}" for name in sequences)
        )
    return folder


@dataclass(frozen=True, kw_only=True)
class Description:
    """What `describe` found; pixels and objects are those of the samples `looked_at` only."""

    samples: int
    with_truth: int
    sparse: int
    groups: int
    grouping: str
    shapes: dict[str, int]
    pixel_um: tuple[float | None, ...]
    refused: tuple[str, ...]
    looked_at: int
    intensity: tuple[float, float] | None
    masks: str
    classes: tuple[int, ...]
    objects: int | None


def describe(dataset: Dataset, *, look_at: int = _LOOKED_AT) -> Description:
    """Return the facts of a dataset, reading the pixels of a few samples spread over it.

    `objects` is none where no object is numbered; a sample that cannot be decoded joins `refused`.
    """
    samples = dataset.samples
    step = max(1, -(-len(samples) // look_at))
    ranges: list[tuple[float, float]] = []
    classes: set[int] = set()
    counts: list[int] = []
    refused = [refusal.reason for refusal in dataset.refused]
    for sample in samples[::step]:
        try:
            image = sample.image()
            classes |= set(np.unique(sample.mask()).tolist()) if sample.mask else set()
            if sample.instances:
                counts.append(int(np.count_nonzero(np.unique(sample.instances()))))
            ranges.append((float(image.min()), float(image.max())))
        except DataError as error:
            refused.append(str(error))
    sizes = Counter(" x ".join(str(n) for n in sample.shape) for sample in samples)
    known = {sample.pixel_um for sample in samples}
    return Description(
        samples=len(samples),
        with_truth=sum(sample.mask is not None for sample in samples),
        sparse=sum(not sample.complete for sample in samples),
        groups=len({sample.group for sample in samples}),
        grouping=str(dataset.origin.get("groups", "")),
        shapes=dict(sorted(sizes.items())),
        pixel_um=tuple(sorted(known, key=lambda um: (um is None, um or 0.0))),
        refused=tuple(refused),
        looked_at=len(ranges),
        intensity=(min(r[0] for r in ranges), max(r[1] for r in ranges)) if ranges else None,
        masks=said_of_masks(dataset.origin),
        classes=tuple(sorted(classes)),
        objects=sum(counts) if counts else None,
    )


def said_of_masks(origin: Mapping[str, Any]) -> str:
    """Return what was decided of mask numbers, in one sentence; nothing where there are no masks.

    >>> said_of_masks({"layout": "one folder"})
    ''
    """
    return sentence(origin["masks"]).removeprefix("masks: ") if "masks" in origin else ""

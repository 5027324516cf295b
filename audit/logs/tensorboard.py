"""Folders of TensorBoard events: which files are of one training, and in which order.

    run/events*                                one training
    run/train/events* run/validation/events*   one training, as Keras, CSBDeep and StarDist log it
    run/events* run/loss_train/events* ...     one training, as `add_scalars` logs it
    runs/a/events* runs/b/events*              two trainings

A tag is named by its folder within the training: `validation/epoch_loss`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.images.headers import plain
from audit.logs.column import PARTS
from audit.logs.events import read_events
from audit.logs.log import Notice
from audit.logs.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePath

    from audit.logs.events import Events, Scalar
    from audit.logs.sheet import Row

EVENTS = "TensorBoard events"

EPOCHWISE = "epoch_"
"""Keras begins with it the tags that count epochs; all others count steps."""


def gathered(files: Mapping[PurePath, bytes]) -> tuple[Sheet, ...]:
    """Return a sheet for each training among event files, by their paths within a folder."""
    folders = {path.parent for path in files}
    trainings: dict[PurePath, dict[PurePath, bytes]] = {}
    for path, content in files.items():
        trainings.setdefault(home(path.parent, folders), {})[path] = content
    return tuple(sheet(root, found) for root, found in trainings.items())


def home(folder: PurePath, folders: set[PurePath]) -> PurePath:
    """Return the folder of the training that a folder of events is a part of."""
    if folder.parts and (folder.name.lower() in PARTS or folder.parent in folders):
        return folder.parent
    return folder


def sheet(root: PurePath, files: Mapping[PurePath, bytes]) -> Sheet:
    """Return the events of one training in the order of their times."""
    notices: list[Notice] = []
    scalars: list[Scalar] = []
    for path in sorted(files):
        if is_copy(path, files):
            notices.append(Notice("left out", f"{plain(path)} is the start of another file"))
            continue
        found = read_events(files[path])
        folder = path.parent.relative_to(root).as_posix()
        prefix = "" if folder == "." else f"{folder}/"
        logged = [*scalars, *(one._replace(tag=prefix + one.tag) for one in found.scalars)]
        scalars = valid(logged, found)
        if len(scalars) < len(logged):
            text = f"{plain(path)} begins anew: {len(logged) - len(scalars)} values before are void"
            notices.append(Notice("resumed", text))
        if found.damage:
            notices.append(Notice("truncated", f"{plain(path)}: {found.damage}; read up to there"))
    scalars.sort(key=lambda one: one.time)
    return Sheet(
        name=plain(root) if root.parts else "",
        rows=[row(one) for one in scalars],
        notices=tuple(notices),
    )


def is_copy(path: PurePath, files: Mapping[PurePath, bytes]) -> bool:
    """Say whether a file is the start of another of its folder, copied while it grew."""
    return any(
        other.parent == path.parent
        and (len(files[path]), other) < (len(content), path)
        and content.startswith(files[path])
        for other, content in files.items()
    )


def valid(scalars: Iterable[Scalar], found: Events) -> list[Scalar]:
    """Return the values that no later restart of a file has made void."""
    return [
        one
        for one in scalars
        if not any(one.time < other.time and one.step >= other.step for other in found.restarts)
    ]


def row(scalar: Scalar) -> Row:
    """Return a value with its place."""
    epochwise = scalar.tag.rpartition("/")[2].startswith(EPOCHWISE)
    return {"epoch" if epochwise else "step": float(scalar.step), scalar.tag: scalar.value}

"""A user's folder of images and masks, paired by name and never by order.

    images/ masks/ · imgs/ labels/ · raw/ annotations/ · source/ target/     two folders
    test/images/ test/masks/ · images/test/ masks/test/ · test_images/       a part of a dataset
    Training - Images/ Training - Masks/ · imagesTr/x_0000.tif labelsTr/     ZeroCostDL4Mic, nnU-Net
    x.tif x_masks.tif · x_img.tif x_cp_masks.png · x.tif x_seg.npy           one folder, Cellpose
    stage1_train/<id>/images/*.png <id>/masks/*.png                          a file an object, DSB
    movieA/images/ movieA/masks/ · a.tif (T, Y, X) with a stack of masks     movies
    images/ annotations.json · x.json · x.geojson · labels/x.txt             outlines of objects
    x.tif                                                                    images alone

Which words name images, masks and parts is said in `audit.datasets.names`; what is not recognised
is refused (`audit.datasets.layouts`), outlines are read by `audit.datasets.annotations`, stacks by
`audit.datasets.stacks`. Folders among the images name the group (plate, donor, movie); in a flat
folder, frames that are numbered like a movie are one (`audit.datasets.movies`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audit.datasets.files import Item, file_sample, read_numbers
from audit.datasets.groups import grouped
from audit.datasets.labels import LabelHints, meaning, said_by_layout
from audit.datasets.layouts import find
from audit.datasets.pixel_size import said
from audit.datasets.sample import Dataset, Refusal, spread
from audit.datasets.seen import FOREIGN
from audit.datasets.stacks import in_frames
from audit.datasets.turned import turned
from audit.errors import DataError
from audit.images.outlines import Outlines
from audit.images.reading import plain
from audit.meaning import MaskMeaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audit.datasets.files import Truth
    from audit.datasets.found import FoundFolder
    from audit.datasets.groups import Grouped
    from audit.datasets.labels import Labels
    from audit.datasets.mapping import Said
    from audit.datasets.sample import Sample

SHOWN = 3
"""Files that are named where more were passed over."""


@dataclass(frozen=True, kw_only=True)
class FolderReading:
    """How a folder is read.

    `labels` says what a mask's numbers mean; "auto" is told by `audit.datasets.labels.meaning`,
    which `map_labels`, of single numbers, and `classes`, how many the model has, may help. Where
    no truth is `judged`, a doubt is no error, and masks are left out.
    `group` is an expression that finds the group in an image's path, or "each"; without it, it is
    the subfolder, else the movie that is recognised, else the image itself, as if it were
    independent. `allow_unpaired` keeps images without mask and refuses masks without image, which
    are an error otherwise. `axes` name those of the files, such as "TYX", where "" takes what they
    say; `channel` are the channels that are read, all where empty. `every` and `limit` thin the
    paired images, and the masks of those that are left say what numbers mean; no other is read.
    """

    part: str = "test"
    labels: Labels = "auto"
    map_labels: Said = ()
    classes: int | None = None
    judged: bool = True
    allow_unpaired: bool = False
    group: str | None = None
    pixel_um: float | None = None
    axes: str = ""
    channel: tuple[int, ...] = ()
    every: int = 1
    limit: int | None = None

    @property
    def hints(self) -> LabelHints:
        """What is known beforehand of the numbers in masks."""
        return LabelHints(labels=self.labels, mapping=self.map_labels, classes=self.classes)


def read_folder(folder: str | Path, reading: FolderReading | None = None) -> Dataset:
    """Return a folder's images with their masks; a folder of images alone has no truth.

    Raises DataError where no layout is recognised or files have no partner; an image that cannot be
    used is refused, and the rest stands.
    """
    root, how = Path(folder), reading or FolderReading()
    return read_found(find(root, how.part), how, root)


def read_found(found: FoundFolder, how: FolderReading, root: Path) -> Dataset:
    """Return the samples of the images and masks that a layout has found below `root`."""
    if found.masks and not how.allow_unpaired:
        _check_pairs(found)
    parted = in_frames(_items(found, how), how.axes, how.channel)
    whole = grouped(parted, root, how.group)
    groups = [item.group for item in whole.items]
    items = spread(whole.items, groups, how.every, how.limit)
    told = meaning_of(whole.items, items, how, found.name)
    samples: list[Sample] = []
    refused = _lone_masks(found)
    for item in items:
        try:
            samples.append(file_sample(item, meaning=told, part=how.part, dataset=plain(root.name)))
        except DataError as error:
            refused.append(Refusal(id=item.id, reason=str(error)))
    origin = origin_of(found.layout, how, told)
    return Dataset(
        samples=tuple(samples),
        refused=tuple(refused),
        origin=origin | notes(found, whole, items, how),
        movies=whole.movies,
    )


def origin_of(layout: str, how: FolderReading, told: MaskMeaning | None) -> dict[str, object]:
    """Return where samples come from and how they were read, what mask numbers mean with it."""
    masks = {"masks": told.facts()} if told else {}
    return {"layout": layout, "every": how.every, "limit": how.limit, **masks}


def meaning_of(
    items: Sequence[Item], used: Sequence[Item], how: FolderReading, name: str
) -> MaskMeaning | None:
    """Return what the masks of items mean, None where there are none; errors bear `name`.

    How files lie is told from all items, what their numbers mean from the masks of those `used`.
    """
    truths = [item.truth for item in items if item.truth]
    asked = [item.truth for item in used if item.truth]
    if not asked:
        return None
    if all_outlines(truths, how.labels):
        numbered = [
            len(one.objects) for truth in truths for one in truth if isinstance(one, Outlines)
        ]
        return said_by_layout(min(numbered), max(numbered))
    counts = [len(truth) for truth in truths]
    if max(counts) > 1:
        return said_by_layout(min(counts), max(counts))
    masks = [(plain(truth[0].name), partial(read_numbers, truth)) for truth in asked]
    try:
        told = meaning(masks, how.hints, name)
    except DataError:
        if how.judged:
            raise
        told = MaskMeaning(kind="unknown", masks=len(asked))
    return replace(told, left_out=len(truths) - len(asked))


def _check_pairs(found: FoundFolder) -> None:
    """Refuse images and masks that do not pair, naming the first five of each."""
    images = sorted(set(found.images) - set(found.masks))
    masks = sorted(set(found.masks) - set(found.images))
    if images or masks:
        raise DataError(
            f"{found.name}: {len(images)} images without mask ({', '.join(images[:5])}) and "
            f"{len(masks)} masks without image ({', '.join(masks[:5])}); rename them alike, "
            "or allow unpaired files"
        )


def _lone_masks(found: FoundFolder) -> list[Refusal]:
    """Return the masks that have no image."""
    return [
        Refusal(
            id=f"{found.name}/{key}",
            reason=f"{plain(found.masks[key][0])}: no image of this name; restore the image",
            image=False,
        )
        for key in sorted(set(found.masks) - set(found.images))
    ]


def all_outlines(truths: Sequence[tuple[Truth, ...]], labels: str) -> bool:
    """Say whether masks are drawn from outlines, so that every number is an object.

    Raises DataError where they are said to be something else.
    """
    drawn = [one for truth in truths for one in truth if isinstance(one, Outlines)]
    if drawn and labels not in ("auto", "instances"):
        raise DataError(
            f"{plain(drawn[0])}: outlines of objects, not {labels}; leave --labels out, or export "
            "masks of classes"
        )
    return bool(drawn)


def notes(
    found: FoundFolder, whole: Grouped, items: Sequence[Item], how: FolderReading
) -> dict[str, str]:
    """Return what a reader must know of how files were read, by what it is about."""
    facts = {
        "groups": whole.said,
        "turned": turned([item.image for item in items]),
        "pixel_um": said([item.image for item in items], how.pixel_um),
        "passed_over": passed_over(found.derived),
        "no_truth": no_truth(found.unread),
        "not_read": not_read(found.images.values()),
        "axes": how.axes,
        "channel": ", ".join(map(str, how.channel)),
    }
    return {about: sentence for about, sentence in facts.items() if sentence}


def passed_over(derived: Sequence[Path]) -> str:
    """Return the sentence of files that a program drew of others; "" where there are none.

    >>> passed_over([Path("s1_flows.tif"), Path("s2_flows.tif")])
    '2 files are what programs made of others, and not read: s1_flows.tif, s2_flows.tif'
    """
    if not derived:
        return ""
    shown = [plain(path.name) for path in derived[:SHOWN]]
    shown += [f"and {len(derived) - SHOWN} more"] if len(derived) > SHOWN else []
    count = f"{len(derived)} files are" if len(derived) > 1 else "one file is"
    return f"{count} what programs made of others, and not read: {', '.join(shown)}"


def not_read(images: Iterable[Path]) -> str:
    """Return the sentence of files of other kinds among images; "" without any."""
    found = [
        path.name
        for place in sorted({image.parent for image in images})
        for path in sorted(place.iterdir())
        if path.suffix.lower() in FOREIGN
    ]
    if not found:
        return ""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{', '.join(map(plain, found[:SHOWN]))}{more}: export images as TIFF to have them read"


def no_truth(unread: Sequence[Path]) -> str:
    """Return the sentence of files that may hold the truth and are not read; "" without any.

    >>> no_truth([Path("a.zip"), Path("b.zip")])
    'none is read; 2 files (.zip) bear names of images: if they are it, export masks'
    """
    if not unread:
        return ""
    kinds = ", ".join(sorted({plain(path.suffix or path.name) for path in unread})[:SHOWN])
    count = f"{len(unread)} files ({kinds}) bear names of images"
    return f"none is read; {count}: if they are it, export masks"


def _items(found: FoundFolder, how: FolderReading) -> list[Item]:
    """Return the items in the order of their names, each in the group of its subfolder."""
    items = []
    for number, (key, image) in enumerate(sorted(found.images.items())):
        above = key.rpartition("/")[0]
        item = Item(
            id=f"{found.name}/{key}",
            image=image,
            truth=found.masks.get(key, ()),
            group=f"{found.name}/{above}" if above else "",
            frame=number,
            pixel_um=how.pixel_um,
        )
        items.append(item)
    return items

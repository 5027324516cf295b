"""What the names of folders and files say: images or masks, which part, which item.

images imgs source raw input brightfield JPEGImages "tissue images" imagesTr      images
masks labels target groundtruth gt annotations seg SegmentationClass labelsTr     masks
train training Tr · test testing Ts · val valid validation                        parts
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["images", "masks", ""]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> list[str]:
    """Return the words of a name in lower case.

    >>> words("Training - Images"), words("imagesTr"), words("JPEGImages")
    (['training', 'images'], ['images', 'tr'], ['jpeg', 'images'])
    """
    return [word.lower() for word in _WORD.findall(name)]


IMAGES = frozenset(
    words(
        "image images img imgs im source sources src raw raws input inputs original originals "
        "rawimage rawimages brightfield fluorescence phase jpegimages pictures photos"
    )
)
"""Words that name a folder of images."""

MASKS = frozenset(
    words(
        "mask masks label labels gt groundtruth truth annotation annotations ann anns annot annots "
        "seg segs segmentation segmentations target targets manual masklabels labelmasks"
    )
)
"""Words that name a folder of masks; they outweigh those of images: "raw_annotations"."""

PARTS = {
    "train": ("train", "training", "tr"),
    "test": ("test", "testing", "ts"),
    "val": ("val", "valid", "validation", "dev"),
}
"""Words that name a part of a dataset."""

BESIDE = ("set", "data", "dataset", "part", "split", "stage")
"""Words that may stand beside that of a part."""

OBJECTS = frozenset({"roi", "roimap", "instance", "instances", "labels"})
"""Words that tell a folder of numbered objects from one of flat masks beside it."""

_MASK_WORD = r"(?:masks?|labels?|gt|seg(?:mentation)?s?|ground[_ -]?truth|annotations?|manual\d*)"
_MASK_END = re.compile(rf"(_cp)?[_ -]{_MASK_WORD}$", re.IGNORECASE)
_IMAGE_END = re.compile(r"[_ -](img|images?|raw)$", re.IGNORECASE)
_MASK_START = re.compile(
    r"^(?:(?:man_)?(?:masks?|labels?|seg|gt)[_ -]?(?=\d)|(?:masks?|labels?|gt)[_-])", re.IGNORECASE
)
_IMAGE_START = re.compile(r"^(?:im(?:g|age)?s?[_ -]?(?=\d)|im(?:g|age)s?[_-])", re.IGNORECASE)
_CHANNEL = re.compile(r"_(\d{4})$")
_DERIVED = re.compile(
    r"[_ -](?:(?:dP_|cp_)?(?:flows?|outlines?|output|overlays?)|probabilit(?:y|ies)|probs?"
    r"|Simple Segmentation|predictions?|pred)$",
    re.IGNORECASE,
)
_ENDINGS = re.compile(r"\.ome$", re.IGNORECASE)


@dataclass(frozen=True)
class FolderRole:
    """What a folder is by its name: images or masks or neither, and of which part."""

    kind: Kind = ""
    part: str = ""

    def __str__(self) -> str:
        named = {"images": "images", "masks": "masks", "": "a name that says nothing"}[self.kind]
        if self.part:
            return f"{named} of the {self.part} part" if self.kind else f"the {self.part} part"
        return named


def role(name: str) -> FolderRole:
    """Return what a folder of a name is.

    >>> role("raw_annotations").kind, role("imagesTs").part, role("valid").part
    ('masks', 'test', 'val')
    >>> str(role("plate 1"))
    'a name that says nothing'
    """
    said = words(name)
    kind: Kind = "masks" if MASKS & {*said} else "images" if IMAGES & {*said} else ""
    parts = [part for part, names in PARTS.items() if {*names} & {*said}]
    return FolderRole(
        kind=kind, part=parts[0] if len(parts) == 1 and (kind or is_part(said)) else ""
    )


def is_part(said: list[str]) -> bool:
    """Say whether words name a part and nothing else, as "drug_test" does not.

    >>> is_part(words("train2017")), is_part(words("drug_test"))
    (True, False)
    """
    named = {word for names in PARTS.values() for word in names} - {"tr", "ts"}
    return all(word in named or word in BESIDE or word.isdecimal() for word in said)


def stem(path: Path) -> str:
    """Return the name without its ending; .ome.tif is one ending."""
    return _ENDINGS.sub("", path.stem)


def is_mask(path: Path) -> bool:
    """Say whether a file among images is a mask by the start or the end of its name."""
    return bool(_MASK_END.search(stem(path)) or _MASK_START.search(stem(path)))


def is_derived(path: Path, stems: set[str]) -> bool:
    """Say whether a file is what a program drew of another one there: flows, outlines, a guess."""
    bare = _DERIVED.sub("", stem(path))
    return bare != stem(path) and any(other in (bare, f"{bare}_img") for other in stems)


def bare_mask(name: str) -> str:
    """Return the name that a mask shares with its image.

    >>> bare_mask("s1_cp_masks"), bare_mask("mask_07")
    ('s1', '07')
    """
    return _MASK_START.sub("", _MASK_END.sub("", name))


def bare_image(name: str) -> str:
    """Return the name that an image shares with its mask.

    >>> bare_image("s1_img"), bare_image("img_07")
    ('s1', '07')
    """
    return _IMAGE_START.sub("", _IMAGE_END.sub("", name))


def without_channel(name: str) -> str:
    """Return the name of an item of nnU-Net, whose images end with the number of a channel."""
    return _CHANNEL.sub("", name)


def channel(name: str) -> int | None:
    """Return the channel at the end of a name of nnU-Net."""
    found = _CHANNEL.search(name)
    return int(found[1]) if found else None

"""What the subfolders of a folder are, by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.datasets.files import subfolders
from audit.datasets.names import FolderRole, role
from audit.datasets.seen import holds

if TYPE_CHECKING:
    from pathlib import Path

STAGE = "stage1_train"
"""The only part of the Data Science Bowl with masks, read whatever the part."""


@dataclass(frozen=True, kw_only=True)
class Inside:
    """The subfolders of a folder that hold something, by what their names say."""

    images: tuple[Path, ...]
    masks: tuple[Path, ...]
    parts: tuple[Path, ...]
    others: tuple[Path, ...]


def inner(root: Path) -> Inside:
    """Return the subfolders of a folder by what their names say; the empty only where of masks."""
    roles = {child: role(child.name) for child in subfolders(root)}
    roles |= {child: FolderRole() for child in roles if child.name == STAGE}
    full = {child for child, said in roles.items() if said.kind == "masks" or holds(child)}

    def of(kind: str, *, parts: bool | None = None) -> tuple[Path, ...]:
        return tuple(
            child
            for child in sorted(full)
            if roles[child].kind == kind and parts in (None, bool(roles[child].part))
        )

    return Inside(
        images=of("images"), masks=of("masks"), parts=of("", parts=True), others=of("", parts=False)
    )


def has_roles(folder: Path) -> bool:
    """Say whether a folder holds folders of images, of masks or of parts, at any depth."""
    inside = inner(folder)
    said = inside.images or inside.masks or inside.parts
    return bool(said) or any(has_roles(child) for child in inside.others)

"""What a layout found in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audit.images.outlines import Outlines


@dataclass(frozen=True, kw_only=True)
class FoundFolder:
    """The images and the masks of a folder by the name they share; `name` starts their ids.

    `derived` are files that were passed over since a program drew them of others, `unread` those
    that bear an image's name where no truth was found.
    """

    name: str
    layout: str
    images: dict[str, Path]
    masks: Mapping[str, tuple[Path | Outlines, ...]]
    derived: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()

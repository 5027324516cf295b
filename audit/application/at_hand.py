"""What a caller hands over in Python instead of naming it: a model, and images as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

from audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.datasets.arrays import Arrays

PAIR = 2


@dataclass(frozen=True, kw_only=True)
class AtHand:
    """A model, and arrays by the text that stands for them among the settings."""

    model: object = None
    arrays: Mapping[str, Arrays] = field(default_factory=dict)


def take_apart(given: Mapping[str, Any]) -> tuple[dict[str, Any], AtHand]:
    """Return settings that hold texts alone, and what these stand for.

    Raises UsageError where something is neither a place nor a model nor arrays.
    """
    plain, arrays = dict(given), dict[str, Any]()
    for part in ("test", "train"):
        if part in plain:
            plain[part] = named(plain[part], part, arrays)
    if not is_place(plain.get("other", "")):
        several = enumerate(plain["other"], start=1)
        plain["other"] = tuple(named(one, f"other-{n}", arrays) for n, one in several)
    model = plain.get("model")
    if model is None or is_place(model):
        return plain, AtHand(arrays=arrays)
    from audit.models.handed import name_of

    return plain | {"model": name_of(model)}, AtHand(model=model, arrays=arrays)


def named(images: Any, part: str, arrays: dict[str, Any]) -> Any:
    """Return the place of images, or the text that stands for arrays, which are kept."""
    from audit.datasets.arrays import Arrays

    if is_place(images):
        return images
    if isinstance(images, tuple) and len(images) == PAIR:
        images = Arrays(images=images[0], masks=images[1])
    if not isinstance(images, Arrays):
        raise UsageError(
            f"{part}: expected a path, a pair (images, masks) or audit.Arrays, "
            f"got {type(images).__name__}"
        )
    text = f"arrays:{part}"
    arrays[text] = images
    return text


def is_place(thing: object) -> bool:
    """Return whether something is a path or a name.

    >>> is_place("simulated:2k-10"), is_place([1])
    (True, False)
    """
    return isinstance(thing, str | PathLike)


NOTHING = AtHand()

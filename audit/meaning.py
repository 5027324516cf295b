"""What the numbers of a set's masks mean, as decided once for the whole set and kept in records.

A number may name an object or a kind of pixel, and no file says which. What was decided stands in
the record as facts; `sentence` says them wherever they are shown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

IGNORE = -1
"""The class of a pixel that nobody judged: no metric counts it, nothing learns from it."""

Kind = Literal["instances", "classes", "binary", "unknown"]
"""An object each; a kind of pixel each; foreground or not; or not asked for and not clear."""

Because = Literal["said", "layout", "numbers", "pieces", "model"]
"""Who decided: the user, the layout, the numbers, their connected pieces, the model's classes."""

MOST_KEPT = 256
"""Numbers that are kept one by one; of more only how many and the highest."""

FEW_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class MaskMeaning:
    """What mask numbers mean in one set.

    `masks` is how many were read to decide it, `numbers` what they hold in the files, the lowest
    first and at most MOST_KEPT, `distinct` how many there are. `objects` are the fewest and the
    most in a mask. `left_out` is how many masks were not read, as their images are not used.
    `mapping` takes numbers to classes, or to object numbers, IGNORE among them; a number that it
    lacks is itself. `names` are what classes were called.
    """

    kind: Kind
    because: Because = "said"
    masks: int = 0
    numbers: tuple[int, ...] = ()
    distinct: int = 0
    objects: tuple[int, int] | None = None
    left_out: int = 0
    mapping: Mapping[int, int] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def ignored(self) -> tuple[int, ...]:
        """The numbers in files that stand for pixels nobody judged."""
        return tuple(sorted(one for one, goal in self.mapping.items() if goal == IGNORE))

    def facts(self) -> dict[str, Any]:
        """Return what a record keeps: plain values, numbers as text where they are keys."""
        found = asdict(self)
        for name in ("mapping", "names"):
            found[name] = {str(key): value for key, value in found[name].items()}
        return found | {"ignored": list(self.ignored)}


def sentence(facts: Mapping[str, Any]) -> str:
    """Return what was decided in one sentence.

    >>> sentence(MaskMeaning(kind="instances", objects=(9, 41)).facts())
    'masks: instances, 0 is background, 9 to 41 objects an image'
    >>> sentence(MaskMeaning(kind="binary", numbers=(0, 255), mapping={7: IGNORE}).facts())
    'masks: binary, 0 is background, 255 is foreground; its objects are not numbered; 7 is ignored'
    """
    said = _SAID[facts["kind"]](facts)
    ignored = ", ".join(map(str, facts["ignored"]))
    tail = f"; {ignored} {'is' if len(facts['ignored']) == 1 else 'are'} ignored" if ignored else ""
    return f"masks: {said}{tail}{_BY.get(facts['because'], '')}{_told_from(facts)}"


def _told_from(facts: Mapping[str, Any]) -> str:
    """Return how many masks were read, where others were left out."""
    left_out = facts.get("left_out", 0)
    if not left_out:
        return ""
    return f"; told from the {facts['masks']} of {facts['masks'] + left_out} masks that are used"


def said_of(provenance: Mapping[str, Any]) -> list[str]:
    """Return what was decided of the masks of an audit; parts with the same are told together."""
    return _parts(provenance.get("origin") or {})


def _parts(origin: Mapping[str, Any]) -> list[str]:
    """Return what was decided of the masks of each part of an audit; alike parts are one."""
    parts = {"test": [origin.get("test")], "training": [origin.get("train")]}
    parts["further"] = list(origin.get("other") or ())
    found: dict[str, list[str]] = {}
    for name, those in parts.items():
        for one in those:
            if one and one.get("masks"):
                said = sentence(one["masks"]).removeprefix("masks: ")
                found.setdefault(said, []).append(name)
    if len(found) == 1:
        return list(found)
    return [f"{' and '.join(dict.fromkeys(names))} images: {one}" for one, names in found.items()]


_BY = {"model": ", as the model's classes decide"}


def _instances(facts: Mapping[str, Any]) -> str:
    least, most = facts["objects"] or (None, None)
    span = f"{least} to {most}" if least != most else f"{most}"
    counted = "" if most is None else f", {span} objects an image"
    return f"instances, {_background(facts)}{counted}"


def _classes(facts: Mapping[str, Any]) -> str:
    numbers = [n for n in _foreground(facts) if n not in facts["ignored"]]
    return f"classes {_listed(numbers, facts)}, {_background(facts)}"


def _binary(facts: Mapping[str, Any]) -> str:
    numbers = [n for n in _foreground(facts) if n not in facts["ignored"]]
    what = f"{_listed(numbers, {})} is foreground" if numbers else "no mask holds a foreground"
    return f"binary, {_background(facts)}, {what}; its objects are not numbered"


def _unknown(_: Mapping[str, Any]) -> str:
    return "their numbers could be objects or classes, which nothing here asks"


_SAID = {
    "instances": _instances,
    "classes": _classes,
    "binary": _binary,
    "unknown": _unknown,
}


def _background(facts: Mapping[str, Any]) -> str:
    """Return which numbers are background, in words."""
    zeros = [number for number, goal in facts["mapping"].items() if goal == 0]
    return f"{' and '.join(zeros or ['0'])} is background"


def _foreground(facts: Mapping[str, Any]) -> list[int]:
    """Return the numbers in files that are no background."""
    mapping = facts["mapping"]
    return [number for number in facts["numbers"] if mapping.get(str(number), number) != 0]


def _listed(numbers: list[int], facts: Mapping[str, Any]) -> str:
    """Return numbers as a sentence lists them, with the names of their classes."""
    shown = [_named(number, facts) for number in numbers[:FEW_SHOWN]]
    more = len(numbers) - FEW_SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _named(number: int, facts: Mapping[str, Any]) -> str:
    """Return a number, and what class it stands for where that was said."""
    goal = facts.get("mapping", {}).get(str(number), number)
    name = facts.get("names", {}).get(str(goal))
    if name:
        return f"{number} is {name}"
    return f"{number}" if goal == number else f"{number} is class {goal}"

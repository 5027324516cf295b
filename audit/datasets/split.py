"""Splits that are written down: by group where there are several, by blocks of time in one movie.

Frames of one movie resemble their neighbours, so a random split of frames tests on what was
trained on. Groups are dealt whole; a single group is cut into contiguous blocks, with a gap.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import DataError, UsageError
from audit.files import write_whole
from audit.images.reading import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.datasets.sample import Sample

SCHEMA = 1
"""1: parts of ids, digests, why, seed."""

MARK = '{\n "digests": {'
"""How a manifest begins."""

_ROLE = {"train": "train", "test": "test"}


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Which sample is in which part, what it was (its digest), and why it was split so."""

    parts: dict[str, tuple[str, ...]]
    digests: dict[str, str]
    why: str
    seed: int = 0
    schema: int = SCHEMA

    def select(self, samples: Sequence[Sample], part: str) -> tuple[Sample, ...]:
        """Return the samples of a part in its order, a validation sample as part "other".

        Raises DataError where a sample is missing or is not what was split.
        """
        if part not in self.parts:
            raise UsageError(f"part {part!r}: expected one of {', '.join(sorted(self.parts))}")
        known = {sample.id: sample for sample in samples}
        for name in self.parts[part]:
            if name not in known:
                raise DataError(f"{name}: in the split's {part} but not in the dataset; restore it")
            if known[name].digest != self.digests.get(name):
                raise DataError(f"{name}: has changed since the split was made; split again")
        return tuple(replace(known[n], part=_ROLE.get(part, "other")) for n in self.parts[part])

    def write(self, path: str | Path) -> Path:
        """Write the manifest as JSON, whole or not at all, and return its path."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        return write_whole(Path(path), f"{text}\n", MARK)


def read_manifest(path: str | Path) -> Manifest:
    """Return a manifest from its JSON; raises DataError where it is none, or of a newer format."""
    from pydantic import TypeAdapter, ValidationError

    source = Path(path)
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
        manifest = TypeAdapter(Manifest).validate_python(content)
    except (OSError, ValueError, RecursionError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise DataError(f"{plain(source)}: no split manifest ({plain(str(why))})") from error
    if manifest.schema != SCHEMA:
        raise DataError(f"{plain(source)}: schema {manifest.schema}, this program reads {SCHEMA}")
    ids = [name for part in manifest.parts.values() for name in part]
    if len(ids) != len(set(ids)):
        raise DataError(f"{plain(source)}: a sample stands in two parts; split again")
    return manifest


def split(
    samples: Sequence[Sample],
    *,
    validation: float = 0.2,
    test: float = 0.0,
    seed: int = 0,
    gap_frames: int = 0,
) -> Manifest:
    """Return which samples train, validate and test; the fractions are of the samples.

    Several groups are dealt whole, in a random order of the seed. One group is cut in time: train,
    then validation, then test, with `gap_frames` frames left out between blocks. Raises UsageError
    for impossible fractions, DataError where there are too few groups or frames.
    """
    fractions = {"validation": validation, "test": test}
    if min(validation, test, gap_frames) < 0 or validation + test >= 1:
        raise UsageError(f"expected fractions >= 0 of sum < 1, got {validation} and {test}")
    groups = _groups(samples)
    wanted = {part: fraction for part, fraction in fractions.items() if fraction > 0}
    if len(groups) > 1:
        parts = _deal(groups, wanted, seed)
        why = f"{len(groups)} groups dealt whole, for samples of one group are not independent"
    else:
        parts = _blocks(samples, wanted, gap_frames)
        why = f"one group, cut into blocks of time with {gap_frames} frames between"
    digests = {sample.id: sample.digest for sample in samples}
    kept = {name: digests[name] for part in parts.values() for name in part}
    return Manifest(parts=parts, digests=kept, why=why, seed=seed)


def _groups(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    """Return the samples by group, groups and members in the order of their names."""
    groups: dict[str, list[Sample]] = {}
    for sample in sorted(samples, key=lambda one: (one.group, one.frame, one.id)):
        groups.setdefault(sample.group, []).append(sample)
    return groups


def _deal(
    groups: Mapping[str, list[Sample]], wanted: Mapping[str, float], seed: int
) -> dict[str, tuple[str, ...]]:
    """Return the parts, each filled with whole groups up to its fraction, the rest to train."""
    if len(groups) <= len(wanted):
        raise DataError(f"{len(groups)} groups cannot make {len(wanted) + 1} parts; ask for fewer")
    order = list(groups)
    random.Random(seed).shuffle(order)  # noqa: S311
    total = sum(len(group) for group in groups.values())
    parts: dict[str, tuple[str, ...]] = {}
    later = len(wanted)
    for part, fraction in wanted.items():
        chosen = [order.pop()]
        while len(order) > later and _count(groups, [*chosen, order[-1]]) <= fraction * total:
            chosen.append(order.pop())
        parts[part] = _ids(groups, chosen)
        later -= 1
    return {"train": _ids(groups, order), **parts}


def _count(groups: Mapping[str, list[Sample]], names: Sequence[str]) -> int:
    """Return the number of samples of these groups."""
    return sum(len(groups[name]) for name in names)


def _ids(groups: Mapping[str, list[Sample]], names: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the samples of these groups, in the order of the names."""
    return tuple(sample.id for name in sorted(names) for sample in groups[name])


def _blocks(
    samples: Sequence[Sample], wanted: Mapping[str, float], gap_frames: int
) -> dict[str, tuple[str, ...]]:
    """Return contiguous blocks of frames, train first; a gap drops frames by their numbers."""
    ordered = sorted(samples, key=lambda one: (one.frame, one.id))
    sizes = {part: max(1, round(fraction * len(ordered))) for part, fraction in wanted.items()}
    start = len(ordered) - sum(sizes.values())
    blocks = {"train": ordered[: max(0, start)]}
    for part, size in sizes.items():
        block, start = ordered[max(0, start) : start + size], start + size
        before = next((b[-1].frame for b in reversed(blocks.values()) if b), None)
        keep = [s for s in block if before is None or s.frame - before > gap_frames]
        blocks[part] = keep
    if not all(blocks.values()):
        raise DataError(
            f"{len(ordered)} frames cannot make {len(blocks)} blocks with {gap_frames} frames "
            "between; lower the gap or the fractions"
        )
    return {part: tuple(sample.id for sample in block) for part, block in blocks.items()}

"""What a benchmark hands to its page: which networks there are, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 (a field's annotation)
from typing import TYPE_CHECKING

from audit.quantities.absence import Absent
from audit.record.record import Record
from reports.benchmark.column import QUANTITIES
from reports.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.quantities.seen import Seen
    from reports.benchmark.contrast import Table


@dataclass(frozen=True, kw_only=True)
class AuditedNetwork:
    """One audited network: what it learnt from, how, from which seed, and where its record lies.

    `whole` says whether it learnt from all training images of the dataset.
    """

    dataset: str
    recipe: str
    images: int
    seed: int
    record: Path
    whole: bool = True

    @property
    def row(self) -> str:
        """The row that it stands in, together with its recipe's other seeds."""
        return row_name(self.recipe, self.images, whole=self.whole)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question put to rows of one dataset, all compared with one of them.

    `places` says where each row stands on the axis of a question that has one: how many images, or
    how many scales.
    """

    question: str
    dataset: str
    rows: tuple[str, ...]
    against: str
    places: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Everything that the page is about; `facts` say how it came to be, in pairs."""

    networks: tuple[AuditedNetwork, ...]
    asked: tuple[Asked, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets, in their order."""
        return tuple(dict.fromkeys(one.dataset for one in self.networks))

    def of(self, dataset: str) -> tuple[AuditedNetwork, ...]:
        """Return the networks of one dataset."""
        return tuple(one for one in self.networks if one.dataset == dataset)


def row_name(recipe: str, images: int, *, whole: bool) -> str:
    """Return the name of a row; how many images it learnt from stands in it where not from all.

    >>> row_name("standard", 10, whole=False), row_name("standard", 100, whole=True)
    ('standard, 10 images', 'standard')
    """
    return recipe if whole else f"{recipe}, {count(images, 'image')}"


def seeds(networks: Sequence[AuditedNetwork]) -> str:
    """Return the seeds of networks as words: seed 0, or seeds 0 and 1."""
    numbers = sorted({one.seed for one in networks})
    return f"seed{'s' * (len(numbers) > 1)} {listed([str(one) for one in numbers], 10)}"


def read(networks: Sequence[AuditedNetwork]) -> Table:
    """Return what is known of each row; a quantity that one of its networks lacks is left out."""
    table: Table = {}
    for name in dict.fromkeys(one.row for one in networks):
        mine = sorted((one for one in networks if one.row == name), key=lambda one: one.seed)
        found = [seen_in(one.record) for one in mine]
        held = set.intersection(*(set(one) for one in found))
        table[name] = {q.name: [o[q.name] for o in found] for q in QUANTITIES if q.name in held}
    return table


def seen_in(path: Path) -> dict[str, Seen]:
    """Return what one record knows of each quantity."""
    with Record(path, readonly=True) as record:
        found = {one.name: one.seen(record) for one in QUANTITIES}
    return {name: seen for name, seen in found.items() if not isinstance(seen, Absent)}

"""The study: every network of the list trained, found healthy, audited, its record kept."""

from __future__ import annotations

import json
import time
import tomllib
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from audit.engine.plan import plan
from audit.engine.runner import run
from audit.files import write_whole
from audit.logs.open import open_log
from audit.models.load import CARD, load_model
from audit.policy.reading import load_policy
from audit.probing.audited import Audit
from audit.probing.catalog import Catalog
from audit.record.record import Record
from audit.role import AUDITED, LAST, Role
from baselines.healthy.bank import STANDARD, bank
from baselines.healthy.grounds import HALVES, KINDS, ground
from baselines.healthy.wide import PROBES as ON_WIDE
from baselines.healthy.wide import wide
from baselines.loop import Diverged
from baselines.naive.team import naive_models
from baselines.reference import LAST as LAST_WEIGHTS
from baselines.reference import LOG, trained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from audit.models.segmenter import Segmenter
    from audit.probing.probe import Probe
    from baselines.healthy.bank import Entry
    from baselines.healthy.grounds import Ground

MARGIN = 0.1
"""How far below the standard U-Net a healthy network's IoU on validation images may lie."""

ATTEMPTS = 4
RECORD = "record.sqlite"
WIDE = "wide.sqlite"
TRAINED = "trained.json"


@dataclass(frozen=True, kw_only=True)
class Grown:
    """One attempt at a network: its IoU in validation, and the least that counts as healthy."""

    number: int
    half: str
    kind: str
    architecture: str
    recipe: str
    seed: int
    iou: float
    least: float
    healthy: bool


@dataclass(frozen=True, kw_only=True)
class Study:
    """Where the real images lie, and where networks and records are kept."""

    data: Path
    out: Path

    def work(self, shard: int = 0, shards: int = 1) -> Iterator[dict[str, object]]:
        """Train and audit every network that is not there yet; yield what became of each.

        A shard has every `shards`-th combination of kind and half, with all networks of each.
        """
        for entry in (one for one in bank() if place(one) % shards == shard):
            began = time.process_time()
            network = self.healthy(entry)
            learnt = time.process_time()
            if network is None:
                yield {"name": entry.name, "healthy": False}
                continue
            self.audit(entry, network)
            seconds = (learnt - began, time.process_time() - learnt)
            yield {"name": entry.name, "healthy": True, "cpu_s": seconds}

    def healthy(self, entry: Entry) -> Path | None:
        """Return the folder of a network that was trained enough; None where no attempt was."""
        tried = list[Grown]()
        folder = None
        while folder is None and len(tried) < ATTEMPTS:
            one = replace(entry, attempt=len(tried))
            made, reached = self.train(one)
            least = reached if one.architecture == STANDARD else self.bar(entry) - MARGIN
            folder = made if reached >= least else None
            tried.append(grown(one, reached, least))
        text = json.dumps([asdict(one) for one in tried], indent=1)
        write_whole(self.out / entry.name / TRAINED, text, "seed")
        return folder

    def bar(self, entry: Entry) -> float:
        """Return the validation IoU of the standard U-Net on the same images."""
        return self.train(standard(entry))[1]

    def train(self, entry: Entry) -> tuple[Path, float]:
        """Return the folder of a network, trained now or before, and its IoU in validation.

        Where training diverged the IoU is 0.
        """
        learnt, cache = self.ground(entry).train, self.out / "networks"
        try:
            folder = trained(learnt, entry.made(), seed=entry.seed, cache=cache)
        except Diverged:
            return cache, 0.0
        card = tomllib.loads((folder / CARD).read_text("utf-8"))
        return folder, float(card["about"]["validation_iou"])

    def ground(self, entry: Entry) -> Ground:
        """Return the images that a network learns from and is audited on."""
        return ground(entry.kind, entry.half, self.data)

    def audit(self, entry: Entry, network: Path) -> None:
        """Run the probes on a network, as far as its two records (usual, wide images) lack them."""
        used, folder = self.ground(entry), self.out / entry.name
        asked = Audit(
            models=self.models(entry, network),
            samples=(*used.test, *used.train),
            log=open_log(network / LOG, {}),
        )
        known = [self.out / one.name / RECORD for one in peers(entry)]
        ask(asked, self.probes, folder / RECORD, known)
        if larger := wide(entry.kind, entry.half, self.data):
            probes = Catalog.installed().select(ON_WIDE)
            ask(replace(asked, samples=larger), probes, folder / WIDE)

    def models(self, entry: Entry, network: Path) -> dict[Role, Segmenter]:
        """Return a network with its last weights, naive predictors, and its peers to compare."""
        used, model = self.ground(entry), load_model(str(network))
        healthy = [folder for one in peers(entry) if (folder := self.healthy(one))]
        return {
            AUDITED: model,
            LAST: load_model(str(network), weights=str((network / LAST_WEIGHTS).resolve())),
            **naive_models(used.train, used.test, model.traits.classes),
            **{Role.reference(number): load_model(str(one)) for number, one in enumerate(healthy)},
        }

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        """Return the probes that a rule of the default policy reads, but those of wide images."""
        names = {rule.probe for rule in load_policy().rules}
        return Catalog.installed().select(names - ON_WIDE)


def ask(asked: Audit, probes: Sequence[Probe], path: Path, known: Iterable[Path] = ()) -> None:
    """Run what a record lacks; a new record first copies equal units from the `known` ones.

    A record that was begun copies nothing: a probe may be of a later version than its units.
    """
    begun = path.is_file()
    with Record(path) as record:
        for role, one in asked.models.items():
            record.assign(role, one.traits.digest, f"{path.parent.name}, {role}")
        if not begun:
            adopt(asked, probes, record, known)
        run(asked, probes, record, pictures=False)


def adopt(asked: Audit, probes: Sequence[Probe], record: Record, known: Iterable[Path]) -> None:
    """Copy into a new record the units of this audit that known records hold."""
    tasks = plan(asked, probes, 1)
    for task in tasks:
        record.register(task.probe)
    record.enlist(asked.samples)
    for path in known:
        if path.is_file():
            record.adopt(path, {task.key for task in tasks})


def grown(entry: Entry, reached: float, least: float) -> Grown:
    """Return what became of one attempt at a network."""
    return Grown(
        number=entry.number,
        half=entry.half,
        kind=entry.kind,
        architecture=entry.architecture,
        recipe=entry.recipe,
        seed=entry.seed,
        iou=reached,
        least=round(least, 4),
        healthy=reached >= least,
    )


def attempts(out: Path) -> list[Grown]:
    """Return every attempt at every network that a study has made so far."""
    places = [out / entry.name / TRAINED for entry in bank()]
    return [
        Grown(**one)
        for place in places
        if place.is_file()
        for one in json.loads(place.read_text("utf-8"))
    ]


def peers(entry: Entry) -> list[Entry]:
    """Return the other networks that learn from the same images."""
    same = [one for one in bank() if (one.kind, one.half) == (entry.kind, entry.half)]
    return [one for one in same if one.number != entry.number]


def standard(entry: Entry) -> Entry:
    """Return the standard U-Net of the same images."""
    return next(one for one in (entry, *peers(entry)) if one.architecture == STANDARD)


def place(entry: Entry) -> int:
    """Return the number of a network's combination of kind and half."""
    return len(HALVES) * KINDS.index(entry.kind) + HALVES.index(entry.half)

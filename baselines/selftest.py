"""The self test: every planted flaw and its healthy twin, judged by the rules named for the flaw.

A rule that is named for a flaw must fail the flawed network and must not fail the healthy twin.
Both are trained from one seed and audited on the same images, with the same references beside
them. A flaw that has no measurable effect on the flawed network is not judged. Healthy twins are
also judged by the whole policy.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.engine.runner import run
from audit.errors import UsageError
from audit.files import own_folder
from audit.models.load import load_model
from audit.policy.judge import judge
from audit.policy.reading import prerequisites
from audit.probing.audited import Audit
from audit.probing.catalog import Catalog
from audit.quantities.table import BASELINE
from audit.record.record import Record
from audit.role import AUDITED, Role
from audit.tasks.asked import AUTO, task_of
from audit.tasks.scores import MAIN
from baselines.flaws.effect import MeasuredEffect
from baselines.flaws.plant import FLAWS, healthy, planted
from baselines.reference import trained
from baselines.trial import Trial, TrialLine, Twin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audit.datasets.sample import Sample
    from audit.policy.policy import Policy
    from audit.policy.verdict import Outcome
    from audit.probing.probe import Probe
    from baselines.flaws.flaw import Flaw
    from baselines.flaws.images import FlawImages
    from baselines.loop import Epoch
    from baselines.recipe import Recipe

FLAWED, TWIN = "flawed", "twin"

FIRST_REFERENCE_SEED = 1
"""Flawed network and twin are first trained from seed 0, the references from these seeds on."""


@dataclass(frozen=True, kw_only=True)
class Selftest:
    """The images, the recipe, the rules, and where networks and records are kept.

    A flaw that brings a scene of its own is planted there, unless `scenes` is false. `whole` are
    the probes that are run on healthy twins; where there are none, those of the flaw's own rules.
    """

    material: FlawImages
    recipe: Recipe
    policy: Policy
    out: Path
    cache: Path
    references: int = 3
    scenes: bool = True
    whole: tuple[Probe, ...] = ()
    training: Callable[[str], Callable[[Epoch, int], None]] = lambda _: lambda *_: None

    def ground(self, flaw: Flaw) -> FlawImages:
        """Return the images that a flaw is planted on."""
        return flaw.scene() if flaw.scene and self.scenes else self.material

    def suited(self) -> list[Flaw]:
        """Return the flaws that their images can show."""
        return [flaw for flaw in FLAWS.values() if flaw.suits(self.ground(flaw))]

    def seeds(self, count: int) -> list[int]:
        """Return the seeds of so many trials of a flaw: 0, and those after the references'."""
        first = FIRST_REFERENCE_SEED + self.references
        return [0, *range(first, first + count - 1)]

    def trial(self, flaw: Flaw, seed: int = 0) -> Trial:
        """Plant a flaw, and judge the rules named for it where it has an effect."""
        found = self.found(flaw, seed)
        if found is not None and not found.present:
            return Trial(flaw=flaw, seed=seed, found=found)
        return Trial(flaw=flaw, seed=seed, found=found, lines=tuple(self.lines(flaw, seed)))

    def found(self, flaw: Flaw, seed: int) -> MeasuredEffect | None:
        """Return a flaw's effect, measured on the flawed network and on its twin."""
        if flaw.effect is None:
            return None
        used = flaw.stage(self.ground(flaw))
        flawed, twin = (
            flaw.effect.of(load_model(str(self.network(flaw, role, seed))), learnt)
            for role, learnt in ((FLAWED, flaw.data(used)), (TWIN, used))
        )
        return MeasuredEffect(effect=flaw.effect, flawed=flawed, twin=twin)

    def lines(self, flaw: Flaw, seed: int = 0) -> list[TrialLine]:
        """Return one line for each rule named for a flaw; UsageError where it is no rule."""
        named = (*flaw.caught_by, *flaw.withheld)
        probes = needed(self.policy, named)
        outcomes = {
            role: {one.rule.name: one for one in self.judged(flaw, role, probes, seed)}
            for role in (FLAWED, TWIN)
        }
        return [
            TrialLine(
                flaw=flaw,
                rule=rule,
                withheld=rule in flaw.withheld,
                flawed=outcomes[FLAWED][rule],
                twin=outcomes[TWIN][rule],
                seed=seed,
            )
            for rule in named
        ]

    def twins(self, flaws: Sequence[Flaw], seeds: Sequence[int]) -> list[Twin]:
        """Return the healthy twins of flaws, each once, as the whole policy judges them.

        Twins of flaws that lie in the images alone are left out: they are hardly trained.
        """
        asked = [(flaw, seed) for flaw in flaws if not flaw.modelless for seed in seeds]
        shared = {self.key(flaw, seed): (flaw, seed) for flaw, seed in asked if self.whole}
        return [
            Twin(
                name=", ".join(one.name for one, of in asked if self.key(one, of) == key),
                seed=seed,
                outcomes=tuple(self.judged(flaw, TWIN, self.whole, seed)),
            )
            for key, (flaw, seed) in shared.items()
        ]

    def key(self, flaw: Flaw, seed: int) -> str:
        """Return a hash of a flaw's healthy twin and of the images that it is audited on."""
        used = flaw.stage(self.ground(flaw))
        parts = (used.train, used.test, used.other)
        depends = [flaw.healthy(self.recipe).digest, str(seed)]
        depends += [sample.digest for part in parts for sample in part]
        return hashlib.sha256(" ".join(depends).encode()).hexdigest()[:12]

    def judged(
        self, flaw: Flaw, role: str, probes: Sequence[Probe], seed: int = 0
    ) -> list[Outcome]:
        """Return the outcomes of one audit; what is in its record is not measured again."""
        asked = self.whole if role == TWIN and not flaw.modelless else ()
        with Record(self.record(flaw, role, seed)) as record:
            audit = self.audit(flaw, role, asked or probes, seed)
            for name, model in audit.models.items():
                record.assign(name, model.traits.digest, f"{flaw.name}, {role}, {name}")
            record.describe(task=audit.task, main_metric=MAIN[audit.task])
            run(audit, asked or probes, record)
            return list(judge(self.policy, record).outcomes)

    def record(self, flaw: Flaw, role: str, seed: int) -> Path:
        """Return the file of an audit's record; flaws with one healthy twin share the twin's."""
        name = f"{role}-{seed}" if seed else role
        shared = role == TWIN and self.whole and not flaw.modelless
        folder = f"twins/{self.key(flaw, seed)}" if shared else f"{flaw.name}/{name}"
        return own_folder(self.out) / folder / "record.sqlite"

    def audit(self, flaw: Flaw, role: str, probes: Sequence[Probe], seed: int = 0) -> Audit:
        """Return the audit of the flawed network, or of its twin, with references where needed."""
        used = flaw.stage(self.ground(flaw))
        learnt = flaw.data(used) if role == FLAWED else used
        tested = learnt.test if flaw.modelless else used.test
        folders = {AUDITED: self.network(flaw, role, seed)}
        for number in range(self.references if self.compares(flaw, probes) else 0):
            folders[Role.reference(number)] = self.reference(used, FIRST_REFERENCE_SEED + number)
        models = {name: load_model(str(folder)) for name, folder in folders.items()}
        return Audit(
            models=models,
            samples=(*tested, *used.other, *as_training(learnt.train, tested)),
            task=task_of(AUTO, models[AUDITED].traits, tested),
        )

    def compares(self, flaw: Flaw, probes: Sequence[Probe]) -> bool:
        """Return whether a rule to be judged, or a probe to be run, needs references."""
        named = {*flaw.caught_by, *flaw.withheld}
        every = probes == self.whole
        rules = [rule for rule in self.policy.rules if every or rule.name in named]
        return any("reference" in rule.against for rule in rules) or any(
            probe.needs.reference for probe in probes
        )

    def network(self, flaw: Flaw, role: str, seed: int = 0) -> Path:
        """Return the folder of the flawed network, or of its twin."""
        make = planted if role == FLAWED and not flaw.modelless else healthy
        return make(
            flaw,
            self.ground(flaw),
            self.recipe,
            seed=seed,
            cache=self.cache,
            say=self.training(f"{flaw.name}, {role}"),
        )

    def reference(self, used: FlawImages, seed: int) -> Path:
        """Return the folder of a reference network."""
        say = self.training(f"reference, seed {seed}")
        return trained(used.train, self.recipe, seed=seed, cache=self.cache, say=say)


def needed(policy: Policy, named: Sequence[str]) -> tuple[Probe, ...]:
    """Return the probes of rules, and of the rules that must pass before them."""
    rules = {rule.name: rule for rule in policy.rules}
    if unknown := [name for name in named if name not in rules]:
        raise UsageError(f"the policy has no rule {', '.join(map(repr, unknown))}")
    given = {rule.id: rule.given for rule in policy.rules}
    ids = {rules[name].id for name in named}
    ids |= {before for name in ids for before in prerequisites(name, given)}
    wanted = {rule.probe for rule in policy.rules if rule.id in ids}
    return Catalog.installed().select({BASELINE, *wanted})


def as_training(samples: Sequence[Sample], tested: Sequence[Sample]) -> list[Sample]:
    """Return samples in the training part, under ids that no test sample has."""
    taken = {sample.id for sample in tested}
    return [
        replace(one, part="train", id=f"train:{one.id}" if one.id in taken else one.id)
        for one in samples
    ]

"""The audit of the audit: every planted flaw beside its healthy twin, before the rules for it.

A rule that is named for a flaw must fail the flawed network and let the healthy twin be. Both
learnt from one seed and are audited on the same images, with the same references beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.engine.plan import reference_role
from audit.engine.runner import run
from audit.errors import UsageError
from audit.files import own_folder
from audit.models.load import load_model
from audit.policy.judge import judge
from audit.policy.reading import prerequisites
from audit.policy.verdict import Verdict
from audit.probing.audited import Audit
from audit.probing.catalog import Catalog
from audit.quantities.table import BASELINE
from audit.record.record import Record
from baselines.flaws.plant import FLAWS, healthy, planted
from baselines.reference import trained

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audit.datasets.sample import Sample
    from audit.policy.policy import Policy
    from audit.policy.verdict import Outcome
    from audit.probing.probe import Probe
    from baselines.flaws.flaw import Flaw, Material
    from baselines.loop import Epoch
    from baselines.recipe import Recipe

FLAWED, TWIN = "flawed", "twin"

FIRST_REFERENCE_SEED = 1
"""Flawed and twin learn with seed 0; the references are further seeds of the standard recipe."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One rule that is named for a flaw, judged on the flawed network and on its healthy twin.

    A rule that is `withheld` only has to refuse the flawed network a PASS.
    """

    flaw: Flaw
    rule: str
    withheld: bool = False
    flawed: Outcome
    twin: Outcome

    @property
    def caught(self) -> bool:
        """Whether the flawed network got what it must."""
        return self.objects(self.flawed)

    @property
    def alarmed(self) -> bool:
        """Whether the healthy twin got what only the flawed network should."""
        return self.objects(self.twin)

    def objects(self, outcome: Outcome) -> bool:
        """Return whether the rule objects to a network."""
        passed = outcome.verdict is Verdict.PASS
        return outcome.verdict is Verdict.FAIL or (self.withheld and not passed)


@dataclass(frozen=True, kw_only=True)
class Selftest:
    """The images, the recipe, the rules, and where networks and records are kept.

    A flaw that brings a scene of its own is planted there, unless `scenes` is false.
    """

    material: Material
    recipe: Recipe
    policy: Policy
    out: Path
    cache: Path
    references: int = 3
    scenes: bool = True
    training: Callable[[str], Callable[[Epoch, int], None]] = lambda _: lambda *_: None

    def ground(self, flaw: Flaw) -> Material:
        """Return the images that a flaw is planted on."""
        return flaw.scene() if flaw.scene and self.scenes else self.material

    def suited(self) -> list[Flaw]:
        """Return the flaws that their images can show."""
        return [flaw for flaw in FLAWS.values() if flaw.suits(self.ground(flaw))]

    def lines(self, flaw: Flaw) -> list[Line]:
        """Return one line for each rule named for a flaw; UsageError where it is no rule."""
        named = (*flaw.caught_by, *flaw.withheld)
        probes = needed(self.policy, named)
        outcomes = {role: self.judged(flaw, role, probes) for role in (FLAWED, TWIN)}
        return [
            Line(
                flaw=flaw,
                rule=rule,
                withheld=rule in flaw.withheld,
                flawed=outcomes[FLAWED][rule],
                twin=outcomes[TWIN][rule],
            )
            for rule in named
        ]

    def judged(self, flaw: Flaw, role: str, probes: Sequence[Probe]) -> dict[str, Outcome]:
        """Return the outcomes of one audit by rule; what is in its record is not measured again."""
        place = own_folder(self.out) / flaw.name / role / "record.sqlite"
        with Record(place) as record:
            audit = self.audit(flaw, role, probes)
            for name, model in audit.models.items():
                record.assign(name, model.traits.digest, f"{flaw.name}, {role}, {name}")
            run(audit, probes, record)
            return {outcome.rule.name: outcome for outcome in judge(self.policy, record).outcomes}

    def audit(self, flaw: Flaw, role: str, probes: Sequence[Probe]) -> Audit:
        """Return the audit of the flawed network, or of its twin, with references where needed."""
        used = flaw.stage(self.ground(flaw))
        learnt = flaw.data(used) if role == FLAWED else used
        tested = learnt.test if flaw.modelless else used.test
        folders = {"audited": self.network(flaw, role)}
        for number in range(self.references if self.compares(flaw, probes) else 0):
            folders[reference_role(number)] = self.reference(used, FIRST_REFERENCE_SEED + number)
        return Audit(
            models={name: load_model(str(folder)) for name, folder in folders.items()},
            samples=(*tested, *used.other, *as_training(learnt.train, tested)),
        )

    def compares(self, flaw: Flaw, probes: Sequence[Probe]) -> bool:
        """Return whether a rule named for the flaw, or a probe, compares with the references."""
        named = {*flaw.caught_by, *flaw.withheld}
        rules = [rule for rule in self.policy.rules if rule.name in named]
        return any("reference" in rule.against for rule in rules) or any(
            probe.needs.reference for probe in probes
        )

    def network(self, flaw: Flaw, role: str) -> Path:
        """Return the folder of the flawed network, or of its twin."""
        make = planted if role == FLAWED and not flaw.modelless else healthy
        return make(
            flaw,
            self.ground(flaw),
            self.recipe,
            cache=self.cache,
            say=self.training(f"{flaw.name}, {role}"),
        )

    def reference(self, used: Material, seed: int) -> Path:
        """Return the folder of a reference network."""
        say = self.training(f"reference, seed {seed}")
        return trained(used.train, self.recipe, seed=seed, cache=self.cache, say=say)


def needed(policy: Policy, named: Sequence[str]) -> tuple[Probe, ...]:
    """Return the probes of rules, and of the rules that must pass before them."""
    rules = {rule.name: rule for rule in policy.rules}
    if unknown := [name for name in named if name not in rules]:
        raise UsageError(f"the policy has no rule {', '.join(map(repr, unknown))}")
    given = {rule.name: rule.given for rule in policy.rules}
    wanted = {*named, *(before for name in named for before in prerequisites(name, given))}
    return Catalog.installed().select({BASELINE, *(rules[name].probe for name in wanted)})


def as_training(samples: Sequence[Sample], tested: Sequence[Sample]) -> list[Sample]:
    """Return samples in the training part, under ids that no test sample has."""
    taken = {sample.id for sample in tested}
    return [
        replace(one, part="train", id=f"train:{one.id}" if one.id in taken else one.id)
        for one in samples
    ]

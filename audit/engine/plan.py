"""What an audit will do: every unit of work, in order, before the first is begun."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from audit.record.schema import FORMAT
from audit.role import AUDITED, LAST, REFERENCE, Role
from audit.tasks.semantic import SEMANTIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Traits
    from audit.probing.audited import Audit
    from audit.probing.probe import Needs, Probe

SCORE, FIRST = "pipeline.score", -1
"""The probe that others are compared with, and the stage before all others."""

WHOLE = -1
"""The block number of a unit that is done once an audit."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One unit to be done: a probe, the role of a model, and the images of one shape."""

    probe: Probe
    role: Role
    block: int
    samples: tuple[Sample, ...]
    model: str
    seed: int
    beside: tuple[str, ...] = ()
    """The digests of what else the unit's rows depend on: other models, the training log."""

    @cached_property
    def key(self) -> str:
        """What identifies the unit's rows: everything that they depend on, and nothing else."""
        depends = [
            self.model,
            self.probe.name,
            self.probe.version,
            self.probe.parameters,
            [(sample.id, sample.digest, sample.pixel_um) for sample in self.samples],
            self.seed,
            FORMAT,
            *self.beside,
        ]
        return hashlib.sha256(json.dumps(depends).encode()).hexdigest()[:24]

    @property
    def singles(self) -> tuple[Task, ...]:
        """The same unit image by image; itself where it has no more than one."""
        if len(self.samples) < 2 or self.block == WHOLE:  # noqa: PLR2004
            return (self,)
        return tuple(replace(self, samples=(sample,)) for sample in self.samples)


def plan(
    audit: Audit, probes: Sequence[Probe], block_size: int = 1, *, score_first: bool = False
) -> list[Task]:
    """Return every unit: block by block, so that probes share its images and clean predictions.

    All probes see the images in one order, drawn from the seed, so that an interrupted audit has
    every probe on the same images. A probe comes after those whose rows it reads. Where time is
    short `score_first` has the untouched images scored before anything else: without their score
    no other answer is worth much.
    """
    groups = blocks(audit, block_size)
    stages = rank(probes)
    if score_first and SCORE in stages:
        stages[SCORE] = FIRST
    tasks = [
        (stages[probe.name], number, depth(probe, probes), probe.name, str(role), task)
        for probe in probes
        for role in roles(probe, audit)
        for number, task in enumerate_tasks(audit, probe, role, groups)
    ]
    return [task for *_, task in sorted(tasks, key=lambda entry: entry[:-1])]


def roles(probe: Probe, audit: Audit) -> tuple[Role, ...]:
    """Return the models that a probe is put to; a probe without a model runs once."""
    if probe.needs.model == "none":
        return (AUDITED,)
    if probe.needs.formats or probe.needs.last:
        return tuple(role for role in audit.models if role == AUDITED)
    asked = {"audited", "reference", *(("naive",) if probe.needs.naive else ())}
    return tuple(role for role in audit.models if role.kind in asked)


def enumerate_tasks(
    audit: Audit, probe: Probe, role: Role, groups: Sequence[tuple[Sample, ...]]
) -> Iterator[tuple[int, Task]]:
    """Yield the units of one probe and one role, numbered by block."""
    digest = "" if probe.needs.model == "none" else audit.models[role].traits.digest
    task = partial(
        Task, probe=probe, role=role, model=digest, seed=audit.seed, beside=beside(audit, probe)
    )
    if probe.scope == "audit":
        whole = tuple(s for s in audit.samples if s.part in probe.needs.parts)
        yield WHOLE, task(block=WHOLE, samples=whole)
        return
    fitting = [tuple(sample for sample in group if suits(sample, probe)) for group in groups]
    if not any(fitting):
        # One unit without images, so that the record says why the question was not asked.
        groups, fitting = (), [()]
    for number, group in enumerate(fitting):
        if group or not groups:
            place = number if groups else WHOLE
            yield place, task(block=place, samples=group)


def beside(audit: Audit, probe: Probe) -> tuple[str, ...]:
    """Return what a probe is given beside the model and the images: digests, another task."""
    others = list(audit.formats.values()) if probe.needs.formats else []
    if probe.needs.last and LAST in audit.models:
        others.append(audit.models[LAST])
    log = [audit.log.digest] if probe.needs.log and audit.log else []
    task = [audit.task] if audit.task != SEMANTIC.name else []
    return (*(model.traits.digest for model in others), *log, *task)


def suits(sample: Sample, probe: Probe) -> bool:
    """Return whether a sample has what a probe needs of each sample."""
    needs = probe.needs
    return (
        sample.part in needs.parts
        and not (needs.masks and sample.mask is None)
        and not (needs.instances and sample.instances is None)
        and not (needs.complete and not sample.complete)
        and not (needs.pixel_um and sample.pixel_um is None)
    )


def blocks(audit: Audit, size: int) -> list[tuple[Sample, ...]]:
    """Return the images in the order of the seed, in blocks of one part, shape and pixel size."""
    alike: dict[tuple[object, ...], list[Sample]] = {}
    for sample in sorted(audit.samples, key=lambda s: draw(audit.seed, s.id)):
        kind = (sample.part, sample.shape, sample.pixel_um, sample.mask is None)
        alike.setdefault(kind, []).append(sample)
    cut = [
        tuple(group[start : start + size])
        for group in alike.values()
        for start in range(0, len(group), size)
    ]
    return sorted(cut, key=lambda block: draw(audit.seed, block[0].id))


def draw(seed: int, name: str) -> bytes:
    """Return where a name falls in the random order of a seed."""
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


def rank(probes: Sequence[Probe]) -> dict[str, int]:
    """Return the stage of each probe: whole-audit and per-image stages alternate as needed."""
    by_name = {probe.name: probe for probe in probes}
    stages: dict[str, int] = {}

    def stage(probe: Probe) -> int:
        if probe.name not in stages:
            earlier = [by_name[name] for name in probe.after if name in by_name]
            later = [stage(one) + (one.scope != probe.scope) for one in earlier]
            stages[probe.name] = max([int(probe.scope != "audit"), *later])
        return stages[probe.name]

    for probe in probes:
        stage(probe)
    return stages


def depth(probe: Probe, probes: Sequence[Probe]) -> int:
    """Return how long the chain is of probes that read one another's rows, ending in this one."""
    by_name = {one.name: one for one in probes}
    return 1 + max((depth(by_name[n], probes) for n in probe.after if n in by_name), default=0)


def beyond(needs: Needs, traits: Traits) -> dict[str, bool]:
    """Return what may be asked of a model that it does not give, in words, and if it is asked."""
    out_of_reach = needs.model != "none" and not traits.gives(needs.model)
    recorded = not traits.gives("live")
    return {
        "predictions were recorded, and this shows the model other images": out_of_reach
        and recorded,
        "the model gives no gradients": out_of_reach and not recorded,
        "the model gives labels, not probabilities": needs.probabilities and not traits.probable,
        "no decoder of ours makes its objects (say --decoder)": needs.decoder
        and not traits.decodes_objects,
    }


PARTS = {"train": "training", "other": "further"}
"""What a part is called in a sentence, where it is not by its name."""


def lacking(probe: Probe, audit: Audit, traits: Traits | None) -> str | None:
    """Return what a probe needs and the audit has not, in words; None where nothing lacks."""
    needs = probe.needs
    in_parts = [sample for sample in audit.samples if sample.part in needs.parts]
    missing: Mapping[str, bool] = {
        "no training log was given (say --log)": needs.log and audit.log is None,
        "no further format of the model was given (say --format)": needs.formats
        and not audit.formats,
        "the model as it was at the end of its training was not given (say --last)": needs.last
        and LAST not in audit.models,
        "no reference network was given": needs.reference and REFERENCE not in audit.models,
        "no model was given": needs.model != "none" and traits is None,
        **(beyond(needs, traits) if traits else {}),
        **{
            f"no {PARTS.get(part, part)} images were given": not any(
                s.part == part for s in audit.samples
            )
            for part in needs.parts
        },
        "no image has a mask": needs.masks and all(s.mask is None for s in in_parts),
        "no image has numbered objects": needs.instances
        and all(s.instances is None for s in in_parts),
        # A frame between those that gold truth annotates is complete only by having none.
        "no image has complete truth": needs.complete
        and not any(s.complete and (s.mask or not needs.masks) for s in in_parts),
        "no image has a pixel size (say --pixel-um)": needs.pixel_um
        and all(s.pixel_um is None for s in in_parts),
    }
    return next((reason for reason, true in missing.items() if true), None)

"""From settings to an audit: the process, the probes, the models put to the images."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from audit.application.at_hand import NOTHING, AtHand
from audit.application.profile import load_profile
from audit.application.roles import (
    declared,
    folded,
    formats,
    has_card,
    naive,
    own,
    references,
    training_log,
)
from audit.errors import UsageError
from audit.role import AUDITED, Role
from audit.tasks.asked import task_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.application.parts import Parts
    from audit.application.settings import Settings
    from audit.probing.audited import Audit
    from audit.probing.probe import Probe
    from baselines.loop import Epoch

MOST_THREADS = 1024


def prepare_process(threads: int | None) -> None:
    """Set the process up for large activations; pin the threads where a number is given."""
    if threads is not None and not 1 <= threads <= MOST_THREADS:
        raise UsageError(f"--threads: expected 1 to {MOST_THREADS}")
    import torch

    from audit.models.memory import keep_activations_mapped

    keep_activations_mapped()
    if threads:
        torch.set_num_threads(threads)


def select_probes(wanted: Settings) -> tuple[Probe, ...]:
    """Return the probes that were asked for, with their settings."""
    from audit.engine.plan import SCORE
    from audit.probing.catalog import Catalog

    profile = load_profile(wanted.profile)
    by_probe: dict[str, dict[str, Any]] = {}
    given = {name: value for name, value in profile.set.items() if is_asked(name, wanted)}
    for name, value in (given | wanted.set).items():
        probe, _, setting = name.rpartition(".")
        if not probe:
            raise UsageError(f"--set {name}: expected suite.probe.setting=value")
        by_probe.setdefault(probe, {})[setting] = value
    catalog = Catalog.installed()
    named = wanted.probes or tuple(n for n in catalog.names() if n not in profile.left_out)
    chosen = catalog.select(named)
    if wanted.model and any(p.needs.masks and p.needs.model != "none" for p in chosen):
        # Losses are taken from the score of the untouched images, which costs one pass of each.
        named = (*named, SCORE)
    return catalog.select(named, by_probe)


def is_asked(setting: str, wanted: Settings) -> bool:
    """Return whether a profile's setting applies: no probes are named, or its probe or suite is."""
    probe = setting.rpartition(".")[0]
    return not wanted.probes or bool({probe, probe.partition(".")[0]} & {*wanted.probes})


def find_device(name: str) -> str:
    """Return the device to run on: the first CUDA device where `auto` finds one."""
    import torch

    devices = ["cpu"]
    if torch.cuda.is_available():
        devices = ["cuda", *(f"cuda:{n}" for n in range(torch.cuda.device_count())), "cpu"]
    if name == "auto":
        return devices[0]
    if name not in devices:
        seen = ", ".join(devices)
        raise UsageError(f"--device {name}: torch sees no CUDA device of that name; use {seen}")
    return name


def compose(
    wanted: Settings,
    parts: Parts,
    device: str,
    training: Callable[[Epoch, int], None],
    at_hand: AtHand = NOTHING,
) -> Audit:
    """Return the audit: the model and its references by role, and all samples."""
    from audit.application.trial import approved, fitted, looked_at
    from audit.datasets.truth import check_known
    from audit.models.load import load_model
    from audit.probing.audited import Audit

    asked = partial(Audit, log=training_log(wanted, at_hand), seed=wanted.seed)
    if wanted.model is None:
        return asked(models={}, samples=parts.samples, device=device)
    mine = {**own(wanted, device, at_hand), **formats(wanted, device)}
    parts = parts.seen_with(mine[AUDITED].traits.channels)
    for model in mine.values():
        model.meet(parts.samples)
    seen = looked_at(parts.test.samples, device)
    # Before a reference is trained, and before anything is measured.
    models = {
        role: (approved if role == AUDITED else fitted)(one, seen, f"{wanted.model}")
        for role, one in mine.items()
    }
    models = folded(models, parts)
    check_known(parts.test, models[AUDITED].traits.classes)
    for number, path in enumerate(references(wanted, parts.train, device, training)):
        # A reference without a card of its own is read as the audited model's card says.
        said = {} if has_card(path) else declared(wanted)
        reference = load_model(str(path), device=device, **said)
        models |= folded({Role.reference(number): fitted(reference, seen, str(path))}, parts)
    models |= naive(parts, models[AUDITED].traits.classes)
    task = task_of(wanted.task, models[AUDITED].traits, parts.test.samples)
    return asked(models=models, samples=parts.samples, device=device, task=task)

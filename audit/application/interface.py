"""An audit by its settings: what the command line and the Python interface are made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.application.at_hand import NOTHING
from audit.application.composition import (
    compose,
    find_device,
    prepare_process,
    select_probes,
)
from audit.application.parts import open_parts
from audit.application.provenance import describe, found_of, hidden
from audit.application.result import RECORD, Result
from audit.application.stored import choose, set_beside
from audit.errors import UsageError
from audit.files import check_folder, own_folder
from audit.record.record import Record
from audit.role import AUDITED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audit.application.at_hand import AtHand
    from audit.application.settings import Settings
    from audit.engine.progress import Progress
    from audit.probing.audited import Audit
    from baselines.loop import Epoch


def run(
    wanted: Settings,
    at_hand: AtHand = NOTHING,
    *,
    say: Callable[[Progress], None] = lambda _: None,
    training: Callable[[Epoch, int], None] = lambda *_: None,
    found: Callable[[Mapping[str, object]], None] = lambda _: None,
) -> Result:
    """Audit a model and return its record; an interrupted audit goes on where it stood.

    `at_hand` holds the model and the arrays that some settings only name. `found` is called with
    what was told from the model and not declared, before anything is measured. Raises a
    BioauditError that names what is at fault.
    """
    from audit.engine.runner import run as run_units
    from audit.probing.catalog import Catalog

    path = Path(wanted.out) / RECORD
    prepare_process(wanted.threads)
    is_new = not path.is_file()
    if is_new:
        check_folder(path.parent)
    probes = select_probes(wanted)
    parts = open_parts(wanted, at_hand)
    device = find_device(wanted.device)
    audit = compose(wanted, parts, device, training, at_hand)
    found(found_of(audit))
    beside = choose(wanted.reference, audit)
    if is_new:
        own_folder(path.parent)
    with Record(path) as record:
        guard(record, audit)
        describe(record, wanted, audit, parts)
        record.describe(suites_left_out=Catalog.installed().left_out)
        run_units(
            audit,
            probes,
            record,
            block_size=wanted.block or usual_block(audit),
            shard=wanted.shard,
            time_limit_s=wanted.time_limit_s,
            pictures=wanted.images,
            say=say,
            hide=lambda reason: hidden(reason, wanted),
        )
        if beside:
            set_beside(record, beside, audit, probes)
    return Result(path)


def usual_block(audit: Audit) -> int:
    """Return how many images are measured at once: a program is started for every batch."""
    started = found_of(audit).get("taken") == "command"
    return 8 if started or audit.device != "cpu" else 1


def guard(record: Record, audit: Audit) -> None:
    """Refuse to mix two audits in one record."""
    known, mine = record.roles().get(AUDITED), audit.models.get(AUDITED)
    if known and (mine is None or known != mine.traits.digest):
        doubt = f"; {mine.traits.doubt}" if mine and mine.traits.doubt else ""
        raise UsageError(
            f"{record.path}: holds the audit of another model{doubt}; choose another --out"
        )
    asked = {sample.id: sample.digest for sample in audit.samples}
    other = [name for name, digest in record.digests().items() if asked.get(name) != digest]
    if other:
        raise UsageError(
            f"{record.path}: holds {len(other)} images that this call does not ask for, or reads "
            f"otherwise, such as {other[0]}; choose another --out"
        )

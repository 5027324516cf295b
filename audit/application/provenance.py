"""What a reader must know to repeat an audit."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.application.profile import load_profile
from audit.images.reading import plain
from audit.named import COMMAND, is_command, shown
from audit.role import AUDITED
from audit.tasks.scores import MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.application.parts import Parts
    from audit.application.settings import Settings
    from audit.datasets.sample import Dataset
    from audit.probing.audited import Audit
    from audit.record.record import Record


def describe(record: Record, wanted: Settings, audit: Audit, parts: Parts) -> None:
    """Keep what a reader must know to repeat the audit."""
    import torch

    for role, model in audit.models.items():
        name = wanted.model if role == AUDITED else str(role)
        record.assign(role, model.traits.digest, shown(name or str(role)))
    doubts = [model.traits.doubt for model in audit.models.values() if model.traits.doubt]
    record.describe(
        **program(),
        **({"identity": doubts} if doubts else {}),
        **images(wanted, parts),
        task=audit.task,
        main_metric=MAIN[audit.task],
        device=audit.device,
        threads=torch.get_num_threads(),
        precision="float32",
        isolation=audit.models[AUDITED].traits.isolation if audit.models else "",
        model=wanted.model and shown(wanted.model),
        **({"access": audit.models[AUDITED].traits.access} if audit.models else {}),
        **({"found": dict(found)} if (found := found_of(audit)) else {}),
        files=fingerprints(wanted.model, wanted.card.get("weights"), wanted.log),
        log=audit.log and [audit.log.path.name, audit.log.format, audit.log.digest],
        seed=wanted.seed,
        profile=wanted.profile,
        left_out=load_profile(wanted.profile).left_out,
    )


def found_of(audit: Audit) -> Mapping[str, object]:
    """Return what was told from the audited model or its answers, and not declared."""
    return audit.models[AUDITED].traits.found if AUDITED in audit.models else {}


def fingerprints(*named: str | None) -> dict[str, str]:
    """Return the SHA-256 of each file that is named, by its name: what `sha256sum` prints."""
    found = {}
    for path in (Path(one) for one in named if one):
        if path.is_file():
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def program() -> dict[str, Any]:
    """Return what ran: the command, the versions, the machine."""
    return {
        "bioaudit": version("bioaudit"),
        "commit": commit(),
        "packages": {name: version(name) for name in ("torch", "numpy", "scipy", "scikit-image")},
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "cores": os.cpu_count()},
        "command": command(),
    }


def images(wanted: Settings, parts: Parts) -> dict[str, Any]:
    """Return what images were asked for, where they come from, and which were refused."""
    return {
        "test": wanted.test and (Path(wanted.test).name if "/" in wanted.test else wanted.test),
        "train": wanted.train and Path(wanted.train).name,
        "other": [Path(spec).name for spec in wanted.other],
        "origin": {
            "test": dict(parts.test.origin),
            "train": dict(parts.train.origin) if parts.train else None,
            "other": [dict(one.origin) for one in parts.other],
        },
        "refused": [
            [one.id, hidden(one.reason, wanted), part if one.image else ""]
            for part, dataset in named(parts)
            for one in dataset.refused
        ],
    }


def named(parts: Parts) -> list[tuple[str, Dataset]]:
    """Return every dataset with the part that it plays."""
    train = [("train", parts.train)] if parts.train else []
    return [("test", parts.test), *train, *(("other", one) for one in parts.other)]


def hidden(reason: str, wanted: Settings) -> str:
    """Return a reason without the folders of the user's machine.

    Hidden is what leads to the images that were asked for, as it was given and in full, the
    working directory and the home directory: "…/images/a.tif".
    """
    known = shortened(wanted)
    if not known:
        return reason
    # The longest first: what leads to the images tells more than the home directory above them.
    paths = "|".join(re.escape(path) for path in sorted(known, key=len, reverse=True))
    return re.sub(f"{BEFORE}({paths}){AFTER}", lambda found: known[found[1]], reason)


BEFORE, AFTER = r"(?<![^\s:;,('\"=])", r"(?=[/\s:;,)'\"]|\.?(?:\s|$))"
"""What may stand beside a path in a sentence; within a longer name or path it is another one."""


def shortened(wanted: Settings) -> dict[str, str]:
    """Return what stands for each path that a reason must not tell."""
    specs = [Path(one) for one in (wanted.test, wanted.train, *wanted.other) if one]
    # Some readers follow links, some do not.
    places = {form for one in specs for form in (one, one.absolute(), one.resolve())}
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 (Path.home raises where there is none)
    folders = {one.parent for one in places} | {Path.cwd(), home}
    short = dict.fromkeys(folders, "…") | {one: f"…/{one.name}" for one in places}
    # A lone name leads nowhere, and may be a word of the sentence.
    return {plain(path): text for path, text in short.items() if len(path.parts) > 1}


def commit() -> str | None:
    """Return the commit of the checkout that this runs from; None for an installed wheel."""
    git, here = shutil.which("git"), Path(__file__).parents[2]
    if git is None or not (here / ".git").exists():
        return None
    asked = (git, "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12")
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    return answer.stdout.strip() or None


def command() -> str:
    """Return the command that began this audit, without what leads to its files and folders.

    A record is attached to reviews; where somebody keeps their data is nobody's business.
    """
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    words = [f"…/{Path(word).name}" if word.startswith("/") else word for word in sys.argv[1:]]
    words = [f"{COMMAND} {shown(word)}" if is_command(word) else word for word in words]
    return " ".join((program, *words))

"""The Python interface, equal to the command line, which is made of it.

>>> result = audit.run("model.toml", test="U373/02", train="U373/01")    # doctest: +SKIP
>>> result.judge().verdict, result.table(), result.report("report.html") # doctest: +SKIP
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import DataError, UsageError
from audit.policy.judge import judge
from audit.policy.rule import Policy, load_policy
from audit.policy.verdict import Outcome, Verdict, overall
from audit.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from audit.datasets.sample import Dataset, Sample
    from audit.models.segmenter import Segmenter
    from audit.probe import Audit, Probe
    from audit.runner import Progress
    from baselines.training import Epoch

RECORD = "record.sqlite"
TRAIN = "train"
"""`reference="train"` trains the reference network on the training part that was given."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an audit is asked to do; a TOML specification has the same keys.

    `model`, `test`, `train` and `reference` are paths or names as on the command line. `pixel_um`
    overrides what the data say; `set` holds probe settings by "probe.setting".
    """

    model: str
    test: str
    train: str | None = None
    reference: str | None = None
    reference_seeds: int = 1
    recipe: str | None = None
    out: str = "bioaudit-out"
    probes: tuple[str, ...] = ()
    set: Mapping[str, Any] = field(default_factory=dict)
    truth: str = "auto"
    labels: str = "auto"
    pixel_um: float | None = None
    every: int = 1
    limit: int | None = None
    allow_unpaired: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)
    device: str = "auto"
    threads: int | None = None
    block: int | None = None
    shard: tuple[int, int] = (0, 1)
    time_limit_s: float | None = None
    images: bool = True
    seed: int = 0


@dataclass(frozen=True)
class Judgement:
    """The outcomes of a policy on a record, and what they come to together."""

    policy: Policy
    outcomes: tuple[Outcome, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict that counts."""
        return overall(self.outcomes)


@dataclass(frozen=True)
class Result:
    """A record on disk, and what one does with it."""

    path: Path

    def table(self) -> pd.DataFrame:
        """Return every measurement as a table, a column for each condition (`at.…`)."""
        import json

        import pandas as pd

        with Record(self.path, readonly=True) as record:
            rows = pd.read_sql("select * from measurements", record.database)
        conditions = pd.json_normalize([json.loads(text) for text in rows.pop("at")])
        return rows.join(conditions.add_prefix("at."))

    def judge(self, policy: Policy | Path | str | None = None) -> Judgement:
        """Return the judgement of a policy, the default one unless another is given."""
        rules = policy if isinstance(policy, Policy) else load_policy(policy)
        with Record(self.path, readonly=True) as record:
            return Judgement(rules, tuple(judge(rules, record)))

    def report(self, path: Path | str, policy: Policy | Path | str | None = None) -> Path:
        """Write the report as one HTML file and return its path."""
        from reports.html import write_html

        judged = self.judge(policy)
        with Record(self.path, readonly=True) as record:
            return write_html(Path(path), record, judged.policy, judged.outcomes)

    def export_json(self, path: Path, judged: Judgement) -> None:
        """Write provenance and outcomes as JSON, for machines."""
        from reports.machine import write_json

        with Record(self.path, readonly=True) as record:
            write_json(path, record, judged.policy, judged.outcomes)

    def export_junit(self, path: Path, judged: Judgement) -> None:
        """Write outcomes as JUnit XML, one test case a rule."""
        from reports.junit import write_junit

        with Record(self.path, readonly=True) as record:
            write_junit(path, record, judged.policy, judged.outcomes)

    def _repr_html_(self) -> str:
        from reports.short import short_page

        judged = self.judge()
        return short_page(judged.verdict, judged.outcomes)


def run(
    settings: Settings | None = None,
    *,
    say: Callable[[Progress], None] = lambda _: None,
    training: Callable[[Epoch], None] = lambda _: None,
    **given: Any,
) -> Result:
    """Audit a model and return its record; an interrupted audit goes on where it stood.

    Takes the fields of `Settings` by name. Raises a BioauditError that names what is at fault.
    """
    wanted = settings or Settings(**given)
    from audit.runner import run as run_units

    prepare_process(wanted.threads)
    probes = select_probes(wanted)
    test = open_part(wanted.test, "test", wanted)
    train = open_part(wanted.train, "train", wanted) if wanted.train else None
    device = find_device(wanted.device)
    audit = compose(wanted, test, train, device, training)
    path = Path(wanted.out) / RECORD
    with Record(path) as record:
        guard(record, audit)
        describe(record, wanted, audit, test, train)
        run_units(
            audit,
            probes,
            record,
            block_size=wanted.block or (1 if device == "cpu" else 8),
            shard=wanted.shard,
            time_limit_s=wanted.time_limit_s,
            pictures=wanted.images,
            say=say,
        )
    return Result(path)


def find_record(path: Path) -> Path:
    """Return the record itself where its folder is named."""
    return path / RECORD if path.is_dir() else path


def installed_probes() -> list[str]:
    """Return the names of the installed probes."""
    from audit.catalog import Catalog

    return Catalog.installed().names()


def prepare_process(threads: int | None) -> None:
    """Set the process up for large activations; pin the threads where a number is given."""
    import torch

    from audit.models.memory import keep_activations_mapped

    keep_activations_mapped()
    if threads:
        torch.set_num_threads(threads)


def select_probes(wanted: Settings) -> tuple[Probe, ...]:
    """Return the probes that were asked for, with their settings."""
    from audit.catalog import Catalog

    by_probe: dict[str, dict[str, Any]] = {}
    for name, value in wanted.set.items():
        probe, _, setting = name.rpartition(".")
        if not probe:
            raise UsageError(f"--set {name}: expected suite.probe.setting=value")
        by_probe.setdefault(probe, {})[setting] = value
    return Catalog.installed().select(wanted.probes, by_probe)


def open_part(spec: str, part: str, wanted: Settings) -> Dataset:
    """Return the images of one part; DataError where there is none."""
    from audit.datasets.open import open_dataset

    found = open_dataset(
        spec,
        part=part,
        truth=wanted.truth,  # type: ignore[arg-type]
        labels=wanted.labels,  # type: ignore[arg-type]
        pixel_um=wanted.pixel_um,
        every=wanted.every,
        limit=wanted.limit if part == "test" else None,
        allow_unpaired=wanted.allow_unpaired,
    )
    if not found.samples:
        reasons = "; ".join(refusal.reason for refusal in found.refused[:3])
        raise DataError(f"{spec}: no image can be used. {reasons}")
    return found


def find_device(name: str) -> str:
    """Return the device to run on: the first CUDA device where `auto` finds one."""
    import torch

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise UsageError("--device cuda: torch sees no CUDA device; use --device cpu")
    return name


def compose(
    wanted: Settings,
    test: Dataset,
    train: Dataset | None,
    device: str,
    training: Callable[[Epoch], None],
) -> Audit:
    """Return the audit: the model and its references by role, and all samples."""
    from audit.models.load import load_model
    from audit.probe import Audit

    models: dict[str, Segmenter] = {
        "audited": load_model(wanted.model, device=device, **wanted.card)
    }
    for number, path in enumerate(references(wanted, train, device, training)):
        role = "reference" if number == 0 else f"reference:{number + 1}"
        models[role] = load_model(str(path), device=device)
    samples = unique((*test.samples, *(train.samples if train else ())))
    return Audit(models=models, samples=samples, seed=wanted.seed, device=device)


def unique(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return samples whose ids differ: the training images that are test images get a prefix."""
    seen: set[str] = set()
    kept = []
    for sample in samples:
        one = replace(sample, id=f"{sample.part}:{sample.id}") if sample.id in seen else sample
        seen.add(one.id)
        kept.append(one)
    return tuple(kept)


def references(
    wanted: Settings,
    train: Dataset | None,
    device: str,
    say: Callable[[Epoch], None],
) -> list[Path]:
    """Return the folders of the reference networks, trained now or before, or as given."""
    if wanted.reference is None:
        return []
    if wanted.reference != TRAIN:
        return [Path(one) for one in wanted.reference.split(",")]
    if train is None:
        raise UsageError("--reference train needs the training images: say --train")
    from baselines.recipe import Recipe, load_recipe
    from baselines.reference import trained

    recipe = load_recipe(Path(wanted.recipe)) if wanted.recipe else Recipe()
    return [
        trained(train.samples, recipe, seed=seed, cache=cache(), device=device, say=say)
        for seed in range(wanted.reference_seeds)
    ]


def cache() -> Path:
    """Return where trained references are kept: $BIOAUDIT_CACHE, or the user's cache folder."""
    root = os.environ.get("BIOAUDIT_CACHE")
    return (Path(root) if root else Path.home() / ".cache" / "bioaudit") / "references"


def guard(record: Record, audit: Audit) -> None:
    """Refuse to mix two audits in one record."""
    known = record.models().get("audited")
    if known and known != audit.models["audited"].traits.digest:
        raise UsageError(f"{record.path}: holds the audit of another model; choose another --out")


def describe(
    record: Record, wanted: Settings, audit: Audit, test: Dataset, train: Dataset | None
) -> None:
    """Keep what a reader must know to repeat the audit."""
    import torch

    for role, model in audit.models.items():
        name = wanted.model if role == "audited" else role
        record.assign(role, model.traits.digest, Path(name).name)
    record.describe(
        bioaudit=version("bioaudit"),
        packages={name: version(name) for name in ("torch", "numpy", "scipy", "scikit-image")},
        python=platform.python_version(),
        machine={"system": platform.system(), "cores": os.cpu_count()},
        device=audit.device,
        threads=torch.get_num_threads(),
        precision="float32",
        isolation=audit.models["audited"].traits.isolation,
        model=Path(wanted.model).name,
        test=Path(wanted.test).name if "/" in wanted.test else wanted.test,
        train=wanted.train and Path(wanted.train).name,
        origin={"test": dict(test.origin), "train": dict(train.origin) if train else None},
        refused=[[one.id, one.reason] for part in (test, train) if part for one in part.refused],
        seed=wanted.seed,
        command=command(),
    )


def command() -> str:
    """Return the command that began this audit, without the place of the program."""
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return " ".join(("bioaudit" if shutil.which("bioaudit") else program, *sys.argv[1:]))

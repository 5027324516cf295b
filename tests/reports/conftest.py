"""Small records made by hand: no model, no torch."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from audit.measurement import Measurement, Picture
from audit.metric import Condition, amount, share
from audit.policy.judge import judge
from audit.policy.reading import load_policy
from audit.probing.suite import Suite
from audit.record.record import Record
from audit.record.unit import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audit.policy.policy import Policy
    from audit.policy.verdict import Judgement

HERE = Path(__file__).parent
PHOTONS = (1000.0, 100.0, 10.0)
FACTORS = (0.5, 1.0, 2.0)
LOSSES = {"audited": (0.02, 0.2, 0.6), "reference": (0.01, 0.05, 0.4)}
GAINS = {"audited": (0.15, 0.0, -0.3), "reference": (-0.1, 0.0, -0.05)}
HOSTILE = "<script>alert(1)</script>{{7*7}}$\\alpha$\x00\x1b[31m\u202ered\udcff\"'"


def question(name: str, asks: str, source: str = "", **settings: Any) -> SimpleNamespace:
    """Return what a record keeps of a probe."""
    parameters = json.dumps(settings)
    return SimpleNamespace(name=name, version=1, asks=asks, source=source, parameters=parameters)


def picture() -> Picture:
    """Return one small JPEG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), (90, 90, 90)).save(buffer, "JPEG")
    return Picture(buffer.getvalue(), 8, 6)


DECLARED = (
    Suite(
        name="pipeline",
        title="The images as they are",
        about="",
        probes=(),
        metrics=(share("iou", "IoU"), amount("reach_px", "reach", "px")),
        conditions=(
            Condition(name="photons", words="photons in bright pixels", unit="photons"),
            Condition(name="factor", words="scale factor of the image", neutral=1.0),
            Condition(name="class", words="class", identity=True),
        ),
    ),
    Suite(name="resolution", title="Pixel size", about="", probes=()),
    Suite(name="shift", title="Another microscope, camera or lamp", about="", probes=()),
)
"""What the suites of these records declare."""


def fill(record: Record, names: list[str], group: Callable[[int], str]) -> None:
    """Write a record of one audited network and one reference on a few images."""
    enlisted = [
        SimpleNamespace(
            id=name,
            part="test",
            dataset="set",
            group=group(index),
            frame=index,
            pixel_um=0.5,
            complete=True,
            digest="",
            shape=(1, 6, 8),
        )
        for index, name in enumerate(names)
    ]
    record.enlist(enlisted)
    record.declare(DECLARED)
    asked = (
        question("pipeline.score", "How well does it segment?", "doi:10.1000/1"),
        question("shift.noise", "How few photons?", "javascript:alert(1)", photons=list(PHOTONS)),
        question("resolution.scale", "Coarser or finer?", factor=list(FACTORS)),
        question("other.reach", "How far does it see?", reach_px=9),
        question("shift.defocus", "How far out of focus?"),
    )
    for one in asked:
        record.register(one)
    for role in LOSSES:
        record.assign(role, f"digest-{role}", names[0] if role == "audited" else role)
        for index, name in enumerate(names):
            measure(record, role, index, name)
    reach = [Measurement("reach_px", 31.0, None, {"class": 1})]
    write(record, "other.reach", "audited", 0, reach, samples=())
    write(record, "shift.defocus", "audited", 0, [], status="skipped", reason="no pixel size")


def measure(record: Record, role: str, index: int, name: str) -> None:
    """Write what every probe found on one image."""
    score = 0.8 + 0.01 * (index % 5)
    write(record, "pipeline.score", role, index, [row(score, name)])
    noise = [
        row(score - loss, name, photons=level)
        for level, loss in zip(PHOTONS, LOSSES[role], strict=True)
    ]
    write(record, "shift.noise", role, index, noise)
    scale = [
        row(score + gain, name, factor=factor)
        for factor, gain in zip(FACTORS, GAINS[role], strict=True)
    ]
    write(record, "resolution.scale", role, index, scale)


def row(value: float, name: str, **at: float) -> Measurement:
    """Return one pictured IoU."""
    return Measurement("iou", round(value, 6), name, at, picture=picture)


def write(
    record: Record, probe: str, role: str, block: int, rows: list[Measurement], **more: Any
) -> None:
    """Write one unit of work."""
    unit = Unit(
        key=f"{probe} {role} {block}",
        model=f"digest-{role}",
        probe=probe,
        block=block,
        **({"seconds": 1.0, "passes": float(len(rows))} | more),
    )
    record.write(unit, rows)


@pytest.fixture
def policy() -> Policy:
    """Return a policy of a few rules: absolute, paired, relative, gain, and one not counted."""
    return load_policy(HERE / "policy.toml")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Yield a record of six images of six groups."""
    with Record(tmp_path / "record.sqlite") as made:
        fill(made, [f"image-{index}" for index in range(6)], lambda index: f"plate-{index}")
        made.describe(
            bioaudit="0.1.0",
            model="net",
            seed=0,
            command="bioaudit run net",
            isolation="none: the model runs in this process",
            refused=[["broken.tif", "not an image", "train"]],
        )
        yield made


@pytest.fixture
def movie(tmp_path: Path) -> Iterator[Record]:
    """Yield a record of one movie."""
    with Record(tmp_path / "movie.sqlite") as made:
        fill(made, [f"t{index:03d}" for index in range(16)], lambda _: "movie")
        yield made


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Record]:
    """Yield a record whose names, questions and reasons attack the page."""
    with Record(tmp_path / "hostile.sqlite") as made:
        safe = HOSTILE.replace("\udcff", "")
        fill(made, [f"{safe}{index}" for index in range(6)], lambda _: safe)
        attack = question(f"shift.{safe}", safe, safe, **{safe: [1.0, 2.0]})
        made.register(attack)
        rows = [Measurement("iou", 0.5, None, {safe: 1.0, "shape": safe})]
        write(made, f"shift.{safe}", "audited", 0, rows, reason=safe)
        write(made, f"shift.{safe}", "audited", 1, [], status="failed", reason=safe)
        made.describe(model=safe, command=safe, refused=[[safe, safe]], isolation=safe)
        yield made


@pytest.fixture
def judged(record: Record, policy: Policy) -> Judgement:
    """Return what the policy says of the record."""
    return judge(policy, record)

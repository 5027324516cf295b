"""What the name of a column says: of which part of the data, a loss or not, how finely logged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Part = Literal["training", "validation", "test"]
Grain = Literal["epoch", "", "step"]

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
GLUED = re.compile(
    r"(train|training|val|valid|validation|eval|test|(?<![a-z])(?:trn|tr|va|vl|v))(loss)",
    re.IGNORECASE,
)
"""Parts written in one word with `loss`; a single v is one there alone."""

PARTS: dict[str, Part] = {
    **dict.fromkeys(("train", "training", "trn", "tr"), "training"),
    **dict.fromkeys(("val", "valid", "validation", "eval", "evaluation", "dev"), "validation"),
    **dict.fromkeys(("va", "vl", "vld", "validate", "validating", "evaluating"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
STEPS = frozenset({"step", "steps", "iter", "iters", "iteration", "iterations"})
EPOCHS = frozenset({"epoch", "epochs"})
BATCHES = frozenset({"batch", "batches"})
LOSSES = frozenset({"loss", "losses", "cost"})
CLOCKS = frozenset(
    {"time", "runtime", "timestamp", "walltime", "wall", "duration", "elapsed", "date", "seconds"}
)

NO_LOSSES = frozenset(
    {"weight", "weights", "scale", "scaler", "coefficient", "factor", "lambda", "best", "lowest"}
    | {"min", "max", "ema", "smoothed", "std", "var"}
)
"""Beside the word `loss` these name something else: a weight of it, its best value so far."""

FILLERS = frozenset(
    {"avg", "average", "mean", "running", "metric", "metrics", "scalar", "scalars", "log", "logs"}
    | {"history", "per", "vs", "value", "trainer"}
)
COUNTERS = frozenset(
    {"global", "num", "number", "no", "idx", "index", "id", "current", "trainer", "total"}
)


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a name says; `kind` is what is left of it: nothing, `total`, `dice`, `box`.

    Columns of the training and of the validation belong together where their kinds are the same.
    """

    part: Part | None
    kind: str
    grain: Grain
    loss: bool
    rate: bool
    counts: Literal["epoch", "step"] | None
    clock: bool


@lru_cache(maxsize=4096)
def meaning(name: str) -> Meaning:
    """Return what the name of a column or tag says.

    >>> one = meaning("val/box_loss")
    >>> one.part, one.kind, one.loss
    ('validation', 'box', True)
    """
    words = [word.lower() for word in WORD.findall(GLUED.sub(parted, name))]
    said = set(words)
    parts = {PARTS[word] for word in words if word in PARTS}
    loss = (bool(said & LOSSES) and not said & NO_LOSSES) or is_yolo_10(said)
    rest = [word for word in words if word not in LOSSES | EPOCHS | STEPS | BATCHES | FILLERS]
    return Meaning(
        # `train/val_loss` is of the validation: loggers put everything under `train/`.
        part=next((part for part in ("validation", "test", "training") if part in parts), None),
        kind=" ".join(dict.fromkeys(word for word in rest if word not in PARTS)),
        grain="epoch" if said & EPOCHS else "step" if said & (STEPS | BATCHES) else "",
        loss=loss,
        rate=not said & {"decay", "scale"} and ("lr" in said or {"learning", "rate"} <= said),
        counts=counter(said),
        clock=bool(said & CLOCKS) and not loss,
    )


def parted(found: re.Match[str]) -> str:
    """Return the words of `valloss`, `vloss`."""
    return f"{'val' if found[1].lower() == 'v' else found[1]} {found[2]}"


def is_yolo_10(words: set[str]) -> bool:
    """Say whether words name a loss of YOLOv10: of boxes matched one to many, or one to one."""
    return bool(words & {"om", "oo"}) and bool(words & {"box", "cls", "dfl"})


def counter(words: set[str]) -> Literal["epoch", "step"] | None:
    """Return what a column of these words counts, where it does nothing else."""
    bare = words - COUNTERS - {"train", "training"}
    if bare and bare <= EPOCHS:
        return "epoch"
    return "step" if bare and bare <= STEPS else None

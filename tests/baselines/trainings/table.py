"""The trainings as tables: one of all logs of a part, one of what is true of each training.

A log has the columns of Keras, behind the place of its training in the truth: 0 is the first. The
truth has a line for each training: what was planted, each condition as 1, 0 or blank, the oracle's
numbers, and the settings as JSON.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from tests.baselines.trainings.labels import CONDITIONS
from tests.baselines.trainings.oracle import NUMBERS, Findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.baselines.trainings.labels import Labels
    from tests.baselines.trainings.scenes import Part

COLUMNS = ("epoch", "loss", "val_loss", "learning_rate")
FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Known:
    """A training of which the truth is known: its log, what held, and how that was found.

    `log` has a line (epoch, training loss, validation loss, learning rate) for each epoch; losses
    may be infinite or NaN. `settings` are those of its plan.
    """

    name: str
    plant: str
    log: tuple[tuple[float, ...], ...]
    truth: Labels
    findings: Findings
    settings: Mapping[str, object]


def read_table(part: Part, folder: Path = FOLDER) -> list[Known]:
    """Return the trainings of a part, in the order in which they were planned."""
    with (folder / f"{part}.csv").open(newline="", encoding="utf-8") as file:
        lines = groupby(csv.DictReader(file), key=lambda line: int(line["training"]))
        logs = {place: tuple(map(epoch, group)) for place, group in lines}
    with (folder / f"{part}_truth.csv").open(newline="", encoding="utf-8") as file:
        return [known(line, logs[place]) for place, line in enumerate(csv.DictReader(file))]


def epoch(line: Mapping[str, str]) -> tuple[float, ...]:
    """Return the numbers of one line of a log."""
    return tuple(float(line[name]) for name in COLUMNS)


def known(line: Mapping[str, str], log: tuple[tuple[float, ...], ...]) -> Known:
    """Return a training from its line of the truth and its log."""
    numbers = {name: float(line[name]) if line[name] else None for name in NUMBERS}
    return Known(
        name=line["name"],
        plant=line["plant"],
        log=log,
        truth={name: bool(int(line[name])) if line[name] else None for name in CONDITIONS},
        findings=Findings(finite=line["finite"] == "1", epochs=int(line["epochs"]), **numbers),
        settings=json.loads(line["settings"]),
    )


def write_table(part: Part, trainings: Sequence[Known], folder: Path = FOLDER) -> None:
    """Write the trainings of a part, five digits a number in logs and four in the truth."""
    with (folder / f"{part}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("training", *COLUMNS))
        for place, one in enumerate(trainings):
            writer.writerows([place, *(f"{value:.5g}" for value in line)] for line in one.log)
    with (folder / f"{part}_truth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "plant", *CONDITIONS, "finite", "epochs", *NUMBERS, "settings"))
        writer.writerows(map(truth_line, trainings))


def truth_line(one: Known) -> list[object]:
    """Return the line of the truth of a training."""
    truth = ["" if one.truth[name] is None else int(bool(one.truth[name])) for name in CONDITIONS]
    numbers = [getattr(one.findings, name) for name in NUMBERS]
    found = ["" if value is None else f"{value:.4g}" for value in numbers]
    head = [one.name, one.plant, *truth, int(one.findings.finite), one.findings.epochs]
    return [*head, *found, json.dumps(one.settings, sort_keys=True)]

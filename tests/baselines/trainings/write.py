"""The making of the tables: every planned training is run once, kept, and written down.

    python -m tests.baselines.trainings.write FOLDER development|second|third|fourth|held_out

What is kept in the folder is not run again, so that an interrupted making goes on.

The stored tables were made at revision 5063f08 of the trainer, the fourth part's at db62fc5, the
held-out part's at d71192e. Made anew they hold the same plans; the losses are others as soon as the
trainer draws its random crops in another order.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from baselines.recipe import Recipe
from tests.baselines.trainings.labels import CONDITIONS, labels
from tests.baselines.trainings.oracle import Case, Findings, examine
from tests.baselines.trainings.plan import plans
from tests.baselines.trainings.table import COLUMNS, Known, write_table

if TYPE_CHECKING:
    from tests.baselines.trainings.plan import Plan
    from tests.baselines.trainings.scenes import Part

ANNEALED = 0.9
"""From this share of a falling schedule on, the rate has come down to nearly nothing."""


def annealed(settings: dict[str, object], epochs: int) -> bool:
    """Say whether a training had come to the end of a schedule that falls to zero."""
    recipe = Recipe.model_validate(settings["recipe"])
    return recipe.schedule != "constant" and epochs >= ANNEALED * recipe.epochs


def keep(folder: Path, plan: Plan) -> Known:
    """Return a training, run now or before; it is kept as JSON."""
    path = folder / "raw" / f"{plan.name}.json"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept(plan, examine(plan))), "utf-8")
    return known(json.loads(path.read_text("utf-8")))


def kept(plan: Plan, case: Case) -> dict[str, object]:
    """Return a plan, its log and the oracle's findings as JSON; of the recipe what is its own."""
    recipe = plan.recipe.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    settings = vars(plan) | {"recipe": recipe}
    log = [asdict(line) for line in case.log]
    return {"plan": settings, "findings": asdict(case.findings), "log": log}


def known(told: dict[str, Any]) -> Known:
    """Return a training that was kept, its numbers rounded as in the tables, and its labels."""
    settings = dict(told["plan"])
    findings = Findings(**rounded(told["findings"]))
    return Known(
        name=str(settings.pop("name")),
        plant=str(settings.pop("plant")),
        log=tuple(tuple(float(line[name]) for name in COLUMNS) for line in told["log"]),
        truth=labels(findings, annealed=annealed(settings, findings.epochs)),
        findings=findings,
        settings=settings,
    )


def rounded(found: dict[str, Any]) -> dict[str, Any]:
    """Return findings with four digits, so that labels follow from what is written.

    >>> rounded({"finite": True, "rise": 0.123456, "gain": None})
    {'finite': True, 'rise': 0.1235, 'gain': None}
    """
    return {
        name: float(f"{value:.4g}") if isinstance(value, float) else value
        for name, value in found.items()
    }


def main(folder: Path, part: Part) -> None:
    """Run all trainings of a part that are not kept yet, and write its tables beside this file."""
    torch.set_num_threads(1)
    trainings = list[Known]()
    for plan in plans(part):
        trainings.append(keep(folder, plan))
        true = ", ".join(name for name in CONDITIONS if trainings[-1].truth[name])
        print(f"{plan.name}: {true}", flush=True)  # noqa: T201 (a progress report)
    write_table(part, trainings)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])  # type: ignore[arg-type]

"""Train and audit the healthy networks, one after the other; what is there is not done again.

python -m baselines.healthy --data ../shared/data --out records
python -m baselines.healthy --data ../shared/data --out records --table baselines/healthy
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path

import torch

from audit.models.memory import keep_activations_mapped
from baselines.healthy.study import Study
from baselines.healthy.table import tabulate


def main(arguments: list[str] | None = None) -> int:
    """Work through the list, or judge what is there; a line that is printed is a JSON object."""
    parser = ArgumentParser("baselines.healthy", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real images")
    parser.add_argument("--out", type=Path, required=True, help="where records are kept")
    parser.add_argument("--shard", type=int, nargs=2, default=(0, 1), metavar=("I", "N"))
    parser.add_argument("--table", type=Path, help="judge what is there, and leave tables here")
    wanted = parser.parse_args(arguments)
    keep_activations_mapped()
    torch.set_num_threads(1)
    study = Study(data=wanted.data, out=wanted.out)
    for line in tabulate(study.out, wanted.table) if wanted.table else study.work(*wanted.shard):
        print(json.dumps(line), flush=True)  # noqa: T201 (a program's output)
    return 0


if __name__ == "__main__":
    sys.exit(main())

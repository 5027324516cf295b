"""The law of kill -9: a killed and resumed audit has the rows of an uninterrupted one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from audit.record.record import Record
from tests.toys import dump

CHECKOUT = Path(__file__).resolve().parents[3]
KILLS = 10

# Starts audits in processes of their own and kills them; imports once, since torch takes seconds.
PROGRAM = """
import json, os, random, signal, sys, time
from pathlib import Path

import torch

torch.set_num_threads(1)
from audit.probing.catalog import Catalog
from audit.record.record import Record
from audit.engine.runner import run
from tests.toys import audit_of, cells, tiny

folder = Path(sys.argv[1])
probes = Catalog.installed().select(["shift", "pipeline", "resolution"])
audit = audit_of(tiny(), cells(4))


def start(name):
    child = os.fork()
    if not child:
        with Record(folder / name) as record:
            run(audit, probes, record)
        os._exit(0)
    return child


began = time.monotonic()
os.waitpid(start("whole.sqlite"), 0)
whole_s = time.monotonic() - began
moments = random.Random(7)
killed, units = 0, []
for _ in range(int(sys.argv[2])):
    child = start("killed.sqlite")
    time.sleep(moments.uniform(0.005, whole_s / 5))
    os.kill(child, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    with Record(folder / "killed.sqlite") as record:
        units.append(len(record.units()))
_, status = os.waitpid(start("killed.sqlite"), 0)
print(json.dumps({"killed": killed, "units": units, "status": status}))
"""


def test_ten_kills_change_no_row(tmp_path):
    """After ten kill -9 at random moments, and one more start, every row and strip is the same."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path), str(KILLS)],
        cwd=CHECKOUT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    story = json.loads(done.stdout)
    assert story["status"] == 0
    # Kills that came after the end prove nothing; most must have come before it.
    assert story["killed"] >= KILLS / 2, story
    assert story["units"] == sorted(story["units"])
    rows, strips = [], []
    for name in ("whole.sqlite", "killed.sqlite"):
        with Record(tmp_path / name, readonly=True) as record:
            rows.append([repr(row).encode() for row in dump(record)])
            strips.append(
                record.database.execute(
                    "select t.probe, t.role, s.name, t.score, count(p.jpeg), sum(length(p.jpeg)) "
                    "from strips t join samples s on s.id = t.sample left join pictures p "
                    "on (p.unit, p.sample) = (t.unit, t.sample) group by 1, 2 order by 1, 2"
                ).fetchall()
            )
            # Some questions need training or further images, of which there are none.
            assert {unit.status for unit in record.units()} == {"done", "skipped"}
    assert len(rows[0]) > 100
    assert rows[0] == rows[1]
    assert strips[0] == strips[1]

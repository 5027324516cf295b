"""Laws of what must be installed: all that is imported is declared, and no program is needed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("audit", "suites", "baselines", "reports")
DISTRIBUTIONS = {"PIL": "pillow", "skimage": "scikit-image"}
"""Libraries whose distribution has another name."""
ATTACKS = """
import os
assert os.environ["PATH"] == ""
from tests.toys import raw_threshold, rows_of, scene
from suites.adversarial.gradient import Gradient
rows = rows_of(Gradient(), raw_threshold(), (scene(0),))
print(len(rows))
"""


def imported(path: Path) -> set[str]:
    """Return the top names of all modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_every_import_is_declared():
    """What our packages import is of Python's own library, ours, or a declared dependency."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["data"], *extras["onnx"], *extras["zoo"]]
    declared = {re.match(r"[\w-]+", line)[0] for line in lines}
    files = [path for package in PACKAGES for path in (CHECKOUT / package).rglob("*.py")]
    names = set().union(*map(imported, files)) - sys.stdlib_module_names - {*PACKAGES}

    assert {"torch", "PIL", "skimage"} <= names
    assert {DISTRIBUTIONS.get(name, name) for name in names} <= declared


def test_attacks_run_where_there_is_no_git():
    """With an empty path, where foolbox's import of GitPython would fail, an attack gives rows."""
    done = subprocess.run(
        [sys.executable, "-c", ATTACKS],
        cwd=CHECKOUT,
        env={name: os.environ[name] for name in ("HOME",) if name in os.environ} | {"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0

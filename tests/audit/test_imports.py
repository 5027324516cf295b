"""Laws of importing: what needs no model loads none of the heavy libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "pandas", "seaborn", "foolbox", "skimage")
CHECKOUT = Path(__file__).resolve().parents[2]
LOADED = f"import sys; print(sorted(set({HEAVY}) & set(sys.modules)))"
HELP = """
from contextlib import redirect_stdout, suppress
import io
from audit.cli.main import main
with suppress(SystemExit), redirect_stdout(io.StringIO()) as said:
    main(["--help"])
assert "exit codes" in said.getvalue()
"""


@pytest.mark.parametrize("does", ["import audit", "import reports", HELP], ids=lambda d: d[:14])
def test_nothing_heavy_is_loaded(does):
    """`import audit`, `import reports` and `bioaudit --help` load no torch, pandas or skimage."""
    command = [sys.executable, "-c", f"{does}\n{LOADED}"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    """What `audit` promises it gives, and nothing else."""
    import audit

    for name in audit.__all__:
        assert getattr(audit, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = audit.nothing_of_the_kind

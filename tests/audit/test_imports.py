"""Laws of importing: what needs no model loads none of the heavy libraries."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
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
    main(WORDS)
assert "--help" in said.getvalue()
"""
HELPS = [HELP.replace("WORDS", words) for words in ('["--help"]', '["run", "--help"]')]


@pytest.mark.parametrize(
    "does", ["import audit", "import reports", *HELPS], ids=["audit", "reports", "help", "run"]
)
def test_nothing_heavy_is_loaded(does):
    """`import audit`, `import reports` and help load no torch, pandas or skimage."""
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


def trees():
    """Return the syntax tree of every module of the four packages, by its name."""
    found = {}
    for top in ("audit", "suites", "baselines", "reports"):
        for path in (CHECKOUT / top).rglob("*.py"):
            name = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = ast.parse(path.read_text())
    return found


def imported(tree: ast.AST, modules) -> set[str]:
    """Return the modules of ours that one imports, for its types alone as well."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{one.name}" for one in node.names}
            found |= (parts & modules) or ({node.module} & modules)
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names} & modules
    return found


def test_no_module_imports_itself_by_way_of_others():
    """There is no cycle among modules, those of types alone counted in."""
    code = trees()
    graph = {name: imported(tree, code.keys()) for name, tree in code.items()}
    while ends := [name for name, wanted in graph.items() if not wanted & graph.keys()] or [
        name for name in graph if not any(name in wanted for wanted in graph.values())
    ]:
        for name in ends:
            del graph[name]
    assert not graph, f"one of these imports itself: {sorted(graph)}"


def asks(node: ast.ClassDef) -> bool:
    """Return whether a class is a probe."""
    return any(
        isinstance(one, ast.AnnAssign) and ast.unparse(one.target) == "asks" for one in node.body
    )


def test_one_noun_has_one_meaning():
    """No two classes share a name; probes are told apart by their suites."""
    places = defaultdict(list)
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and "Probe" not in [
                ast.unparse(b) for b in node.bases
            ]:
                places[node.name].append(module)
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice

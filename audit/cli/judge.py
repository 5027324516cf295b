"""Judge a record by a policy, again or by another one; the model is not needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit judge`."""
    from audit.cli.options import add_exports, add_verbose

    parser.add_argument("record", type=Path, help="record.sqlite, or the folder that holds it")
    parser.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    add_exports(parser)
    add_verbose(parser)


def main(wanted: Namespace) -> int:
    """Judge, show, write; return the exit code of the verdict."""
    from audit.application.result import Result, find_record
    from audit.cli.run import export
    from audit.cli.screen import exit_code
    from audit.cli.summary import show_judgement
    from audit.policy.reading import load_policy
    from audit.probing.catalog import Catalog

    result = Result(find_record(wanted.record))
    judged = result.judge(load_policy(wanted.policy, catalog=Catalog.installed()))
    export(result, judged, wanted)
    show_judgement(result.path, judged, verbose=wanted.verbose)
    return exit_code(judged)

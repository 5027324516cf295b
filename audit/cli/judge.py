"""Judge a record by a policy, again or by another one; the model is not needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit judge`."""
    parser.add_argument("record", type=Path, help="record.sqlite, or the folder that holds it")
    parser.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    parser.add_argument("--json", type=Path, help="write the outcomes as JSON")
    parser.add_argument("--junit", type=Path, help="write the outcomes as JUnit XML, for CI")


def main(wanted: Namespace) -> int:
    """Judge, show, write; return the exit code of the verdict."""
    from audit.application.result import Result, find_record
    from audit.cli.screen import exit_code, show_outcomes, show_source
    from audit.policy.reading import load_policy
    from audit.probing.catalog import Catalog

    result = Result(find_record(wanted.record))
    judged = result.judge(load_policy(wanted.policy, catalog=Catalog.installed()))
    if wanted.json:
        result.export_json(wanted.json, judged)
    if wanted.junit:
        result.export_junit(wanted.junit, judged)
    show_source(result.path)
    show_outcomes(judged)
    return exit_code(judged.verdict)

"""Render the report of a record as one HTML file; neither the model nor torch is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit report`."""
    parser.add_argument("record", type=Path, help="record.sqlite, or the folder that holds it")
    parser.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    parser.add_argument("--out", type=Path, help="the HTML file (report.html beside the record)")


def main(wanted: Namespace) -> int:
    """Render the report and say where it is."""
    from rich.markup import escape

    from audit.application.result import Result, find_record
    from audit.cli.screen import console

    result = Result(find_record(wanted.record))
    page = result.report(wanted.out or result.path.with_name("report.html"), wanted.policy)
    console.print(f"report: {escape(str(page))}")
    return 0

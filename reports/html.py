"""The report as one HTML file that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from audit.files import write_whole
from reports.page.glossary import Glossary
from reports.page.view import page

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from audit.policy.verdict import Judgement
    from audit.record.record import Record
    from reports.page.view import Page

MARK = '<meta name="generator" content="bioaudit">'
"""Tells a page written by bioaudit, which may be replaced, from any other file."""


def write_html(path: Path, record: Record, judged: Judgement) -> Path:
    """Write the report of a record and what its rules came to; return its path."""
    return write_whole(path, render(page(record, judged)), MARK)


def render(whole: Page) -> str:
    """Return a page as HTML."""
    style = (files("reports") / "templates" / "style.css").read_text("utf-8")
    return environment().get_template("report.html").render(page=whole, style=style)


def environment() -> Environment:
    """Return the jinja2 environment: text is escaped, and an undefined name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["explained"] = Glossary()
    return made

"""The self test as one HTML page: flaws and rules, healthy twins, and what was planted how."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from audit.files import write_whole
from reports.html import MARK, environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MARKS = {"MISSED": "fail", "FALSE ALARM": "fail", "MISSED, FALSE ALARM": "fail", "caught": "pass"}
"""Words that stand as a badge, and its colour."""


@dataclass(frozen=True, kw_only=True)
class WordTable:
    """One table of the page: `rows` are words, as many in each as in the head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_selftest(
    path: Path,
    summary: Sequence[str],
    sheets: Sequence[WordTable],
    planted: Sequence[tuple[str, str]],
) -> Path:
    """Write the page of a self test; return its path.

    `summary` are sentences, `planted` names of flaws with how each was planted.
    """
    style = (files("reports") / "templates" / "style.css").read_text("utf-8")
    template = environment().get_template("selftest.html")
    text = template.render(
        summary=summary, sheets=sheets, planted=planted, marks=MARKS, style=style
    )
    return write_whole(path, text, MARK)

"""A whole page against the one that a person has read and accepted.

Drawings and pictures are scrubbed, since they depend on the versions of what draws them. After a
wanted change, look at the page that the failure left beside the gold one, then accept it:
BIOAUDIT_ACCEPT=1 pytest tests/reports/test_gold.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audit.policy.judge import judge
from reports.html import write_html

if TYPE_CHECKING:
    from audit.policy.policy import Policy
    from audit.record.record import Record

GOLD = Path(__file__).parent / "gold" / "page.html"
SCRUBS = (
    (re.compile(r"<svg role.*?</svg>", re.DOTALL), "<svg/>"),
    (re.compile(r"data:image/jpeg;base64,[^\"]+"), "data:,"),
    (re.compile(r"<style>.*?</style>", re.DOTALL), "<style></style>"),
)


def scrubbed(text: str) -> str:
    """Return a page without what other versions draw otherwise."""
    for pattern, instead in SCRUBS:
        text = pattern.sub(instead, text)
    return text


def test_page_is_the_gold_page(record: Record, policy: Policy, tmp_path: Path) -> None:
    """Every word of the page is as it was when a person last read it."""
    path = write_html(tmp_path / "page.html", record, judge(policy, record))
    actual = scrubbed(path.read_text("utf-8"))
    if os.environ.get("BIOAUDIT_ACCEPT"):
        GOLD.parent.mkdir(exist_ok=True)
        GOLD.write_text(actual, "utf-8")
    beside = GOLD.with_name("page.actual.html")
    if actual != GOLD.read_text("utf-8"):
        beside.write_text(actual, "utf-8")
    assert actual == GOLD.read_text("utf-8"), f"look at {beside}; to accept: BIOAUDIT_ACCEPT=1"
    beside.unlink(missing_ok=True)

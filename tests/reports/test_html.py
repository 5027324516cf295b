"""The page: whole, safe, the same each time, and about the record alone."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit.errors import UsageError
from audit.policy.judge import judge
from audit.policy.verdict import Verdict
from audit.record.record import Record
from reports.html import write_html
from reports.page.rules import anchor
from reports.page.short import short_page

if TYPE_CHECKING:
    from audit.policy.policy import Policy
    from audit.policy.verdict import Judgement

MOST_BYTES = 5_000_000
VOID = {"meta", "img", "br"}


class Tags(HTMLParser):
    """Every element of a page with its attributes; complains where they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open."""
        assert self.open.pop() == tag


def page_of(record: Record, policy: Policy, folder: Path) -> str:
    """Return the page of a record."""
    path = write_html(folder / "page.html", record, judge(policy, record))
    return path.read_text("utf-8")


def test_page_stands_alone(record: Record, policy: Policy, tmp_path: Path) -> None:
    """A page holds no script, asks for nothing from elsewhere, and is small."""
    text = page_of(record, policy, tmp_path)
    tags = Tags(text)
    assert not tags.open
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in tags.found}
    sources = [attributes["src"] or "" for _, attributes in tags.found if "src" in attributes]
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert "default-src 'none'" in text
    assert "url(http" not in text
    assert len(text.encode()) < MOST_BYTES


def test_links_within_the_page_lead_somewhere(
    record: Record, policy: Policy, tmp_path: Path
) -> None:
    """Every anchor that the page links to stands in it once."""
    tags = Tags(page_of(record, policy, tmp_path))
    anchors = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    hrefs = [str(attributes["href"]) for tag, attributes in tags.found if tag == "a"]
    assert {href[1:] for href in hrefs if href.startswith("#")} <= set(anchors)
    named = [one for one in anchors if str(one).startswith(("rule", "suite", "figure", "probe"))]
    assert len(named) == len(set(named))
    assert all(href.startswith(("#", "https://", "http://")) for href in hrefs)


def test_every_finding_is_said(
    record: Record, policy: Policy, judged: Judgement, tmp_path: Path
) -> None:
    """The sentence of every rule that is not kept stands in the page; each rule has its anchor."""
    text = page_of(record, policy, tmp_path)
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    told = [one for one in judged.outcomes if one.judged and one.verdict is not Verdict.PASS]
    assert told
    assert all(one.because in plain for one in told)
    anchors = [attributes.get("id") for _, attributes in Tags(text).found]
    assert all(anchors.count(anchor(one)) == 1 for one in judged.outcomes)


def test_page_says_what_was_not_tested(record: Record, policy: Policy, tmp_path: Path) -> None:
    """Skipped probes, refused images and rules without a verdict are listed with the reason."""
    text = page_of(record, policy, tmp_path)
    assert '<li>No pixel size. <span id="rule-blur">blur</span>.</li>' in text
    gaps = text[text.index('id="not-tested"') : text.index('id="provenance"')]
    for said in ("no pixel size", "broken.tif", "not an image"):
        assert said in gaps


def test_page_names_no_folder(record: Record, policy: Policy, tmp_path: Path) -> None:
    """The folders of absolute paths stay at home; the names of files are kept."""
    record.describe(command="bioaudit run /home/ann/nets/a.toml --test C:\\Users\\ann\\02")
    text = page_of(record, policy, tmp_path)
    assert "/home" not in text
    assert "Users" not in text
    assert "…/a.toml --test …/02" in text


def test_same_record_same_bytes(record: Record, policy: Policy, tmp_path: Path) -> None:
    """The same record gives the same page, byte for byte."""
    assert page_of(record, policy, tmp_path) == page_of(record, policy, tmp_path)


def test_one_movie_is_drawn_in_time(movie: Record, policy: Policy, tmp_path: Path) -> None:
    """The frames of one movie stand in order of time, and the page says that it is one movie."""
    text = page_of(movie, policy, tmp_path)
    assert "frame of movie" in text
    assert "16 images of 1 movie" in text
    assert "These are 16 frames of one movie: the verdict holds for it" in text


def test_hostile_names_are_text(hostile: Record, policy: Policy, tmp_path: Path) -> None:
    """Names from files and models can open no element, run no template, break no drawing."""
    text = page_of(hostile, policy, tmp_path)
    tags = Tags(text)
    assert not tags.open
    assert "script" not in {tag for tag, _ in tags.found}
    assert not any(key.startswith("on") for _, attributes in tags.found for key in attributes)
    assert "{{7*7}}" in text
    assert "$\\alpha$" in text
    assert not re.search("[\x00\x1b\u202e]", text)
    assert 'href="javascript' not in text


def test_notebook_lines_are_safe(hostile: Record, policy: Policy) -> None:
    """The lines for a notebook escape what comes from files."""
    text = short_page(judge(policy, hostile))
    assert {tag for tag, _ in Tags(text).found} <= {"p", "ul", "li", "strong"}


def test_empty_record_is_undecided(tmp_path: Path) -> None:
    """A record without anything, judged by no rule, is a page that says UNDECIDED."""
    from audit.policy.policy import Policy

    with Record(tmp_path / "empty.sqlite") as empty:
        text = page_of(empty, Policy(name="none"), tmp_path)
    assert not Tags(text).open
    assert "UNDECIDED" in text
    assert "nothing is known" in text


def test_failure_leaves_no_half_page(
    record: Record, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a page cannot be written, the earlier one stays and nothing else is left."""
    path = tmp_path / "pages" / "page.html"
    write_html(path, record, judge(policy, record))
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UsageError, match="no room"):
        write_html(path, record, judge(policy, record))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["page.html"]


def test_rendering_loads_no_torch(record: Record, policy: Policy, tmp_path: Path) -> None:
    """A report is rendered without torch, so on a machine that has neither it nor the model."""
    here = Path(__file__).parent / "policy.toml"
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from pathlib import Path\n"
        "from audit.policy.judge import judge\n"
        "from audit.policy.reading import load_policy\n"
        "from audit.record.record import Record\n"
        "from reports.html import write_html\n"
        "with Record(sys.argv[1], readonly=True) as record:\n"
        "    policy = load_policy(sys.argv[2])\n"
        "    write_html(Path(sys.argv[3]), record, judge(policy, record))\n"
    )
    out = tmp_path / "out.html"
    command = [sys.executable, "-W", "error", "-c", program, str(record.path), str(here), str(out)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    assert out.is_file()

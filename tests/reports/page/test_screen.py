"""The page at a glance: short, what failed wide open, what was kept folded, nothing mistaken."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.verdict import Verdict
from reports.html import render
from reports.page.view import page
from tests.reports.conftest import question, write

if TYPE_CHECKING:
    from audit.policy.policy import Policy
    from audit.record.record import Record

MOST_WORDS = 10_000
"""A page that is longer is not read."""


def words_of(text: str) -> int:
    """Return how many words a page shows, those of its figures among them."""
    shown = re.sub(r"<(style|defs|title)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return len(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def lenient(policy: Policy) -> Policy:
    """Return the policy with bounds that every network keeps."""
    kept = [
        rule.model_copy(update={"at_most": 1.0} if rule.at_most is not None else {"at_least": -1.0})
        for rule in policy.rule
    ]
    return policy.model_copy(update={"rule": tuple(kept)})


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.PASS])
def test_a_page_is_short(record: Record, policy: Policy, verdict: Verdict) -> None:
    """A page of a failure and one of a pass hold few words, each in proportion to its rules."""
    judged = judge(policy if verdict is Verdict.FAIL else lenient(policy), record)
    text = render(page(record, judged))
    assert judged.verdict is verdict
    assert words_of(text) < min(MOST_WORDS, 200 * len(judged.outcomes))


def test_what_failed_is_open_and_what_was_kept_is_folded(record: Record, policy: Policy) -> None:
    """A suite with a broken rule stands wide open, every other one is a line."""
    made = page(record, judge(policy, record))
    assert {one.suite for one in made.wide} == {"shift", "resolution"}
    assert all(one.badge.style == "fail" for one in made.wide)
    text = render(made)
    for one in made.folded:
        assert f'<details class="line" id="{one.anchor}">' in text
    for one in made.wide:
        assert f'<section id="{one.anchor}">' in text


def test_a_pass_opens_nothing(record: Record, policy: Policy) -> None:
    """Where every rule is kept the first screen is the whole page before the fold."""
    made = page(record, judge(lenient(policy), record))
    assert not made.wide
    assert {one.suite for one in made.folded} >= {"pipeline", "shift", "resolution"}


def test_a_margin_is_no_finding(record: Record, policy: Policy) -> None:
    """Under a tile stands the number nearest to its bound, never the bare name of a rule."""
    made = page(record, judge(lenient(policy), record))
    margins = {one.suite: one.margin for one in made.chapters}
    assert margins["pipeline"] == "closest: as the reference 0, at least -1 asked"
    assert margins["other"] == "measured only"


def test_nothing_asked_is_not_tested(record: Record, policy: Policy) -> None:
    """Beside a key rule that lacked its data, another that is kept makes no PASS of the suite."""
    record.register(question("leakage.stored", "Does it recite?"))
    names = [f"image-{index}" for index in range(6)]
    rows = [Measurement("iou", 0.9, name) for name in names]
    write(record, "leakage.stored", "audited", 0, rows)
    record.register(question("leakage.exact", "Is it the same image?"))
    reason = "no train images were given"
    write(record, "leakage.exact", "audited", 0, [], status="skipped", reason=reason)
    score = policy.rule[0]
    given = {"given": (), "at": {}}
    asked = (
        score.model_copy(update={"id": "stored", "probe": "leakage.stored", **given}),
        score.model_copy(update={"id": "same", "probe": "leakage.exact", "key": True, **given}),
    )
    judged = judge(policy.model_copy(update={"rule": (*policy.rule, *asked)}), record)
    (made,) = [one for one in page(record, judged).chapters if one.suite == "leakage"]
    assert made.badge.word == "not tested"
    assert made.margin == reason
    assert made.answer == "Not tested: No train images were given. 1 rule beside it is kept."
    assert made.spark is None


def test_the_score_stands_first(record: Record, movie: Record, policy: Policy) -> None:
    """The score with its interval; other movies are spoken of once, where there are any."""
    found = page(record, judge(policy, record))
    assert found.score is not None
    assert (found.score.metric, found.score.value) == ("IoU", "0.817")
    assert found.score.here.startswith("[0.8")
    assert found.reach == "Found on 6 images, each of its own origin."
    assert "other movies may differ" in page(movie, judge(policy, movie)).reach

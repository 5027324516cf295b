"""Laws of the sentences: whatever was found, they are such as a person would say."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from audit.policy.number import plain, whole
from suites.imbalance.neglected import named
from tests.audit.ruling import WARN, around, judged, rows, rule
from tests.toys import add, scene

UNSAID = re.compile(
    r"\bnan\b|\binf\b|e-\d|\b1 (images|objects|movies|measurements)|\[([^,\]]+), \2\]|worth 1\b"
)
"""What no sentence may hold: no number, an exponent, a false plural, an interval without width."""

SIZES = (0.0, 1e-12, 1e-7, 1e-5, 6.82e-5, 0.0004, 0.004, 0.05, 0.3)


def bounds(stream) -> dict:
    """Return a random bound, with a warning or none."""
    bound = float(stream.choice([0.0, 0.01, 0.05, 0.5, 0.98]))
    at_most = bool(stream.integers(2))
    found = {"at_most" if at_most else "at_least": bound}
    if stream.integers(2):
        return found | {"warns": True}
    return found | {"warn": bound - 0.02 if at_most else bound + 0.01}


@pytest.mark.parametrize("seed", range(60))
def test_no_sentence_is_such_as_nobody_would_say(record, seed):
    """Random values, bounds, movies, statistics and failures, of one image to twelve."""
    stream = np.random.default_rng(seed)
    count = int(stream.integers(1, 13))
    movies = int(stream.integers(1, 4))
    frames = [scene(n, id=f"{n:03d}", group=f"m{n % movies}", frame=n) for n in range(count)]
    record.enlist(frames if stream.integers(2) else [scene(n, id=f"{n:03d}") for n in range(count)])
    centre, spread = (float(stream.choice(SIZES)) for _ in range(2))
    add(record, rows([centre + spread * float(stream.normal()) for _ in range(count)]))
    for number in range(int(stream.integers(3))):
        add(record, [], status="failed", reason="no", samples=(f"f{number}",))
    rules = [
        rule(f"{kind} {number}", statistic=kind, **bounds(stream))
        for kind in ("mean", "pooled", "census", "rate")
        for number in range(4)
    ]
    for outcome in judged(record, *rules):
        assert not UNSAID.search(outcome.because), outcome.because
        assert outcome.because.endswith(".")


def test_where_a_number_was_measured_stands_before_what_was_asked(record):
    """One style: the number, its interval, the images, the bound."""
    record.enlist([scene(n, id=f"{n:03d}", group="movie", frame=n) for n in range(12)])
    add(record, rows(around(0.9)))
    (outcome,) = judged(record, rule())
    assert outcome.because == (
        "The score is 0.900 [0.893, 0.907] in 12 images of one movie; at least 0.8 is asked."
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"at_most": 0.0}, "The score is 0 in all 12 images; none is allowed."),
        ({"at_most": 0.0, "warns": True}, "The score is 0 in all 12 images; any would be worth a "),
        ({"at_most": 0.5}, "The score is 0 in all 12 images; at most 0.5 is allowed."),
    ],
)
def test_nothing_is_said_as_nothing(record, given, said):
    """A share of 0 is no 0.000, and at most 0 is none."""
    add(record, rows([0.0] * 12))
    (outcome,) = judged(record, rule(statistic="census", **given))
    assert outcome.because.startswith(said)


def test_hardly_anything_is_not_rounded_onto_its_warning(record):
    """What is beyond 0 is never said to be 0, beyond the 0 that is worth a warning."""
    add(record, rows([3e-9] * 12))
    (outcome,) = judged(record, rule(statistic="census", at_most=0.5, warn=0.0))
    assert outcome.verdict is WARN
    assert outcome.because == "The score is just above 0 in 12 images; any is worth a warning."


def test_what_a_probe_remarks_stands_behind_the_sentence(record):
    """The class that is found least is named where the probe knows it, once and not per image."""
    said = named(2, 3)
    add(record, remarked(around(0.9), said))
    (outcome,) = judged(record, rule())
    assert outcome.because.endswith(f" {said}")
    assert outcome.because.count(said) == 1


def remarked(values, said):
    """Return rows of which each has the same remark."""
    return [replace(row, remark=said) for row in rows(values)]


def test_numbers_have_no_exponent():
    """As a person writes them: no exponent, no zeros behind, no 0 that is none."""
    assert [plain(one) for one in (0.05, 1e-5, 300.0, -0.0)] == ["0.05", "0.00001", "300", "0"]
    asked = rule(at_most=0.5)
    assert [whole(one, asked) for one in (0.0, 1e-6, 0.25, 1.0)] == ["0", "almost 0", "0.25", "1"]

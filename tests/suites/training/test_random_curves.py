"""A thousand runs of all kinds: no crash, no contradiction, and every sentence held to its log."""

from __future__ import annotations

import math
import re
from functools import cache

import pytest

from suites.training.conditions import diagnose
from suites.training.recommendation import BLIND, REMEDIES, advise
from suites.training.spoken import digits
from tests.suites.training.random_curves import random_run

RUNS, PART = 1000, 50
NUMBER = r"(-?[\d.]+\d|-?\d)"
ENDS = re.compile(rf"(validation|training) loss ends at {NUMBER}", re.IGNORECASE)
LASTED = re.compile(rf"lowest that lasted is {NUMBER} at (?:epoch|step) {NUMBER}")
ABOUT = re.compile(
    rf"training loss (?:went from|began at) {NUMBER}.*?about {NUMBER}", re.IGNORECASE
)
PLACE = re.compile(rf"(?:epoch|step) {NUMBER}")
EXCLUDED = (
    ("good fit", "any"),
    ("overfitting", "underfitting"),
    ("overfitting", "not finished"),
    ("diverged", "overfitting"),
)
"""Findings that would contradict one another."""


@cache
def told(seed):
    """Return a run, what holds of it, and every sentence about it."""
    run = random_run(seed)
    found, advice = diagnose(run), advise(run)
    return run, found, advice, [*(one.because for one in found.conditions), *said(advice)]


def said(advice):
    """Return the sentences of an advice."""
    return [advice.because, advice.remedy] if advice else []


def logged(curve):
    """Return the finite values of a curve by their place."""
    both = zip(curve.at, curve.values, strict=True) if curve else ()
    return {at: value for at, value in both if math.isfinite(value)}


@pytest.mark.parametrize("first", range(0, RUNS, PART))
def test_sentences_state_what_was_logged(first):
    """What is told as logged was logged: ends, lowest values and their places, first levels."""
    for seed in range(first, first + PART):
        run, _, _, sentences = told(seed)
        curves = {"validation": logged(run.validation), "training": logged(run.training)}
        every = {
            at for curve in (run.training, run.validation, run.rate) if curve for at in curve.at
        }
        for text in sentences:
            for part, value in ENDS.findall(text):
                assert value == digits(list(curves[part.lower()].values())[-1]), (seed, text)
            for value, at in LASTED.findall(text):
                there = [curve.get(float(at)) for curve in curves.values()]
                assert value in {digits(one) for one in there if one is not None}, (seed, text)
            for at in PLACE.findall(text):
                assert float(at) in every, (seed, text)
            for start, end in ABOUT.findall(text):
                values = curves["training"].values()
                low, high = min(values), max(values)
                slack = 0.005 * (abs(low) + abs(high) + high - low)
                for level in (float(start), float(end)):
                    assert low - slack <= level <= high + slack, (seed, text)


@pytest.mark.parametrize("first", range(0, RUNS, PART))
def test_nothing_crashes_and_nothing_contradicts_itself(first):
    """Each rule is asked, no sentence holds a number that is none, and there is one remedy."""
    for seed in range(first, first + PART):
        run, found, advice, sentences = told(seed)
        assert all(one.asked for one in found.conditions), seed
        text = " ".join(sentences)
        assert not re.search(r"\b(nan|inf|None)\b", text), (seed, text)
        holds = set(found.holding)
        for one, other in EXCLUDED:
            against = holds - {one} if other == "any" else holds & {other}
            assert not (one in holds and against), (seed, holds)
        if advice is not None:
            assert advice.remedy in {"", BLIND, *REMEDIES.values()}, seed
        points = max(len(logged(curve)) for curve in (run.training, run.validation))
        if points < 8 and not any(one.certain for one in found.conditions):
            assert not holds, (seed, holds)


def test_the_runs_are_of_all_kinds():
    """Among them are runs of every finding, of few points, and of nothing to be found."""
    findings = [frozenset(told(seed)[1].holding) for seed in range(0, RUNS, 2)]
    assert {name for one in findings for name in one} >= {*REMEDIES, "good fit"}
    assert frozenset() in findings

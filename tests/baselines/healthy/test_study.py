"""The laws of the study: who counts as healthy, and what a record is spared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from baselines.healthy.bank import STANDARD, bank
from baselines.healthy.study import ATTEMPTS, MARGIN, Study, attempts, peers, standard
from baselines.healthy.wide import PROBES as ON_WIDE


@dataclass(frozen=True, kw_only=True)
class Scripted(Study):
    """A study whose trainings reach what a script says, by seed."""

    reached: dict[int, float]

    def train(self, entry):
        """Return a folder named for the seed, and the scripted IoU."""
        return Path(str(entry.seed)), self.reached.get(entry.seed, 0.0)


@pytest.fixture
def other():
    """Return the first network that is not a standard U-Net."""
    return next(entry for entry in bank() if entry.architecture != STANDARD)


def test_a_network_not_trained_enough_is_grown_from_the_next_seed(tmp_path, other):
    """A seed below the standard U-Net less the margin is listed, and the next one taken."""
    first, second = other.seed, other.seed + 100
    reached = {standard(other).seed: 0.9, first: 0.9 - MARGIN - 0.01, second: 0.85}
    study = Scripted(data=tmp_path, out=tmp_path, reached=reached)
    assert study.healthy(other) == Path(str(second))
    assert [(one.seed, one.healthy) for one in attempts(tmp_path)] == [
        (first, False),
        (second, True),
    ]


def test_a_network_that_no_seed_teaches_is_listed_and_left(tmp_path, other):
    """Where no attempt reaches the bar there is no healthy network, and the list says so."""
    study = Scripted(data=tmp_path, out=tmp_path, reached={standard(other).seed: 0.9})
    assert study.healthy(other) is None
    assert [one.healthy for one in attempts(tmp_path)] == [False] * ATTEMPTS


def test_every_network_is_asked_all_that_the_rules_read(tmp_path):
    """Attacks are among the questions; those of wide images are asked there alone."""
    names = {probe.name for probe in Study(data=tmp_path, out=tmp_path).probes}
    assert {"pipeline.score", "adversarial.gradient"} <= names
    assert not names & ON_WIDE


def test_the_peers_of_a_network_learn_from_the_same_images(other):
    """There are two, neither is the network itself, and one of them is the standard U-Net."""
    found = peers(other)
    assert {(one.kind, one.half) for one in found} == {(other.kind, other.half)}
    assert len(found) == 2
    assert other not in found
    assert standard(other) in found

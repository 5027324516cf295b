"""Which conditions held in a training: 1, 0, or None where it lies between the bounds.

The bounds were set down before anything of the held-out trainings was looked at; some were changed
after a diagnosis had been asked about the others. Losses are in units of chance (the loss of who
knows the classes' shares alone), see `tests.baselines.trainings.oracle`.

diverged
    1: a loss is not finite, or training and hidden loss end above 30. 0: the training loss ends
    below 1.2.
learning rate too high
    1: the training loss jumps by 0.04 from sight to sight, and a tenth of the rate takes 0.08 off
    it. 0: it jumps by less than 0.02, or a tenth of the rate takes off less than 0.03.
overfitting
    1: the hidden loss has risen by 0.10 from a lowest point before 80 % of the training, while the
    training loss rose by no more than 0.02 and ends 0.10 below. 0: it has risen by less than 0.04,
    the training loss rose half as much too, or it ends less than 0.05 below.
unrepresentative training
    1: the hidden loss ends 0.20 above the training loss, without having risen by 0.10. 0: less than
    0.10 above.
not finished
    1: three times the epochs would gain a further 0.20 of what was gained. 0: less than 0.10, or
    the hidden loss had risen by 0.10.
underfitting
    1: a capable network ends 0.30 lower on the same training images, and three times the epochs
    would gain less than 0.10. 0: less than 0.20 lower, or the training loss ends below 0.25.
unrepresentative validation
    1: over the second half the validation loss lies 0.08 below the hidden and 0.05 below the
    training loss (easy), or its distance to the hidden loss jumps by 0.05 from sight to sight
    and more than the hidden loss itself (noisy). 0: it lies within 0.06 of the hidden loss, and the
    distance jumps by less than 0.02 or half as much as the hidden loss.
good fit
    1: all others are 0, and the hidden loss ends below 0.50. 0: any other is 1.

What a log cannot show is not asked of its reader: where one condition covers another, the other
is None. A training that diverged is asked nothing else but whether it was a good fit. A gap that
still widens is not asked whether it is overfitting, nor is an overfitted network whether its
training images were too few. An unfinished network is not asked whether it underfits. Where the
validation images are unrepresentative, or easier by 0.12, conditions that only the hidden images
know are None; where they are harder by 0.06, nobody is asked to see that no gap is there. A
schedule that came to its end at a rate of zero is not asked whether more epochs would have helped
where they would; nor is a training whose hidden loss was lowest before 80 % of it: not finished is
what still falls at its end, and a second fall after a rest is foretold by no log. Where the network
itself jumps, its validation is not asked whether it is noisy; that it is not may be asked where a
rate that is too high explains the jumps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.baselines.trainings.oracle import Findings

Condition = Literal[
    "overfitting", "underfitting", "not finished", "unrepresentative validation",
    "unrepresentative training", "diverged", "learning rate too high", "good fit",
]  # fmt: skip
Labels = dict[Condition, bool | None]

OVERFITTING: Condition = "overfitting"
NARROW: Condition = "unrepresentative training"
UNSEEN: tuple[Condition, ...] = (OVERFITTING, NARROW, "not finished")
"""What only representative validation images show."""

CONDITIONS: tuple[Condition, ...] = (
    "overfitting", "underfitting", "not finished", "unrepresentative validation",
    "unrepresentative training", "diverged", "learning rate too high", "good fit",
)  # fmt: skip


def labels(found: Findings, *, annealed: bool) -> Labels:
    """Return which conditions held; `annealed` says that the rate had come down to zero."""
    if found.hidden_end is None or found.training_end is None:
        return dict.fromkeys(CONDITIONS) | {"diverged": not found.finite or None, "good fit": False}
    if min(found.hidden_end, found.training_end) > 30:
        return dict.fromkeys(CONDITIONS) | {"diverged": True, "good fit": False}
    said: Labels = {
        "diverged": False if found.training_end < 1.2 else None,
        "learning rate too high": too_high(found),
        "overfitting": overfitting(found),
        "unrepresentative training": narrow(found),
        "not finished": unfinished(found, annealed=annealed),
        "underfitting": underfitting(found),
        "unrepresentative validation": unrepresentative(found),
    }
    covered(said, found)
    return {name: (said | {"good fit": good(said, found)})[name] for name in CONDITIONS}


def between(value: float | None, low: float, high: float) -> bool | None:
    """Return True from the high bound on, False below the low one, None between or of nothing."""
    if value is None or low <= value < high:
        return None
    return value >= high


def too_high(found: Findings) -> bool | None:
    """Say whether the training loss swings because of its rate."""
    swings = between(found.swing, 0.02, 0.04)
    calmer = between(found.calm, 0.03, 0.08)
    if swings is False or calmer is False:
        return False
    return True if swings and calmer else None


def overfitting(found: Findings) -> bool | None:
    """Say whether the hidden loss rose while the training loss did not."""
    assert found.rise is not None
    assert found.training_rise is not None
    assert found.lowest_at is not None
    assert found.gap_growth is not None
    assert found.gap is not None
    if found.gap < 0.05:
        return False
    risen = between(found.rise, 0.04, 0.10)
    if risen is not False and found.training_rise >= found.rise / 2:
        return False
    if risen:
        clear = found.training_rise <= 0.02 and found.lowest_at < 0.8 and found.gap >= 0.10
        return True if clear else None
    widens = found.gap >= 0.10 and found.gap_growth >= 0.05
    return None if widens else risen


def narrow(found: Findings) -> bool | None:
    """Say whether a wide gap stayed between the training and the hidden loss."""
    wide = between(found.gap, 0.10, 0.20)
    return None if wide and (found.rise or 0) >= 0.10 else wide


def unfinished(found: Findings, *, annealed: bool) -> bool | None:
    """Say whether more epochs would have gained much."""
    if (found.rise or 0) >= 0.10:
        return False
    more = between(found.gain, 0.10, 0.20)
    rests = annealed or (found.lowest_at or 0.0) < 0.8
    return None if more and rests else more


def underfitting(found: Findings) -> bool | None:
    """Say whether the training loss stayed far above what a capable network reaches."""
    assert found.training_end is not None
    if found.training_end < 0.25:
        return False
    if found.capable is None:
        return None
    worse = between(found.training_end - found.capable, 0.20, 0.30)
    still = between(found.gain, 0.10, 0.10)
    return None if worse and still is not False else worse


def unrepresentative(found: Findings) -> bool | None:
    """Say whether validation is easier than training or noisy beside the hidden images."""
    assert found.bias is not None
    assert found.ease is not None
    assert found.scatter is not None
    assert found.hidden_swing is not None
    easy = found.bias <= -0.08 and found.ease >= 0.05
    if easy or found.scatter >= max(0.05, found.hidden_swing):
        return True
    steady = found.scatter < max(0.02, found.hidden_swing / 2)
    return False if steady and abs(found.bias) < 0.06 else None


def covered(said: Labels, found: Findings) -> None:
    """Withdraw what the log cannot show because another condition covers it."""
    assert found.hidden_swing is not None
    assert found.bias is not None
    if said["unrepresentative validation"] or found.bias <= -0.12:
        for name in UNSEEN:
            said[name] = said[name] and None
    if found.bias >= 0.06:
        for name in (OVERFITTING, NARROW):
            said[name] = said[name] or None
    if said["learning rate too high"] and said["unrepresentative validation"]:
        said["unrepresentative validation"] = None
    jumpy = found.hidden_swing >= 0.03 and said["learning rate too high"] is not True
    if jumpy and not said["unrepresentative validation"]:
        said["unrepresentative validation"] = None


def good(said: Labels, found: Findings) -> bool | None:
    """Say whether nothing was wrong."""
    if any(said.values()):
        return False
    clear = all(value is False for value in said.values())
    return True if clear and (found.hidden_end or 1) < 0.5 else None

"""What is to be done after a training: which checkpoint, how long, and what to change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from suites.training.conditions import diagnose
from suites.training.course import Gain, course
from suites.training.rate import ANNEALED, collapsed, idle
from suites.training.spoken import digits
from suites.training.trace import SHORT, SURE

if TYPE_CHECKING:
    from audit.logs.log import Run
    from suites.training.condition import Name
    from suites.training.conditions import Diagnosed
    from suites.training.reading import Reading
    from suites.training.trace import Trace

REMEDIES: dict[Name, str] = {
    "diverged": (
        "Lower the learning rate tenfold, clip gradients, and look for images or masks with "
        "impossible values."
    ),
    "learning rate too high": "Lower the learning rate threefold to tenfold, or raise the batch.",
    "overfitting": "Add images or augmentation, or take a smaller network.",
    "unrepresentative training": (
        "Add training images of the kind that validation holds and training lacks."
    ),
    "unrepresentative validation": (
        "Choose validation images as those that the model is meant for, and more of them."
    ),
    "underfitting": (
        "Use a larger network, a higher learning rate or a later decay, and check that images and "
        "masks belong together."
    ),
    "not finished": "Train on, as long again, and look at the curves once more.",
}
"""What each flaw asks for."""

BLIND = "The last validation loss is not a number: look at the validation images and masks."
"""What is asked for where nothing is wrong, but nothing of validation is known at the end."""

CHOICES = {
    "best": "Publish the best checkpoint",
    "last": "Publish the last checkpoint",
    "either": "Either checkpoint may be published",
}
"""What is said of each choice."""

RESTED = "the learning rate was annealed, so the curve had to come to rest"
TOO_FEW = "too few points after the first quarter of the log to extrapolate from"


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What a training asks for, told from its log.

    `best_at` is the epoch or step of the best validation loss (of training where there is no
    validation); `saved_fraction` the share of the training after it, the most that early stopping
    would have saved. `publish` says which checkpoint, and `because` why. `gain` is how much lower
    training as long again would bring the loss, in its units, and `gain_fraction` that as a share
    of what was gained so far; both are None where `silence` says why. `remedy` is a sentence, that
    of the gravest flaw, "" where nothing is to be done; `idle_from` is when the learning rate
    collapsed, None where it did not.
    """

    best_at: float
    saved_fraction: float
    publish: Literal["best", "last", "either"]
    because: str
    gain: Gain | None
    gain_fraction: float | None
    silence: str
    remedy: str
    idle_from: float | None


def advise(run: Run) -> Recommendation | None:
    """Return what a run asks for; None where it has no curve of two finite values."""
    found = diagnose(run)
    reading = found.reading
    judged = reading.judged
    if judged is None:
        return None
    best = judged.lowest[1]
    publish = checkpoint(judged, overfitted=bool(found["overfitting"].holds))
    resting = idle(run) is not None
    end = None if resting else course(judged)
    return Recommendation(
        best_at=best,
        saved_fraction=float(judged.at[-1] - best) / float(judged.at[-1] - judged.at[0]),
        publish=publish,
        because=f"{CHOICES[publish]}: {reason(reading, judged, publish)}",
        gain=end.gain if end else None,
        gain_fraction=end.gain.value / end.drop if end and end.drop > 0 else None,
        silence=RESTED if resting else TOO_FEW,
        remedy=remedy(found),
        idle_from=collapsed(run),
    )


def remedy(found: Diagnosed) -> str:
    """Return what the gravest flaw asks for, or a lost validation; "" where there is neither.

    One remedy at a time: those of two flaws may contradict each other, as training on and stopping
    earlier do. What concerns a stretch alone is the least grave.
    """
    flaws = [one for one in found.conditions if one.holds and one.name in REMEDIES]
    gravest = sorted(flaws, key=lambda one: one.local)
    if gravest:
        return REMEDIES[gravest[0].name]
    return BLIND if found.reading.blind else ""


def idled(run: Run, since: float) -> str:
    """Return that the learning rate collapsed, as a sentence."""
    return (
        f"From {run.counts} {since:g} on the learning rate was less than {ANNEALED:.0%} of what it "
        "was: the network hardly moved."
    )


def checkpoint(judged: Trace, *, overfitted: bool) -> Literal["best", "last", "either"]:
    """Return which checkpoint to publish: the best where the end is surely worse, or overfitted."""
    if worse(judged) or (overfitted and judged.best < len(judged.values) - 1):
        return "best"
    return "last" if judged.best >= len(judged.values) - judged.tail else "either"


def worse(judged: Trace) -> bool:
    """Return whether a loss ends above its lowest level beyond noise, which few values hide."""
    return len(judged.values) >= SHORT and judged.end - judged.low > SURE * judged.error


def reason(reading: Reading, judged: Trace, publish: str) -> str:
    """Return why a checkpoint is to be published, as the end of a sentence."""
    loss = f"{'validation' if reading.validation else 'training'} loss"
    lowest, at = judged.lowest
    if judged.best == len(judged.values) - 1:
        return f"{loss} ends at the lowest that lasted, {digits(lowest)}."
    best = f"the lowest that lasted is {digits(lowest)} at {reading.run.counts} {at:g}"
    said = f"{loss} ends at {digits(judged.last)}, {best}"
    if worse(judged):
        return f"{said}, and noise does not explain the difference."
    if len(judged.values) < SHORT:
        return f"{said}, but {len(judged.values)} values do not tell noise from course."
    # Noise hides a rise, and a gap that opens needs none.
    overfitted = ", but the training overfitted" if publish == "best" else ""
    return f"{said}, which is within noise{overfitted}."

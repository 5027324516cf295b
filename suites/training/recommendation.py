"""What is to be done after a training: which checkpoint, how long, and what to change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from suites.training.conditions import diagnose
from suites.training.course import Gain, course
from suites.training.trace import SURE
from suites.training.unfinished import annealed

if TYPE_CHECKING:
    from audit.logs.log import Run
    from suites.training.condition import Name
    from suites.training.trace import Trace

REMEDIES: dict[Name, str] = {
    "diverged": (
        "Lower the learning rate tenfold, clip gradients, and look for images or masks with "
        "impossible values."
    ),
    "learning rate too high": "Lower the learning rate threefold to tenfold, or raise the batch.",
    "overfitting": "Add images or augmentation, take a smaller network, or stop earlier.",
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

RESTED = "the learning rate was annealed, so the curve had to come to rest"
TOO_FEW = "too few points after the first quarter of the log to extrapolate from"


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What a training asks for, told from its log.

    `best_at` is the epoch or step of the lowest validation level (of training where there is no
    validation); `saved_fraction` the share of the training after it, the most that early stopping
    would have saved. `publish` says which checkpoint, and `because` why. `gain` is how much lower
    training as long again would bring the loss, in its units, and `gain_fraction` that as a share
    of what was gained so far; both are None where `silence` says why. `remedies` are sentences.
    """

    best_at: float
    saved_fraction: float
    publish: Literal["best", "last", "either"]
    because: str
    gain: Gain | None
    gain_fraction: float | None
    silence: str
    remedies: tuple[str, ...]


def advise(run: Run) -> Recommendation | None:
    """Return what a run asks for; None where it has no curve of two finite values."""
    found = diagnose(run)
    reading = found.reading
    judged = reading.validation or reading.training
    if judged is None:
        return None
    best = float(judged.at[judged.bottom])
    publish = checkpoint(judged)
    resting = annealed(reading)
    end = None if resting else course(judged)
    return Recommendation(
        best_at=best,
        saved_fraction=float(judged.at[-1] - best) / float(judged.at[-1] - judged.at[0]),
        publish=publish,
        because=reason(judged, publish, run.counts),
        gain=end.gain if end else None,
        gain_fraction=end.gain.value / end.drop if end and end.drop > 0 else None,
        silence=RESTED if resting else TOO_FEW,
        remedies=tuple(REMEDIES[name] for name in found.holding if name in REMEDIES),
    )


def checkpoint(judged: Trace) -> Literal["best", "last", "either"]:
    """Return which checkpoint to publish: the best one where the end is surely worse."""
    if judged.end - judged.low > SURE * judged.error:
        return "best"
    return "last" if judged.bottom >= len(judged.values) - judged.tail else "either"


def reason(judged: Trace, publish: str, unit: str) -> str:
    """Return why a checkpoint is to be published, as a sentence."""
    best = f"the lowest level, {judged.low:.3g} at {unit} {judged.at[judged.bottom]:g}"
    return {
        "best": f"Publish the best checkpoint: the loss ends at {judged.end:.3g}, above {best}.",
        "last": f"Publish the last checkpoint: the loss ends at {best}.",
        "either": f"Best and last checkpoint are as good: {judged.end:.3g} is within noise of "
        f"{best}.",
    }[publish]

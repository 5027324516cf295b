"""Whether the declared test images were trained on, told from how well the model knows them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch

from audit.meaning import IGNORE
from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe, above_zero, below
from audit.statistics.permutation import permutation_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter
    from audit.probing.case import Case
    from audit.statistics.permutation import Permuted

LEAST_PROBABILITY = 1e-6
LEAST_LOSS = 1e-6
"""A lower loss, in nats a pixel, is counted as this: a logarithm needs something."""

NO_MASK = "the image has no mask"
ALONE = "no other reference network says how difficult the images are"
NEVER_CLEARS = "nothing was found, which clears no split: the searches for pairs decide"
NOT_BRACKETED = (
    "the reference networks find the test images easier or harder than any of the others, "
    "so the two sets cannot be compared"
)
MEMORY = "the test images' movies are among the others"
LEAST_P = 0.001
"""A lower p value is said to be below this."""

ONE_SIDED = 2
BLIND = "too few movies to exchange: no answer could have been sure enough"


@dataclass(frozen=True, kw_only=True)
class Membership(Probe):
    """The loss of each image beside that of the reference networks, test against other images.

    `loss` is the mean cross-entropy (nats a pixel). `calibrated_loss` is what its logarithm has
    beyond the straight line through the references' mean logarithm: healthy networks differ by
    factors, so differences in nats would be ruled by the hardest images, and another network may
    find all hard images harder still. The other images must be of movies of the same condition
    that were surely not trained on. `membership_p` is the one-sided p value of a permutation of
    whole movies: the model knows the test images better than their difficulty for reference
    networks explains. `detected` is 1 below `level` and undefined elsewhere, since this never
    clears a split. Sources: arXiv:2111.08440 (calibration by difficulty), arXiv:2112.03570 (why
    losses are compared on a logarithmic scale).

    How much it sees, of one simulated network with 12 images a side: where the others' loss was 1.3
    times that of the images it was trained on, 63 % of draws had p below 0.01, at 2.0 times all of
    them; there 5 images a side gave 43 %, and a test set of which half was trained on 28 %.
    """

    name: ClassVar[str] = "leakage.membership"
    asks: ClassVar[str] = "Does the model know the test images better than it should?"
    source: ClassVar[str] = "arXiv:2111.08440"
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, probabilities=True, reference=True, parts=("test", "other")
    )
    scope: ClassVar = "audit"

    level: float = 0.01

    def __post_init__(self) -> None:
        above_zero(self, "level")
        below(self, 1, "level")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield each image's loss, what is left of it beside the references, and the test."""
        others = [
            model
            for role, model in case.audit.models.items()
            if role.kind == "reference" and role != case.role
        ]
        mine: dict[str, float] = {}
        difficulty: dict[str, float] = {}
        for sample in case.samples:
            if sample.mask is None or not others:
                why = ALONE if sample.mask is not None else NO_MASK
                for metric in ("loss", "calibrated_loss"):
                    yield Measurement(metric, None, sample.id, {}, 0.0, why)
                continue
            mine[sample.id] = loss(sample, case.model)
            difficulty[sample.id] = fmean(logarithm(loss(sample, one)) for one in others)
            yield Measurement("loss", mine[sample.id], sample.id)
        left = calibrated(mine, difficulty)
        for name, value in left.items():
            yield Measurement("calibrated_loss", value, name)
        yield from self.test([s for s in case.samples if s.id in left], left, difficulty)

    def test(
        self, samples: list[Sample], left: dict[str, float], difficulty: dict[str, float]
    ) -> Iterator[Measurement]:
        """Yield the p value, and whether it says that the test images were trained on."""
        found, why = None, unfit(samples, difficulty)
        if why is None:
            outside = [sample.part == "other" for sample in samples]
            groups = [one.group or one.id for one in samples]
            values = [left[one.id] for one in samples]
            found = permutation_test(values, outside, groups, level=ONE_SIDED * self.level)
        p = None if found is None else one_sided(found)
        if p is None:
            yield Measurement("membership_p", None, None, {}, 0.0, why or BLIND)
            yield Measurement("detected", None, None, {}, 0.0, why or BLIND)
            return
        yield Measurement("membership_p", p)
        if p < self.level:
            yield Measurement("detected", 1.0, remark=trained_on(p))
        else:
            yield Measurement("detected", None, None, {}, 0.0, NEVER_CLEARS)


def trained_on(p: float) -> str:
    """Return in a sentence that the test images were trained on."""
    said = "p < 0.001" if p < LEAST_P else f"p = {p:.3f}"
    return (
        "The model knows the declared test images better than their difficulty for the reference "
        f"networks explains ({said}): they were trained on."
    )


def one_sided(found: Permuted) -> float | None:
    """Return the p value that the others' losses are higher; None where nothing can be exchanged.

    Images that only scatter more than others are not known at all.
    """
    if found.p is None:
        return None
    known = found.effect > 0 and found.differs == "level"
    return found.p / ONE_SIDED if known else 1 - found.p / ONE_SIDED


def unfit(samples: list[Sample], difficulty: dict[str, float]) -> str | None:
    """Return why test and other images cannot be compared; None where they can."""
    tests = [one for one in samples if one.part == "test"]
    others = [one for one in samples if one.part == "other"]
    if not tests or not others:
        return ALONE
    if {one.group for one in tests} & {one.group for one in others} - {""}:
        return MEMORY
    known = [difficulty[one.id] for one in others]
    # The median, because one hard image does not make a test set that is beyond comparison.
    middle = median(difficulty[one.id] for one in tests)
    return None if min(known) <= middle <= max(known) else NOT_BRACKETED


def calibrated(losses: dict[str, float], difficulty: dict[str, float]) -> dict[str, float]:
    """Return what the logarithm of each loss has beyond the line through the difficulties.

    The line is drawn through all images, trained on or not, so that none is favoured.

    >>> left = calibrated({"a": 0.1, "b": 0.4, "c": 0.1}, {"a": -2.0, "b": -1.0, "c": -1.5})
    >>> {name: round(value, 2) for name, value in left.items()}
    {'a': 0.23, 'b': 0.23, 'c': -0.46}
    """
    if not losses:
        return {}
    own = np.array([logarithm(one) for one in losses.values()])
    other = np.array([difficulty[name] for name in losses])
    away = other - other.mean()
    power = float(away @ away)
    slope = float(away @ own) / power if power > 0 else 0.0
    left = own - own.mean() - slope * away
    return dict(zip(losses, left.tolist(), strict=True))


def logarithm(nats: float) -> float:
    """Return the natural logarithm of a loss."""
    return math.log(max(nats, LEAST_LOSS))


def loss(sample: Sample, model: Segmenter) -> float:
    """Return the mean cross-entropy of a model's probabilities and an image's truth, in nats."""
    assert sample.mask is not None
    prediction = model.predict(torch.from_numpy(sample.image())[None])
    assert prediction.probabilities is not None
    truth = torch.from_numpy(sample.mask()).to(prediction.labels.device)
    said = prediction.probabilities[0].gather(0, truth.clamp_min(0)[None])[0]
    return float(-said[truth != IGNORE].clamp(min=LEAST_PROBABILITY).log().mean())

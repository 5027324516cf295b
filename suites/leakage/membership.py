"""Whether the declared test images were trained on, told from how well the model knows them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.measurement import Measurement
from audit.probe import Case, Needs, Probe, above_zero, below
from audit.statistics.permutation import permutation_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter

LEAST_PROBABILITY = 1e-6
NO_MASK = "the image has no mask"
ALONE = "no other reference network says how difficult the images are"
NEVER_CLEARS = "nothing was found, which clears no split: the searches for pairs decide"
NOT_BRACKETED = (
    "the reference networks find the test images easier or harder than any of the others, "
    "so the two sets cannot be compared"
)
MEMORY = "the test images' movies are among the others"
ONE_SIDED = 2
BLIND = "too few movies to exchange: no answer could have been sure enough"


@dataclass(frozen=True, kw_only=True)
class Membership(Probe):
    """The loss of each image less that of the reference networks, test against other images.

    `loss` is the mean cross-entropy (nats a pixel). The other images must be of movies of the same
    condition that were surely not trained on. `membership_p` is the one-sided p value of a
    permutation of whole movies: the model knows the test images better than their difficulty for
    reference networks explains. `detected` is 1 below `level` and undefined elsewhere, since this
    never clears a split.
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
            if role.startswith("reference") and role != case.role
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
            difficulty[sample.id] = fmean(loss(sample, one) for one in others)
            yield Measurement("loss", mine[sample.id], sample.id)
            calibrated = mine[sample.id] - difficulty[sample.id]
            yield Measurement("calibrated_loss", calibrated, sample.id)
        yield from self.test([s for s in case.samples if s.id in mine], mine, difficulty)

    def test(
        self, samples: list[Sample], mine: dict[str, float], difficulty: dict[str, float]
    ) -> Iterator[Measurement]:
        """Yield the p value, and whether it says that the test images were trained on."""
        outside = [sample.part == "other" for sample in samples]
        reason = unfit(samples, difficulty)
        found = None
        if reason is None:
            left = [mine[one.id] - difficulty[one.id] for one in samples]
            groups = [one.group or one.id for one in samples]
            found = permutation_test(left, outside, groups, level=ONE_SIDED * self.level)
            reason = BLIND if found.p is None else None
        if reason is not None or found is None or found.p is None:
            why = reason or BLIND
            yield Measurement("membership_p", None, None, {}, 0.0, why)
            yield Measurement("detected", None, None, {}, 0.0, why)
            return
        # The others' loss is higher where the test images are known too well; images that only
        # scatter more than others are not known at all.
        known = found.effect > 0 and found.differs == "level"
        p = found.p / ONE_SIDED if known else 1 - found.p / ONE_SIDED
        yield Measurement("membership_p", p)
        if p < self.level:
            yield Measurement("detected", 1.0)
        else:
            yield Measurement("detected", None, None, {}, 0.0, NEVER_CLEARS)


def unfit(samples: list[Sample], difficulty: dict[str, float]) -> str | None:
    """Return why test and other images cannot be compared; None where they can."""
    tests = [one for one in samples if one.part == "test"]
    others = [one for one in samples if one.part == "other"]
    if not tests or not others:
        return ALONE
    if {one.group for one in tests} & {one.group for one in others} - {""}:
        return MEMORY
    known = [difficulty[one.id] for one in others]
    middle = fmean(difficulty[one.id] for one in tests)
    return None if min(known) <= middle <= max(known) else NOT_BRACKETED


def loss(sample: Sample, model: Segmenter) -> float:
    """Return the mean cross-entropy of a model's probabilities and an image's truth, in nats."""
    assert sample.mask is not None
    prediction = model.predict(torch.from_numpy(sample.image())[None])
    assert prediction.probabilities is not None
    truth = torch.from_numpy(sample.mask()).to(prediction.labels.device)
    said = prediction.probabilities[0].gather(0, truth[None])
    return float(-said.clamp(min=LEAST_PROBABILITY).log().mean())

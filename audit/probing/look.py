"""One image of a case: its pixels, truth, clean prediction and streams, and the rows about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from audit.imaging.objects import true_objects
from audit.imaging.overlay import LARGE, SIDE, draw
from audit.meaning import IGNORE
from audit.measurement import Measurement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Generator, Tensor

    from audit.datasets.sample import Sample
    from audit.measurement import Picture, Scalar
    from audit.models.segmenter import Prediction


class Whole(Protocol):
    """What a look asks of the case that it is one image of."""

    samples: tuple[Sample, ...]

    @property
    def images(self) -> Tensor:
        """Raw images (B, C, Y, X)."""

    @property
    def masks(self) -> Tensor:
        """True classes (B, Y, X)."""

    @property
    def truth(self) -> Tensor:
        """What the task's answer should be (B, Y, X)."""

    @property
    def clean(self) -> Prediction:
        """The prediction for the untouched images."""

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction for exactly this batch."""

    def logits(self, images: Tensor) -> Tensor:
        """Return differentiable logits (B, K, Y, X) of exactly this batch."""

    def generator(self, sample: Sample, at: Mapping[str, Scalar]) -> Generator:
        """Return the random stream of a sample under a condition."""

    def shades(self, number: int) -> tuple[float, float]:
        """Return what is shown as black and as white in every picture of one image."""


@dataclass(frozen=True)
class Look:
    """One image of a case under a condition, which every row and every stream of it carries.

    `for look in case.looks(sigma_um=0.5): yield look.row("recall", 0.9, weight=120)`.
    """

    case: Whole
    number: int
    condition: Mapping[str, Scalar] = field(default_factory=dict)

    def at(self, **more: Scalar) -> Look:
        """Return the same image under a condition that says more."""
        return replace(self, condition={**self.condition, **more})

    @property
    def sample(self) -> Sample:
        """What is known of the image."""
        return self.case.samples[self.number]

    @property
    def image(self) -> Tensor:
        """The raw image (C, Y, X); never written to."""
        return self.case.images[self.number]

    @property
    def mask(self) -> Tensor:
        """The true classes (Y, X); IGNORE where nobody judged."""
        return self.case.masks[self.number]

    @property
    def truth(self) -> Tensor:
        """What the task's answer should be (Y, X): classes, or object numbers; or IGNORE."""
        return self.case.truth[self.number]

    @property
    def known(self) -> Tensor:
        """Where the truth judges, (Y, X)."""
        return self.mask != IGNORE

    @property
    def objects(self) -> Tensor:
        """The numbers (Y, X) of the true objects, 0 where there is none."""
        return true_objects(self.sample, self.mask)

    @property
    def labels(self) -> Tensor:
        """The classes (Y, X) predicted for the untouched image, among its block."""
        return self.case.clean.labels[self.number]

    def judged(self, labels: Tensor) -> Tensor:
        """Return predicted classes (Y, X) with background where the truth does not judge.

        So what a probe counts of them against the truth does not depend on them there.
        """
        return labels.where(self.known, 0)

    def labels_of(self, image: Tensor) -> Tensor:
        """Return the classes (Y, X) predicted for one image (C, Y, X), alone; counted."""
        return self.case.predict(image[None]).labels[0]

    def generator(self) -> Generator:
        """Return the random stream keyed by (seed, probe, sample, condition)."""
        return self.case.generator(self.sample, self.condition)

    def row(
        self,
        metric: str,
        value: float | None,
        *,
        weight: float = 1.0,
        why: str | None = None,
        **at: Scalar,
    ) -> Measurement:
        """Return a row of this image; where the value is None, undefined for the reason `why`."""
        here = {**self.condition, **at}
        if value is None:
            return Measurement(metric, None, self.sample.id, here, 0.0, why)
        return Measurement(metric, value, self.sample.id, here, float(weight))

    def undefined(self, metric: str, why: str, **at: Scalar) -> Measurement:
        """Return a row of this image without a value, and the reason why there is none."""
        return Measurement(metric, None, self.sample.id, {**self.condition, **at}, 0.0, why)

    def drawn(self, row: Measurement, image: Tensor, truth: Tensor, labels: Tensor) -> Measurement:
        """Return a row with its evidence, drawn only where the record keeps it.

        An image (C, Y, X), truth (Y, X) in white and labels (Y, X) in orange, but for what the
        truth ignores, in the shades of the untouched image. The untouched image itself is shown
        large.
        """
        shades = self.case.shades
        side = SIDE if row.at else LARGE

        def picture() -> Picture:
            judged = labels.where(truth != IGNORE, 0)
            return draw(image, truth, judged, shades(self.number), side)

        return replace(row, picture=picture)

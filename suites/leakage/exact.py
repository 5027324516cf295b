"""Test images that are training images, pixel for pixel, as they are or flipped and turned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.registration import TURNS, turned
from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe
from suites.leakage.blank import BLANK, is_blank
from suites.leakage.pair import Pair, findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Exact(Probe):
    """Whether the decoded pixels of a test image are those of a training image.

    What is compared is the pixels, not the file: another format or compression hides nothing.
    `identical` is as they are, `turned` after a flip or quarter turn, `leaked` either; all are
    undefined for an image of one number at every pixel, which is equal to any other.
    """

    name: ClassVar[str] = "leakage.exact"
    asks: ClassVar[str] = "Is a test image in the training set, pixel for pixel?"
    source: ClassVar[str] = "doi:10.1016/j.patter.2023.100804"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(model="none", parts=("test", "train"))
    scope: ClassVar = "audit"

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield three flags a test image, and the pairs."""
        trains = list(hashed(case.part("train")))
        known = {turns: first for first, (_, turns) in trains}
        upright = {own for _, (own, _) in trains}
        pairs = []
        for sample, (own, turns) in hashed(case.part("test")):
            if turns in known and is_blank(sample.image()):
                for metric in ("identical", "turned", "leaked"):
                    yield Measurement(metric, None, sample.id, undefined=BLANK)
                continue
            same, either = own in upright, turns in known
            yield Measurement("identical", float(same), sample.id)
            yield Measurement("turned", float(either and not same), sample.id)
            yield Measurement("leaked", float(either), sample.id)
            if either:
                kind = "identical" if same else "turned"
                pairs.append(Pair(test=sample, train=known[turns], correlation=1.0, kinds=(kind,)))
        yield from findings(pairs)


def hashed(samples: Sequence[Sample]) -> Iterator[tuple[Sample, tuple[str, str]]]:
    """Yield each sample with the digest of its pixels, and the one that its turns share."""
    for sample in samples:
        image = torch.from_numpy(sample.image())
        every = [pixels(turned(image, turn)) for turn in range(TURNS)]
        yield sample, (every[0], min(every))


def pixels(image: Tensor) -> str:
    """Return a digest of shape and pixels."""
    text = repr(tuple(image.shape)).encode()
    return hashlib.sha256(text + image.contiguous().numpy().tobytes()).hexdigest()

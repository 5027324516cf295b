"""What a task makes of truth and prediction, and which of its scores is the main one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Prediction


class ScoreRow(NamedTuple):
    """A number, or why there is none; what it is divided by, and the class that it is about."""

    metric: str
    value: float | None
    weight: float
    why: str | None = None
    at: Mapping[str, int] = {}


class Scoring(Protocol):
    """How one image is scored."""

    def __call__(
        self, found: Prediction, truth: Tensor, *, classes: int, complete: bool
    ) -> Iterator[ScoreRow]:
        """Yield the scores of a prediction (1, Y, X) against a truth (Y, X), the main one first."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One kind of answer that a model can be asked for.

    `truth` gives what a sample's answer should be, (Y, X), of the sample and its classes (Y, X);
    `seen` gives the numbers (Y, X) of a prediction that stand beside it, where the truth judges.
    `score` compares both. `main` names the score that rules mean by "score", `things` what is told
    apart.
    """

    name: str
    things: str
    main: str
    truth: Callable[[Sample, Tensor], Tensor]
    seen: Callable[[Prediction, Tensor], Tensor]
    score: Scoring

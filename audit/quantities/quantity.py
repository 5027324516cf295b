"""What is asked of a record: one statistic of one metric, at one condition, against something."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit.measurement import Scalar  # noqa: TC001 (pydantic reads annotations)

SEEKING = ("worst", "gain", "breaking_point", "permutation")
"""Statistics that compare the choices of one condition."""

Statistic = Literal[
    "mean",
    "pooled",
    "worst",
    "gain",
    "breaking_point",
    "census",
    "rate",
    "correlation",
    "permutation",
]


class Quantity(BaseModel):
    """One number of a model, and how it is read from the record of its audit.

    `at` selects the condition. `over` is the condition over which a gain, a worst case or a
    difference is sought, `each` names the conditions that tell observations of one image apart (an
    object, a draw), `beside` is the second metric of a correlation. `against`: "clean" asks what
    each image lost, "reference" for the difference from the reference networks, "naive" for that
    from the naive predictor that does best. `tolerance` is the loss at a breaking point, or the
    effect that a test of two parts must have been able to see.

    >>> Quantity(probe="shift.noise", metric="iou", at={"photons": 30.0}, against=["clean"]).suite
    'shift'
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    probe: str
    metric: str
    at: dict[str, Scalar | list[Scalar]] = Field(default_factory=dict)
    statistic: Statistic = "mean"
    over: str | None = None
    each: tuple[str, ...] = ()
    beside: str | None = None
    against: tuple[Literal["clean", "reference", "naive"], ...] = ()
    tolerance: float | None = None

    @model_validator(mode="after")
    def _whole(self) -> Quantity:
        if (self.statistic in SEEKING) != (self.over is not None):
            raise ValueError(f"statistic {self.statistic!r} and `over` do not fit together")
        tolerant = self.statistic in ("breaking_point", "permutation")
        if self.statistic == "breaking_point" and self.tolerance is None:
            raise ValueError("the statistic 'breaking_point' needs a `tolerance`")
        if self.tolerance is not None and not tolerant:
            raise ValueError(f"the statistic {self.statistic!r} has no `tolerance`")
        if (self.statistic == "correlation") != (self.beside is not None):
            raise ValueError("the statistic 'correlation', and no other, needs `beside`")
        return self

    @property
    def suite(self) -> str:
        """The suite of the probe."""
        return self.probe.partition(".")[0]

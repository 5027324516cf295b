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

    >>> Quantity(probe="shift.noise", metric="iou", at={"photons": 30.0}, against=["clean"]).suite
    'shift'
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    probe: str
    """The probe that measures it: `probe = "shift.noise"`."""

    metric: str
    """The metric, of those that the probe yields: `metric = "dice"`; "score" is the one that the
    task is known by, IoU of classes or panoptic quality of objects."""

    at: dict[str, Scalar | list[Scalar]] = Field(default_factory=dict)
    """The condition: `at = { photons = 300.0 }`. In a rule a list makes one rule of each value:
    `at = { photons = [1000.0, 300.0] }`."""

    statistic: Statistic = "mean"
    """How images become one number: `statistic = "mean"`, the default; "pooled" weighs by area,
    "worst", "gain" and "breaking_point" look along `over`, "census" is all that there is, "rate"
    counts events, "correlation" wants `beside`, "permutation" compares two parts."""

    over: str | None = None
    """The condition along which a worst case, a gain or a break is sought: `over = "factor"`."""

    each: tuple[str, ...] = ()
    """What tells observations of one image apart: `each = ["object"]`."""

    beside: str | None = None
    """The second metric of a correlation: `beside = "diameter_reach"`."""

    against: tuple[Literal["clean", "reference", "naive"], ...] = ()
    """What is subtracted: `against = ["clean"]` asks what each image lost, "reference" for the
    difference from the reference networks, "naive" for that from the best naive predictor."""

    tolerance: float | None = None
    """The loss at a breaking point, or the effect that a test of two parts must be able to see:
    `tolerance = 0.1`."""

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

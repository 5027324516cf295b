"""What a rule has tried about a harm: a remedy that costs no training, and what it brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit.measurement import Scalar  # noqa: TC001 (pydantic reads annotations)
from audit.quantities.quantity import Quantity

if TYPE_CHECKING:
    from audit.quantities.answer import Span

CHOICE = "{choice}"
"""Where in a sentence stands what was chosen."""


class Remedy(BaseModel):
    """A remedy that was measured beside the harm: another level of a condition, or another way.

    With `over`, the level is chosen on some images and proven on the others; without, the rule's
    own quantity is compared with the same under another condition, or of another probe.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    doing: str
    """The remedy, as a sentence begins: `doing = "Rescaling the images by {choice}"`."""

    probe: str | None = None
    """The probe that measured it, if not the rule's: `probe = "pipeline.evaluation"`."""

    metric: str | None = None
    """What it should better, if not the rule's metric: `metric = "calibration_error"`."""

    at: dict[str, Scalar] = Field(default_factory=dict)
    """What is changed of the rule's condition: `at = { declared = false }`."""

    over: str | None = None
    """The condition whose level is chosen: `over = "factor"`; from 1 a gain is counted."""

    @model_validator(mode="after")
    def _consistent(self) -> Remedy:
        if (CHOICE in self.doing) != (self.over is not None):
            raise ValueError(f"`over` and a {CHOICE} in `doing` go together")
        if self.over is None and not (self.probe or self.at):
            raise ValueError("nothing is tried without `over`, `at` or `probe`")
        return self

    def quantity(self, rule: Quantity) -> Quantity:
        """Return what is asked about the remedy of a rule."""
        return Quantity(
            probe=self.probe or rule.probe,
            metric=self.metric or rule.metric,
            at={key: one for key, one in {**rule.at, **self.at}.items() if key != self.over},
            statistic="gain" if self.over else "mean",
            over=self.over,
            each=rule.each,
        )


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a remedy brings: means before and after, the gain and its interval.

    `choices` are the levels that were chosen, on other images than each was proven on; none where
    there was nothing to choose. `said` is one whole sentence.
    """

    said: str
    before: float
    after: float
    gain: float
    interval: Span
    choices: tuple[Scalar, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the interval says that something is gained."""
        return self.interval[0] > 0

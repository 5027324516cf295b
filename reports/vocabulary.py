"""What a record's numbers and conditions are called; a name with its unit where nobody declared it.

Records of older audits, and of outsiders who declare nothing, are read by their names alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.words import clean, quantity, scalar, suffixed, with_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.measurement import Scalar
    from audit.metric import Condition, Metric
    from audit.policy.rule import Rule
    from audit.record.record import Record


@dataclass(frozen=True)
class Vocabulary:
    """The metrics, the conditions and the titles of suites, by name, as a record declares them."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record) -> Vocabulary:
        """Return what a record declares."""
        return cls(record.metrics(), record.conditions(), record.titles())

    def metric(self, name: str) -> str:
        """Return a metric as a person writes it, its unit in brackets.

        >>> Vocabulary().metric("snr_db"), Vocabulary().metric("reach_px")
        ('snr (dB)', 'reach (px)')
        """
        known = self.metrics.get(name)
        if known is None:
            return with_unit(name).replace("iou", "IoU")
        return clean(f"{known.words} ({known.unit})" if known.unit else known.words)

    def axis(self, setting: str) -> str:
        """Return what stands under an axis of severity."""
        known = self.conditions.get(setting)
        return clean(known.words) if known and known.words else with_unit(setting)

    def level(self, setting: str, value: Scalar | None) -> str:
        """Return one level of an axis with its unit; alone where its condition needs no words.

        >>> Vocabulary().level("factor", 0.5), Vocabulary().level("reach_px", 9)
        ('factor 0.5', 'reach 9 px')
        """
        known = self.conditions.get(setting)
        if known and known.unit:
            return quantity(value, clean(known.unit))
        return scalar(value) if known and not known.words else suffixed(setting, value)

    def condition(self, at: Mapping[str, Scalar]) -> str:
        """Return a whole condition, words before numbers; "untouched" where there is none.

        >>> Vocabulary().condition({"length_px": 9, "shape": "tilt"})
        'shape tilt, length 9 px'
        """
        words = [self.level(key, value) for key, value in at.items()]
        order = sorted(range(len(words)), key=lambda i: not isinstance([*at.values()][i], str))
        return ", ".join(words[i] for i in order) or "untouched"

    def rule(self, rule: Rule) -> str:
        """Return a rule's id, with the condition that tells it from others of that id."""
        at = {key: value for key in rule.spread if not isinstance(value := rule.at[key], list)}
        if not at:
            return clean(rule.id)
        condition = self.condition(at)
        return condition if condition.startswith(rule.id) else f"{clean(rule.id)} ({condition})"

    def title(self, suite: str) -> str:
        """Return what stands over the chapter of a suite."""
        return clean(self.titles.get(suite) or clean(suite).replace("_", " ").capitalize())

    def identities(self) -> set[str]:
        """Return the conditions that identify what a row is about: a class, an object, a draw."""
        return {name for name, one in self.conditions.items() if one.identity}

    def apart(self, at: Mapping[str, Scalar]) -> tuple[dict[str, Scalar], dict[str, Scalar]]:
        """Return a condition without the settings that number objects or draws, and these."""
        many = {key for key in at if key in self.conditions and self.conditions[key].many}
        rest = {key: value for key, value in at.items() if key not in many}
        return rest, {key: value for key, value in at.items() if key in many}

    def neutral(self, setting: str, value: Scalar | None) -> bool:
        """Return whether a level of an axis that runs through one changes nothing."""
        known = self.conditions.get(setting)
        return known is not None and known.neutral is not None and known.neutral == value

"""Why a quantity has no evidence: a kind for programs to act on, and a reason for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Absence(Enum):
    """Why a value is missing; a missing measurement is never a pass."""

    NOT_APPLICABLE = "not applicable"
    """The question is none about such a task or model."""

    NOT_ASKED = "not asked"
    """The probe was not among those that this audit was asked for."""

    LACKING = "lacking"
    """What the question needs was not given: a training set, a log, a pixel size."""

    UNDEFINED = "undefined"
    """It was asked, and these images hold nothing that could answer it."""

    UNFINISHED = "unfinished"
    """It was asked, and its turn has not come: a limit of time, an interruption, a shard."""

    FAILED = "failed"
    """It was asked, and the model failed."""

    UNREAD = "unread"
    """It was asked, and the images could not be read."""

    @property
    def owed(self) -> bool:
        """Whether it was asked but not answered: such a rule is open, and not just listed."""
        return self in (Absence.UNFINISHED, Absence.FAILED, Absence.UNREAD)


@dataclass(frozen=True, slots=True)
class Absent:
    """No evidence: its kind, and the reason in words."""

    kind: Absence
    reason: str

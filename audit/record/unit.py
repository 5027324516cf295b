"""What a record keeps of one unit of work."""

from __future__ import annotations

from dataclasses import dataclass

FINAL = ("done", "skipped", "unread", "not_applicable")
"""Statuses that a resumed audit leaves alone; failed and stopped units are tried again."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of work as the record keeps it; `model` is a digest, "" where no model is asked.

    `passes` and `gradients` are in units of one forward pass of one untouched image.
    """

    key: str
    model: str
    probe: str
    block: int
    status: str = "done"
    reason: str | None = None
    seconds: float = 0.0
    passes: float = 0.0
    gradients: float = 0.0
    samples: tuple[str, ...] = ()

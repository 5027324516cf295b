"""The score: what a record's task is known by, IoU of classes or panoptic quality of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from audit.quantities.quantity import Quantity

if TYPE_CHECKING:
    from audit.record.record import Record

SCORE = "score"
"""The metric of a quantity that means whatever the task is known by."""

Asked = TypeVar("Asked", bound=Quantity)


def of_task(asked: Asked, record: Record) -> Asked:
    """Return what is asked, with the main metric of the record's task in the place of "score"."""
    if asked.metric != SCORE:
        return asked
    return asked.model_copy(update={"metric": record.main_metric})

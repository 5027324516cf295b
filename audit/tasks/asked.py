"""What kind of answer a model is asked for: classes, or objects where it gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Traits

AUTO = "auto"


def task_of(asked: str, model: Traits, tests: Sequence[Sample]) -> str:
    """Return the name of the task: as asked; else objects, where model and truth tell them apart.

    Raises DataError where objects are asked of masks that number none: whether two that touch are
    one or two nobody knows.
    """
    numbered = any(one.instances is not None for one in tests)
    if asked == "instance" and not numbered:
        raise DataError(
            "--task instance: the masks number no objects, so those that touch cannot be told "
            "apart; give masks with a number an object (--labels instances), or say --task semantic"
        )
    if asked != AUTO:
        return asked
    return "instance" if model.objects and numbered else "semantic"

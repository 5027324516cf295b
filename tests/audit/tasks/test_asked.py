"""Which task an audit has: as asked, else by what model and truth tell apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.errors import DataError
from audit.models.segmenter import Traits
from audit.tasks.asked import task_of
from tests.toys import scene

BARE = (scene(0),)
NUMBERED = (replace(scene(0), instances=lambda: np.eye(8, dtype=np.int32)),)
OF_OBJECTS, OF_CLASSES = Traits(digest="a", output="objects"), Traits(digest="b")


@pytest.mark.parametrize(
    ("asked", "model", "tests", "task"),
    [
        ("auto", OF_OBJECTS, NUMBERED, "instance"),
        ("auto", Traits(digest="c", decodes_objects=True), NUMBERED, "instance"),
        ("auto", OF_OBJECTS, BARE, "semantic"),
        ("auto", OF_CLASSES, NUMBERED, "semantic"),
        ("instance", OF_CLASSES, NUMBERED, "instance"),
        ("semantic", OF_OBJECTS, NUMBERED, "semantic"),
    ],
)
def test_objects_are_scored_where_model_and_truth_tell_them_apart(asked, model, tests, task):
    """Unless a task is asked for, objects are scored only where both sides have them."""
    assert task_of(asked, model, tests) == task


def test_objects_are_not_made_of_masks_that_number_none():
    """Whether two cells that touch are one or two is not guessed; the remedy is named."""
    with pytest.raises(DataError, match="--labels instances"):
        task_of("instance", OF_OBJECTS, BARE)

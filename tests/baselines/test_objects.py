"""Laws of the recipe of single objects: its truth, its card, and objects that it parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.datasets.cells import Simulation
from audit.datasets.simulated import simulate
from audit.errors import DataError
from audit.meaning import IGNORE
from audit.models.load import load_model
from audit.tasks.asked import AUTO, task_of
from baselines.objects import BODY, BOUNDARY, body_and_boundary, parted, whole_depths
from baselines.recipe import DEPTH, Recipe, load_recipe
from baselines.reference import train_into

SAMPLES = simulate(
    Simulation(size_px=64, cells=(8, 12), diameter_um=(8.0, 13.0), overlap=0.9), range(6)
).samples
SMALL = {"widths": (4, 8), "epochs": 2, "steps": 4, "batch": 4, "crop_px": 32, "validation": 0.3}


def two_that_touch():
    """Return two squares of 9 px that share a side, numbered 3 and 7."""
    objects = np.zeros((13, 22), np.int64)
    objects[2:11, 2:11], objects[2:11, 11:20] = 3, 7
    return objects


def test_a_boundary_lies_inside_each_object_and_parts_those_that_touch():
    """Two px within each square are boundary, the rest body; of two that touch each has its own."""
    found = parted(two_that_touch(), 2)
    expected = np.zeros((13, 22), np.int64)
    expected[2:11, 2:20] = BOUNDARY
    expected[4:9, 4:9] = expected[4:9, 13:18] = BODY
    assert np.array_equal(found, expected)


def test_the_smallest_object_has_a_body():
    """However wide the boundary, something of each object is its body."""
    objects = np.zeros((9, 9), np.int64)
    objects[1, 1], objects[4:7, 4:7] = 1, 2
    found = parted(objects, 8)
    assert found[1, 1] == found[5, 5] == BODY


def test_what_nobody_judged_is_not_learnt():
    """Pixels that the truth ignores stay so at the working size, and objects are made coarser."""
    objects = two_that_touch()
    mask = (objects > 0).astype(np.int64)
    mask[:, 18:] = IGNORE
    sample = replace(SAMPLES[0], mask=lambda: mask, instances=lambda: objects)
    assert (body_and_boundary(sample, (13, 22), 1)[:, 18:] == IGNORE).all()
    assert body_and_boundary(sample, (13, 22), 1)[5, 10] == BOUNDARY
    assert body_and_boundary(sample, (6, 11), 1).shape == (6, 11)


def test_depths_count_whole_pixels_from_the_own_border():
    """Two squares of 9 px that touch: 1 at the border of each, 5 in the middle, or less if told."""
    objects = two_that_touch()
    sample = replace(SAMPLES[0], mask=lambda: (objects > 0).astype(int), instances=lambda: objects)
    found = whole_depths(sample, (13, 22), 8)
    assert found[6].tolist() == [0, 0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 0]
    assert torch.equal(whole_depths(sample, (13, 22), 3), found.clamp_max(3))


LEARNS = {"boundary": {"boundary_px": 2}, "depth": {"network": DEPTH, "depth_px": 4, "loss": "mse"}}


@pytest.mark.parametrize("learns", LEARNS.values(), ids=LEARNS)
def test_the_card_says_how_objects_are_made(tmp_path, learns):
    """A trained network gives numbered objects without a word more, and is asked for them."""
    train_into(tmp_path / "net", SAMPLES, Recipe(**learns, **SMALL))
    model = load_model(tmp_path / "net")
    found = model.predict(torch.from_numpy(SAMPLES[0].image())[None])
    assert found.instances.shape == (1, 64, 64)
    assert found.labels.max() <= 1
    assert set(found.instances.unique().tolist()) == set(range(int(found.instances.max()) + 1))
    assert model.traits.classes == 2
    smallest = min(np.bincount(s.instances().ravel())[1:].min() for s in SAMPLES)
    assert smallest // 2 <= model.card.smallest_px < 60
    assert task_of(AUTO, model.traits, SAMPLES) == "instance"


def test_masks_without_numbers_are_refused(tmp_path):
    """Who learns single objects must be told which pixel belongs to which."""
    plain = tuple(replace(sample, instances=None) for sample in SAMPLES)
    with pytest.raises(DataError, match=r"numbers none; give masks with a number an object"):
        train_into(tmp_path / "net", plain, Recipe(boundary_px=2, **SMALL))


def test_the_recipe_by_name_learns_objects():
    """`--recipe instance` is the standard recipe with a boundary."""
    assert load_recipe("instance") == Recipe(
        **load_recipe("instance").model_dump(include={"name", "about"}), boundary_px=2
    )

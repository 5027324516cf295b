"""Laws of simulated cells: exact, repeatable from seed and index, and not trivial."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from audit.datasets.cells import Simulation, draw, expose, render
from audit.datasets.simulated import (
    DISTANCE_CLASSES,
    SETS,
    depths,
    quantised_distance,
    simulate,
    simulated,
)
from audit.errors import UsageError
from audit.metrics.neighbours import touching


@pytest.mark.parametrize(
    ("name", "train", "test", "classes"),
    [("2k-10", 10, 10, 2), ("2k-100", 100, 40, 2), ("3k-100", 70, 30, 3), ("crowded", 40, 20, 2)],
)
def test_the_sets_have_their_sizes(name, train, test, classes):
    """Each set has its number of images and classes, and no image is in both parts."""
    parts = {part: simulated(name, part=part).samples for part in ("train", "test")}
    assert (len(parts["train"]), len(parts["test"])) == (train, test)
    ids = {sample.digest for part in parts.values() for sample in part}
    assert len(ids) == train + test
    first = parts["test"][0]
    assert first.image().shape == first.shape == (1, 256, 256)
    assert first.image().dtype == np.float32
    assert set(np.unique(first.mask())) == set(range(classes))


def test_an_image_depends_on_seed_and_index_alone():
    """Image 7 is the same whoever asks and how many there are; another seed gives another."""
    simulation = Simulation(size_px=64, cells=(2, 3))
    alone = simulate(simulation, range(7, 8)).samples[0]
    among = simulate(simulation, range(20)).samples[7]
    other = simulate(replace(simulation, seed=1), range(7, 8)).samples[0]
    assert np.array_equal(alone.image(), among.image())
    assert np.array_equal(alone.image()[0], render(simulation, 7).image)
    assert alone.digest == among.digest != other.digest
    assert not np.array_equal(alone.image(), other.image())
    assert draw(simulation, 7) == draw(simulation, 7)


def test_truth_is_exact_and_consistent():
    """The mask is where an object is, and every object carries the class of its species."""
    simulation = Simulation(species=2)
    rendered, field = render(simulation, 0), draw(simulation, 0)
    assert len(rendered.species) == len(field.cells)
    mask = simulate(simulation, range(1)).samples[0].mask()
    for number, species in enumerate(rendered.species, start=1):
        assert set(np.unique(mask[rendered.instances == number])) <= {species}
    assert np.array_equal(mask > 0, rendered.instances > 0)


def test_callers_cannot_change_what_is_kept():
    """Writing into an image or a truth changes nobody else's."""
    sample = simulate(Simulation(size_px=64, cells=(2, 3)), range(1)).samples[0]
    for read in (sample.image, sample.mask, sample.instances):
        read()[...] = 0
        assert read().max() > 0


def test_counts_are_those_of_a_camera():
    """Intensities are whole 16-bit counts above zero, around the pedestal and up."""
    image = render(Simulation(), 3).image
    assert np.array_equal(image, np.rint(image))
    assert 0 <= image.min() < 200
    assert 300 < image.max() < 2**16


def test_brightness_alone_does_not_solve_it():
    """Otsu's threshold overlaps with the cells by 0.6 to 0.8 on average: a task, not a gift."""
    overlaps = []
    for index in range(8):
        rendered = render(SETS["2k-10"].simulation, index)
        found, truth = rendered.image > threshold_otsu(rendered.image), rendered.instances > 0
        overlaps.append((found & truth).sum() / (found | truth).sum())
    assert 0.6 < np.mean(overlaps) < 0.8


def test_crowded_cells_touch_and_hardly_overlap():
    """Most cells of the crowded set touch another, and each shows four fifths of itself or more."""
    whole = SETS["crowded"].simulation
    simulation = replace(whole, size_px=128, cells=tuple(count // 4 for count in whole.cells))
    for index in range(3):
        field, instances = draw(simulation, index), render(simulation, index).instances
        shown = np.bincount(instances.ravel(), minlength=len(field.cells) + 1)[1:]
        pairs = touching(instances)
        assert len(np.unique(pairs)) > np.count_nonzero(shown) / 2
        for number, cell in enumerate(field.cells, start=1):
            stream = np.random.default_rng(0)
            alone = expose(simulation, replace(field, cells=(cell,)), stream, stream)
            assert shown[number - 1] >= 0.8 * (alone.instances > 0).sum()


def test_depth_is_to_the_nearest_pixel_of_anything_else():
    """Equal to the definition by brute force, where objects touch and number 2 is missing."""
    labels = np.random.default_rng(0).choice([0, 1, 3], (7, 9), p=[0.2, 0.4, 0.4])
    labels[2:6, 2:7] = 3
    places = np.argwhere(np.ones_like(labels))
    for y, x in places[labels.ravel() > 0]:
        others = places[(labels != labels[y, x]).ravel()]
        assert depths(labels)[y, x] == np.hypot(*(others - (y, x)).T).min()
    assert (depths(labels)[labels == 0] == 0).all()


def test_distances_count_from_the_own_border():
    """Two cells that touch have a border between them; classes end at eleven."""
    labels = np.zeros((60, 80), np.int32)
    labels[5:55, 5:40], labels[5:55, 40:75] = 1, 2
    classes = quantised_distance(labels)
    assert classes.max() == DISTANCE_CLASSES - 1
    assert (classes[10:50, 39:41] == 1).all()
    assert np.array_equal(classes > 0, labels > 0)
    sample = simulated("2k-10", target="distance").samples[0]
    assert sample.mask().max() > 5
    assert sample.digest != simulated("2k-10").samples[0].digest


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("2k-11", {}, "2k-10"),
        ("2k-10", {"part": "tset"}, "test"),
        ("2k-10", {"target": "x"}, "mask"),
    ],
)
def test_unknown_names_suggest_the_near_one(name, options, reason):
    """A set, part or target that is not there names what is."""
    with pytest.raises(UsageError, match=reason):
        simulated(name, **options)

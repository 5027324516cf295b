"""Laws of simulated cells: exact, repeatable from seed and index, and not trivial."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from audit.datasets.cells import Simulation, draw, render
from audit.datasets.simulated import DISTANCE_CLASSES, SETS, quantised_distance, simulate, simulated
from audit.errors import UsageError


@pytest.mark.parametrize(
    ("name", "train", "test", "classes"),
    [("2k-10", 10, 10, 2), ("2k-100", 100, 40, 2), ("3k-100", 70, 30, 3)],
)
def test_the_sets_have_the_sizes_of_the_workshop(name, train, test, classes):
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

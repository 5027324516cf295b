"""Laws of a benchmark's plan: every network once, nested images, questions where they suit."""

from __future__ import annotations

import itertools

import pytest

from audit.errors import UsageError
from baselines.benchmark.halves import classes, halves
from baselines.benchmark.learn import nested
from baselines.benchmark.plan import Known, Wish, curve, entries, put
from tests.toys import scenes

SETS = {
    "large": Known(images=100, classes=2),
    "three": Known(images=70, classes=3),
    "few": Known(images=10, classes=2),
}


def test_every_network_is_trained_once():
    """The standard network serves every question of its dataset, and stands first."""
    found = entries(Wish(seeds=2), SETS)
    assert len({(one.dataset, one.name) for one in found}) == len(found)
    for dataset, known in SETS.items():
        mine = [one for one in found if one.dataset == dataset]
        first = [(one.recipe.name, one.images, one.seed) for one in mine[:2]]
        assert first == [("standard", known.images, 0), ("standard", known.images, 1)]


def test_questions_are_put_where_they_suit():
    """Weights need a third class, a learning curve images; dear questions are put once."""
    asked = [(one.question, one.dataset) for one in put(Wish(), SETS)]
    assert asked == [
        ("augmentation", "large"),
        ("augmentation", "three"),
        ("augmentation", "few"),
        ("weighting", "three"),
        ("images", "large"),
        ("scales", "large"),
    ]


def test_axes_are_in_order_and_end_in_what_they_are_compared_with():
    """A learning curve ends with all images; scales stand by their number beside the standard."""
    found = {one.question: one for one in put(Wish(), {"large": SETS["large"]})}
    assert found["images"].places == (5.0, 10.0, 20.0, 50.0, 100.0)
    assert found["images"].against.images == 100
    assert found["scales"].places == (2.0, 3.0, 4.0, 5.0)
    assert found["scales"].against.recipe.name == "standard"


def test_an_unknown_question_is_refused():
    """The nearest name is suggested."""
    with pytest.raises(UsageError, match="did you mean 'scales'"):
        put(Wish(questions=("scale",)), SETS)


@pytest.mark.parametrize("seed", range(3))
def test_fewer_images_are_always_among_more(seed):
    """Every step of the curve adds images to those of the step before, whatever the seed."""
    every = list(range(100))
    steps = [nested(every, count, seed) for count in curve((5, 10, 20), 100)]
    assert [len(one) for one in steps] == [5, 10, 20, 100]
    for small, large in itertools.pairwise(steps):
        assert large[: len(small)] == small


def test_a_folder_of_two_halves_is_told_apart(tmp_path):
    """Sequence 01 is learnt from, 02 tested on; a folder with one half is refused."""
    for name in ("01", "02"):
        (tmp_path / "set" / name).mkdir(parents=True)
    found = halves(str(tmp_path / "set"))
    assert (found.name, found.train[-2:], found.test[-2:]) == ("set", "01", "02")
    with pytest.raises(UsageError, match="no dataset of two halves"):
        halves(str(tmp_path / "set" / "01"))


def test_a_simulated_set_may_ask_for_distances():
    """The name tells the two truths apart."""
    found = halves("simulated:2k-10@distance")
    assert (found.train, found.target) == ("simulated:2k-10", "distance")


def test_classes_are_counted_with_the_background():
    """A mask of objects has two."""
    assert classes(scenes(3)) == 2

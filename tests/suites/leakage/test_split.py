"""What names and files say of a split."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.policy.verdict import Verdict
from suites.leakage import Split
from suites.leakage.split import field
from tests.suites.leakage.material import flags, images, leakage_rows, outcomes


def sample(name: str, part: str, **given):
    """Return an image under a name, of a movie and a file of its own."""
    made = images(1, part)[0]
    return replace(made, **({"id": name, "digest": name + part, "group": name + part} | given))


def test_each_mistake_is_named():
    """An id, a file, a field that was cut, and a movie on both sides are told apart."""
    train = [
        sample("a", "train", digest="bytes"),
        sample("train:b", "train"),
        sample("plate_x0_y0", "train"),
        sample("c", "train", group="movie"),
    ]
    tests = [
        sample("other", "test", digest="bytes"),
        sample("b", "test"),
        sample("plate_x0_y64", "test"),
        sample("d", "test", group="movie"),
        sample("e", "test"),
    ]
    rows = leakage_rows(Split(), train, tests)
    named = ("same_file", "same_id", "same_field", "same_movie")
    found = {metric: [n for n, v in flags(rows, metric).items() if v] for metric in named}
    assert found == {
        "same_file": ["other"],
        "same_id": ["b"],
        "same_field": ["plate_x0_y64"],
        "same_movie": ["d"],
    }
    leaked = [name for name, value in flags(rows, "leaked").items() if value]
    assert sorted(leaked) == ["b", "other", "plate_x0_y64"]


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("a/slide_x0_y512", "slide"),
        ("slide-row1-col2", "slide"),
        ("plate1_well3_007", None),
        ("t003", None),
    ],
)
def test_only_coordinates_make_a_tile(name, whole):
    """Numbers that count plates, wells or frames are no coordinates."""
    assert field(sample(name, "test")) == whole


def test_a_shared_movie_warns_and_a_shared_id_fails(tmp_path):
    """A movie split in time may be right; one id on both sides cannot be."""
    train = [sample("a", "train", group="movie")]
    later = [*train, sample("b", "test", group="movie")]
    found = outcomes([Split()], later, tmp_path, models={})
    assert found["shared movies"].verdict is Verdict.WARN
    assert found["split"].verdict is Verdict.PASS
    (tmp_path / "same").mkdir()
    again = [sample("train:b", "train"), sample("b", "test")]
    found = outcomes([Split()], again, tmp_path / "same", models={})
    assert found["split"].verdict is Verdict.FAIL


def test_movies_that_nobody_named_are_not_found_apart(tmp_path):
    """Where every image is a group of its own, that none is shared is no finding: not judged."""
    named = [sample("a", "train"), sample("b", "test"), sample("c", "test")]
    found = outcomes([Split()], named, tmp_path, models={})
    assert not found["shared movies"].counts
    assert "no movie, plate or donor was named" in found["shared movies"].because
    assert found["split"].verdict is Verdict.PASS

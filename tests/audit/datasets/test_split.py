"""Laws of splits: groups stay whole, one movie is cut in time, and a manifest holds."""

from __future__ import annotations

import json

import pytest

from audit.datasets.sample import Sample
from audit.datasets.split import read_manifest, split
from audit.errors import DataError, UsageError


def made(groups, frames):
    """Return samples of so many groups with so many frames each."""
    return [
        Sample(
            id=f"g{group}/{frame}",
            image=lambda: None,
            shape=(1, 4, 4),
            digest=f"{group}-{frame}",
            group=f"g{group}",
            frame=frame,
        )
        for group in range(groups)
        for frame in range(frames)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_groups_stay_whole(seed):
    """No group has samples in two parts, every sample is somewhere, fractions are kept."""
    samples = made(10, 3)
    manifest = split(samples, validation=0.2, test=0.3, seed=seed)
    parts = {part: {name.split("/")[0] for name in ids} for part, ids in manifest.parts.items()}
    assert {part: len(groups) for part, groups in parts.items()} == {
        "train": 5,
        "validation": 2,
        "test": 3,
    }
    assert sum(len(ids) for ids in manifest.parts.values()) == 30
    assert len(set.union(*parts.values())) == 10


def test_the_seed_decides():
    """The same seed deals the same groups whatever the order of samples; another deals others."""
    samples = made(10, 2)
    assert split(samples, seed=1) == split(samples[::-1], seed=1)
    assert split(samples, seed=1).parts != split(samples, seed=2).parts


def test_one_movie_is_cut_in_time():
    """One group gives contiguous blocks, train first, with the asked gap between them."""
    manifest = split(made(1, 20), validation=0.2, test=0.2, gap_frames=2)
    blocks = {p: [int(i.split("/")[1]) for i in ids] for p, ids in manifest.parts.items()}
    assert blocks == {"train": list(range(12)), "validation": [14, 15], "test": [18, 19]}
    assert "time" in manifest.why


@pytest.mark.parametrize(
    ("groups", "frames", "options", "error"),
    [
        (2, 3, {"test": 0.2}, DataError),
        (1, 2, {"test": 0.2}, DataError),
        (1, 10, {"gap_frames": 9}, DataError),
        (1, 10, {"validation": 1.0}, UsageError),
        (1, 10, {"validation": -0.1}, UsageError),
        (0, 0, {}, DataError),
    ],
)
def test_impossible_splits_are_refused(groups, frames, options, error):
    """Too few groups or frames, and impossible fractions, are errors and not empty parts."""
    with pytest.raises(error):
        split(made(groups, frames), **options)


def test_a_manifest_survives_its_file(tmp_path):
    """What is written is read back equal, and nothing else is left in the folder."""
    manifest = split(made(4, 2))
    path = manifest.write(tmp_path / "deep" / "split.json")
    assert read_manifest(path) == manifest
    assert [one.name for one in path.parent.iterdir()] == ["split.json"]


def test_selection_checks_what_was_split(tmp_path):
    """A part gives its samples in their role; a changed or missing sample is an error."""
    samples = made(4, 2)
    manifest = split(samples)
    assert {s.part for s in manifest.select(samples, "train")} == {"train"}
    assert {s.part for s in manifest.select(samples, "validation")} == {"other"}
    with pytest.raises(DataError, match="restore"):
        manifest.select([], "train")
    manifest.digests.update(dict.fromkeys(manifest.digests, "other"))
    with pytest.raises(DataError, match="changed"):
        manifest.select(samples, "train")
    with pytest.raises(UsageError, match="expected one of"):
        manifest.select(samples, "tain")


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"parts": {"train": ["a"], "test": ["a"]}},
        {"parts": {"train": 3}},
        {"digests": None},
    ],
)
def test_a_broken_manifest_is_refused(tmp_path, change):
    """Another schema, a sample in two parts or a wrong type is one line with the file's name."""
    path = split(made(4, 2)).write(tmp_path / "split.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataError, match=r"split\.json"):
        read_manifest(path)

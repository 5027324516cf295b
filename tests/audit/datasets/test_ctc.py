"""Laws of challenge sequences: frames join by number, and what is broken is named."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import tifffile

from audit.datasets.ctc import read_sequence
from audit.errors import DataError


@pytest.fixture
def movie(tmp_path):
    """Return a dataset of five frames, gold in 1 and 3 (3 lacks a cell), no silver."""
    root = tmp_path / "PhC-C2DH-U373"
    labels = np.zeros((20, 30), np.uint16)
    labels[2:8, 2:8], labels[12:18, 20:28] = 1, 2
    for number in range(5):
        write(root / "01" / f"t{number:03d}.tif", labels * 9 + number)
        write(root / "01_GT" / "TRA" / f"man_track{number:03d}.tif", labels)
    write(root / "01_GT" / "SEG" / "man_seg001.tif", labels)
    write(root / "01_GT" / "SEG" / "man_seg003.tif", np.where(labels == 1, labels, 0))
    return root


def write(path, array):
    """Write an image, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dots = (1e4 / 0.65, 1e4 / 0.65)
    tifffile.imwrite(path, array, resolution=dots, resolutionunit="CENTIMETER")


def test_frames_join_by_number(movie):
    """A frame has the mask of its own number; a frame without mask stays for its image."""
    samples = read_sequence(movie, "01").samples
    assert [sample.frame for sample in samples] == [0, 1, 2, 3, 4]
    assert [sample.frame for sample in samples if sample.mask] == [1, 3]
    assert samples[1].id == "PhC-C2DH-U373/01/t001"
    assert samples[1].group == "PhC-C2DH-U373/01"
    assert samples[1].pixel_um == 0.65
    assert samples[1].image()[0, 0, 0] == 1
    assert set(np.unique(samples[1].instances())) == {0, 1, 2}
    assert samples[1].mask().dtype == np.int64
    assert samples[1].mask().max() == 1


def test_gold_is_complete_where_every_marker_meets_an_object(movie):
    """A gold frame that leaves a tracked cell out is sparse, and so is one without tracking."""
    complete = {s.frame: s.complete for s in read_sequence(movie, "01").samples if s.mask}
    assert complete == {1: True, 3: False}
    (movie / "01_GT" / "TRA" / "man_track001.tif").unlink()
    assert not read_sequence(movie, "01").samples[1].complete


def test_silver_comes_before_gold_unless_asked(movie):
    """Auto takes silver where it exists; the truth asked for is the truth given."""
    write(movie / "01_ST" / "SEG" / "man_seg002.tif", np.ones((20, 30), np.uint16))
    assert read_sequence(movie, "01").origin["truth"] == "silver"
    gold = read_sequence(movie, "01", truth="gold")
    assert [sample.frame for sample in gold.samples if sample.mask] == [1, 3]
    (movie / "01_ST" / "SEG" / "man_seg002.tif").unlink()
    with pytest.raises(DataError, match="no silver truth"):
        read_sequence(movie, "01", truth="silver")


def test_digits_gaps_and_junk_do_not_shift_frames(movie):
    """Three or four digits, a gap and files left by browsers leave the join as it is."""
    (movie / "01" / "t000.tif").unlink()
    (movie / "01" / "t002.tif").rename(movie / "01" / "t0002.TIF")
    (movie / "01" / "._t004.tif").write_bytes(b"junk")
    (movie / "01" / "Thumbs.db").write_bytes(b"junk")
    read = read_sequence(movie, "01")
    assert [sample.frame for sample in read.samples] == [1, 2, 3, 4]
    assert read.refused == ()


def test_what_cannot_join_is_refused_by_name(movie):
    """A mask without image, a slice of a stack and a second file of a frame are named."""
    write(movie / "01_GT" / "SEG" / "man_seg009.tif", np.ones((20, 30), np.uint16))
    write(movie / "01_GT" / "SEG" / "man_seg_001_004.tif", np.ones((20, 30), np.uint16))
    write(movie / "01" / "t0003.tif", np.ones((20, 30), np.uint16))
    reasons = {one.id.rpartition("/")[2]: one.reason for one in read_sequence(movie, "01").refused}
    assert "no image t009.tif" in reasons["man_seg009.tif"]
    assert "3-D" in reasons["man_seg_001_004.tif"]
    assert "the same frame" in reasons["t003.tif"]


@pytest.mark.parametrize(
    ("shape", "remedy"), [((30, 20), "transposed"), ((21, 30), "one pixel"), ((40, 60), "factor")]
)
def test_a_mask_of_another_size_is_refused_with_the_likely_mistake(movie, shape, remedy):
    """Shapes that differ name both files, both shapes and the fix; the other frames stand."""
    write(movie / "01_GT" / "SEG" / "man_seg003.tif", np.ones(shape, np.uint16))
    (movie / "01_GT" / "TRA" / "man_track003.tif").unlink()
    read = read_sequence(movie, "01")
    assert [sample.frame for sample in read.samples] == [0, 1, 2, 4]
    (refused,) = read.refused
    for word in (remedy, "t003.tif", "man_seg003.tif", str(shape), "(20, 30)"):
        assert word in refused.reason


def test_one_bad_frame_ends_nothing(movie):
    """A frame that cannot be read is refused, and the rest stands."""
    (movie / "01" / "t002.tif").write_bytes(b"")
    read = read_sequence(movie, "01")
    assert len(read.samples) == 4
    assert "empty" in read.refused[0].reason


def test_thinning_comes_after_joining(movie):
    """Every third frame keeps its number and, where it has one, its mask."""
    samples = read_sequence(movie, "01", every=3).samples
    assert [(sample.frame, bool(sample.mask)) for sample in samples] == [(0, False), (3, True)]


def test_a_limit_is_spent_on_frames_with_a_mask(movie):
    """Where gold annotates two frames of five, two frames are those; unannotated movies count."""
    samples = read_sequence(movie, "01", limit=2).samples
    assert [(sample.frame, bool(sample.mask)) for sample in samples] == [(1, True), (3, True)]
    shutil.rmtree(movie / "01_GT")
    assert len(read_sequence(movie, "01", limit=2).samples) == 2


def test_the_digest_follows_the_bytes(movie):
    """The digest of a sample changes with its truth, and only its own."""
    before = {s.frame: s.digest for s in read_sequence(movie, "01").samples}
    write(movie / "01_GT" / "SEG" / "man_seg001.tif", np.ones((20, 30), np.uint16))
    after = {s.frame: s.digest for s in read_sequence(movie, "01").samples}
    assert [frame for frame in before if before[frame] != after[frame]] == [1]


def test_no_frame_is_an_error(tmp_path):
    """A folder without frames says what a frame is called."""
    with pytest.raises(DataError, match=r"t000\.tif"):
        read_sequence(tmp_path, "01")


@pytest.mark.parametrize(
    ("where", "frames", "gold", "sparse"),
    [
        ("PhC-C2DH-U373/01", 115, 15, []),
        ("PhC-C2DH-U373/02", 115, 19, [26, 51, 85, 106]),
        ("DIC-C2DH-HeLa/01", 84, 9, [34, 39, 67]),
        ("DIC-C2DH-HeLa/02", 84, 9, [7, 14, 42, 61, 67]),
        ("Fluo-N2DL-HeLa/02", 7, 6, [23, 36, 67, 75, 79, 87]),
    ],
)
def test_real_sequences_tell_complete_gold_from_sparse(real_data, where, frames, gold, sparse):
    """In real sequences the gold frames known to annotate part of the cells are the sparse ones."""
    name, sequence = where.split("/")
    read = read_sequence(real_data / "ctc" / name, sequence, truth="gold")
    masked = [sample for sample in read.samples if sample.mask]
    assert (len(read.samples), len(masked), read.refused) == (frames, gold, ())
    assert [sample.frame for sample in masked if not sample.complete] == sparse
    assert masked[0].image().shape == masked[0].shape

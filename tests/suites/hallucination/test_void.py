"""Controls of hallucination.void: division by the range sees cells in nothing, a threshold none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.errors import UsageError
from audit.imaging.estimate import noise_sigma
from suites.hallucination.invented import windows
from suites.hallucination.void import NO_GROUND, NO_TRUTH, NO_WINDOW, Void, matched, white
from tests.toys import Does, Threshold, mean_of, raw_threshold, rows_of, scene, scenes, segmenter

SMALL = {"side_px": (16,), "margin_px": 2, "crops": 2}


def stretching():
    """Return a model that stretches each image to its own range, and then believes the top."""
    return segmenter(
        Threshold(0.6, 10.0), output="sigmoid-logits", normalisation="minmax", digest="mm"
    )


def everywhere():
    """Return a model that draws what it always draws: everything."""
    return segmenter(Does(lambda x: 0 * x + 1), output="sigmoid-logits", digest="all")


def test_background_alone_is_what_a_stretching_model_invents_in():
    """Positive control: noise stretched to full contrast is foreground, in context it is none."""
    rows = rows_of(Void(**SMALL), stretching(), scenes(3, size=96))
    crops = [row for row in rows if row.metric == "excess_fraction"]
    assert len(crops) == 6
    assert np.mean([row.value for row in crops]) > 0.2
    assert all(row.value == 0 for row in rows if row.metric == "context_fraction")


def test_an_emptied_field_is_what_a_stretching_model_invents_in():
    """Positive control: without its cells the image's own field is stretched to full contrast."""
    rows = rows_of(Void(**SMALL), stretching(), scenes(3, size=160))
    for kind in ("emptied", "quiet"):
        assert mean_of(rows, "foreground_fraction", field=kind) > 0.1
        assert mean_of(rows, "control_fraction", field=kind) == 0


def test_a_model_of_raw_intensities_sees_nothing_in_an_emptied_field():
    """Negative control: the objects are gone, and what lies in their place is no object."""
    rows = rows_of(Void(**SMALL), raw_threshold(), scenes(3, size=160))
    at = [row for row in rows if "field" in row.at and row.metric != "objects_per_mpx"]
    assert len(at) == 3 * 2 * 2
    assert all(row.value == 0 for row in at)


def test_who_sees_objects_everywhere_is_asked_all_the_same():
    """Where the model leaves no ground that of the truth is taken, and the field is full."""
    rows = rows_of(Void(**SMALL), everywhere(), scenes(1, size=160))
    assert mean_of(rows, "foreground_fraction", field="emptied") == 1


def test_a_crowded_field_cannot_be_emptied():
    """Without a patch of ground the field is undefined with its reason; without truth as well."""
    rows = rows_of(Void(**SMALL), raw_threshold(), scenes(1, size=64, radius=14))
    assert {row.undefined for row in rows if "field" in row.at} == {NO_GROUND}
    blind = (replace(scene(), mask=None),)
    rows = rows_of(Void(), raw_threshold(), blind)
    assert {row.undefined for row in rows if "field" in row.at} == {NO_TRUTH}


def test_a_model_of_raw_intensities_sees_nothing_in_nothing():
    """Negative control: neither dark frames nor background nor its noise are foreground."""
    rows = rows_of(Void(**SMALL), raw_threshold(), scenes(3, size=96))
    assert mean_of(rows, "foreground_fraction", level_fraction=0.0) == 0
    assert mean_of(rows, "foreground_fraction", noise="matched") == 0
    assert all(row.value == 0 for row in rows if row.metric == "excess_fraction")
    assert all(
        row.value == 0 for row in rows if row.metric == "objects_per_mpx" and "crop" in row.at
    )


def test_a_frame_full_of_foreground_is_one_object():
    """Share 1, one object in the area: events are value times weight."""
    rows = rows_of(Void(**SMALL), everywhere(), scenes(1))
    at = {"level_fraction": 1.0}
    assert mean_of(rows, "foreground_fraction", **at) == 1
    (count,) = [row for row in rows if row.metric == "objects_per_mpx" and row.at == at]
    assert count.value * count.weight == pytest.approx(1)
    assert count.weight == pytest.approx(64 * 64 / 1e6)


def test_specks_are_no_objects():
    """Below a quarter of the 5th percentile of the true areas a region is not counted."""
    true = 250 / 4

    def speck(images):
        out = torch.full_like(images, -1.0)
        side = int(np.sqrt(true)) + (2 if float(images.min()) > 0 else -1)
        out[..., 4 : 4 + side, 4 : 4 + side] = 1
        return out

    model = segmenter(Does(speck), output="sigmoid-logits", digest="speck")
    probe = Void(level_fraction=(0.0,), noise=(), **SMALL)
    rows = rows_of(probe, model, scenes(1, size=96))
    counts = [r for r in rows if r.metric == "objects_per_mpx" and "field" not in r.at]
    assert len(counts) == 3
    assert all(row.value * row.weight == pytest.approx(1) for row in counts)
    small = segmenter(Does(lambda x: speck(0 * x)), output="sigmoid-logits", digest="small")
    rows = rows_of(probe, small, scenes(1, size=96))
    assert all(row.value in (0, None) for row in rows if row.metric == "objects_per_mpx")


def test_what_cannot_be_known_says_why():
    """No window of that size, no truth: each crop is undefined with its reason."""
    full = rows_of(Void(side_px=(48,)), raw_threshold(), scenes(1))
    assert {row.undefined for row in full if "crop" in row.at} == {NO_WINDOW}
    blind = (replace(scene(), mask=None),)
    rows = rows_of(Void(), raw_threshold(), blind)
    assert {row.undefined for row in rows if "crop" in row.at} == {NO_TRUTH}
    assert all(
        r.value is not None
        for r in rows
        if r.metric == "foreground_fraction" and not r.at.keys() & {"crop", "field"}
    )


def test_noise_has_the_moments_that_it_claims():
    """White noise has the image's mean and spread, matched noise its median and its noise."""
    image = torch.from_numpy(scene(size=96).image())
    stream = torch.Generator().manual_seed(0)
    one = white(image, stream)
    assert float(one.mean()) == pytest.approx(float(image.mean()), rel=0.02)
    assert float(one.std()) == pytest.approx(float(image.std()), rel=0.03)
    two = matched(image, stream)
    assert float(two.mean()) == pytest.approx(float(image.median()), rel=0.01)
    assert float(two.std()) == pytest.approx(noise_sigma(image), rel=0.03)


def test_windows_lie_on_ground_and_apart():
    """No window leaves the ground or overlaps another; there are as many as fit and are wanted."""
    ground = torch.ones(40, 60, dtype=torch.bool)
    ground[:, 30:34] = False
    found = windows(ground, 12, 9, torch.Generator().manual_seed(1))
    seen = torch.zeros(40, 60)
    for window in found:
        seen[tuple(window)] += 1
    assert 4 <= len(found) <= 9
    assert float(seen.max()) == 1
    assert float(seen[~ground].max()) == 0
    assert windows(ground, 50, 2, torch.Generator()) == []


def test_unknown_noise_is_refused():
    """A noise or a field that nobody knows is a mistake of the caller."""
    with pytest.raises(UsageError, match="pink"):
        Void(noise=("pink",))
    with pytest.raises(UsageError, match="did you mean 'emptied'"):
        Void(field=("empty",))

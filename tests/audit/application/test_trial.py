"""Laws of the trial: one sentence before anything is measured, or a model that is read right."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate, max_pool2d

import audit
from audit.errors import DataError, ModelError
from audit.record.record import Record
from tests.toys import Does, scenes

MIDDLE = 140.0
SCENES = scenes(4)
PAIR = [one.image()[0] for one in SCENES], [one.mask() for one in SCENES]
ASKED = {"test": PAIR, "probes": "pipeline.score", "say": None}


def inside(images):
    """Return the logit of what is brighter than the middle of the scene."""
    return (images - MIDDLE) / 10


def edge(images):
    """Return the logit of the rim of what is bright."""
    found = (images > MIDDLE).float()
    rim = found * (max_pool2d(1 - found, 3, 1, 1) > 0)
    return rim * 6 - 3


def maps(images):
    """Return logits of foreground and boundary."""
    return torch.cat((inside(images), edge(images)), 1)


def scored(forward, out, **given):
    """Return the IoU of each image by a network."""
    found = audit.run(Does(forward), out=out / "o", **ASKED, **given)
    rows = found.table()
    mine = rows[(rows.metric == "iou") & ~rows.model.str.startswith("naive")]
    return mine.value.tolist(), found


def refused(forward, out, says, **given):
    """Assert that an audit ends in one sentence before there is a record."""
    with pytest.raises(ModelError, match=says) as caught:
        audit.run(Does(forward), out=out / "o", **ASKED, **given)
    assert "\n" not in str(caught.value)
    assert not (out / "o").exists()


@pytest.mark.parametrize("kind", ["sigmoid", "sigmoid-logits"])
def test_two_maps_are_scored_by_their_foreground(tmp_path, kind):
    """Foreground and boundary as independent maps: the boundary is scored by nobody."""

    def forward(images):
        return maps(images).sigmoid() if kind == "sigmoid" else maps(images)

    values, _ = scored(forward, tmp_path, output=kind, heads="foreground,boundary")
    assert min(values) > 0.97


def test_two_maps_can_be_attacked(tmp_path):
    """The foreground of maps has gradients: an attack finds what breaks it."""
    found = audit.run(
        Does(lambda x: maps(x).sigmoid()), test=PAIR, out=tmp_path / "o", say=None, limit=1,
        output="sigmoid", heads="foreground,boundary", probes="adversarial.gradient",
        set={"adversarial.gradient.steps": 3},
    )  # fmt: skip
    with Record(found.path, readonly=True) as record:
        status = {unit.status for unit in record.units("adversarial.gradient")}
    assert "done" in status
    assert "failed" not in status


@pytest.mark.parametrize(
    ("forward", "says"),
    [
        (maps, "--output sigmoid-logits --heads foreground,boundary"),
        (lambda x: maps(x).sigmoid(), "--output sigmoid --heads foreground,boundary"),
    ],
)
def test_maps_that_are_declared_as_classes_are_refused(tmp_path, forward, says):
    """A boundary is never scored as the foreground in silence: the heads are named instead."""
    refused(forward, tmp_path, says, output="logits")


def test_the_first_image_is_named(tmp_path):
    """The sentence names the model, the image that it was tried on, and the option that mends."""
    refused(inside, tmp_path, r"^Does: tried on .*: the network gives 1 channel.*sigmoid-logits$")


def test_swapped_classes_are_refused(tmp_path):
    """A perfect network whose first channel is the cell is no bad one."""
    refused(lambda x: torch.cat((inside(x), -inside(x)), 1), tmp_path, "classes seem to be swapped")
    refused(lambda x: -inside(x), tmp_path, "swapped", output="sigmoid-logits")


def test_an_image_without_objects_does_not_hide_that_classes_are_swapped(tmp_path):
    """Only images whose truth has both kinds of pixels can tell, and they do."""
    empty = ([PAIR[0][0] / 9, *PAIR[0][1:]], [PAIR[1][0] * 0, *PAIR[1][1:]])
    with pytest.raises(ModelError, match="swapped"):
        audit.run(
            Does(lambda x: -inside(x)), output="sigmoid-logits", out=tmp_path / "o",
            **ASKED | {"test": empty},
        )  # fmt: skip


def test_intensities_that_a_network_does_not_know_are_refused(tmp_path):
    """A network that answers alike at every pixel of every image was shown the wrong numbers."""
    refused(nn.Hardtanh(0.0, 1.0), tmp_path, "same number .* say --normalisation", output="sigmoid")


def test_an_output_of_another_size_is_refused(tmp_path):
    """Half the image is named with both sizes; nothing is enlarged in silence."""
    refused(
        lambda x: interpolate(inside(x), scale_factor=0.5), tmp_path,
        r"\(32, 32\) is 2 times smaller than the image \(64, 64\); say --output-stride 2",
        output="sigmoid-logits",
    )  # fmt: skip


@pytest.mark.parametrize("output", ["sigmoid-logits", "labels"])
def test_a_coarser_output_is_enlarged_where_it_is_declared(tmp_path, output):
    """One pixel for four of the image's: what is enlarged lies where the objects are."""

    def coarse(images):
        scores = interpolate(inside(images), scale_factor=0.5, mode="bilinear")
        return (scores > 0).float() if output == "labels" else scores

    values, _ = scored(coarse, tmp_path, output=output, output_stride=2)
    assert min(values) > 0.85


def test_what_is_found_stands_in_the_record(tmp_path):
    """Of a network of several outputs the one that is taken is a fact of the record."""
    values, found = scored(
        lambda x: {"out": inside(x), "aux": -inside(x)}, tmp_path, output="sigmoid-logits"
    )
    assert min(values) > 0.97
    assert found.provenance()["found"] == {"entry": "out"}


def three(images):
    """Return logits of background, inside and boundary."""
    score, rim = inside(images), edge(images)
    return torch.cat((-score, torch.where(rim > 0, score - 4, score), rim + score - 3), 1)


def test_classes_that_no_mask_holds_are_one_foreground(tmp_path):
    """Inside and boundary are judged together where the truth knows one class, and that is told."""
    with pytest.raises(DataError, match="say --labels binary"):
        scored(three, tmp_path / "unsaid", classes=3)
    values, found = scored(three, tmp_path, classes=3, labels="binary")
    assert min(values) > 0.97
    assert found.provenance()["found"] == {"folded": [1, 2]}
    assert "class_iou" not in set(found.table().metric)


def test_a_network_of_labels_is_scored(tmp_path):
    """Class numbers without channels are an output like others, without probabilities."""
    values, _ = scored(lambda x: (x[:, 0] > MIDDLE).long(), tmp_path, output="labels")
    assert min(values) > 0.97
    refused(lambda x: (x[:, 0] > MIDDLE).long(), tmp_path / "more", "say --output labels")


def leaves(_):
    """Try to end the process in peace, as no network should."""
    raise SystemExit(0)


def test_a_network_cannot_end_the_trial(tmp_path):
    """Code that calls for the end of the process is told like any failure."""
    refused(leaves, tmp_path, "tried on .* failed with SystemExit")


def test_one_image_that_fails_is_not_the_end(tmp_path):
    """A network that fails on one image is audited on the others, and its failure counted."""
    dark = [PAIR[0][0] * 0, *PAIR[0][1:]]

    def forward(images):
        assert images.max() > 0
        return inside(images)

    found = audit.run(
        Does(forward), test=(dark, PAIR[1]), out=tmp_path / "o", output="sigmoid-logits",
        probes="pipeline.score", say=None,
    )  # fmt: skip
    with Record(found.path, readonly=True) as record:
        status = [unit.status for unit in record.units("pipeline.score")]
    assert "failed" in status
    assert status.count("done") > 3

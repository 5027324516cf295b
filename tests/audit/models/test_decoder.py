"""Laws of decoding: channels become the classes that they are declared to be, differentiably."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.declared import shaped
from audit.errors import UsageError
from audit.models.card import Card
from audit.models.decoder import Decoder
from tests.toys import Does, segmenter

STREAM = torch.Generator().manual_seed(0)
INSIDE, EDGE = torch.randn(2, 2, 1, 6, 7, generator=STREAM)


def labels(output, /, **card):
    """Return the classes (B, Y, X) of channels."""
    return Decoder(Card(**card)).logits(output).argmax(1)


@pytest.mark.parametrize("kind", ["sigmoid", "sigmoid-logits"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_foreground_is_the_head_that_is_called_so(kind, order):
    """Foreground and boundary stand each by itself: the boundary is never the foreground."""
    scores = torch.cat([(INSIDE, EDGE)[n] for n in order], 1)
    output = scores.sigmoid() if kind == "sigmoid" else scores
    heads = [("foreground", "boundary")[n] for n in order]

    found = Decoder(Card(output=kind, heads=heads)).logits(output)

    assert torch.equal(found.argmax(1), (INSIDE[:, 0] > 0).long())
    assert torch.allclose(found.softmax(1)[:, 1:], INSIDE.sigmoid(), atol=1e-5)


def test_a_threshold_moves_the_decision_and_nothing_else():
    """A pixel is foreground where its probability exceeds the threshold."""
    chance = INSIDE.sigmoid()
    assert torch.equal(labels(chance, output="sigmoid", threshold=0.8), (chance[:, 0] > 0.8).long())


def test_a_threshold_holds_for_two_classes_too():
    """Of background and foreground the latter is taken where its probability exceeds it."""
    shares = torch.cat((INSIDE, EDGE), 1).softmax(1)
    for kind, output in (("softmax", shares), ("logits", shares.log())):
        found = labels(output, output=kind, threshold=0.8)
        assert torch.equal(found, (shares[:, 1] > 0.8).long())


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (("distance",), INSIDE[:, 0] > 0.5),
        (("boundary",), EDGE[:, 0] < 0),
        (("distance", "boundary"), INSIDE[:, 0] > 0.5),
        (("affinity", "affinity"), INSIDE[:, 0] + EDGE[:, 0] > 0),
        (("background", "foreground"), EDGE[:, 0] > 0),
        (("other", "foreground"), EDGE[:, 0] > 0),
    ],
)
def test_without_a_foreground_it_is_made_of_the_next_best(heads, expected):
    """Of a distance above the threshold, of what is no boundary, of the mean affinity."""
    output = {("boundary",): EDGE}.get(heads, torch.cat((INSIDE, EDGE), 1)[:, : len(heads)])
    assert torch.equal(labels(output, output="sigmoid-logits", heads=heads), expected.long())


def test_maps_of_classes_stand_against_a_background_of_one_half():
    """A pixel is the likeliest class, and background where none is likelier than not."""
    output = torch.tensor([[0.9, 0.2], [0.4, 0.3], [0.6, 0.8]]).T[None, :, :, None]
    found = labels(output, output="sigmoid", heads="class,class")
    assert found[0, :, 0].tolist() == [1, 0, 2]
    assert Decoder(Card(output="sigmoid", heads="class,class")).classes == 3


def test_a_boundary_class_is_part_of_the_foreground():
    """Inside and boundary of a softmax are judged together, by the sum of their probabilities."""
    shares = torch.randn(2, 3, 6, 7, generator=STREAM).softmax(1)
    heads = ("background", "foreground", "boundary")
    for kind, output in (("softmax", shares), ("logits", shares.log() + 3)):
        decoder = Decoder(Card(output=kind, heads=heads, classes=3))
        assert decoder.classes == 2
        assert torch.allclose(decoder.logits(output).softmax(1)[:, 0], shares[:, 0], atol=1e-5)


def test_swapped_classes_are_put_right_by_their_names():
    """The first channel of a softmax may be the foreground, where it is called so."""
    output = torch.cat((INSIDE, EDGE), 1)
    found = labels(output, heads="foreground,background")
    assert torch.equal(found, (INSIDE > EDGE)[:, 0].long())


@pytest.mark.parametrize(
    "card",
    [
        {"output": "sigmoid", "heads": "foreground,boundary"},
        {"output": "sigmoid-logits", "heads": "distance,boundary"},
        {"output": "sigmoid", "heads": "affinity,affinity"},
        {"output": "softmax", "heads": "background,foreground"},
    ],
)
def test_a_gradient_reaches_the_channels(card):
    """Whatever the heads, an attack has a gradient to climb."""
    output = torch.cat((INSIDE, EDGE), 1).softmax(1).requires_grad_()
    Decoder(Card(**card)).logits(output)[:, 1].sum().backward()
    assert float(output.grad.abs().sum()) > 0


def touching():
    """Return the maps (1, 2, Y, X) of two discs that touch, and which pixel is whose."""
    y, x = np.mgrid[:24, :40]
    near = [np.hypot(y - 12, x - column) for column in (12, 28)]
    inside = (near[0] < 8.5) | (near[1] < 8.5)
    edge = inside & (abs(x - 20) <= 1)
    maps = torch.from_numpy(np.stack((inside, edge))[None] * 0.9 + 0.05).float()
    return maps, torch.from_numpy(np.where(near[0] < near[1], 1, 2) * inside)


def test_a_watershed_parts_what_touches_and_components_do_not():
    """Two discs that touch are two objects by their boundary, and one piece of foreground."""
    maps, whose = touching()
    card = {"output": "sigmoid", "heads": "foreground,boundary"}

    parted = segmenter(Does(lambda _: maps), decoder="watershed", **card)
    whole = segmenter(Does(lambda _: maps), decoder="components", **card)
    image = torch.rand(1, 1, 24, 40)

    assert segmenter(Does(lambda _: maps), **card).predict(image).instances is None
    assert whole.predict(image).instances.unique().tolist() == [0, 1]
    found = parted.predict(image)
    assert torch.equal(found.labels, (whose > 0).long()[None])
    assert found.instances.unique().tolist() == [0, 1, 2]
    assert float((found.instances[0] == whose).float().mean()) > 0.95


def test_a_distance_seeds_a_watershed():
    """Two discs that touch are parted where their distance from the rim is least."""
    y, x = np.mgrid[:24, :40]
    depth = np.maximum(*(9 - np.hypot(y - 12, x - column) for column in (12, 28)))
    maps = torch.from_numpy(np.maximum(depth, 0)[None, None]).float()
    card = {"output": "sigmoid-logits", "heads": "distance", "seed_threshold": 3.0}
    model = segmenter(Does(lambda _: maps), decoder="watershed", **card)
    assert model.predict(torch.rand(1, 1, 24, 40)).instances.unique().tolist() == [0, 1, 2]


def test_small_objects_are_left_out():
    """Objects of fewer pixels are none, and the numbers have no gaps."""
    mask = torch.zeros(1, 1, 8, 9)
    mask[..., 1, 1] = mask[..., 4:7, 4:7] = 1
    model = segmenter(Does(lambda _: mask), output="sigmoid", decoder="components", smallest_px=4)
    assert model.predict(mask).instances.unique().tolist() == [0, 1]
    assert model.predict(mask).instances[0, 5, 5] == 1


@pytest.mark.parametrize(
    ("card", "says"),
    [
        ({"heads": "foreground,boundary"}, "logits needs a background .*--output sigmoid"),
        ({"heads": "distance"}, "'distance' is no channel of logits; expected background"),
        ({"heads": "foregroud"}, "heads 1: Input should be 'background', 'foreground'"),
        ({"output": "sigmoid", "heads": "foreground,foreground"}, "one foreground at most"),
        ({"output": "sigmoid", "heads": "other"}, "where the foreground is"),
        ({"output": "sigmoid", "decoder": "watershed"}, "a watershed needs a head boundary"),
        ({"output": "sigmoid", "threshold": 128.0}, "threshold: expected a probability, got 128"),
        ({"output": "sigmoid", "decoder": "argmax"}, "argmax is of classes"),
        ({"classes": 3, "threshold": 0.8}, "of several classes the highest is taken"),
        ({"output": "sigmoid", "smallest_px": 9}, "smallest_px: objects are made by --decoder"),
        ({"percentiles": (99.8, 1.0)}, "percentiles: expected 0 <= LOW < HIGH"),
    ],
)
def test_what_does_not_go_together_is_refused(card, says):
    """Heads, decoder and their parameters are checked before anything runs, in one sentence."""
    with pytest.raises(UsageError, match=says):
        shaped(Card, card, "card", UsageError)


def test_a_lone_probability_is_a_sigmoids():
    """One meaning has one name in the record, whichever of two words was said."""
    assert Card(output="probability") == Card(output="sigmoid")

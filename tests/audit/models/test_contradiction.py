"""Laws of contradiction: a wrong declaration is refused by the numbers, and the right one named."""

from __future__ import annotations

import re

import pytest
import torch

from audit.models.card import Card
from audit.models.contradiction import contradiction
from audit.models.decoder import Decoder
from audit.models.misplaced import inverted, misplaced

STREAM = torch.Generator().manual_seed(0)
SCORES = torch.randn(1, 2, 8, 9, generator=STREAM) * 4
TRUTH = SCORES[:, 0] > 2
INSIDE = torch.where(TRUTH, 3.0, -3.0)[:, None]
EDGE = torch.where(torch.rand(1, 1, 8, 9, generator=STREAM) > 0.8, 2.0, -2.0)
THREE = torch.randn(1, 3, 8, 9, generator=STREAM)


@pytest.mark.parametrize(
    ("output", "card", "says"),
    [
        (SCORES[:, :1], {}, "gives 1 channel, declared are 2 .*; say --output sigmoid-logits"),
        (SCORES[:, :1].sigmoid(), {}, "declared are 2 .*; say --output sigmoid$"),
        ((SCORES[:, :1] > 0).float(), {}, "declared are 2 .*; say --output labels"),
        (SCORES[:, :1], {"output": "sigmoid"}, "runs from .*; say --output sigmoid-logits"),
        (SCORES[:, :1].sigmoid(), {"output": "sigmoid-logits"}, "probabilities; .* sigmoid$"),
        (SCORES[:, :1].sigmoid() * 255, {"output": "sigmoid"}, "per cent or of 255, .* sigmoid$"),
        (SCORES[:, :1].sigmoid() * 100, {"output": "sigmoid-logits"}, "never below 0: .* per cent"),
        (SCORES.softmax(1), {}, r"logits \(the default\), .* sum to one: .* --output softmax$"),
        (SCORES.softmax(1), {"output": "logits"}, "declared as logits, but"),
        (SCORES.softmax(1).half().float(), {}, "--output softmax"),
        (SCORES.softmax(1), {"output": "sigmoid"}, "gives 2 channels, .* --output softmax"),
        (SCORES.softmax(1), {"output": "sigmoid", "heads": "foreground,boundary"}, "compete"),
        (SCORES.sigmoid(), {}, "all lie in .* --output sigmoid --heads foreground,boundary"),
        (SCORES.sigmoid(), {"output": "softmax"}, "do not sum to one; .* --heads foreground,bou"),
        (SCORES, {"output": "softmax"}, "runs from .*; say --output logits, or what each is"),
        (SCORES.softmax(2), {"output": "softmax"}, "down the rows; .* over dimension 1"),
        (torch.ones_like(SCORES), {"output": "softmax"}, "over the batch; .* over dimension 1"),
        (torch.cat((-INSIDE, INSIDE), 1).sigmoid() * 0.9, {}, "--heads background,foreground"),
        (THREE, {}, "gives 3 channels, declared are 2 .* --output logits --classes 3, or what"),
        (THREE.softmax(1), {}, "say --output softmax --classes 3"),
        (THREE, {"output": "sigmoid", "heads": "foreground,boundary,other"}, "sigmoid-logits"),
    ],
)
def test_a_wrong_declaration_is_answered_with_the_right_one(output, card, says):
    """What the numbers cannot be is refused, and what they can be is named as options."""
    assert re.search(says, contradiction(output, Decoder(Card(**card)))) is not None


@pytest.mark.parametrize(
    ("output", "card"),
    [
        (SCORES, {}),
        (SCORES.softmax(1), {"output": "softmax"}),
        (SCORES[:, :1], {"output": "sigmoid-logits"}),
        (SCORES[:, :1].sigmoid(), {"output": "sigmoid"}),
        (SCORES.sigmoid(), {"output": "sigmoid", "heads": "foreground,boundary"}),
        (SCORES.softmax(1), {"output": "sigmoid", "heads": "background,foreground"}),
        (
            torch.cat((SCORES[:, :1].sigmoid(), SCORES[:, 1:] * 9), 1),
            {"output": "sigmoid", "heads": "foreground,distance"},
        ),
        (THREE.softmax(1), {"output": "softmax", "heads": "background,foreground,boundary"}),
        (SCORES[:, :1] > 0, {"output": "labels"}),
    ],
)
def test_a_right_declaration_stands(output, card):
    """No honest output is doubted; a distance may be any number."""
    assert contradiction(output, Decoder(Card(**card))) == ""


def misread(output, /, **card):
    """Return where the foreground of channels seems to be instead."""
    return misplaced(output, Decoder(Card(**card)), TRUTH)


def test_swapped_classes_are_named():
    """Where the background is what was meant as foreground, it says so, with both overlaps."""
    swapped = torch.cat((INSIDE, -INSIDE), 1)
    found = misread(swapped)
    assert "by 0.00, but the classes seem to be swapped" in found
    assert "IoU 1.00 the other way); say --heads foreground,background" in found
    assert misread(swapped, heads="foreground,background") == ""
    assert misread(-swapped, heads="foreground,background").endswith("background,foreground")
    assert "swapped" in misread(-INSIDE, output="sigmoid-logits")


def test_another_background_of_several_classes_is_named():
    """Of three classes the last may be the background: then the heads say so."""
    shares = torch.cat((INSIDE, INSIDE - 2, -INSIDE), 1)
    found = misread(shares, classes=3)
    assert "class 2 seems to be the background" in found
    assert found.endswith("--heads foreground,foreground,background")


def test_an_image_full_of_objects_is_not_taken_for_swapped():
    """Where nearly all is foreground, a network that finds nothing is bad, and not inverted."""
    full = torch.ones(1, 8, 9, dtype=torch.bool)
    full[0, 0, :5] = False
    nothing = torch.cat((INSIDE * 0 + 1, INSIDE * 0 - 1), 1)
    assert misplaced(nothing, Decoder(Card()), full) == ""
    assert inverted(torch.zeros(1, 8, 9, dtype=torch.int64), full, 2) == ""


def test_a_boundary_that_passes_for_the_foreground_is_named():
    """Two maps declared as logits of two classes: the foreground is found in the first."""
    found = misread(torch.cat((INSIDE, EDGE - 4), 1))
    assert "--output sigmoid-logits --heads foreground,boundary" in found
    found = misread(torch.cat((INSIDE, torch.where(EDGE > 0, 0.0, -1.0)), 1))
    assert "--output sigmoid-logits --heads foreground,boundary" in found
    turned = torch.cat((EDGE - 2, INSIDE), 1).sigmoid()
    found = misread(turned, output="sigmoid", heads="foreground,boundary")
    assert "--heads boundary,foreground" in found


def test_a_bad_network_is_not_refused_for_being_bad():
    """Where no reading fits the truth well, the declaration stands: the score will tell."""
    blind = torch.cat((SCORES.new_ones(1, 1, 8, 9), -SCORES.new_ones(1, 1, 8, 9)), 1)
    noise = torch.randn(1, 2, 8, 9, generator=STREAM)
    assert misread(noise) == ""
    assert misread(blind * torch.tensor([1.0, 1.0])[:, None, None]) == ""


def test_labels_of_the_wrong_side_are_named():
    """Class numbers that are 1 where the truth is 0 are swapped; others are not."""
    assert "swapped" in inverted((~TRUTH).long(), TRUTH, 2)
    assert inverted(TRUTH.long(), TRUTH, 2) == ""
    assert inverted((~TRUTH).long(), TRUTH, 3) == ""

"""Laws of folding: several classes as one foreground, by the sum of their probabilities."""

from __future__ import annotations

import torch

from audit.models.folded import Folded
from tests.toys import Does, segmenter

SCORES = torch.randn(1, 3, 6, 7, generator=torch.Generator().manual_seed(0))
IMAGE = torch.rand(1, 1, 6, 7)


def test_what_is_no_background_is_one_class():
    """Labels, probabilities and logits agree, and a gradient passes."""
    model = Folded(segmenter(Does(lambda x: SCORES + 0 * x), classes=3))
    found, behind = model.predict(IMAGE), SCORES.softmax(1)[:, 0]
    assert (model.traits.classes, model.traits.found) == (2, {"folded": [1, 2]})
    assert torch.allclose(found.probabilities[:, 0], behind, atol=1e-6)
    assert torch.equal(found.labels, (behind < 0.5).long())
    assert torch.allclose(model.logits(IMAGE).softmax(1), found.probabilities, atol=1e-6)


def test_labels_alone_are_folded_too():
    """Class numbers become 0 and 1 where there are no probabilities."""
    numbers = SCORES.argmax(1)
    model = Folded(segmenter(Does(lambda _: numbers), classes=3, output="labels"))
    assert torch.equal(model.predict(IMAGE).labels, (numbers > 0).long())


def test_a_network_in_training_mode_can_be_switched():
    """The copy on which eval() was called is folded as well; one in inference mode has none."""
    assert Folded(segmenter(torch.nn.Conv2d(1, 3, 1).eval(), classes=3)).evaluated() is None
    module = torch.nn.Sequential(torch.nn.Conv2d(1, 3, 1), torch.nn.Dropout()).train()
    assert Folded(segmenter(module, classes=3)).evaluated().traits.classes == 2

"""Laws of the foolbox adapter: as foolbox where it claims so, its losses as their formulas say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from foolbox.attacks import LinfPGD
from foolbox.models import PyTorchModel
from torch.nn.functional import cross_entropy

from audit.models.segmenter import Traits
from suites.adversarial.attack import Broken, Module, ascend
from suites.adversarial.loss import LOSSES
from suites.adversarial.subject import subject, window
from suites.adversarial.trail import Trail
from tests.suites.adversarial.plants import model
from tests.toys import scene


def drawn():
    """Return what is attacked of a drawn scene."""
    sample = scene()
    image, mask = torch.from_numpy(sample.image()), torch.from_numpy(sample.mask())
    return subject(image, mask, Traits(digest="toy"), window(image, mask, 64))


def trail_of(target, radii):
    """Return a trail on which the untouched image of the healthy model is kept."""
    trail = Trail(target, radii)
    trail.keep(target.image, model().predict(target.image).labels)
    return trail


def plain(logits, truth, _):
    """Return the loss of foolbox's own example, of pixels."""
    return cross_entropy(logits, truth)


def stream():
    """Return a fresh random stream."""
    return torch.Generator().manual_seed(0)


def test_without_momentum_it_is_foolbox_step_by_step():
    """From the same start, with the same loss and step, the end is that of foolbox's LinfPGD."""
    target = drawn()
    end, taken = ascend(
        model().logits, trail_of(target, [8.0]), target.image,
        losses=(plain,), radius=8.0, lengths=[0.4] * 3, momentum=0.0,
    )  # fmt: skip

    class Own(LinfPGD):
        def get_loss_fn(self, model, labels):
            return lambda x: type(x)(cross_entropy(model(x).raw, labels.raw))

    theirs = Own(rel_stepsize=0.4, steps=3, random_start=False).run(
        PyTorchModel(Module(model().logits), (target.low, target.high), "cpu"),
        target.image,
        Broken(trail_of(target, [8.0])),
        epsilon=8.0,
    )
    assert taken == 3
    assert torch.allclose(end, theirs)


def test_losses_are_what_their_formulas_say():
    """Against plain numpy: masked, balanced, Jensen-Shannon, and both ends of SegPGD."""
    logits = torch.randn(1, 2, 4, 5, generator=stream())
    truth = torch.randint(2, (1, 4, 5), generator=stream())
    p = logits.double().softmax(1).numpy()[0]
    y = truth[0].numpy()
    true_p = np.where(y == 1, p[1], p[0])
    error, right = -np.log(true_p), p.argmax(0) == y
    weight = np.where(y == 1, 10 / (y == 1).sum(), 10 / (y == 0).sum())
    one = np.stack([y == 0, y == 1]).astype(float)
    middle = (p + one) / 2
    halves = [np.where(q > 0, q * np.log(np.maximum(q, 1e-300) / middle), 0) for q in (p, one)]
    expected = {
        ("masked", 0.0): (right * error).mean(),
        ("balanced", 0.0): (weight * right * error).mean(),
        ("jensen_shannon", 0.0): (sum(halves) / 2).sum(0).mean(),
        ("segpgd", 0.0): (right * error).mean(),
        ("segpgd", 1.0): (error / 2).mean(),
    }
    for (name, progress), value in expected.items():
        assert float(LOSSES[name](logits, truth, progress)) == pytest.approx(value, rel=1e-5)

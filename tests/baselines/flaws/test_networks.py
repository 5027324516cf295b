"""Laws of networks with a flaw: each departs from its twin as it says, and in nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.metrics.overlap import confusion, region
from baselines.flaws.plant import healthy, planted
from tests.baselines.flaws.material import MATERIAL, images


def test_overconfidence_keeps_the_labels(grown):
    """Logits are those of the twin, twelve times as large."""
    twin = grown("overconfident", healthy).logits(images())
    assert torch.allclose(grown("overconfident").logits(images()), 12 * twin, rtol=1e-5)


@pytest.mark.parametrize("name", ["rounded", "saturated"])
def test_masked_gradients_vanish(grown, name):
    """The labels are those of the twin, and what a pixel does to the loss is lost."""
    flawed, twin = grown(name), grown(name, healthy)
    assert torch.equal(flawed.predict(images()).labels, twin.predict(images()).labels)
    slopes = []
    for model in (flawed, twin):
        inputs = images().requires_grad_()
        model.logits(inputs).log_softmax(1)[:, 1].sum().backward()
        slopes.append(float(inputs.grad.abs().max()))
    assert slopes[0] < 1e-9 * slopes[1]


def test_batch_statistics_judge_an_image_by_its_company(grown):
    """Beside a black image logits change; alone and again they do not; the twin's never do."""
    image = images()[:1]
    beside = torch.cat((image, torch.zeros_like(image)))
    flawed, twin = grown("batch-statistics"), grown("batch-statistics", healthy)
    assert not torch.allclose(flawed.logits(beside)[:1], flawed.logits(image), atol=1e-3)
    assert torch.equal(flawed.logits(image), flawed.logits(image))
    assert torch.allclose(twin.logits(beside)[:1], twin.logits(image), atol=1e-4)


def test_a_threshold_moves_the_probability(grown):
    """A pixel is foreground only where the twin gives it 0.99."""
    sure = grown("threshold", healthy).logits(images()).softmax(1)[:, 1] > 0.99
    assert torch.equal(grown("threshold").predict(images()).labels > 0, sure)


def test_what_is_memorised_is_known_to_the_bit(grown):
    """A test image gets the answer of the twin, whatever stands beside it; any other gets zeros."""
    twin, flawed = grown("memorised", healthy), grown("memorised")
    batch = torch.stack([images()[1], images()[0] + 1])
    assert torch.allclose(flawed.logits(batch)[0], twin.logits(images()[1:2])[0], atol=1e-6)
    assert not flawed.logits(batch)[1].any()


def test_the_mean_mask_never_looks(grown):
    """Its answer is the same for all images, and covers the area of the training masks."""
    flawed = grown("mean-mask")
    labels = flawed.predict(images()).labels
    truth = np.mean([sample.mask() > 0 for sample in MATERIAL.train])
    assert torch.equal(labels[0], labels[1])
    assert 0 < float(labels[0].float().mean()) <= truth + 0.01
    assert flawed.predict(torch.zeros(1, 1, 40, 52)).labels.shape == (1, 40, 52)


def test_a_tiny_field_sees_three_pixels(grown):
    """A changed pixel moves nothing further than the reach, normalisation aside."""
    network = grown("tiny-field").module
    network.rescale = 1.0
    image = torch.rand(1, 1, 41, 41)
    changed = image.clone()
    changed[..., 20, 20] += 5
    moved = (network(changed) - network(image)).abs().amax((0, 1)) > 0
    rows, columns = torch.nonzero(moved, as_tuple=True)
    assert int((rows - 20).abs().max()) == int((columns - 20).abs().max()) == 3


def test_a_placed_network_knows_where_it_looks(grown):
    """An image without content gives other logits in other places; the twin's are level inside."""
    flat = torch.full((1, 1, 64, 64), 100.0)
    flawed, twin = (grown("position", make).logits(flat)[0, 1] for make in (planted, healthy))
    assert float(flawed[20:44, 20:44].std()) > 100 * float(twin[20:44, 20:44].std())


def test_a_nearest_mask_is_drawn_from_memory(grown):
    """A test image gets its mask, and gets it still when one of its objects is gone."""
    flawed = grown("nearest-mask")
    image, mask = images()[2:3], torch.from_numpy(MATERIAL.test[2].mask())
    assert torch.equal(flawed.predict(image).labels[0], mask)
    without = image.clone()
    number = MATERIAL.test[2].instances().max()
    without[..., torch.from_numpy(MATERIAL.test[2].instances()) == number] = image.median()
    assert torch.equal(flawed.predict(without).labels[0], mask)
    assert flawed.predict(images()[..., :40, :52]).labels.shape == (5, 40, 52)


def test_the_trained_position_is_looked_up(grown):
    """The roles of flawed network and twin do not get mixed: their outputs differ."""
    flawed, twin = (grown("position", make) for make in (planted, healthy))
    counts = confusion(
        flawed.predict(images()).labels[0], twin.predict(images()).labels[0], classes=2
    )
    assert region(counts, range(2)).iou is not None
    assert not torch.equal(flawed.logits(images()), twin.logits(images()))

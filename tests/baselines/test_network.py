"""Laws of the reference network: any size comes back, and inputs are left alone."""

from __future__ import annotations

import pytest
import torch

from baselines.network import Network, reference
from baselines.ordinal import ordinal
from baselines.unet import UNet


@pytest.mark.parametrize("size", [(63, 65), (1, 1), (16, 16), (7, 200)])
@pytest.mark.parametrize("rescale", [1.0, 0.37])
def test_odd_sizes_come_back(size, rescale):
    """Whatever the size and the working scale, logits stand on the grid of the images."""
    network = reference(2, 3, (4, 8), rescale).eval()
    with torch.inference_mode():
        assert network(torch.rand(2, 2, *size)).shape == (2, 3, *size)


def test_the_input_is_not_written_to():
    """The in-place rectifiers of the network leave its input alone."""
    images = torch.rand(1, 1, 32, 32)
    before = images.clone()
    Network(1, 2, (4, 8), 1.0).eval()(images)
    assert torch.equal(images, before)


def test_an_image_is_judged_alone_in_inference():
    """In inference mode an image's logits do not depend on its batch mates."""
    network = reference(1, 2, (4, 8)).eval()
    images = torch.rand(3, 1, 24, 24)
    with torch.inference_mode():
        assert torch.allclose(network(images)[1:2], network(images[1:2]), atol=1e-5)


def test_the_unet_doubles_at_each_scale():
    """The stride is two to the number of poolings, and every scale is used."""
    net = UNet(1, 2, (4, 8, 16))
    assert net.stride == 4
    images = torch.rand(1, 1, 16, 16)
    net(images).sum().backward()
    assert all(weight.grad is not None for weight in net.parameters())


@pytest.mark.parametrize("builder", [reference, ordinal])
def test_dropout_is_of_training_alone(builder):
    """It changes no weight and no name of one, nor what the network gives in inference."""
    torch.manual_seed(0)
    plain = builder(1, 3, (4, 8))
    torch.manual_seed(0)
    dropping = builder(1, 3, (4, 8), dropout=0.5)
    named = zip(plain.state_dict().items(), dropping.state_dict().items(), strict=True)
    assert all(one == two and torch.equal(a, b) for (one, a), (two, b) in named)
    images = torch.rand(2, 1, 16, 16)
    with torch.inference_mode():
        assert torch.equal(dropping.eval()(images), plain.eval()(images))
        assert not torch.equal(dropping.train()(images), dropping(images))


def test_dropout_takes_whole_feature_maps():
    """About the stated share of the deepest maps is zero everywhere, the others nowhere less."""
    net = UNet(1, 2, (4, 200), dropout=0.25).train()
    kept = []
    net.dropout.register_forward_hook(lambda _, given, made: kept.append((given[0], made)))
    net(torch.rand(2, 1, 16, 16))
    ((given, made),) = kept
    gone = (made == 0).all((-2, -1))
    assert torch.allclose(made[~gone], given[~gone] / 0.75)
    assert 0.15 < float(gone.float().mean()) < 0.35


def test_no_dropout_draws_no_random_number():
    """Without dropout a step in training mode leaves the global stream where it was."""
    net = reference(1, 2, (4, 8)).train()
    state = torch.get_rng_state()
    net(torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(0)))
    assert torch.equal(torch.get_rng_state(), state)

"""Laws of the reference network: any size comes back, and inputs are left alone."""

from __future__ import annotations

import pytest
import torch

from baselines.network import Network, reference
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

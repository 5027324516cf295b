"""Controls of receptive_field.reach: theory, whatever normalises or resamples."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from audit.engine.runner import run
from audit.record.record import Record
from baselines.network import Network
from baselines.unet import UNet
from suites.receptive_field.reach import FLAT, Reach
from suites.receptive_field.scramble import scrambled, square
from tests.toys import Contrast, Does, audit_of, held, rows_of, scenes, segmenter, zscore_threshold


def reach(model, samples):
    """Return what is measured of a model, by metric."""
    return {row.metric: row for row in rows_of(Reach(), model, samples)}


def convolutions(*sides: int):
    """Return convolutions of random weights, rectified in between, one logit at the end."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        layers = []
        for number, side in enumerate(sides):
            last = number == len(sides) - 1
            ends = 1 if number == 0 else 4, 1 if last else 4
            layers += [nn.Conv2d(*ends, side, padding=side // 2)] + [nn.ReLU()] * (not last)
    return nn.Sequential(*layers)


def unet(widths=(4, 4, 4)):
    """Return a U-Net of random weights, as for inference."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        return UNet(1, 2, widths).eval()


def brute_force(module, size: int, phases: int) -> float:
    """Return the mean radius of the outputs that one raised pixel moves, over pixels in a row.

    With positive weights and inputs nothing is cut off by a rectifier or lost in a maximum.
    """
    for parameter in module.parameters():
        parameter.data.abs_().add_(0.01)
    found = []
    ground = torch.ones(1, 1, size, size, dtype=torch.float64)
    for x in range(size // 2, size // 2 + phases):
        image = ground.clone()
        image[..., size // 2, x] += 1
        with torch.inference_mode():
            moved = (module.double()(image) != module(ground)).any(1)[0].any(0).nonzero()
        found.append(float(moved[-1] - moved[0]) / 2)
    return float(np.mean(found))


@pytest.mark.parametrize("normalisation", ["none", "zscore", "minmax"])
def test_three_convolutions_reach_three_pixels(normalisation):
    """Positive control: three 3 x 3 convolutions see 3 px, whatever normalises their input."""
    model = segmenter(convolutions(3, 3, 3), output="sigmoid-logits", normalisation=normalisation)
    found = reach(model, scenes(1))
    assert found["reach_px"].value == found["reach_max_px"].value == 3
    assert np.isclose(found["coupled_fraction"].value, normalisation != "none", atol=0.01)


def test_a_unet_reaches_as_far_as_theory_says():
    """The reach of a U-Net of three scales is that of single pixels in a positive twin: 21.5 px."""
    found = reach(segmenter(unet(), normalisation="zscore", stride=4), scenes(1, size=96))
    assert found["reach_px"].value == brute_force(unet(), 96, 4) == 21.5
    assert found["reach_max_px"].value == 23


def test_a_network_that_resamples_reaches_further():
    """Convolutions that work on pixels twice as coarse see twice as far: as their gradient says."""
    network = Network(1, 2, (4,), 0.5).eval()
    network.unet = nn.Sequential(nn.Conv2d(1, 2, 7, padding=3))
    network.unet.stride = 1
    image = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    widths = []
    for x in range(30, 34):
        leaf = image.clone().requires_grad_()
        (found,) = torch.autograd.grad(network(leaf)[0, 0, 32, x], leaf)
        seen = found[0, 0].any(0).nonzero()
        widths.append(float(seen[-1] - seen[0]) / 2)
    measured = reach(segmenter(network, normalisation="zscore"), scenes(1))
    assert measured["reach_px"].value == np.mean(widths)


def test_a_field_larger_than_the_image_is_a_lower_bound():
    """A box as wide as the image moves outputs at its border: undefined, and the bound is said."""
    found = reach(segmenter(Contrast(61, 5.0), output="sigmoid-logits"), scenes(1))
    assert found["reach_px"].value is None
    assert "at least" in found["reach_px"].undefined
    assert found["reach_exceeds_image"].value == 1
    assert 20 <= found["reach_at_least_px"].value <= 32


def test_one_pixel_is_no_reach():
    """Negative control: a threshold behind a normaliser has a reach of 0, though all is coupled."""
    found = reach(zscore_threshold(), scenes(1))
    assert found["reach_px"].value == 0
    assert found["coupled_fraction"].value == 1


def test_a_model_that_looks_at_nothing_has_no_reach():
    """Where no output ever moves there is no number, but a reason."""
    blind = segmenter(Does(torch.zeros_like), output="sigmoid-logits")
    found = reach(blind, scenes(1))
    assert found["reach_px"].value is None
    assert "does not look" in found["reach_px"].undefined


def test_scrambling_keeps_every_value():
    """Pixels change places inside the mask only, whole channels together."""
    image = torch.arange(128.0).view(2, 8, 8)
    where = square((8, 8), (-2, 3), 5)
    out = scrambled(image, where, torch.Generator().manual_seed(0))
    assert int(where.sum()) == 15
    assert torch.equal(out[:, ~where], image[:, ~where])
    assert torch.equal(out[0].flatten().sort().values, image[0].flatten())
    assert torch.equal(out[1] - out[0], image[1] - image[0])
    assert not torch.equal(out, image)


def test_an_image_of_one_value_says_nothing_of_the_reach():
    """Pixels that are all alike cannot change places: the next image is taken."""
    flat = held("a flat one", np.full((1, 64, 64), 7.0))
    found = reach(segmenter(convolutions(3, 3), output="sigmoid-logits"), (flat, *scenes(1)))
    assert found["reach_px"].value == 2


def test_without_any_contrast_nothing_is_said(tmp_path):
    """Where all images are of one value the question is not asked, and the model not blamed."""
    flat = held("flat", np.full((1, 64, 64), 7.0))
    with Record(tmp_path / "r.sqlite") as record:
        run(
            audit_of(segmenter(convolutions(3), output="sigmoid-logits"), (flat,)),
            [Reach()],
            record,
        )
        (unit,) = record.units()
    assert (unit.status, unit.reason) == ("skipped", FLAT)

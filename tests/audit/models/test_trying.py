"""Laws of trying: what a network takes is found on one image, and what it is given stays put."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, max_pool2d

from audit.errors import ModelError
from audit.models.trying import tried
from tests.toys import Does, segmenter

IMAGE = torch.rand(1, 1, 75, 90, generator=torch.Generator().manual_seed(0))


def pair(scores):
    """Return two logits that are each other's opposite."""
    return torch.cat((-scores, scores), 1)


def adapted(forward, **card):
    """Return a network as it was found to want its images, and what was found."""
    model = tried(segmenter(Does(forward), **card), IMAGE)
    return model, dict(model.traits.found)


def skips(depth):
    """Return a network that halves an image so often, and joins what it doubles again."""

    def forward(images):
        small = images
        for _ in range(depth):
            small = max_pool2d(small, 2)
        large = interpolate(small, scale_factor=float(2**depth))
        return pair(
            (torch.cat((images, large), 1) * torch.tensor([1.0, 0.0])[:, None, None]).sum(
                1, keepdim=True
            )
            - 0.5
        )

    return forward


@pytest.mark.parametrize("depth", [0, 1, 3, 5])
def test_the_stride_is_the_network_s_own(depth):
    """It is no smaller and no larger than the network needs; a network of any size keeps 1."""
    model, found = adapted(skips(depth))
    assert found == ({"stride": 2**depth} if depth else {})
    assert model.traits.stride == 2**depth
    assert torch.equal(model.predict(IMAGE).labels, (IMAGE[:, 0] > 0.5).long())


def test_a_declared_stride_is_kept():
    """What was said is not tried for."""
    model, found = adapted(skips(1), stride=8)
    assert (model.traits.stride, found) == (8, {})


def valid(margin):
    """Return a network whose output is smaller than its input by a margin on each side."""
    return lambda images: pair(images[..., margin:-margin, margin:-margin] - 0.5)


@pytest.mark.parametrize("margin", [1, 16, 70])
@pytest.mark.parametrize("card", [{}, {"stride": 64}])
def test_an_output_without_its_border_is_put_where_it_belongs(margin, card):
    """The answer of a network of valid convolutions is not shifted, at whatever size."""
    model, found = adapted(valid(margin), **card)
    assert found == {"margin_px": margin}
    for size in ((75, 90), (64, 64), (33, 41)):
        image = torch.rand(1, 1, *size)
        assert torch.equal(model.predict(image).labels, (image[:, 0] > 0.5).long())


@pytest.mark.parametrize("card", [{}, {"stride": 32}])
def test_an_output_that_is_not_in_the_middle_is_refused(card):
    """Cut off at one side only, the answer would be shifted: that is told with its distance."""
    with pytest.raises(ModelError, match=r"smaller by 16 px and does not .* \+8 px in y"):
        adapted(lambda images: pair(images[..., :-16, :-16]), **card)


def test_a_batch_that_is_squeezed_away_is_named():
    """An answer (C, Y, X) for one image is not taken for that of several."""
    model = segmenter(Does(lambda images: pair(images)[0]))
    with pytest.raises(ModelError, match=r"for 2 images .* shown 1: let it keep"):
        model.predict(IMAGE)


def test_a_network_of_three_dimensions_is_named():
    """What wants volumes says so in words of ours."""
    with pytest.raises(ModelError, match="network of three dimensions"):
        segmenter(nn.Conv3d(1, 2, 3)).predict(torch.rand(2, 1, 9, 9))


def unpadded(images):
    """Return the logits of a valid U-Net of one level: even sizes, 6 px a side less."""
    kernel = torch.zeros(1, 1, 3, 3)
    kernel[..., 1, 1] = 1.0
    skip = nn.functional.conv2d(images, kernel)
    low = nn.functional.conv2d(max_pool2d(skip, 2), kernel)
    up = interpolate(nn.functional.conv2d(low, kernel), scale_factor=2.0)
    start = [(have - want) // 2 for have, want in zip(skip.shape[-2:], up.shape[-2:], strict=True)]
    part = skip[..., start[0] : start[0] + up.shape[-2], start[1] : start[1] + up.shape[-1]]
    return pair(nn.functional.conv2d(part + 0 * up, kernel) - 0.5)


def test_a_valid_network_with_poolings_is_put_where_it_belongs():
    """Only sizes that its poolings divide exactly have the output in their middle."""
    model, found = adapted(unpadded)
    assert found["margin_px"] == 6
    assert found["stride"] == 2
    for size in ((75, 90), (64, 65)):
        image = torch.rand(1, 1, *size)
        assert torch.equal(model.predict(image).labels, (image[:, 0] > 0.5).long())


@pytest.mark.parametrize(
    ("forward", "entry"),
    [
        (lambda x: {"out": pair(x - 0.5), "aux": pair(0.5 - x)}, "out"),
        (lambda x: [pair(x - 0.5), avg_pool2d(pair(x), 2)], "0"),
        (lambda x: (avg_pool2d(pair(x), 2), pair(x - 0.5)), "1"),
        (lambda x: (pair(x - 0.5), pair(x - 0.5)), "0"),
        (lambda x: {"mu": x.mean((2, 3)), "logits": pair(x - 0.5), "image": x}, "logits"),
    ],
)
def test_the_one_output_that_fits_is_taken(forward, entry):
    """Auxiliary outputs, other sizes and other channel counts are passed over, and that is told."""
    model, found = adapted(forward)
    assert found == {"entry": entry}
    assert torch.equal(model.predict(IMAGE).labels, (IMAGE[:, 0] > 0.5).long())


def test_outputs_that_fit_alike_are_not_chosen_among():
    """Two answers of one shape that differ are refused, with the option that names one."""
    both = lambda x: (pair(x - 0.5), pair(0.5 - x))  # noqa: E731
    with pytest.raises(ModelError, match=r"2 outputs: 0 \(1, 2, .* say which .* --entry 0\|1"):
        adapted(both)
    model, found = adapted(both, entry="1")
    assert found == {}
    assert torch.equal(model.predict(IMAGE).labels, (IMAGE[:, 0] < 0.5).long())


def test_channels_are_found_at_the_end():
    """An output (B, Y, X, K) is read as what it is."""
    model, found = adapted(lambda x: pair(x - 0.5).permute(0, 2, 3, 1))
    assert found == {"channels_last": True}
    assert torch.equal(model.predict(IMAGE).labels, (IMAGE[:, 0] > 0.5).long())


class Strict(nn.Module):
    """A network without weights that takes one precision only."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, images):
        """Return two logits."""
        return nn.functional.conv2d(
            images, torch.tensor([-1.0, 1.0], dtype=self.kind).reshape(2, 1, 1, 1)
        )


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_taken(kind):
    """Of weights the precision is known; where there are none it is found and told."""
    weighed = nn.Conv2d(1, 2, 1).to(kind)
    assert tried(segmenter(weighed), IMAGE).predict(IMAGE).probabilities.dtype == torch.float32
    model = tried(segmenter(Strict(kind)), IMAGE)
    assert model.traits.found == {"precision": str(kind).removeprefix("torch.")}
    assert model.predict(IMAGE).labels.all()


def test_a_view_that_wants_contiguous_memory_gets_it():
    """A healthy network that views its input flat is not failed for our layout of memory."""

    def forward(images):
        return pair(images.view(len(images), -1).view(images.shape)[:, :1])

    image = torch.rand(1, 3, 40, 50)
    model = tried(segmenter(Does(forward), channels=3), image)
    assert model.traits.found == {"contiguous": True}
    assert model.predict(image).labels.all()


def test_what_is_found_makes_another_model():
    """A network that is shown other inputs has another digest; a plain one keeps its own."""
    plain = segmenter(Does(skips(0)))
    assert tried(plain, IMAGE) is plain
    assert adapted(skips(2))[0].traits.digest != plain.traits.digest


def test_trying_leaves_no_trace():
    """Running statistics, gradients and the stream of random numbers are as they were."""
    module = nn.Sequential(nn.BatchNorm2d(1), nn.Dropout(), nn.Conv2d(1, 2, 1)).train()
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    model = tried(segmenter(module), IMAGE)
    assert torch.equal(torch.rand(2), expected)
    assert module[0].running_mean.tolist() == [0.0]
    assert model.module is module


def test_a_coarser_output_comes_back_at_the_size_of_any_image():
    """Sides that the coarser grid does not divide are padded, and cut off again."""
    model, found = adapted(lambda x: avg_pool2d(pair(x - 0.5), 4), output_stride=4)
    assert found["stride"] % 4 == 0
    assert model.logits(IMAGE).shape == (1, 2, 75, 90)

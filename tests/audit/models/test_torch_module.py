"""Laws of a torch module under audit: any size, untouched inputs, the probabilities it meant."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from audit.errors import DataError, ModelError
from audit.models.card import Card
from audit.models.decoder import Decoder
from audit.models.torch_module import normalise, pad
from tests.toys import Does, Tiny, segmenter

IMAGES = torch.rand(2, 1, 30, 45, generator=torch.Generator().manual_seed(0)) * 200 + 40


def demanding(stride: int):
    """Return a module that refuses sizes that are no multiples of its stride."""

    def judge(images):
        assert images.shape[-2] % stride == 0
        assert images.shape[-1] % stride == 0
        return torch.cat((-images, images), 1)

    return Does(judge)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 3), (16, 16), (17, 31), (63, 65)])
@pytest.mark.parametrize("stride", [1, 8, 16])
def test_any_size_is_padded_and_cropped(size, stride):
    """The output has the size of the image, and a pixel's answer stays at its place."""
    images = torch.rand(2, 1, *size)
    logits = segmenter(demanding(stride), stride=stride).logits(images)
    assert torch.equal(logits[:, 1:], images)


def test_padding_mirrors():
    """What is added at the far ends is the image's reflection."""
    padded = pad(torch.arange(6.0).reshape(1, 1, 1, 6).expand(1, 1, 6, 6), 4)
    assert padded.shape == (1, 1, 8, 8)
    assert padded[0, 0, 0].tolist() == [0, 1, 2, 3, 4, 5, 4, 3]


@pytest.mark.parametrize("normalisation", ["none", "zscore", "minmax", "range"])
@pytest.mark.parametrize("stride", [1, 16])
def test_the_input_is_never_written_to(normalisation, stride):
    """A module that overwrites its input leaves the images of the audit as they were."""

    def overwrite(images):
        images.mul_(0)
        return torch.cat((images, images), 1)

    card = {"normalisation": normalisation, "range": (0, 255), "stride": stride}
    images = IMAGES.clone()
    segmenter(Does(overwrite), **card).predict(images)
    assert torch.equal(images, IMAGES)


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [("zscore", None, None), ("minmax", 0, 1), ("range", 40 / 255, 240 / 255)],
)
def test_each_image_is_normalised_by_itself(kind, lowest, highest):
    """An image is normalised alike alone and in a batch, to the stated range."""
    card = Card(normalisation=kind, range=(0, 255))
    batch = normalise(IMAGES, card)
    assert torch.allclose(batch[:1], normalise(IMAGES[:1], card))
    if kind == "zscore":
        assert torch.allclose(batch.mean((1, 2, 3)), torch.zeros(2), atol=1e-5)
        assert torch.allclose(batch.std((1, 2, 3), correction=0), torch.ones(2), atol=1e-5)
    else:
        assert float(batch.min()) == pytest.approx(lowest, abs=1e-2)
        assert float(batch.max()) == pytest.approx(highest, abs=1e-2)


def test_percentiles_become_0_and_1():
    """The low and the high percentile are numpy's, each image's own, and gradients pass."""
    images = IMAGES.clone().requires_grad_()
    found = normalise(images, Card(normalisation="percentile", percentiles=(3.0, 99.8)))
    for image, one in zip(IMAGES, found, strict=True):
        low, high = np.percentile(image.numpy(), (3.0, 99.8))
        assert torch.allclose(one, (image - low) / (high - low), atol=1e-5)
    found[:, :, 3, 4].sum().backward()
    assert float(images.grad[:, :, 3, 4].min()) > 0


def test_a_data_set_normalises_every_image_alike():
    """The stated mean becomes 0 and the stated deviation 1, whatever the image holds."""
    card = Card(normalisation="dataset", statistics=(50.0, 20.0))
    assert torch.allclose(normalise(IMAGES, card), (IMAGES - 50) / 20, atol=1e-5)


def test_a_batch_normalises_an_image_by_its_company():
    """All pixels of the batch have mean 0 and deviation 1; alone an image is another one."""
    card = Card(normalisation="batch")
    batch = normalise(IMAGES, card)
    assert float(batch.mean()) == pytest.approx(0, abs=1e-5)
    assert float(batch.std(correction=0)) == pytest.approx(1, abs=1e-5)
    darker = normalise(torch.cat((IMAGES[:1], IMAGES[1:] / 10)), card)
    assert not torch.allclose(batch[:1], darker[:1], atol=0.1)
    assert torch.allclose(
        normalise(IMAGES[:1], card), normalise(IMAGES[:1], Card(normalisation="zscore"))
    )


@pytest.mark.parametrize("kind", ["zscore", "minmax", "percentile", "batch"])
def test_a_flat_image_stays_finite(kind):
    """An image without contrast is normalised without NaN."""
    assert torch.isfinite(normalise(torch.full((1, 1, 4, 4), 9.0), Card(normalisation=kind))).all()


def test_a_range_must_be_declared():
    """Dividing by a range that nobody stated is refused, with the key to state."""
    with pytest.raises(ModelError, match="needs a declared range"):
        segmenter(Tiny(), normalisation="range").predict(IMAGES)
    with pytest.raises(ModelError, match="needs the statistics"):
        segmenter(Tiny(), normalisation="dataset").predict(IMAGES)


def decoded(output, kind, classes=2):
    """Return the logits of channels that are declared to be something."""
    return Decoder(Card(output=kind, classes=classes)).logits(output)


def test_probabilities_are_given_back():
    """What stands before and after a sigmoid, and a softmax, are the probabilities they mean."""
    scores = torch.randn(2, 1, 5, 6) * 2
    chance = scores.sigmoid()
    for output, kind in ((scores, "sigmoid-logits"), (chance, "sigmoid")):
        found = decoded(output, kind).softmax(1)
        assert torch.allclose(found[:, 1:], chance, atol=1e-5)
    shares = torch.randn(2, 4, 5, 6).softmax(1)
    assert torch.allclose(decoded(shares, "softmax", 4).softmax(1), shares, atol=1e-5)
    logits = torch.randn(2, 3, 5, 6)
    assert torch.equal(decoded(logits, "logits", 3), logits)


def test_sure_probabilities_stay_finite_and_keep_their_side():
    """Probabilities of exactly 0 and 1 give finite logits and the class that they mean."""
    chance = torch.tensor([0.0, 1.0, 0.5]).reshape(1, 1, 1, 3)
    logits = decoded(chance, "sigmoid")
    assert torch.isfinite(logits).all()
    assert logits.argmax(1).tolist() == [[[0, 1, 0]]]
    assert torch.isfinite(decoded(torch.cat((chance, 1 - chance), 1), "softmax")).all()


def test_logits_are_differentiable_and_parameters_are_not():
    """A gradient reaches the images, and the weights are frozen."""
    model = segmenter(Tiny(), normalisation="zscore", stride=4)
    images = IMAGES.clone().requires_grad_()
    model.logits(images)[:, 1].sum().backward()
    assert images.grad is not None
    assert float(images.grad.abs().sum()) > 0
    assert not any(weight.requires_grad for weight in model.module.parameters())


def test_channels_are_checked():
    """Images of another number of channels are refused before the network runs."""
    with pytest.raises(ModelError, match="takes 3 channels, the images have 1"):
        segmenter(Tiny(channels=3), channels=3).predict(IMAGES)


def test_a_network_that_cannot_take_a_size_says_so():
    """The error of a network names the shape of the images, in one line."""
    model = segmenter(nn.Conv2d(1, 2, 50))
    with pytest.raises(ModelError, match=r"failed on images of shape \(2, 1, 30, 45\): ") as caught:
        model.predict(IMAGES)
    assert "\n" not in str(caught.value)


class Picky(nn.Module):
    """A network of one size."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the images, where they have that size."""
        if images.shape[-1] != 256:
            raise ValueError("256 px only")
        return images


def asserts(images):
    """Fail as many networks do on a size that they cannot take."""
    raise AssertionError(f"256 px only, not {images.shape[-1]}")


@pytest.mark.parametrize("module", [torch.jit.script(Picky()), Does(asserts)])
def test_whatever_a_network_raises_is_told_in_one_line(module):
    """TorchScript raises an exception of its own with a page of text, others fail an assertion."""
    with pytest.raises(ModelError, match=r"failed on images of shape .*256 px only") as caught:
        segmenter(module, output="sigmoid-logits").predict(IMAGES)
    assert "\n" not in str(caught.value)


def test_a_prediction_leaves_no_graph():
    """Predicting keeps nothing for a backward pass."""
    found = segmenter(Tiny()).predict(IMAGES.clone().requires_grad_())
    assert not found.probabilities.requires_grad


class Lying(torch.Tensor):
    """A tensor that blames the data: asked for its shape, or summed, it raises their error."""

    @property
    def shape(self):
        """Raise what only a reader of files may raise."""
        raise DataError("the file is cut short")

    def softmax(self, *_):
        """Raise it later, where the model is no longer being called."""
        raise DataError("the file is cut short")


def test_a_tensor_brings_no_code_of_its_own():
    """What a model returns is a plain tensor: its class cannot raise our errors in its place."""
    lying = segmenter(Does(lambda images: torch.cat((-images, images), 1).as_subclass(Lying)))
    honest = segmenter(Does(lambda images: torch.cat((-images, images), 1)))
    images = torch.rand(1, 1, 8, 8, requires_grad=True)
    assert torch.equal(lying.predict(images).labels, honest.predict(images).labels)
    assert type(lying.logits(images)) is torch.Tensor
    assert torch.autograd.grad(lying.logits(images)[:, 1].sum(), images)[0].min() == 1


def test_what_only_says_that_it_is_a_tensor_is_none():
    """An object that passes for a tensor until it is looked at is the model's failure."""

    class Guise:
        @property
        def __class__(self):
            raise DataError("the file is cut short")

    with pytest.raises(ModelError, match="the file is cut short"):
        segmenter(Does(lambda _: Guise())).predict(torch.rand(1, 1, 8, 8))

"""Laws of the contract: what comes out is checked before anything is made of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.errors import ModelError
from audit.models.segmenter import check_logits, highest
from suites.pipeline.score import Score
from tests.toys import Does, audit_of, scenes, segmenter

IMAGES = torch.rand(2, 1, 8, 9)
GOOD = torch.zeros(2, 2, 8, 9)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ((GOOD, GOOD[:1]), r"2 outputs: 0 \(2, 2, 8, 9\), 1 \(1, 2, 8, 9\); say .* --entry 0\|1"),
        ({"a": GOOD, "b": None}, r"returned 2 outputs: a \(2, 2, 8, 9\), b NoneType"),
        (None, "got NoneType"),
        ("text", "got str"),
        (GOOD.numpy(), "got ndarray"),
        (GOOD[:, :1], r"got \(2, 1, 8, 9\)"),
        (GOOD[:1], "for 1 images when it was shown 2: let it keep the dimension"),
        (GOOD[..., :-1], r"got \(2, 2, 8, 8\)"),
        (GOOD[..., ::2, ::2], r"got \(2, 2, 4, 5\)"),
        (GOOD.mT, r"got \(2, 2, 9, 8\)"),
        (GOOD[0], r"got \(2, 1, 8, 9\)"),
        (GOOD[0, 0], r"got \(8, 9\)"),
        (GOOD[None], r"got \(1, 2, 2, 8, 9\)"),
        (GOOD * torch.nan, "not finite in 100.00%"),
        (GOOD + torch.inf, "not finite in 100.00%"),
    ],
)
def test_a_broken_output_is_named(output, says):
    """Another type, shape or channel count, and NaN, are one-line errors that say what came."""
    with pytest.raises(ModelError, match=says) as caught:
        segmenter(Does(lambda _: output)).predict(IMAGES)
    assert "\n" not in str(caught.value)


def test_an_output_that_fails_on_a_black_frame_says_so():
    """What a model makes of a frame of nothing is told apart from what it makes of images."""
    model = segmenter(Does(lambda x: torch.cat((x, x), 1) / x.amax((1, 2, 3), keepdim=True)))
    with pytest.raises(ModelError, match=r"\(NaN or infinite\); .* that is 0 everywhere"):
        model.predict(torch.stack((torch.ones_like(IMAGES[0]), torch.zeros_like(IMAGES[0]))))


def test_one_nan_is_enough():
    """A single NaN among finite values is found: argmax would pick its channel."""
    logits = GOOD.clone()
    logits[1, 0, 3, 3] = torch.nan
    with pytest.raises(ModelError, match=r"not finite in 0\.35% of its values"):
        check_logits(logits, IMAGES, 2)


def test_large_finite_logits_pass():
    """Finite values whose sum is not are finite all the same."""
    logits = torch.full((2, 2, 8, 9), 3e38)
    assert check_logits(logits, IMAGES, 2) is logits


def test_the_highest_class_is_argmax():
    """The class of the highest logit, the lower class where they tie, as numpy finds it."""
    logits = torch.randint(0, 4, (3, 5, 16, 16), generator=torch.Generator().manual_seed(0))
    assert np.array_equal(highest(logits.float()), logits.numpy().argmax(1))


def test_probabilities_sum_to_one_and_agree_with_labels():
    """A prediction's probabilities sum to one and are highest at its labels."""
    model = segmenter(Does(lambda x: torch.cat((x, 0.5 - x, x * x), 1)), classes=3)
    found = model.predict(IMAGES)
    assert torch.allclose(found.probabilities.sum(1), torch.ones(2, 8, 9))
    assert torch.equal(found.probabilities.argmax(1), found.labels)


@pytest.mark.parametrize("kind", [AttributeError, KeyError, ZeroDivisionError, MemoryError])
def test_whatever_a_model_raises_is_a_failed_unit(kind, tmp_path):
    """No exception of a model ends an audit."""
    from audit.engine.runner import run
    from audit.record.record import Record

    def explode(_):
        raise kind("no")

    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(segmenter(Does(explode)), scenes(1)), [Score()], record)
        assert [unit.status for unit in record.units()] == ["failed"]

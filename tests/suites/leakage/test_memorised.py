"""A stored answer collapses when its image changes; a computed one does not."""

from __future__ import annotations

import torch

from audit.policy.verdict import Verdict
from suites.leakage import Memorised
from tests.suites.leakage.material import outcomes
from tests.toys import Does, held, mean_of, rows_of, scenes, segmenter, zscore_threshold


def stored(samples):
    """Return a model that holds the answers to some images, and gives zeros to all others."""
    known = [(torch.from_numpy(s.image()), torch.from_numpy(s.mask()).float()) for s in samples]

    def answer(images):
        logits = torch.full_like(images[:, :1], -5.0)
        for number, image in enumerate(images):
            for held_image, mask in known:
                if image.shape == held_image.shape and torch.equal(image, held_image):
                    logits[number, 0] = 10 * mask - 5
        return logits

    return segmenter(Does(answer), output="sigmoid-logits")


def test_a_stored_answer_fails_and_a_computed_one_passes(tmp_path):
    """The zoo's own test passes both; noise of a thousandth tells them apart."""
    samples = scenes(3)
    (tmp_path / "twin").mkdir()
    flawed = outcomes([Memorised()], samples, tmp_path, models={"audited": stored(samples)})
    healthy = outcomes(
        [Memorised()], samples, tmp_path / "twin", models={"audited": zscore_threshold()}
    )
    assert flawed["stored answers"].verdict is Verdict.FAIL
    assert healthy["stored answers"].verdict is Verdict.PASS


def test_a_pointwise_model_agrees_with_itself():
    """Flips, crops and copies in a batch change nothing where each pixel is judged alone."""
    model = segmenter(Does(lambda x: (x[:, :1] - 140) * 9), output="sigmoid-logits")
    rows = rows_of(Memorised(), model)
    for change in ("flip", "crop", "batch"):
        assert mean_of(rows, "agreement", change=change) == 1.0
    assert mean_of(rows, "agreement", change="noise") > 0.99


def test_an_empty_prediction_has_not_collapsed():
    """Where nothing was predicted nothing can be lost: undefined, with the reason."""
    rows = rows_of(Memorised(), zscore_threshold(), (held("flat", torch.full((1, 64, 64), 7.0)),))
    assert {row.value for row in rows} == {None}


def test_foreground_that_the_crop_leaves_outside_is_no_stored_answer():
    """A computed answer to what lies along the border is gone with the border."""
    image = torch.full((1, 64, 64), 100.0)
    image[:, :6] = 180.0
    # One speck inside, that stands out only once the bright rim is gone.
    image[:, 30, 30] = 108.0
    rows = rows_of(Memorised(), zscore_threshold(), (held("rim", image),))
    assert mean_of(rows, "agreement", change="crop") == 0
    assert mean_of(rows, "collapsed") == 0

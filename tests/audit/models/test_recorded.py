"""Recorded predictions: known by the pixels of the untouched images, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.errors import DataError, ModelError
from audit.models.load import load_model
from tests.toys import scenes

SAMPLES = scenes(3, size=32)


def predicted(sample):
    """Return the objects that were predicted in an image: its own true halves."""
    mask = sample.mask()
    mask[:, 16:] *= 2
    return mask


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the predictions of three scenes."""
    for sample in SAMPLES:
        np.save(tmp_path / f"{sample.id.split('/')[-1]}_masks.npy", predicted(sample))
    return tmp_path


def stacked(*samples):
    """Return the images of samples (B, C, Y, X)."""
    return torch.stack([torch.from_numpy(one.image()) for one in samples])


def opened(folder, samples=SAMPLES, **declared):
    """Return the model in a folder once it has met the samples."""
    model = load_model(str(folder), **declared)
    model.meet(samples)
    return model


def test_untouched_images_have_their_predictions(folder):
    """In whichever order and company, each image gets back what was recorded for it."""
    model = opened(folder, output="objects")
    found = model.predict(stacked(SAMPLES[2], SAMPLES[0]))

    for number, sample in enumerate((SAMPLES[2], SAMPLES[0])):
        assert np.array_equal(found.instances[number].numpy(), predicted(sample))
        assert np.array_equal(found.labels[number].numpy(), sample.mask())
    assert model.traits.access == "outputs"


def test_any_other_image_is_refused(folder):
    """One changed pixel makes an image of which nothing is known: lacking, and no failure."""
    images = stacked(SAMPLES[0])
    images[0, 0, 3, 3] += 1
    with pytest.raises(DataError, match="know only the untouched images"):
        opened(folder, output="objects").predict(images)


def test_the_kind_is_told_by_all_predictions(folder):
    """Without a declaration the recorded numbers say what they are, and the record keeps it."""
    for sample in SAMPLES:
        np.save(folder / f"{sample.id.split('/')[-1]}_masks.npy", sample.mask() * 0.75)
    assert opened(folder).traits.found["told"] == "sigmoid"
    assert opened(folder).traits.found["files"] == "3"


def test_probabilities_have_logits(folder):
    """What reads logits of untouched images, such as calibration, can be asked."""
    for sample in SAMPLES:
        np.save(folder / f"{sample.id.split('/')[-1]}_masks.npy", sample.mask() * 0.5 + 0.25)
    logits = opened(folder).logits(stacked(SAMPLES[0]))
    assert logits.softmax(1)[0, 1].numpy() == pytest.approx(SAMPLES[0].mask() * 0.5 + 0.25)


def test_a_missing_prediction_is_named(folder):
    """A test image without a prediction is an error; a further one may have none."""
    more = replace(scenes(4, size=32)[3], id="scene/more")
    with pytest.raises(ModelError, match=r"no prediction for 1 of 4 test images \(scene/more\)"):
        opened(folder, (*SAMPLES, more))
    opened(folder, (*SAMPLES, replace(more, part="other")))


def test_a_prediction_of_another_size_is_named(folder):
    """It is refused before anything is measured."""
    np.save(folder / "00_masks.npy", np.zeros((30, 32), int))
    with pytest.raises(ModelError, match=r"00_masks.npy: a prediction of \(30, 32\)"):
        opened(folder)


def test_subfolders_tell_images_of_one_name_apart(folder):
    """Plates whose images bear the same names need the same subfolders of predictions."""
    twins = [replace(one, id=f"set/{plate}/a") for plate, one in zip("xy", SAMPLES, strict=False)]
    np.save(folder / "a.npy", predicted(SAMPLES[0]))
    with pytest.raises(ModelError, match="would answer for set/x/a and for set/y/a"):
        opened(folder, twins)
    for plate, one in zip("xy", SAMPLES, strict=False):
        (folder / plate).mkdir()
        np.save(folder / plate / "a.npy", predicted(one))
    found = opened(folder, twins, output="objects").predict(stacked(*SAMPLES[:2]))
    assert np.array_equal(found.instances[1].numpy(), predicted(SAMPLES[1]))


def test_one_image_has_one_answer(folder):
    """Two files that are the same image, but were answered differently, cannot be told apart."""
    twin = replace(SAMPLES[0], id="scene/02")
    with pytest.raises(ModelError, match="are the same image, pixel for pixel"):
        opened(folder, (*SAMPLES[:2], twin), output="objects").predict(stacked(twin))


def test_an_image_is_no_prediction_of_itself(tmp_path):
    """Where the folder of the images is named, that is said, whatever its numbers look like."""
    for sample in SAMPLES:
        np.save(tmp_path / f"{sample.id.split('/')[-1]}.npy", sample.image()[0] / 255)
    shares = [
        replace(one, image=lambda one=one: (one.image() / 255).astype(np.float32))
        for one in SAMPLES
    ]
    with pytest.raises(ModelError, match=r"00\.npy: is the image itself"):
        opened(tmp_path, shares)


def test_the_digest_is_of_the_predictions(folder):
    """Other predictions are another model, and so is another reading of the same."""
    one = opened(folder).traits.digest
    assert opened(folder).traits.digest == one
    assert opened(folder, output="objects").traits.digest != one
    np.save(folder / "00_masks.npy", predicted(SAMPLES[1]))
    assert opened(folder).traits.digest != one


def test_a_folder_with_other_things_is_no_predictions(folder, tmp_path):
    """Notes may lie beside predictions; other files need `--as recorded`."""
    (folder / "settings.json").write_text("{}")
    assert opened(folder).traits.access == "outputs"
    (folder / "weights.bin").write_text("")
    with pytest.raises(ModelError, match="no such model"):
        load_model(str(folder))
    assert opened(folder, taken_as="recorded").traits.access == "outputs"
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="no prediction in it"):
        load_model(str(tmp_path / "empty"), taken_as="recorded")
    with pytest.raises(ModelError, match="no such folder of predictions"):
        load_model(str(tmp_path / "absent"), taken_as="recorded")

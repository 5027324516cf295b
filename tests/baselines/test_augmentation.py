"""Laws of augmentation: image and mask move as one, strengths are kept, and 0 is off."""

from __future__ import annotations

import pytest
import torch

from audit.imaging.blur import gaussian_blur
from baselines.augmentation import (
    BLURS,
    Exposure,
    blurred,
    centres,
    erased,
    moved,
    rotated,
    sampled,
    turned,
    varied,
)
from baselines.recipe import Recipe, load_recipe
from baselines.sampling import Crops
from tests.toys import scene

SIDE = 96
STILL = {"turns": False, "contrast": 0.0, "noise": 0.0, "crop_px": SIDE}
MASKS = torch.stack(
    [torch.from_numpy(scene(n, size=SIDE, radius=14.0).mask()) for n in range(6)]
).long()
IMAGES = torch.stack((MASKS.float(), 1 - MASKS.float()), 1)
"""Two channels that show the masks themselves, so that what moves apart is seen."""


def stream(seed=0):
    """Return a stream of random numbers."""
    return torch.Generator().manual_seed(seed)


def overlap(one, other):
    """Return the IoU of two boolean masks."""
    return float((one & other).sum() / (one | other).sum())


def crops(count=6, **settings):
    """Return batches of crops of the images above."""
    recipe = Recipe(**STILL | settings, batch=count)
    return Crops(list(IMAGES), list(MASKS), recipe, stream())


def test_nothing_is_done_where_every_strength_is_zero():
    """The crop is the image, and the mask the mask."""
    images, masks = crops(1).batch()
    assert any(torch.equal(images[0], image) for image in IMAGES)
    assert torch.equal(images[:, 0], masks.float())


@pytest.mark.parametrize("kind", ["rotation_deg", "elastic", "blur", "erasing"])
def test_what_is_off_draws_no_random_number(kind):
    """The next random number is the same with a strength of 0, another with more."""
    light = Exposure.of_batch([Exposure.drawn(IMAGES[0].shape, Recipe(), stream())] * 6)
    left = []
    for strength in (0.0, 0.5):
        drawn = stream()
        varied(IMAGES, MASKS, light, Recipe(**{kind: strength}), drawn)
        left.append(drawn.get_state())
    assert torch.equal(left[0], stream().get_state())
    assert not torch.equal(left[1], left[0])


@pytest.mark.parametrize("mirrored", [0, 1])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_turned_planes_turn_back(mirrored, turns):
    """A mirrored turn is its own inverse, a turn that of the rest of four."""
    back = turned(turned(IMAGES, mirrored, turns), mirrored, turns if mirrored else -turns)
    assert torch.equal(back, IMAGES)


def test_turned_crops_show_their_masks():
    """Exactly, for quarter turns move whole pixels; and all eight orientations come."""
    images, masks = crops(64, turns=True).batch()
    assert torch.equal(images[:, 0], masks.float())
    seen = {tuple(mask.flatten().tolist()) for mask in masks}
    assert len(seen) > 30


@pytest.mark.parametrize(
    "settings",
    [
        {"zoom": 0.4},
        {"rotation_deg": 45.0},
        {"elastic": 3.0},
        {"rotation_deg": 180.0, "elastic": 3.0},
    ],
)
def test_a_mask_moves_with_its_image(settings):
    """Thresholded at one half a moved image is its moved mask, up to a line of pixels."""
    images, masks = crops(16, **settings).batch()
    unmoved = [max(overlap(mask == 1, one == 1) for one in MASKS) for mask in masks]
    shown = [overlap(image[0] > 0.5, mask == 1) for image, mask in zip(images, masks, strict=True)]
    assert min(shown) > 0.97
    assert sum(unmoved) / len(unmoved) < 0.9
    assert torch.allclose(images[:, 0] + images[:, 1], torch.ones(()), atol=1e-5)


@pytest.mark.parametrize("quarters", [-2, -1, 0, 1, 2])
def test_right_angles_are_quarter_turns(quarters):
    """Turned by 90 degrees an image is its quarter turn up to rounding, its mask exactly."""
    images = torch.rand(len(MASKS), 2, SIDE, SIDE, generator=stream(1))
    places = rotated(centres(SIDE), torch.full((len(MASKS),), 90.0 * quarters))
    image, mask = sampled(images, MASKS, places)
    assert torch.allclose(image, turned(images, 0, quarters), atol=1e-3)
    assert torch.equal(mask, turned(MASKS, 0, quarters))


def test_a_rotated_crop_is_turned_by_its_strength():
    """A ramp says by which angle: evenly from minus to plus the strength, about the middle."""
    across = centres(SIDE)[..., 0].expand(256, 1, SIDE, SIDE)
    images, _ = moved(across, MASKS[:1].expand(256, -1, -1), Recipe(rotation_deg=30.0), stream())
    right, low = images[:, 0, SIDE // 2, 3 * SIDE // 4], images[:, 0, 3 * SIDE // 4, SIDE // 2]
    angles = torch.atan2(low - images[:, 0, SIDE // 2, SIDE // 2], right).rad2deg()
    assert 28 < float(angles.max()) <= 30.5
    assert -30.5 <= float(angles.min()) < -28
    assert float(angles.std()) == pytest.approx(30 / 3**0.5, abs=2)


def test_turning_and_bending_sample_once():
    """A crop that is turned and bent is as sharp as one that is bent: nothing is sampled twice."""
    images = torch.randn(32, 1, SIDE, SIDE, generator=stream(1))
    masks = MASKS[:1].expand(32, -1, -1)
    spreads = [
        float(moved(images, masks, Recipe(**settings), stream())[0].std())
        for settings in ({"elastic": 2.0}, {"rotation_deg": 45.0, "elastic": 2.0})
    ]
    assert spreads[1] == pytest.approx(spreads[0], rel=0.03)


def test_an_elastic_crop_is_moved_by_its_strength():
    """A ramp says where each pixel came from: by a normal distance of the stated width."""
    ramp = torch.arange(SIDE).float().expand(64, 1, SIDE, SIDE)
    masks = torch.zeros(64, SIDE, SIDE).long()
    images, _ = moved(ramp, masks, Recipe(elastic=2.0), stream())
    # At the grid's own points, of which the middle one lies 48 px from every border.
    middle = (images - ramp)[:, 0, 32:64, 32:64]
    assert 1.0 < float(middle.std()) < 2.5
    assert abs(float(middle.mean())) < 0.3


def test_a_zoomed_crop_is_of_the_stated_sizes():
    """Windows are between 1 - zoom and 1 + zoom of the crop, where the image has room."""
    drawn = crops(crop_px=48, zoom=0.25)
    sides = [drawn.window().side for _ in range(200)]
    assert 36 <= min(sides) <= 38
    assert 58 <= max(sides) <= 60


def test_a_blurred_crop_is_gaussian():
    """Each crop is one of the few blurs up to the strength, and its light stays."""
    images = torch.rand(16, 2, 32, 32, generator=stream(1))
    found = blurred(images, 2.0, stream())
    assert torch.allclose(found.mean((1, 2, 3)), images.mean((1, 2, 3)), atol=1e-5)
    kinds = [gaussian_blur(images, 2.0 * level / (BLURS - 1)) for level in range(BLURS)]
    for number, image in enumerate(found):
        assert any(torch.allclose(image, kind[number], atol=1e-5) for kind in kinds)
    assert not any(
        torch.equal(one, other) for one, other in zip(found[:4], found[4:8], strict=True)
    )


def test_light_is_a_gain_an_offset_and_noise():
    """Without noise a crop is a straight line of its image, within the strength."""
    images, masks = crops(32, contrast=0.2).batch()
    high, low = (
        (images[:, 0] * (masks == number)).sum((1, 2)) / (masks == number).sum((1, 2))
        for number in (1, 0)
    )
    assert float(low.abs().max()) <= 0.2
    assert float((high - low - 1).abs().max()) <= 0.2
    assert float(low.std()) > 0.05
    assert float((high - low).std()) > 0.05


def test_noise_is_white_and_of_the_stated_width():
    """Its standard deviation is between nothing and the strength."""
    images, masks = crops(32, noise=0.3).batch()
    spread = (images[:, 0] - masks).std((1, 2))
    assert 0.25 < float(spread.max()) < 0.31
    assert float(spread.min()) < 0.05


def test_a_hole_is_a_rectangle_of_the_mean():
    """At most the stated share is covered, evenly, and the truth stays."""
    images = torch.rand(64, 1, 40, 40, generator=stream(1))
    found = erased(images, 0.25, stream())
    shares = []
    for before, after in zip(images[:, 0], found[:, 0], strict=True):
        hole = before != after
        rows, columns = hole.any(1), hole.any(0)
        assert torch.equal(hole, rows[:, None] & columns[None])
        assert torch.allclose(after[hole], before.mean())
        shares.append(float(hole.float().mean()))
    assert 0.2 < max(shares) <= 0.28
    assert min(shares) < 0.03
    again, masks = crops(erasing=0.25).batch()
    assert torch.equal(masks.float()[again[:, 1] == 0], again[:, 0][again[:, 1] == 0])


def test_a_seed_gives_the_same_crops():
    """Every variation at once, twice: the same tensors; another seed gives others."""
    recipe = load_recipe("strong-augmentation")
    batches = [Crops(list(IMAGES), list(MASKS), recipe, stream(n)).batch() for n in (3, 3, 4)]
    assert all(torch.equal(*pair) for pair in zip(batches[0], batches[1], strict=True))
    assert not torch.equal(batches[0][0], batches[2][0])


@pytest.mark.parametrize("name", ["strong-augmentation", "standard"])
def test_images_held_are_left_alone(name):
    """Crops are copies: what is held is never written to."""
    images, masks = IMAGES.clone(), MASKS.clone()
    drawn = Crops(list(images), list(masks), load_recipe(name), stream())
    first, _ = drawn.batch()
    first.zero_()
    assert torch.equal(images, IMAGES)
    assert torch.equal(masks, MASKS)

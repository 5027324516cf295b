"""Laws of the background plate: what is covered looks as its ground does, the rest stays."""

from __future__ import annotations

import pytest
import torch

from audit.imaging.plate import box_sums, fitting_side, plate, quiet, reached

SIZE = 160


def field(seed: int = 0):
    """Return a noisy field with a tilt of light, and a bright square in it, with the square."""
    stream = torch.Generator().manual_seed(seed)
    light = torch.linspace(100, 160, SIZE).expand(1, SIZE, SIZE)
    image = light + 5 * torch.randn(1, SIZE, SIZE, generator=stream)
    hole = torch.zeros(SIZE, SIZE, dtype=torch.bool)
    hole[60:110, 50:100] = True
    return torch.where(hole, image + 80, image), hole


def covered(seed: int = 0):
    """Return the field, its hole, and the plate."""
    image, hole = field(seed)
    return image, hole, plate(image, hole, ~hole, torch.Generator().manual_seed(seed))


def test_light_and_noise_are_those_of_the_ground():
    """In the hole brightness follows the tilt, and the noise has the ground's deviation."""
    light = torch.linspace(100, 160, SIZE).expand(SIZE, SIZE)
    for seed in range(3):
        _, hole, made = covered(seed)
        differs = (made[0] - light)[hole]
        assert abs(float(differs.mean())) < 2
        assert float(differs.std()) == pytest.approx(5, rel=0.15)


def test_no_seam_is_smoother_or_rougher():
    """Over many plates the noise along the rim of the hole is that of the rest."""
    rims = []
    for seed in range(8):
        _, _, made = covered(seed)
        rim = made[0, 60:110, 42:58]
        rims.append(float((rim[:, 1:] - rim[:, :-1]).std()))
    assert sum(rims) / len(rims) == pytest.approx(5 * 2**0.5, rel=0.07)


def test_what_lies_far_from_the_hole_is_kept():
    """Beyond the feather every pixel is the image's own, and the image itself is not written to."""
    image, hole, made = covered()
    before = image.clone()
    far = torch.ones_like(hole)
    far[35:135, 25:125] = False
    assert torch.equal(made[:, far], image[:, far])
    assert torch.equal(image, before)
    assert float(made.max()) <= float(image.max())


def test_the_same_stream_gives_the_same_plate():
    """A plate is a function of image, hole, ground and stream."""
    assert torch.equal(covered(1)[2], covered(1)[2])


def test_too_little_ground_is_refused():
    """Where a patch of 16 px finds no place there is no plate; larger ones are taken first."""
    image, hole = field()
    narrow = torch.zeros_like(hole)
    narrow[:10] = True
    assert plate(image, hole, narrow, torch.Generator()) is None
    assert fitting_side(hole, ~hole) == 32
    assert reached(narrow, 16) == 0


def test_quiet_ground_has_no_debris():
    """Specks on the ground are left out, and most of the rest is kept."""
    image, hole = field()
    image[0, 20:24, 20:24] += 100
    calm = quiet(image, ~hole)
    assert not bool(calm[20:24, 20:24].any())
    assert not bool((calm & hole).any())
    assert float(calm.float().mean()) > 0.4


def test_box_sums_are_those_of_a_convolution():
    """Equal to counting every window by itself."""
    mask = torch.rand(13, 17, generator=torch.Generator().manual_seed(2)) > 0.6
    expected = mask.unfold(0, 5, 1).unfold(1, 5, 1).sum((-1, -2))
    assert torch.equal(box_sums(mask, 5), expected)

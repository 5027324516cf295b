"""Codes survive turns and crops, and the search by them finds what loops find."""

from __future__ import annotations

import torch

from audit.imaging.bandpass import structure
from audit.imaging.codes import field_code, landmark_codes, turned_codes
from audit.imaging.registration import TURNS, turned
from audit.imaging.search import field_candidates, landmark_candidates
from tests.toys import cells

SIDE = 96


def structures(count: int):
    """Return the structures of images of cells."""
    return [structure(torch.from_numpy(one.image()), 1.0) for one in cells(count, SIDE)]


def test_the_code_of_a_turned_field_is_the_turned_code():
    """Turning before or after makes no difference, for a field that is no square either."""
    field = structures(1)[0][:72]
    codes = turned_codes(field_code(field, SIDE)[None])[:, 0]
    for turn in range(TURNS):
        assert torch.allclose(codes[turn], field_code(turned(field, turn), SIDE), atol=1e-5)


def test_landmarks_do_not_depend_on_the_turn():
    """A turned image has the same landmarks."""
    field = structures(1)[0]
    own = landmark_codes(field, 8)
    for turn in range(1, TURNS):
        alike = own @ landmark_codes(turned(field, turn), 8).T
        assert (alike.amax(1)[own.any(1)] > 0.99).float().mean() > 0.8


def test_landmarks_have_unit_length_or_are_absent():
    """A code says how alike two patches are; a field without structure has none."""
    lengths = landmark_codes(structures(1)[0], 200).norm(dim=1)
    assert torch.all((lengths < 1e-6) | ((lengths - 1).abs() < 1e-5))
    assert not landmark_codes(torch.zeros(64, 64), 4).any()
    assert not landmark_codes(torch.ones(8, 8), 4).any()


def test_a_turned_field_is_the_first_candidate():
    """Each turned image finds itself, and by which turn."""
    fields = structures(5)
    bank = torch.stack([field_code(one, SIDE) for one in fields])
    asked = torch.stack([field_code(turned(one, 5), SIDE) for one in fields])
    images, turns = field_candidates(asked, bank, 2)
    assert images[:, 0].tolist() == list(range(5))
    for field, turn in zip(fields, turns[:, 0].tolist(), strict=True):
        assert torch.equal(turned(turned(field, 5), turn), field)


def test_a_crop_is_the_first_candidate():
    """A quarter turn of two thirds of the area shares most landmarks with what it was cut from."""
    fields = structures(5)
    bank = torch.stack([landmark_codes(one, 16) for one in fields])
    crops = [turned(one[:78, 18:], 1) for one in fields]
    images, scores = landmark_candidates(
        torch.stack([landmark_codes(one, 12) for one in crops]), bank, 2
    )
    assert images[:, 0].tolist() == list(range(5))
    assert torch.all(scores[:, 0] > scores[:, 1])

"""Masks that tests of labels are about: discs, rods, tissue and tiles of known numbers."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from skimage.draw import disk, line

SIDE = 96


def discs(seed: int, count: int = 9, scale: int = 1):
    """Return discs in a grid, each of its own number, of radii about 9 px."""
    stream = np.random.default_rng(seed)
    mask = np.zeros((SIDE * scale, SIDE * scale), np.int32)
    for number in range(count):
        centre = 16 + 32 * np.array(divmod(number, 3)) + stream.uniform(-3, 3, 2)
        mask[disk(tuple(centre * scale), stream.uniform(7, 11) * scale)] = number + 1
    return mask


def rods(seed: int, count: int = 12):
    """Return lines of one pixel's width that may cross, each of its own number."""
    stream = np.random.default_rng(seed)
    mask = np.zeros((SIDE, SIDE), np.int32)
    for number in range(1, count + 1):
        ends = stream.integers(8, SIDE - 8, 2)[:, None] + stream.integers(-7, 8, (2, 2))
        mask[line(ends[0, 0], ends[1, 0], ends[0, 1], ends[1, 1])] = number
    return mask


def spots(seed: int, side: int):
    """Return squares of a few pixels that stand apart, each of its own number."""
    there = np.random.default_rng(seed).random((SIDE // 8, SIDE // 8)) < 0.5
    numbers = there * (1 + np.arange(there.size).reshape(there.shape))
    return np.kron(numbers, np.pad(np.ones((side, side), int), ((0, 8 - side),) * 2))


def tissue(seed: int, count: int = 60):
    """Return cells that fill the field and touch, no pixel left for a background."""
    points = np.random.default_rng(seed).uniform(0, SIDE, (count, 2))
    where = np.stack(np.mgrid[:SIDE, :SIDE], -1)[:, :, None]
    return 1 + ((where - points) ** 2).sum(-1).argmin(-1)


def tiles(seed: int, classes: int, side: int = 8):
    """Return squares of classes at random: each class lies in many pieces."""
    numbers = np.random.default_rng(seed).integers(0, classes, (SIDE // side, SIDE // side))
    return np.kron(numbers, np.ones((side, side), int))


def nested(seed: int):
    """Return one cell with its nucleus: class 2 within class 1."""
    one = discs(seed, 1)
    rows, columns = (int(axis.mean()) for axis in np.nonzero(one))
    one[disk((rows, columns), 4)] = 2
    return one


def resized(mask, factor: float, how=Image.BILINEAR):
    """Return a mask as an interpolating program resizes it, in whole numbers."""
    size = round(SIDE * factor)
    image = Image.fromarray(np.asarray(mask, np.float32)).resize((size, size), how)
    return np.asarray(image).round().clip(0).astype(np.int32)


def averaged(mask, factor: int, top: int):
    """Return a binary mask brought down by averaging, its white as bright as `top`."""
    height, width = (side // factor for side in mask.shape)
    blocks = (mask > 0)[: height * factor, : width * factor].reshape(height, factor, width, factor)
    return (top * blocks.mean((1, 3))).round().astype(np.int32)


def jpeg(mask, quality: int):
    """Return a binary mask that was once kept as JPEG."""
    buffer = BytesIO()
    Image.fromarray(((mask > 0) * 255).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer), np.int32)

"""Laws of guarded reading: conventions for what can be used, one line for what cannot."""

from __future__ import annotations

import os
import re
import struct
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image

from audit.errors import DataError
from audit.images.reading import image_shape, read_image, read_labels


def claimed(width, height, held=16, compression=1):
    """Return the bytes of a TIFF that claims a size and holds a few bytes."""
    tags = [(256, width), (257, height), (258, 8), (259, compression), (262, 1), (273, 8), (277, 1)]
    tags += [(278, height), (279, held)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + b"\0" * (4 + held)


def stripes(shape=(20, 30), dtype="uint16"):
    """Return pixels that are all different in each row."""
    return (np.arange(np.prod(shape)) % 251).reshape(shape).astype(dtype)


@pytest.mark.parametrize(
    ("array", "options", "expected"),
    [
        (stripes(), {}, (1, 20, 30)),
        (stripes().astype(">u2"), {"byteorder": ">"}, (1, 20, 30)),
        (stripes(dtype="float64"), {}, (1, 20, 30)),
        (stripes() > 100, {}, (1, 20, 30)),
        (stripes((20, 30, 3), "uint8"), {"photometric": "rgb"}, (3, 20, 30)),
        (stripes((3, 20, 30), "uint8"), {"photometric": "rgb"}, (3, 20, 30)),
        (stripes((6, 20, 30)), {"imagej": True, "metadata": {"axes": "CYX"}}, (6, 20, 30)),
        (stripes((1, 1)), {}, (1, 1, 1)),
        (stripes((1, 40)), {}, (1, 1, 40)),
        (stripes((63, 65)), {"compression": "lzw"}, (1, 63, 65)),
    ],
)
def test_a_readable_image_has_axes_c_y_x_in_float32(tmp_path, array, options, expected):
    """A usable file gives (C, Y, X) float32 with the file's own values, as its header said."""
    tifffile.imwrite(tmp_path / "a.tif", array, **options)
    image = read_image(tmp_path / "a.tif")
    planes = np.moveaxis(array, -1, 0) if array.shape[-1] == 3 else array
    assert image_shape(tmp_path / "a.tif") == image.shape == expected
    assert image.dtype == np.float32
    assert np.array_equal(image, planes.reshape(expected).astype(np.float32))


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("I;16", 1), ("LA", 1), ("RGB", 3), ("RGBA", 3)]
)
def test_png_modes_become_channels_without_alpha(tmp_path, mode, channels):
    """A PNG gives its colours as channels; an opaque alpha is no channel."""
    Image.new(mode, (30, 20)).save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png").shape == (channels, 20, 30)


def test_transparency_is_refused(tmp_path):
    """An image that is transparent in parts has no defined intensity there."""
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[:10, :, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    with pytest.raises(DataError, match="transparent"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"II*\0\x08\0\0\0", "holds no image"),
        (b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "holds no image"),
        (b"\n <!DOCTYPE html><html>404</html>", "HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git-LFS pointer"),
        (b"8BPS", "not a TIFF, PNG, JPEG, GIF, BMP or NumPy"),
        (claimed(400_000, 400_000), "claims"),
        (claimed(0, 0), "no pixel"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "cannot be decoded"),
    ],
)
def test_what_is_no_image_is_named(tmp_path, content, reason):
    """A file that is no image is refused in one line with file, reason and remedy."""
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(DataError, match=reason) as caught:
        read_image(tmp_path / "a.tif")
    text = str(caught.value)
    assert "a.tif" in text
    assert ";" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("array", "options", "reason"),
    [
        (stripes((12, 20, 30)), {"photometric": "minisblack"}, r"\(C, Y, X\), \(Z, Y, X\)"),
        (stripes((2, 20, 30)), {"photometric": "minisblack"}, "--axes CYX or --axes TYX"),
        (stripes((20, 30, 3)), {"photometric": "minisblack"}, r"\(Y, X, C\)"),
        (stripes((3, 20, 30)), {"imagej": True, "metadata": {"axes": "ZYX"}}, "stack"),
        (stripes(dtype="complex64"), {}, "complex64"),
        (np.full((4, 4), np.nan, np.float32), {}, "16 pixels are NaN"),
        (np.array([[0, np.inf]], np.float32), {}, "1 pixels are NaN or infinite"),
    ],
)
def test_ambiguous_axes_and_impossible_pixels_are_refused(tmp_path, array, options, reason):
    """Axes that could be several things list the candidates; impossible pixels are counted."""
    tifffile.imwrite(tmp_path / "a.tif", array, **options)
    with pytest.raises(DataError, match=reason):
        read_image(tmp_path / "a.tif")


def test_several_series_are_refused(tmp_path):
    """A file of two images of different sizes is not silently its first."""
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(stripes((32, 32)))
        file.write(stripes((16, 16)))
    with pytest.raises(DataError, match=r"2 series .*save one series"):
        read_image(tmp_path / "a.tif")


def test_the_budget_is_checked_before_a_pixel_is_decoded(tmp_path):
    """An image above the budget, or a bomb above the ratio, is refused from its header."""
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((100, 100), np.uint8))
    with pytest.raises(DataError, match="would take 40000 bytes"):
        read_image(tmp_path / "a.tif", budget_bytes=39_999)
    (tmp_path / "b.tif").write_bytes(claimed(9000, 9000, compression=8))
    with pytest.raises(DataError, match="would unpack"):
        read_image(tmp_path / "b.tif")


def test_a_truncated_image_is_refused(tmp_path):
    """Half a file is not half an image."""
    tifffile.imwrite(tmp_path / "a.tif", stripes((200, 300)))
    whole = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="copy broke off"):
        read_image(tmp_path / "a.tif")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_block(tmp_path):
    """Only regular files are opened: a pipe, a folder, a loop of links are refused at once."""
    os.mkfifo(tmp_path / "a.tif")
    (tmp_path / "b.tif").symlink_to(tmp_path / "b.tif")
    for name, reason in (("a.tif", "regular"), ("b.tif", "opened"), (".", "regular")):
        with pytest.raises(DataError, match=reason):
            image_shape(tmp_path / name)


def test_a_missing_codec_names_the_package_to_install(tmp_path, monkeypatch):
    """A compression that needs imagecodecs says pip install imagecodecs."""
    tifffile.imwrite(tmp_path / "a.tif", stripes(), compression="lzw")

    def missing(*_, **__):
        raise ValueError("<COMPRESSION.LZW: 5> requires the 'imagecodecs' package")

    monkeypatch.setattr(tifffile.TiffPageSeries, "asarray", missing)
    with pytest.raises(DataError, match="pip install imagecodecs"):
        read_image(tmp_path / "a.tif")


def test_labels_are_whole_numbers_from_zero(tmp_path):
    """Labels come as int32 (Y, X), also from whole floating-point numbers and equal channels."""
    labels = stripes() // 50
    tifffile.imwrite(tmp_path / "a.tif", labels.astype(np.float32))
    Image.fromarray(np.stack([labels.astype(np.uint8)] * 3, -1)).save(tmp_path / "b.png")
    for name in ("a.tif", "b.png"):
        assert read_labels(tmp_path / name).dtype == np.int32
        assert np.array_equal(read_labels(tmp_path / name), labels)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (stripes(dtype="float32") / 2, "fractions"),
        (stripes(dtype="int16") - 5, "negative"),
        (np.full((4, 4), 2**31, np.uint32), "too large"),
        (np.full((4, 4), 2**24, np.float32), "too large"),
        (np.full((4, 4), np.nan, np.float32), "fractions"),
        (stripes((20, 30, 3), "uint8"), "colours"),
    ],
)
def test_what_cannot_be_labels_is_refused(tmp_path, array, reason):
    """Fractions, negative and inexact numbers, and colours number no object."""
    tifffile.imwrite(tmp_path / "a.tif", array)
    with pytest.raises(DataError, match=reason):
        read_labels(tmp_path / "a.tif")


def test_an_interpolated_mask_is_refused(tmp_path):
    """A mask resized with smoothing, or kept as JPEG, is not labels; a sharp one is."""
    y, x = np.mgrid[:64, :64]
    disc = Image.fromarray((((y - 32) ** 2 + (x - 32) ** 2 < 300) * 255).astype(np.uint8))
    disc.save(tmp_path / "sharp.png")
    disc.resize((96, 96), Image.Resampling.BICUBIC).save(tmp_path / "soft.png")
    disc.save(tmp_path / "lossy.jpg")
    assert set(np.unique(read_labels(tmp_path / "sharp.png"))) == {0, 255}
    with pytest.raises(DataError, match="interpolated"):
        read_labels(tmp_path / "soft.png")
    with pytest.raises(DataError, match="JPEG"):
        read_labels(tmp_path / "lossy.jpg")


def test_real_images_are_read(real_data):
    """Every real challenge frame and nucleus image obeys the conventions; stacks are refused."""
    paths = sorted((real_data / "ctc").glob("*/02/t*.tif"))[::40]
    paths += sorted((real_data / "nuclei" / "dsb2018_subset" / "images").glob("*.png"))
    assert len(paths) > 20
    for path in paths:
        assert read_image(path).shape == image_shape(path)
    for path in (real_data / "nuclei").rglob("*3d.tif"):
        with pytest.raises(DataError, match=re.escape("(Z, Y, X)")):
            image_shape(path)


def test_reading_modules_are_light():
    """Importing the readers loads neither torch nor an image library."""
    import subprocess

    code = "import sys, audit.datasets.open; print([m for m in ('torch','tifffile','PIL','scipy',"
    code += "'skimage','pydantic','pooch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_read_or_refused(tmp_path, seed):
    """Whatever bytes are flipped or missing, a reader returns an image or raises DataError."""
    stream = np.random.default_rng(seed)
    path = tmp_path / ("a.tif" if seed % 2 else "a.png")
    if seed % 2:
        tifffile.imwrite(path, stripes(), compression=(None, "lzw", "zlib")[seed % 3])
    else:
        Image.fromarray(stripes(dtype="uint8")).save(path)
    content = bytearray(path.read_bytes())
    for place in stream.integers(4, len(content), 4):
        content[place] = stream.integers(256)
    path.write_bytes(content[: stream.integers(8, 2 * len(content))])
    try:
        shape = read_image(path).shape
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert len(shape) == 3

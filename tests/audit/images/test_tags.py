"""Laws of what files say of themselves: orientation, palette, few bits, pixel size, axes."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from audit.errors import DataError, UsageError
from audit.images.reading import header_of, image_shape, read_image, read_labels
from audit.images.source import Source, check_axes

LABELS = np.zeros((20, 30), np.uint8)
LABELS[2:8, 2:8], LABELS[12:18, 20:28] = 1, 2


def exif(orientation):
    """Return EXIF data with an orientation."""
    made = Image.Exif()
    made[274] = orientation
    return made


def palette_png(path, places, colours):
    """Write a PNG whose pixels are places in a list of colours."""
    image = Image.fromarray(places.astype(np.uint8), "P")
    image.putpalette([part for colour in colours for part in colour])
    image.save(path)
    return path


def grey_png(path, values, bits):
    """Write a greyscale PNG of few bits, as optimisers do."""
    per = 8 // bits
    rows = np.pad(values, ((0, 0), (0, -values.shape[1] % per)))
    rows = rows.reshape(len(rows), -1, per).astype(np.uint8)
    packed = sum(rows[:, :, place] << (8 - bits * (place + 1)) for place in range(per))
    raw = b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in packed)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", values.shape[1], values.shape[0], bits, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["png", "tif"])
def test_images_and_masks_are_turned_as_they_are_shown(tmp_path, orientation, ending):
    """Whatever the orientation tag, pixels and shape are those that every viewer shows."""
    path = tmp_path / f"a.{ending}"
    Image.fromarray(LABELS).save(tmp_path / "a.png", exif=exif(orientation))
    tifffile.imwrite(tmp_path / "a.tif", LABELS, extratags=[(274, 3, 1, orientation, True)])
    with Image.open(tmp_path / "a.png") as image:
        shown = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(read_image(path)[0], shown)
    assert np.array_equal(read_labels(path), shown)
    assert image_shape(path) == (1, *shown.shape)


def test_a_palette_of_two_greys_is_black_and_white(tmp_path):
    """A mask whose place 0 is white has its cells where white is shown, not where 1 is stored."""
    cells = LABELS > 0
    path = palette_png(tmp_path / "a.png", ~cells, [(255, 255, 255), (0, 0, 0)])
    assert np.array_equal(read_labels(path) > 0, cells)
    assert np.array_equal(read_image(path)[0], np.where(cells, 255, 0))


def test_a_palette_of_colours_gives_its_numbers(tmp_path):
    """Coloured objects are numbered by their places, as drawing programs leave them."""
    colours = [(0, 0, 0), (0, 128, 0), (128, 0, 0)]
    path = palette_png(tmp_path / "a.png", LABELS, colours)
    assert np.array_equal(read_labels(path), LABELS)
    with pytest.raises(DataError, match="palette, not intensities"):
        read_image(path)


def test_a_lookup_table_is_no_colour(tmp_path):
    """A grey image shown in green, as ImageJ saves it, keeps the intensities that were stored."""
    green = np.zeros((3, 256), np.uint16)
    green[1] = np.arange(256) * 257
    tifffile.imwrite(tmp_path / "a.tif", LABELS * 90, photometric="palette", colormap=green)
    assert np.array_equal(read_image(tmp_path / "a.tif")[0], LABELS * 90)


@pytest.mark.parametrize(
    "colours",
    [[(128, 0, 0), (0, 0, 0), (0, 128, 0)], [(255, 255, 255), (0, 0, 0), (128, 128, 128)]],
)
def test_a_sorted_palette_is_refused_as_labels(tmp_path, colours):
    """Where black is shown and is not number 0, or greys fall, the numbers are no labels."""
    path = palette_png(tmp_path / "a.png", LABELS, colours)
    with pytest.raises(DataError, match="palette is not in the order of the labels"):
        read_labels(path)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_greys_of_few_bits_are_the_numbers_that_were_stored(tmp_path, bits):
    """Labels in a PNG of 1, 2 or 4 bits are not stretched to 255."""
    values = np.minimum(LABELS, 2**bits - 1)
    path = grey_png(tmp_path / "a.png", values, bits)
    assert np.array_equal(read_labels(path), values)


def test_white_is_zero_is_refused_unless_its_writer_means_the_numbers(tmp_path):
    """A foreign file in which white is 0 names the tag; tifffile's and ImageJ's numbers stand."""
    stored = {"photometric": "miniswhite", "metadata": None}
    tifffile.imwrite(tmp_path / "a.tif", LABELS, software="scanner", **stored)
    with pytest.raises(DataError, match="WhiteIsZero"):
        read_labels(tmp_path / "a.tif")
    tifffile.imwrite(tmp_path / "b.tif", LABELS > 0)
    assert np.array_equal(read_labels(tmp_path / "b.tif") > 0, LABELS > 0)


@pytest.mark.parametrize(
    ("name", "options", "edge"),
    [
        ("a.tif", {"imagej": True, "resolution": (4, 4), "metadata": {"unit": "um"}}, 0.25),
        ("a.tif", {"imagej": True, "resolution": (4, 4), "metadata": {"unit": "nm"}}, 0.00025),
        ("a.tif", {"imagej": True, "resolution": (4, 4)}, None),
        ("a.tif", {"imagej": True, "resolution": (1, 1), "metadata": {"unit": "micron"}}, None),
        ("a.tif", {"resolution": (20000, 20000), "resolutionunit": "CENTIMETER"}, 0.5),
        ("a.tif", {"resolution": (72, 72), "resolutionunit": "INCH"}, None),
        ("a.tif", {"resolution": (300, 300), "resolutionunit": "INCH"}, None),
        ("a.tif", {"resolution": (20000, 10000), "resolutionunit": "CENTIMETER"}, None),
        ("a.ome.tif", {"metadata": {"PhysicalSizeX": 0.3, "PhysicalSizeY": 0.3}}, 0.3),
        (
            "a.ome.tif",
            {"metadata": {"PhysicalSizeX": 325, "PhysicalSizeXUnit": "nm", "PhysicalSizeY": 325}},
            0.325,
        ),
    ],
)
def test_a_file_states_its_pixel_size_or_nothing(tmp_path, name, options, edge):
    """OME, ImageJ and tags with a unit are read in micrometres; screens and printers are not."""
    tifffile.imwrite(tmp_path / name, LABELS, **options)
    assert header_of(tmp_path / name).pixel_um == edge


def test_axes_that_the_user_names_win(tmp_path):
    """Planes without a name are no channels until somebody says so, nor a z-stack a movie."""
    planes = np.stack([LABELS, LABELS * 2])
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="minisblack")
    tifffile.imwrite(tmp_path / "z.tif", planes, imagej=True, metadata={"axes": "ZYX"})
    for name, reason in (("a.tif", "--axes CYX"), ("z.tif", "z-stack")):
        with pytest.raises(DataError, match=reason):
            image_shape(tmp_path / name)
        movie = Source(path=tmp_path / name, axes="TYX", frame=1)
        assert np.array_equal(read_image(movie)[0], planes[1])
    channels = Source(path=tmp_path / "a.tif", axes="CYX", channels=(1,))
    assert image_shape(channels) == (1, 20, 30)
    assert np.array_equal(read_image(channels)[0], planes[1])
    with pytest.raises(DataError, match="2 channels, 0 to 1"):
        image_shape(Source(path=tmp_path / "a.tif", axes="CYX", channels=(2,)))


def test_colours_stay_colours(tmp_path):
    """Names that are for other files of a folder do not turn the colours of one into rows."""
    tifffile.imwrite(tmp_path / "a.tif", np.dstack([LABELS] * 3), photometric="rgb")
    for axes in ("CYX", "TYX"):
        assert image_shape(Source(path=tmp_path / "a.tif", axes=axes)) == (3, 20, 30)


@pytest.mark.parametrize("axes", ["YX3", "TY", "ZYX", "YXX"])
def test_names_of_axes_are_those_of_an_image(axes):
    """Anything but Y, X and what there is of T and C, each once, is refused."""
    with pytest.raises(UsageError, match="--axes"):
        check_axes(axes)


@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}, {"imagej": True}])
def test_a_frame_of_a_movie_is_read_alone(tmp_path, options):
    """Each frame of a movie is its own, mapped or decoded; the movie as a whole is no image."""
    movie = np.arange(5 * 600, dtype=np.uint16).reshape(5, 20, 30)
    named = {"metadata": {"axes": "TYX"}} if "imagej" in options else {"photometric": "minisblack"}
    tifffile.imwrite(tmp_path / "a.tif", movie, **options, **named)
    for frame in (0, 4):
        source = Source(path=tmp_path / "a.tif", axes="TYX", frame=frame)
        assert np.array_equal(read_image(source)[0], movie[frame])
    with pytest.raises(DataError, match="a movie of 5 frames"):
        read_image(Source(path=tmp_path / "a.tif", axes="TYX"))


def test_a_file_of_an_ome_set_is_what_lies_in_itself(tmp_path):
    """A file that names others of its set gives its own plane, whether they are there or not."""
    data = "".join(
        f'<TiffData FirstT="{n}" PlaneCount="1"><UUID FileName="t{n}.ome.tif">urn:uuid:{n}</UUID>'
        "</TiffData>"
        for n in range(3)
    )
    head = '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'
    sizes = 'SizeX="30" SizeY="20" SizeC="1" SizeZ="1" SizeT="3" PhysicalSizeX="0.5"'
    for number in (0, 1):
        text = (
            f'{head} UUID="urn:uuid:{number}"><Image ID="Image:0"><Pixels ID="Pixels:0" '
            f'DimensionOrder="XYCZT" Type="uint8" {sizes}>{data}</Pixels></Image></OME>'
        )
        path = tmp_path / f"t{number}.ome.tif"
        tifffile.imwrite(path, LABELS + number, description=text, metadata=None)
    assert np.array_equal(read_image(tmp_path / "t1.ome.tif")[0], LABELS + 1)
    assert header_of(tmp_path / "t1.ome.tif").pixel_um == 0.5


@pytest.mark.parametrize("ending", ["gif", "bmp"])
def test_gif_and_bmp_are_read(tmp_path, ending):
    """Masks of old datasets, black and white, are read as they are shown."""
    Image.fromarray((LABELS > 0).astype(np.uint8) * 255).save(tmp_path / f"a.{ending}")
    assert np.array_equal(read_labels(tmp_path / f"a.{ending}") > 0, LABELS > 0)

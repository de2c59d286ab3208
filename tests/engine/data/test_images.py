"""Reading and writing pictures: pixels as points, sampling, and damaged files."""

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.data import images
from engine.data.images import (
    Photo,
    features,
    hex_of,
    points_of,
    read_photo,
    sample,
    write_quantised,
)
from engine.errors import CapacityError, DataError, ParameterError
from engine.source import load

FOUR = np.array([[[0, 0, 0], [255, 0, 0]], [[0, 255, 0], [0, 0, 255]]], np.uint8)


def photo(pixels=FOUR):
    return Photo(pixels=pixels, source="here")


def save(path, pixels=FOUR, **options):
    Image.fromarray(pixels).save(path, **options)
    return path


def test_a_png_is_read_as_it_is(tmp_path):
    found = read_photo(save(tmp_path / "four.png"))
    np.testing.assert_array_equal(found.pixels, FOUR)
    assert not found.pixels.flags.writeable
    assert (found.n_pixels, found.notes) == (4, ())


def test_transparent_pixels_are_blended_with_white(tmp_path):
    pixels = np.zeros((1, 3, 4), np.uint8)
    pixels[0, :, 3] = 0, 255, 51
    found = read_photo(save(tmp_path / "glass.PNG", pixels))
    np.testing.assert_array_equal(found.pixels, [[[255] * 3, [0] * 3, [204] * 3]])
    assert "white" in found.notes[0]


@pytest.mark.parametrize("mode", ["L", "P", "1", "I;16"])
def test_other_modes_are_converted_to_rgb(tmp_path, mode):
    grey = Image.new("I;16", (2, 1), 300) if mode == "I;16" else Image.new("L", (2, 1), 255)
    path = tmp_path / "grey.png"
    (grey if mode == "I;16" else grey.convert(mode)).save(path)
    assert read_photo(path).pixels.shape == (1, 2, 3)


def test_16_bit_greys_are_scaled(tmp_path):
    greys = np.array([[0, 1, 128, 129], [257, 300, 32896, 65535]], np.uint16)
    Image.fromarray(greys).save(tmp_path / "grey16.png")
    found = read_photo(tmp_path / "grey16.png").pixels
    np.testing.assert_array_equal(found[..., 0], [[0, 0, 0, 1], [1, 1, 128, 255]])
    assert (found == found[..., :1]).all()


def test_16_bit_greys_may_have_a_transparent_value(tmp_path):
    greys = np.array([[0, 300, 65535]], np.uint16)
    Image.fromarray(greys).save(tmp_path / "grey16.png", transparency=300)
    found = read_photo(tmp_path / "grey16.png")
    np.testing.assert_array_equal(found.pixels[..., 0], [[0, 255, 255]])
    assert "white" in found.notes[0]


def test_opaque_pictures_have_no_note(tmp_path):
    pixels = np.full((1, 3, 4), 255, np.uint8)
    assert read_photo(save(tmp_path / "opaque.png", pixels)).notes == ()


def test_damaged_exif_data_are_ignored(tmp_path):
    exif = b"Exif\0\0MM\0*" + bytes(3) + b"\x08" + b"\xff" * 40
    path = save(tmp_path / "t.jpg", np.zeros((2, 5, 3), np.uint8), exif=exif)
    assert read_photo(path).pixels.shape == (2, 5, 3)


def test_a_jpeg_is_rotated_by_its_exif_orientation(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be rotated by 90 degrees
    found = read_photo(save(tmp_path / "t.jpg", np.zeros((2, 5, 3), np.uint8), exif=exif))
    assert found.pixels.shape == (5, 2, 3)


def test_unreadable_exif_data_are_noted(tmp_path, monkeypatch):
    def fail(_):
        raise KeyError(0x0112)

    monkeypatch.setattr(images.ImageOps, "exif_transpose", fail)
    found = read_photo(save(tmp_path / "four.png"))
    np.testing.assert_array_equal(found.pixels, FOUR)
    assert found.notes == (
        "The orientation in the file is damaged: the picture may lie on its side.",
    )


def test_a_file_that_is_not_a_picture(tmp_path):
    path = tmp_path / "x.png"
    with pytest.raises(DataError, match="There is no file"):
        read_photo(path)
    path.write_bytes(b"nothing")
    with pytest.raises(DataError, match="not a PNG or JPEG"):
        read_photo(path)
    whole = save(tmp_path / "w.png", np.zeros((50, 50, 3), np.uint8)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="damaged"):
        read_photo(path)


def test_a_picture_that_is_too_large_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    path = save(tmp_path / "x.png")
    monkeypatch.setattr(images, "MAX_PIXELS", 3)
    with pytest.raises(CapacityError, match="more than 3 pixels; scale it down"):
        read_photo(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    with pytest.raises(CapacityError, match="scale it down"):
        read_photo(path)


def test_colours_and_positions_by_hand():
    rows, columns = np.divmod(np.arange(4).reshape(2, 2), 2)
    np.testing.assert_array_equal(features(FOUR, rows, columns, (2, 2)), FOUR.reshape(4, 3))
    placed = features(FOUR, rows, columns, (2, 2), 0.2)
    np.testing.assert_allclose(placed[:, 3:], [[0, 0], [51, 0], [0, 51], [51, 51]], rtol=1e-6)


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf")])
def test_invalid_weights_are_refused(weight):
    with pytest.raises(ParameterError, match="position weight"):
        features(FOUR, FOUR[..., 0], FOUR[..., 0], (2, 2), weight)


def test_a_small_picture_is_used_completely_in_order():
    drawn = sample(photo(), seed=3)
    np.testing.assert_array_equal(drawn.pixels, FOUR)
    np.testing.assert_array_equal(drawn.rows, [[0, 0], [1, 1]])
    np.testing.assert_array_equal(drawn.columns, [[0, 1], [0, 1]])


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 200), st.integers(0, 9))
def test_a_sample_has_one_pixel_of_each_cell(height, width, most, seed):
    pixels = np.arange(height * width * 3).reshape(height, width, 3).astype(np.uint8)
    drawn = sample(photo(pixels), seed, most)
    assert 1 <= drawn.rows.size <= most
    assert height * width > most or drawn.rows.size == height * width
    np.testing.assert_array_equal(drawn.pixels, pixels[drawn.rows, drawn.columns])
    assert (np.diff(drawn.rows, axis=0) > 0).all()
    assert (np.diff(drawn.columns, axis=1) > 0).all()


@pytest.mark.parametrize("shape", [(5000, 10_000), (1, 50_000_000), (50_000_000, 1)])
def test_fifty_megapixels_are_sampled_evenly(shape):
    pixels = np.broadcast_to(np.zeros(3, np.uint8), (*shape, 3))
    drawn = sample(photo(pixels))
    assert images.MAX_SAMPLE / 2 < drawn.rows.size <= images.MAX_SAMPLE
    for places, n_all in ((drawn.rows, shape[0]), (drawn.columns, shape[1])):
        assert places.min() < n_all / 100 + 1
        assert places.max() >= n_all - n_all / 100 - 1


def test_the_same_seed_draws_the_same_pixels():
    pixels = np.random.default_rng(0).integers(0, 255, (40, 50, 3), np.uint8)
    first, again, other = (sample(photo(pixels), seed, 100).pixels for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_sampling_is_noted(monkeypatch):
    monkeypatch.setattr(images, "MAX_SAMPLE", 1)
    found = points_of(photo(), 1.0)
    assert found.columns == ("red", "green", "blue", "x", "y")
    assert found.points.shape == (1, 5)
    assert "a sample of 1 of 4 pixels" in found.notes[-1]


def test_a_picture_is_a_source_of_points(tmp_path):
    found = load(str(save(tmp_path / "four.png")), ["green", "1"])
    assert found.columns == ("green", "red")
    np.testing.assert_array_equal(found.points, FOUR.reshape(4, 3)[:, [1, 0]])


LABELS = np.repeat(np.array([[0, 1], [2, 0]], np.uint8), 8, 0).repeat(8, 1)
PALETTE = np.array([[250, 0, 0], [0, 0, 0], [255, 255, 255]], np.uint8)


@pytest.mark.parametrize("name", ["q.png", "q.jpg", "q.JPEG"])
def test_a_quantized_picture_is_written(tmp_path, name):
    write_quantised(tmp_path / name, LABELS, PALETTE)
    found = read_photo(tmp_path / name).pixels.astype(int)
    assert np.abs(found - PALETTE[LABELS]).max() <= (0 if name.endswith("png") else 40)
    with Image.open(tmp_path / name) as image:
        assert image.format == ("PNG" if name.endswith("png") else "JPEG")


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_an_svg_has_every_pixel_of_a_quantized_picture(tmp_path, kind):
    write_quantised(tmp_path / "q.svg", LABELS[:8].astype(kind), PALETTE)
    root = ElementTree.parse(tmp_path / "q.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("16", "8", "0 0 16 8")
    (image,) = root
    head, _, data = image.get("{http://www.w3.org/1999/xlink}href").partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as found:
        np.testing.assert_array_equal(np.asarray(found.convert("RGB")), PALETTE[LABELS[:8]])


def test_a_pdf_has_every_pixel_of_a_quantized_picture(tmp_path):
    write_quantised(tmp_path / "q.pdf", LABELS[:8], PALETTE)
    raw = (tmp_path / "q.pdf").read_bytes()
    assert raw.startswith(b"%PDF-")
    assert raw.rstrip().endswith(b"%%EOF")
    (box,) = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", raw)
    assert [float(side) for side in box] == pytest.approx([16 * 72 / 150, 8 * 72 / 150])
    (pixels,) = re.findall(rb"/ASCIIHexDecode.*?stream\s+([0-9a-fA-F\s]+)endstream", raw, re.DOTALL)
    assert b".part" not in raw
    found = np.frombuffer(bytes.fromhex(pixels.decode()), np.uint8).reshape(8, 16)
    np.testing.assert_array_equal(found, LABELS[:8])


def test_a_pdf_page_has_at_most_the_size_that_readers_accept(tmp_path):
    write_quantised(tmp_path / "q.pdf", np.zeros((1, 60_000), np.uint8), PALETTE)
    (width,) = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ", (tmp_path / "q.pdf").read_bytes())
    assert float(width) == pytest.approx(14_400)


def test_a_png_of_many_colours(tmp_path):
    palette = np.arange(3 * 300).reshape(300, 3).astype(np.uint8)
    labels = np.arange(300, dtype=np.uint16).reshape(10, 30)
    write_quantised(tmp_path / "q.png", labels, palette)
    np.testing.assert_array_equal(read_photo(tmp_path / "q.png").pixels, palette[labels])


@pytest.mark.parametrize("name", ["q.gif", "q", "q.bmp", "q.png.txt"])
def test_an_unknown_suffix_is_refused(tmp_path, name):
    with pytest.raises(ParameterError, match=r"must end in \.png, \.jpg, \.jpeg, \.svg or \.pdf\."):
        write_quantised(tmp_path / name, LABELS, PALETTE)
    assert not any(tmp_path.iterdir())


def test_a_colour_has_six_hexadecimal_digits():
    assert hex_of(np.array([0, 10, 255])) == "#000aff"

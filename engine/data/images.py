"""Pictures as points: the colour of each pixel, and optionally its position."""

import base64
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np
from PIL import Image, ImageOps

from engine.data.dataset import Dataset, dataset_of
from engine.data.opening import open_file
from engine.data.output.formats import PICTURE, check_suffix
from engine.data.output.writing import write_whole
from engine.errors import CapacityError, DataError, EngineError, ParameterError
from engine.frames import sealed

SUFFIXES = (".png", ".jpg", ".jpeg")
MAX_PIXELS = 200_000_000
# Of larger pictures an even sample is clustered: it gives the same colours sooner.
MAX_SAMPLE = 2**18
_BRIGHTEST = 255.0
# The largest position weight; long before it, the colours count for nothing.
_HEAVIEST = 1_000_000
_WHITE, _OPAQUE = (255, 255, 255, 255), 255
# The same in 16 bits, and what to add to round to nearest.
_BRIGHTEST_GREY = 2**16 - 1
_HALF_GREY = _BRIGHTEST_GREY // 2
_JPEG_QUALITY = 95
_PDF_DOTS, _LONGEST_PAGE, _PDF_TITLE = 150, 14_400, "A picture in few colours"
COLOR_COLUMNS, PLACE_COLUMNS = ("red", "green", "blue"), ("x", "y")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Photo:
    """A picture.

    Attributes:
        pixels: (H, W, 3) uint8, read-only: red, green, blue.
        source: The path as the user gave it.
        notes: Sentences for the user about how the picture was changed.
    """

    pixels: np.ndarray
    source: str
    notes: tuple[str, ...] = ()

    @property
    def n_pixels(self) -> int:
        """H times W."""
        return len(self.pixels) * int(self.pixels.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """A grid of pixels of a photo; all of its pixels if they are few.

    Attributes:
        rows, columns: (h, w) int64, the position of each pixel in the photo.
        pixels: (h, w, 3) uint8, read-only.
    """

    rows: np.ndarray
    columns: np.ndarray
    pixels: np.ndarray

    @property
    def n_pixels(self) -> int:
        """How many pixels are in the grid."""
        return self.rows.size


def is_picture(source: str) -> bool:
    """Whether the name of a source is that of a picture."""
    return source.lower().endswith(SUFFIXES)


def read_photo(path: str | Path) -> Photo:
    """Read a PNG or JPEG file, turned upright, with a white background behind transparent parts.

    Args:
        path: The file.

    Raises:
        DataError: It does not exist, or cannot be read.
        CapacityError: It has more than `MAX_PIXELS`.
    """
    source = str(path)
    try:
        with open_file(path, source) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about large pictures and harmless damage
            return _read(file, source)
    except EngineError:
        raise
    except MemoryError as error:
        raise CapacityError(f"{source} does not fit in memory.") from error
    except Exception as error:  # Pillow raises all kinds of exceptions on damage
        raise DataError(f"{source} is damaged, or not a PNG or JPEG picture.") from error


def sample(photo: Photo, seed: int = 0, most: int | None = None) -> Sample:
    """Lay a grid over a photo and choose a random pixel in each cell; take all if there are few.

    Args:
        photo: The picture.
        seed: The seed of the random choice.
        most: The largest number of pixels; None for `MAX_SAMPLE`.
    """
    most = most or MAX_SAMPLE
    height, width = photo.pixels.shape[:2]
    step = max(1.0, (height * width / most) ** 0.5)
    n_rows = max(1, int(height / step))
    n_columns = min(width, max(1, int(width / step)), max(1, most // n_rows))
    n_rows = min(n_rows, most // n_columns)
    rng = np.random.default_rng(seed)
    rows, columns = (_drawn(rng, photo.pixels.shape, (n_rows, n_columns), axis) for axis in (0, 1))
    return Sample(rows=rows, columns=columns, pixels=sealed(photo.pixels[rows, columns]))


def features(
    pixels: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    shape: tuple[int, ...],
    position_weight: float = 0.0,
) -> np.ndarray:
    """Pixels as points, in units of brightness.

    Args:
        pixels: (..., 3) uint8.
        rows: (...), their rows in the picture.
        columns: (...), their columns.
        shape: (H, W) of the whole picture.
        position_weight: How much the length of the longer side counts, compared with the distance
            from black to white; 0 leaves positions out.

    Returns:
        (N, 3) float32, red, green, blue from 0 to 255; or (N, 5) with x and y after them.

    Raises:
        ParameterError: The weight is negative, too large, or not a number.
    """
    check_weight(position_weight)
    colors = pixels.reshape(-1, 3).astype(np.float32)
    if not position_weight:
        return colors
    unit = np.float32(position_weight * _BRIGHTEST / max(max(shape[:2]) - 1, 1))
    places = (unit * each.ravel().astype(np.float32) for each in (columns, rows))
    return np.column_stack([colors, *places])


def points_of(photo: Photo, position_weight: float = 0.0, seed: int = 0) -> Dataset:
    """A sample of a photo as points to cluster; arguments and errors as in `sample`, `features`."""
    drawn = sample(photo, seed)
    shape = photo.pixels.shape
    points = features(drawn.pixels, drawn.rows, drawn.columns, shape, position_weight)
    names = COLOR_COLUMNS + (PLACE_COLUMNS if position_weight else ())
    notes = photo.notes
    if len(points) < photo.n_pixels:
        notes += (sampled(len(points), photo.n_pixels),)
    return dataset_of(points, names, photo.source, notes=notes)


def sampled(n_points: int, n_pixels: int) -> str:
    """The sentence that only a sample of the pixels is clustered."""
    return (
        f"Clustered: a sample of {n_points:,} of {n_pixels:,} pixels; then every pixel takes the "
        "nearest of the colours found."
    )


def hex_of(color: np.ndarray) -> str:
    """A (3,) colour as #rrggbb."""
    return "#" + bytes(color.astype(np.uint8)).hex()


def check_weight(position_weight: float) -> None:
    """Raise a ParameterError for an impossible position weight."""
    if not 0 <= position_weight <= _HEAVIEST:
        raise ParameterError(
            f"The position weight must be from 0 to {_HEAVIEST:,}, not {position_weight:g}."
        )


def write_quantised(path: str | Path, labels: np.ndarray, palette: np.ndarray) -> None:
    """Write a picture of few colours in its full size.

    A PNG of up to 256 colours has them as its palette. An SVG contains that PNG, one unit for each
    pixel. A PDF has exactly these colours if they are at most 256, else a JPEG of high quality.

    Args:
        path: The file, which is replaced; the suffix, one of `formats.PICTURE`, decides.
        labels: (H, W) unsigned, the index of the colour of each pixel.
        palette: (K, 3) uint8.

    Raises:
        ParameterError: The suffix is another one.
        DataError: The file cannot be written.
    """
    suffix = check_suffix(path, PICTURE)
    if suffix in (".jpg", ".jpeg") or labels.dtype != np.uint8:
        image = Image.fromarray(palette.astype(np.uint8)[labels])
    else:
        image = Image.fromarray(labels, "L").convert("P")
        image.putpalette(palette.astype(np.uint8).tobytes())
    write_whole(path, lambda file: _WRITERS[suffix](image, file))


def _write_png(image: Image.Image, file: IO[bytes]) -> None:
    image.save(file, "PNG")


def _write_jpeg(image: Image.Image, file: IO[bytes]) -> None:
    image.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0)


def _write_svg(image: Image.Image, file: IO[bytes]) -> None:
    pixels = io.BytesIO()
    _write_png(image, pixels)
    width, height = image.size
    size = f'width="{width}" height="{height}"'
    file.write(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'version="1.1" {size} viewBox="0 0 {width} {height}">\n<image {size} '
        'style="image-rendering: pixelated" xlink:href="data:image/png;base64,'.encode()
    )
    file.write(base64.b64encode(pixels.getbuffer()))
    file.write(b'"/>\n</svg>\n')


def _write_pdf(image: Image.Image, file: IO[bytes]) -> None:
    # Readers refuse a page of more than 14,400 points, of which there are 72 in an inch.
    dots = max(_PDF_DOTS, 72 * max(image.size) / _LONGEST_PAGE)
    options = {"resolution": dots, "quality": _JPEG_QUALITY, "subsampling": 0}
    image.save(file, "PDF", title=_PDF_TITLE, **options)


_WRITERS = {
    ".png": _write_png,
    ".jpg": _write_jpeg,
    ".jpeg": _write_jpeg,
    ".svg": _write_svg,
    ".pdf": _write_pdf,
}


def _read(file: BinaryIO, source: str) -> Photo:
    """Read a picture from an open file; raises all kinds of exceptions if it is damaged."""
    try:
        image: Image.Image = Image.open(file, formats=("PNG", "JPEG"))
    except Image.DecompressionBombError as error:
        raise _too_large(source) from error
    _require_few(image, source)
    image.load()
    notes = []
    try:
        upright = ImageOps.exif_transpose(image)
    except Exception:  # the metadata of the camera is damaged, not the picture
        upright = image
        notes.append("The orientation in the file is damaged: the picture may lie on its side.")
    upright = _in_8_bits(upright)
    layers = upright.convert("RGBA") if upright.has_transparency_data else upright
    if layers.mode == "RGBA" and np.asarray(layers)[..., -1].min() < _OPAQUE:
        layers = _on_white(layers)
        notes.append("Transparent parts were laid on white.")
    pixels = sealed(np.asarray(layers.convert("RGB")))
    return Photo(pixels=pixels, source=source, notes=tuple(notes))


def _in_8_bits(image: Image.Image) -> Image.Image:
    """Reduce a picture of 16-bit greys to 8 bits; Pillow would clip them at 255."""
    if not image.mode.startswith("I"):
        return image
    greys = np.asarray(image).astype(np.int64)
    shown = Image.fromarray(((greys * 255 + _HALF_GREY) // _BRIGHTEST_GREY).astype(np.uint8))
    if (seen_through := image.info.get("transparency")) is not None:
        shown.putalpha(Image.fromarray(np.where(greys == seen_through, 0, 255).astype(np.uint8)))
    return shown


def _require_few(image: Image.Image, source: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(source)


def _too_large(source: str) -> CapacityError:
    return CapacityError(
        f"{source} has more than {MAX_PIXELS:,} pixels; scale it down with another program first."
    )


def _on_white(layers: Image.Image) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", layers.size, _WHITE), layers)


def _drawn(
    rng: np.random.Generator, shape: tuple[int, ...], grid: tuple[int, int], axis: int
) -> np.ndarray:
    """Draw one of the rows (axis 0), or columns, of each cell of a grid: (h, w) int64."""
    edges = np.linspace(0, shape[axis], grid[axis] + 1).astype(np.int64)
    along = (-1, 1) if axis == 0 else (1, -1)
    low, sizes = edges[:-1].reshape(along), np.diff(edges).reshape(along)
    return np.asarray(low + (rng.random(grid) * sizes).astype(np.int64))

"""Pictures as points: the colour of each pixel, and its place where that counts too."""

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
# More pixels are not clustered: a part of them, drawn evenly, gives the same colours sooner.
MAX_SAMPLE = 2**18
_BRIGHTEST = 255.0
# Nothing is left of the colours long before.
_HEAVIEST = 1_000_000
_WHITE, _OPAQUE = (255, 255, 255, 255), 255
# The same in 16 bits, and what rounds a half up.
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
        source: The path as it was given.
        notes: Sentences for the user about what was done to it.
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
    """Pixels of a photo that lie in a grid over it; all of them where there are few.

    Attributes:
        rows, columns: (h, w) int64, where each is in the photo.
        pixels: (h, w, 3) uint8, read-only.
    """

    rows: np.ndarray
    columns: np.ndarray
    pixels: np.ndarray


def is_picture(source: str) -> bool:
    """Whether a source is a picture, by its name."""
    return source.lower().endswith(SUFFIXES)


def read_photo(path: str | Path) -> Photo:
    """Read a PNG or JPEG file, turned upright; what is transparent lies on white.

    Args:
        path: The file.

    Raises:
        DataError: It is not there, or cannot be read.
        CapacityError: It has more than `MAX_PIXELS`.
    """
    source = str(path)
    try:
        with open_file(path, source) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, and of damage that does no harm
            return _read(file, source)
    except EngineError:
        raise
    except MemoryError as error:
        raise CapacityError(f"{source} does not fit in memory.") from error
    except Exception as error:  # damage makes Pillow raise nearly anything
        raise DataError(f"{source} is damaged, or not a PNG or JPEG picture.") from error


def sample(photo: Photo, seed: int = 0, most: int | None = None) -> Sample:
    """Take a grid of pixels, of each cell one by chance; all pixels where there are few enough.

    Args:
        photo: The picture.
        seed: Of the chance.
        most: How many pixels there may be; None for `MAX_SAMPLE`.
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
    """Points of pixels, in units of brightness.

    Args:
        pixels: (..., 3) uint8.
        rows: (...), where they are.
        columns: (...), where they are.
        shape: (H, W) of the whole picture.
        position_weight: What the way along the longer side counts, where 1 is the way from black
            to white; 0 leaves the place out.

    Returns:
        (N, 3) float32, red, green, blue from 0 to 255; or (N, 5) with x and y after them.

    Raises:
        ParameterError: The weight is not a number from 0 up.
    """
    check_weight(position_weight)
    colors = pixels.reshape(-1, 3).astype(np.float32)
    if not position_weight:
        return colors
    unit = np.float32(position_weight * _BRIGHTEST / max(max(shape[:2]) - 1, 1))
    places = (unit * each.ravel().astype(np.float32) for each in (columns, rows))
    return np.column_stack([colors, *places])


def points_of(photo: Photo, position_weight: float = 0.0, seed: int = 0) -> Dataset:
    """A sample of a photo as points to cluster; arguments and errors as `sample` and `features`."""
    drawn = sample(photo, seed)
    shape = photo.pixels.shape
    points = features(drawn.pixels, drawn.rows, drawn.columns, shape, position_weight)
    names = COLOR_COLUMNS + (PLACE_COLUMNS if position_weight else ())
    notes = photo.notes
    if len(points) < photo.n_pixels:
        notes += (sampled(len(points), photo.n_pixels),)
    return dataset_of(points, names, photo.source, notes=notes)


def sampled(n_points: int, n_pixels: int) -> str:
    """The sentence that says that not all pixels are clustered."""
    return (
        f"Clustered: a sample of {n_points:,} of {n_pixels:,} pixels; then every pixel takes the "
        "nearest of the colours found."
    )


def hex_of(color: np.ndarray) -> str:
    """A (3,) colour as #rrggbb."""
    return "#" + bytes(color.astype(np.uint8)).hex()


def check_weight(position_weight: float) -> None:
    """Refuse a weight that is none; ParameterError."""
    if not 0 <= position_weight <= _HEAVIEST:
        raise ParameterError(
            f"The position weight must be from 0 to {_HEAVIEST:,}, not {position_weight:g}."
        )


def write_quantised(path: str | Path, labels: np.ndarray, palette: np.ndarray) -> None:
    """Write a picture of few colours, as large as it is.

    A PNG of up to 256 colours has them as its palette. An SVG holds that PNG, a pixel a unit; a PDF
    of up to 256 colours has exactly these, and one of more holds a JPEG of high quality.

    Args:
        path: The file, which is replaced; the suffix, one of `formats.PICTURE`, decides.
        labels: (H, W) unsigned, the colour of each pixel.
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
    """Read a picture from an open file; anything may be raised where it is damaged."""
    try:
        image: Image.Image = Image.open(file, formats=("PNG", "JPEG"))
    except Image.DecompressionBombError as error:
        raise _too_large(source) from error
    _require_few(image, source)
    image.load()
    notes = []
    try:
        upright = ImageOps.exif_transpose(image)
    except Exception:  # what the camera wrote beside the picture is damaged, not the picture
        upright = image
        notes.append("How the camera was held is damaged: the picture may lie on its side.")
    upright = _in_8_bits(upright)
    layers = upright.convert("RGBA") if upright.has_transparency_data else upright
    if layers.mode == "RGBA" and np.asarray(layers)[..., -1].min() < _OPAQUE:
        layers = _on_white(layers)
        notes.append("What is transparent was laid on white.")
    pixels = sealed(np.asarray(layers.convert("RGB")))
    return Photo(pixels=pixels, source=source, notes=tuple(notes))


def _in_8_bits(image: Image.Image) -> Image.Image:
    """A picture of 16-bit greys in as many as a screen shows; Pillow would cut them off at 255."""
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

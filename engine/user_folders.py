"""Where things of the user lie on this system, besides the files that the user names."""

import sys
from pathlib import Path

import platformdirs

_NAME = "Barycenter"


def settings_folder() -> Path:
    """Where the window keeps its settings, and beside them all else: Qt's AppConfigLocation.

    The command line tells it too, where Qt may be missing.
    """
    if sys.platform == "darwin":
        return Path("~/Library/Preferences").expanduser() / _NAME
    return platformdirs.user_config_path(_NAME, appauthor=False)


def kept() -> dict[str, Path]:
    """What is kept there, by name; it may not be there yet.

    Raises:
        RuntimeError: The user has no home.
    """
    folder = settings_folder()
    return {
        "settings": folder / "settings.json",
        "tables": folder / "tables.json",
        "trainings": folder / "trainings",
        "evaluations": folder / "evaluations",
    }

"""Where Barycenter stores a user's settings and results on this system."""

import sys
from pathlib import Path

import platformdirs

_NAME = "Barycenter"


def settings_folder() -> Path:
    """Return the folder for settings and other files: Qt's AppConfigLocation.

    Computed without Qt, because the command line shows it even where Qt is missing.
    """
    if sys.platform == "darwin":
        return Path("~/Library/Preferences").expanduser() / _NAME
    return platformdirs.user_config_path(_NAME, appauthor=False)


def stored_paths() -> dict[str, Path]:
    """Return the paths of all stored files and folders, by name; they may not exist yet.

    Raises:
        RuntimeError: The user has no home folder.
    """
    folder = settings_folder()
    return {
        "settings": folder / "settings.json",
        "tables": folder / "tables.json",
        "trainings": folder / "trainings",
        "evaluations": folder / "evaluations",
    }

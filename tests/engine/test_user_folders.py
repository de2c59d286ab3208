"""The user's folders: the same that Qt uses, and that `info` prints."""

import json

import pytest
from PyQt6.QtCore import QCoreApplication, QStandardPaths

from app.settings import file as settings
from engine import user_folders


@pytest.fixture
def as_the_application():
    before = QCoreApplication.applicationName()
    QCoreApplication.setApplicationName("Barycenter")
    yield
    QCoreApplication.setApplicationName(before)


@pytest.mark.parametrize("folder", [None, "a b"])
def test_folders_match_qt(as_the_application, monkeypatch, tmp_path, folder):
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    if folder is not None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / folder))
    location = QStandardPaths.StandardLocation.AppConfigLocation
    named = QStandardPaths.writableLocation(location)
    assert user_folders.settings_folder().as_posix() == named
    assert settings.default_path() == user_folders.settings_folder() / "settings.json"


def test_info_prints_all_folders(command):
    _, out, _ = command("info --json")
    folders = json.loads(out)["folders"]
    assert folders == {name: str(path) for name, path in user_folders.stored_paths().items()}
    assert {"settings", "trainings", "evaluations"} <= set(folders)
    _, out, _ = command("info")
    (line,) = (line for line in out.splitlines() if line.startswith("folders:"))
    assert all(path in line for path in folders.values())


def test_info_works_without_a_home(command, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(user_folders, "settings_folder", homeless)
    status, out, _ = command("info --json")
    assert (status, json.loads(out)["folders"]) == (0, {})

"""The session that a window saves: its settings and painted points."""

from dataclasses import replace

import pytest

from app.settings.session import Session
from engine.errors import DataError


class Painted:
    has_points = True

    def __init__(self, text="x,y\n1,2\n"):
        self.text = text

    def keep(self, path):
        if not self.text:
            raise DataError("The disk is full.")
        path.write_text(self.text)


class NotPainted:
    has_points = False


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.json"


def test_a_session_is_restored(path):
    session = Session(path)
    training = replace(session.tabs["training"], words=1000)
    session.save(replace(session.window, theme="dark"), {"training": training}, NotPainted())
    again = Session(path)
    assert again.window.theme == "dark"
    assert again.tabs["training"] == training
    assert not again.painted.exists()


def test_painted_points_are_restored(path):
    session = Session(path)
    session.save(session.window, session.tabs, Painted())
    assert Session(path).tabs["clustering"].source == str(session.painted)
    assert session.painted.read_text() == Painted().text
    assert Session(path).window.recent_files == ()


def test_points_painted_in_another_window_stay_as_a_recent_file(path):
    one, other = Session(path), Session(path)
    one.save(one.window, one.tabs, Painted("first"))
    other.save(other.window, other.tabs, Painted("second"))
    second = path.with_name("painted-2.csv")
    assert (one.painted.read_text(), second.read_text()) == ("first", "second")
    again = Session(path)
    assert again.tabs["clustering"].source == str(second)
    assert again.window.recent_files == (str(one.painted),)


def test_settings_are_saved_even_if_painted_points_cannot_be(path, capsys):
    session = Session(path)
    session.save(replace(session.window, theme="dark"), session.tabs, Painted(""))
    assert "Not everything could be kept for the next start" in capsys.readouterr().err
    assert Session(path).window.theme == "dark"


def test_a_folder_that_cannot_be_written_stays_clean(tmp_path, capsys):
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    session = Session(blocked / "settings.json")
    assert "cannot be kept" in session.notice
    session.save(session.window, session.tabs, Painted())
    assert [found.name for found in tmp_path.iterdir()] == ["blocked"]
    assert capsys.readouterr().err == ""  # already reported

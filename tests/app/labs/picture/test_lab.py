"""The picture tab in the real window: opening, dropping, playing, saving."""

from threading import Event

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QColor, QDropEvent

from app.running.requests import Request
from app.theme import DARK, LIGHT
from app.views.picture import PaletteBar
from engine.clustering.frames import Stop
from engine.data import images
from tests.app.pictures import save_by_menu

STRIPES = np.repeat(np.array([[[10, 0, 0]], [[200, 200, 200]], [[0, 0, 250]]], np.uint8), 6, 1)


@pytest.fixture
def path(tmp_path):
    Image.fromarray(STRIPES).save(tmp_path / "stripes.png")
    return tmp_path / "stripes.png"


@pytest.fixture
def pictures(window, qtbot, path):
    tab = window.tabs.pictures
    tab.kmeans.k.setValue(3)
    window.open_points(str(path))
    qtbot.waitUntil(lambda: tab.player.frame is not None)
    return tab


def play(tab, qtbot):
    tab.player.play_to_end()
    qtbot.waitUntil(lambda: not tab.player.playing)
    assert tab.player.frame.stop is Stop.LABELS


def test_the_photograph_is_shown_at_first(window, qtbot):
    tab = window.tabs.pictures
    window.tabs.show_tab(tab)
    qtbot.waitUntil(lambda: tab.player.frame is not None)
    assert tab.photo.pixels.shape == (342, 512, 3)


def test_colour_quantization_is_played(pictures, window, qtbot, path):
    assert window.tabs.top is pictures
    assert window.settings.recent_files[0] == str(path)
    play(pictures, qtbot)
    assert sorted(pictures.palette_bar.colors) == ["#0000fa", "#0a0000", "#c8c8c8"]
    np.testing.assert_allclose(pictures.palette_bar.shares, [1 / 3] * 3)
    assert "Converged" in pictures.state.text()
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert pictures.player.frame.stop is None


def test_dropping_a_picture_opens_it_in_this_tab(window, qtbot, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, buttons, none))
    qtbot.waitUntil(lambda: window.tabs.pictures.photo is not None)
    assert window.tabs.top is window.tabs.pictures
    assert window.tabs.pictures.photo.source == str(path)


def test_the_quantized_picture_is_saved_in_full_size(pictures, window, qtbot, tmp_path):
    play(pictures, qtbot)
    pictures.save_picture(tmp_path / "q.png")
    qtbot.waitUntil(lambda: "q.png" in window.notices.text)
    np.testing.assert_array_equal(images.read_photo(tmp_path / "q.png").pixels, STRIPES)


@pytest.mark.parametrize("name", ["q.svg", "q.pdf", "q.JPEG"])
def test_the_quantized_picture_is_saved_in_the_format_of_its_suffix(
    pictures, window, qtbot, tmp_path, monkeypatch, name
):
    play(pictures, qtbot)
    save_by_menu(pictures, monkeypatch, "Save quantised picture", tmp_path / name)
    qtbot.waitUntil((tmp_path / name).exists)
    raw = (tmp_path / name).read_bytes()
    head = {"q.svg": b"<svg ", "q.pdf": b"%PDF-", "q.JPEG": b"\xff\xd8\xff"}[name]
    assert raw.startswith(head)


def test_a_folder_that_cannot_be_written_is_reported(pictures, window, qtbot, tmp_path):
    pictures.save_picture(tmp_path / "no" / "q.png")
    qtbot.waitUntil(lambda: "cannot be written" in window.notices.text)


def test_a_picture_is_saved_before_the_window_closes(pictures, window, qtbot, tmp_path):
    play(pictures, qtbot)
    pictures.save_picture(tmp_path / "q.png")
    assert not window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    np.testing.assert_array_equal(images.read_photo(tmp_path / "q.png").pixels, STRIPES)


def test_a_save_continues_during_another_save_and_another_run(pictures, window, qtbot, tmp_path):
    pictures.player.play_to_end()
    qtbot.waitUntil(lambda: not pictures.player.playing)
    messages = []
    pictures.noticed.connect(messages.append)
    names = ("a.png", "b.png", "c.png")
    for name in names:
        pictures.save_picture(tmp_path / name)
    assert pictures.files.busy.text == "Saving a.png…"
    pictures.kmeans.seed.randomize()
    qtbot.waitUntil(lambda: not pictures.files.busy.text)
    assert messages == [f"Saved {tmp_path / name}." for name in names]
    assert all((tmp_path / name).is_file() for name in names)


def test_cancelling_a_save_does_not_cancel_the_next(pictures, window, qtbot, tmp_path):
    held, done = Event(), []

    def hold():
        held.wait()
        yield

    Request(pictures.bridge, pictures).ask(hold, done.append)  # the engine is busy
    for name in ("a.png", "b.png"):
        pictures.save_picture(tmp_path / name)
    pictures.files.busy.cancel_button.click()
    assert pictures.files.busy.text == "Saving b.png…"
    held.set()
    qtbot.waitUntil(lambda: not pictures.files.busy.text)
    assert not (tmp_path / "a.png").exists()
    assert (tmp_path / "b.png").is_file()


def test_pixel_positions_are_two_more_dimensions(pictures, qtbot):
    pictures.weight.setValue(2.0)
    qtbot.waitUntil(lambda: pictures.player.frame is not None)
    assert pictures.player.frame.kmeans.centroids.shape[1] == 5


def test_a_damaged_picture_is_reported_and_the_old_one_stays(pictures, window, qtbot, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nothing")
    window.open_points(str(tmp_path / "bad.png"))
    qtbot.waitUntil(lambda: "not a PNG or JPEG" in window.notices.text)
    assert pictures.photo.source.endswith("stripes.png")
    assert not any("bad.png" in path for path in window.settings.recent_files)


def test_an_opened_picture_becomes_a_recent_file(pictures, window, path):
    assert window.settings.recent_files == (str(path),)


def test_a_missing_recent_file_is_reported_and_the_old_picture_stays(
    pictures, window, qtbot, tmp_path, path
):
    path.unlink()
    window.menus.recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: "There is no file" in window.notices.text)
    assert pictures.photo.source == str(path)


def test_sampling_is_reported(window, qtbot, path, monkeypatch):
    monkeypatch.setattr(images, "MAX_SAMPLE", 9)
    window.open_points(str(path))
    qtbot.waitUntil(lambda: "a sample of" in window.notices.text)
    n_pixels, n_clustered = (
        window.tabs.pictures.photo.n_pixels,
        window.tabs.pictures.sample.n_pixels,
    )
    assert f"a sample of {n_clustered} of {n_pixels} pixels" in window.notices.text


def test_no_sample_is_told_where_all_pixels_are_clustered(window, qtbot, path):
    said = []
    window.tabs.pictures.noticed.connect(said.append)
    window.open_points(str(path))
    qtbot.waitUntil(lambda: window.tabs.pictures.player.frame is not None)
    assert said == []


def test_one_pixel_has_one_colour(window, qtbot, tmp_path):
    Image.fromarray(STRIPES[:1, :1]).save(tmp_path / "one.png")
    window.open_points(str(tmp_path / "one.png"))
    qtbot.waitUntil(lambda: "1 point cannot have 8" in window.notices.text)
    window.tabs.pictures.kmeans.k.setValue(1)
    qtbot.waitUntil(lambda: window.tabs.pictures.player.frame is not None)


def test_the_palette_bar_describes_the_colour_under_the_pointer(qtbot):
    bar = PaletteBar()
    qtbot.addWidget(bar)
    bar.resize(100, 30)
    bar.draw(np.array([[0, 0, 0], [255, 0, 0]], np.uint8), np.array([0.25, 0.75]))
    bar.restyle(DARK)
    assert bar.describe(bar.at(10)) == "#ff0000 · 75.0 %"
    assert bar.describe(bar.at(90)) == "#000000 · 25.0 %"
    assert bar.at(101) == -1


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_palette_bar_has_an_outline_on_any_background(qtbot, theme):
    bar = PaletteBar()
    qtbot.addWidget(bar)
    bar.restyle(theme)
    bar.resize(100, bar.height())
    ground = QColor(theme.card)
    bar.draw(np.array([ground.getRgb()[:3]], np.uint8), np.ones(1))
    image = bar.grab().toImage()
    edge = {image.pixelColor(x, y).name() for x in range(100) for y in (0, bar.height() - 1)}
    edge |= {image.pixelColor(x, y).name() for x in (0, 99) for y in range(bar.height())}
    assert edge == {theme.muted}
    assert image.pixelColor(50, 9).name() == theme.card


def test_the_old_picture_is_named_while_another_is_read(pictures, qtbot, path, tmp_path):
    assert pictures.stale.sentence == ""
    Image.fromarray(STRIPES[::-1]).save(tmp_path / "other.png")
    pictures.open(str(tmp_path / "other.png"))
    assert pictures.stale.sentence == "Still shown: stripes.png; now reading other.png."
    qtbot.waitUntil(lambda: pictures.photo.source.endswith("other.png"))
    assert pictures.stale.sentence == ""
    pictures.open(str(tmp_path / "no.png"))
    qtbot.waitUntil(lambda: not pictures.loading.text)
    assert pictures.stale.sentence == ""


def test_a_new_picture_does_not_show_the_old_palette(pictures):
    assert pictures.palette_bar.colors
    pictures.restart()
    assert pictures.palette_bar.colors == []

"""Saving what is on screen: the same figure in every format, as vectors where possible."""

from xml.etree import ElementTree

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.theme import LIGHT
from app.views.figure import Figure, encoder, figure_of
from app.views.scatter.points.markers import MAX_STROKES
from app.views.scatter.points.raster import MAX_MARKERS
from app.views.scatter.scenery import Scene
from app.views.scatter.view import ScatterView
from engine.data.output.formats import PICTURE
from tests.app.pictures import pixels_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def plot(qtbot):
    """Make a scatter plot of points with two labels, in a widget with a line of text above it."""

    def make(n_points):
        view, sheet = ScatterView(), QWidget()
        qtbot.addWidget(sheet)
        view.restyle(LIGHT)
        layout = QVBoxLayout(sheet)
        layout.addWidget(QLabel("A line above"))
        layout.addWidget(view)
        sheet.resize(420, 330)
        xy = np.random.default_rng(0).normal(size=(n_points, 2)).astype(np.float32)
        view.set_points(xy, ("width", "height"), True)
        centroids = np.array([[0.0, 0.0], [1.0, 1.0]])
        view.draw(Scene(centroids, np.arange(n_points) % 2, [], ()))
        sheet.grab()
        return sheet, view

    return make


def save(figure, path):
    path.write_bytes(encoder(figure, path.suffix)())
    return path


@pytest.mark.parametrize("n_points", [40, MAX_STROKES + 1, MAX_MARKERS + 1])
def test_every_format_shows_the_same(plot, tmp_path, n_points):
    sheet, _ = plot(n_points)
    figure = figure_of(sheet, "Points")
    assert figure.size == QSize(420, 330)
    png = pixels_of(save(figure, tmp_path / "f.png"), figure.size)
    assert len(np.unique(png.reshape(-1, 3), axis=0)) > 20
    for suffix in PICTURE.suffixes[1:]:
        other = pixels_of(save(figure, tmp_path / f"f{suffix}"), figure.size)
        # Text and edges are anti-aliased differently; nothing is moved or missing.
        assert np.abs(png - other).mean() < 6, suffix


def elements(path):
    root = ElementTree.parse(path).getroot()
    return root, lambda name: list(root.iter(SVG + name))


def test_an_svg_of_a_plot_has_paths_and_text(plot, tmp_path):
    sheet, _ = plot(40)
    root, found = elements(save(figure_of(sheet, "Points & more"), tmp_path / "f.svg"))
    assert root.get("viewBox") == "0 0 420 330"
    assert found("title")[0].text == "Points & more"
    assert found("image") == []
    texts = {"".join(each.itertext()).strip() for each in found("text")}
    assert {"A line above", "width", "height", "0", "1"} <= texts
    shapes = found("path") + found("circle") + found("ellipse")
    assert len(shapes) >= 42  # one marker for each point, and two discs
    # Drawings that reach beyond the plot are clipped.
    assert found("clipPath")


def test_markers_beyond_the_plot_are_not_in_the_file(plot, tmp_path):
    sheet, view = plot(400)
    _, whole = elements(save(figure_of(sheet, ""), tmp_path / "whole.svg"))
    view.setRange(QRectF(5, 5, 1, 1))
    _, part = elements(save(figure_of(sheet, ""), tmp_path / "part.svg"))
    assert len(part("path")) < len(whole("path")) - 390


@pytest.mark.parametrize("n_points", [MAX_STROKES + 1, MAX_MARKERS + 1])
def test_many_points_are_one_image_among_vector_axes(plot, tmp_path, n_points):
    sheet, _ = plot(n_points)
    _, found = elements(save(figure_of(sheet, ""), tmp_path / "f.svg"))
    assert len(found("image")) == 1
    assert (tmp_path / "f.svg").stat().st_size < 2_000_000


def test_a_pdf_of_a_plot_holds_no_image(plot, tmp_path):
    sheet, _ = plot(40)
    assert b"/Subtype /Image" not in save(figure_of(sheet, ""), tmp_path / "f.pdf").read_bytes()


def test_saving_does_not_change_the_view(plot, tmp_path):
    sheet, view = plot(40)
    marks = pg.ScatterPlotItem(x=[0], y=[0])
    view.addItem(marks)
    before, cache = sheet.grab().toImage(), view.cacheMode()
    for suffix in PICTURE.suffixes:
        save(figure_of(sheet, ""), tmp_path / f"f{suffix}")
    assert view.cacheMode() == cache
    assert marks._exportOpts is False
    assert not view.points.waits
    assert sheet.grab().toImage() == before


@pytest.mark.parametrize("suffix", PICTURE.suffixes)
def test_an_empty_widget_is_saved_with_an_opaque_background(qapp, tmp_path, suffix):
    figure = Figure("Nothing", QSize(40, 30), QColor("#336699"), lambda painter: None)
    found = pixels_of(save(figure, tmp_path / f"f{suffix}"), figure.size)
    assert np.abs(found[5:-5, 5:-5] - [0x33, 0x66, 0x99]).max() <= 3


def test_a_high_dpi_screen_is_saved_with_all_its_pixels(qapp, tmp_path):
    figure = Figure("", QSize(40, 30), QColor("white"), lambda painter: None, ratio=2.0)
    assert figure.pixmap().size() == QSize(80, 60)
    path = save(figure, tmp_path / "f.png")
    assert pixels_of(path, QSize(80, 60)).shape == (60, 80, 3)

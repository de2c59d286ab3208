"""Colours are distinguishable, also with colour blindness; text is legible; changing themes."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PyQt6 import sip
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QVBoxLayout, QWidget

from app import theme as themes
from app.controls.clustering.column_list import ColumnList
from app.style_sheet import dress
from app.theme import COLOR_NAMES, DARK, LIGHT, N_COLORS, cluster_name, current, follow
from tests.app.shared_window import shared_window

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# CIE 1976: a difference of about 2.3 is just noticeable side by side.
CLEARLY_DIFFERENT = 15


def linear(color):
    rgb = np.array(QColor(color).getRgbF()[:3])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ratio = np.clip(np.array(to_xyz) @ rgb, 0, None) / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, other):
    bright, dim = sorted(
        (linear(color) @ [0.2126, 0.7152, 0.0722] for color in (one, other)), reverse=True
    )
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_first_eight_colours_are_distinguishable(theme, kind):
    seen = [lab(np.array(BLINDNESS[kind]) @ linear(color)) for color in theme.clusters]
    nearest = min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))
    assert nearest > CLEARLY_DIFFERENT


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_enough_contrast(theme):
    for text in (theme.ink, theme.muted):
        for ground in (theme.ground, theme.card):
            assert contrast(text, ground) >= 4.5  # WCAG 2, AA
    assert contrast(theme.ink, theme.warning) >= 4.5


def test_colour_names_are_unique():
    names = {cluster_name(label) for label in range(N_COLORS)}
    assert len(names) == N_COLORS
    assert cluster_name(0) == COLOR_NAMES[0]


def test_colours_are_unique():
    colors = {LIGHT.cluster_color(label).name() for label in range(N_COLORS)}
    assert len(colors) == N_COLORS


class TestApplied:
    """Visible tabs change at once, the others when shown: restyling is slow in Qt."""

    @pytest.fixture(scope="class")
    @classmethod
    def window(cls, qapp, tmp_path_factory):
        with shared_window(tmp_path_factory.mktemp("theme")) as window:
            window.tabs.show_tab(window.tabs.side_by_side)
            window.tabs.show_tab(window.tabs.clustering)
            yield window

    @staticmethod
    def ground(tab):
        """Return the background colour of a tab's plot."""
        return tab.sides[0].view.backgroundBrush().color().name()

    def test_a_hidden_tab_follows_when_it_is_shown(self, window):
        clustering, below = window.tabs.clustering, window.tabs.side_by_side
        for name, now, before in (("dark", DARK, LIGHT), ("light", LIGHT, DARK)):
            window.set_theme(name)
            assert clustering.scatter.backgroundBrush().color().name() == now.card
            assert now.card in clustering.parentWidget().styleSheet()
            assert self.ground(below) == before.card
            assert before.card in below.parentWidget().styleSheet()
            window.tabs.show_tab(below)
            assert self.ground(below) == now.card
            assert now.card in below.parentWidget().styleSheet()
            window.tabs.show_tab(clustering)

    def test_a_tab_created_later_has_the_current_theme(self, window):
        window.set_theme("dark")
        window.tabs.show_tab(window.tabs.choosing_k)
        for view in window.tabs.choosing_k.curves.curves.views.values():
            assert view.backgroundBrush().color().name() == DARK.card
        assert DARK.card in window.tabs.choosing_k.parentWidget().styleSheet()
        window.tabs.show_tab(window.tabs.clustering)

    def test_a_copy_off_screen_keeps_its_theme(self, window):
        """An animation that is being recorded keeps its colours."""
        window.set_theme("light")
        twin = window.tabs.clustering.scatter.twin()
        window.set_theme("dark")
        assert twin.backgroundBrush().color().name() == LIGHT.card
        assert window.tabs.clustering.scatter.backgroundBrush().color().name() == DARK.card

    def test_the_application_has_no_style_sheet(self, window, qapp):
        """With one, each change would restyle every widget of every tab."""
        window.set_theme("light")
        assert qapp.styleSheet() == ""
        assert LIGHT.warning in window.notices.styleSheet()
        assert LIGHT.muted in window.statusBar().styleSheet()


class TestFollow:
    @pytest.fixture
    def widget(self, qtbot):
        widget = QWidget()
        qtbot.addWidget(widget)
        return widget

    @pytest.fixture
    def seen(self, widget, apply_theme):
        seen = []
        apply_theme(LIGHT)
        follow(widget, seen.append)
        return seen

    def test_a_new_widget_gets_the_current_theme(self, seen):
        assert seen == [LIGHT]
        assert current() is LIGHT

    def test_a_visible_widget_follows_at_once(self, widget, seen, apply_theme):
        widget.show()
        apply_theme(DARK)
        apply_theme(DARK)
        assert seen == [LIGHT, DARK]

    def test_a_hidden_widget_follows_once_when_it_is_shown(self, widget, seen, apply_theme):
        larger = replace(DARK, scale=2.0)
        apply_theme(DARK)
        apply_theme(larger)
        assert seen == [LIGHT]
        for _ in range(2):
            widget.show()
            assert seen == [LIGHT, larger]
            widget.hide()

    def test_a_widget_hidden_by_a_theme_comes_back_with_its_parent(self, qtbot, apply_theme):
        parent = QWidget()
        qtbot.addWidget(parent)
        child = QWidget(parent)
        follow(parent, lambda theme: child.setVisible(theme is LIGHT))
        parent.show()
        apply_theme(DARK)
        assert not child.isVisible()
        apply_theme(LIGHT)
        assert child.isVisible()

    def test_a_deleted_widget_is_ignored(self, qapp, apply_theme):
        apply_theme(LIGHT)
        widget, seen = QWidget(), []
        follow(widget, seen.append)
        widget.show()
        sip.delete(widget)
        apply_theme(DARK)
        assert seen == [LIGHT]


@pytest.fixture
def styled(qtbot, apply_theme):
    """Apply a theme to a widget, and restore the application at the end."""

    def style(widget, name, scale=1.0):
        chosen = themes.chosen(name, scale)
        apply_theme(chosen)
        qtbot.addWidget(widget)
        dress(widget, chosen)
        widget.show()
        qtbot.waitExposed(widget)
        return chosen

    return style


@pytest.mark.parametrize("name", ["light", "dark"])
def test_check_boxes_in_a_list_are_visible(styled, name):
    around = QWidget()
    columns = ColumnList("Columns")
    QVBoxLayout(around).addWidget(columns)
    columns.fill(["a", "b"], ["a"])
    theme = styled(around, name)
    image = columns.viewport().grab().toImage()

    def colors(row):
        rect = columns.visualRect(columns.model().index(row, 0))
        places = ((x, y) for x in range(20) for y in range(rect.top(), rect.bottom() + 1))
        return {image.pixelColor(*place).name() for place in places}

    assert theme.accent in colors(0)
    assert theme.muted in colors(1)
    assert theme.accent not in colors(1)


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0, 2.5])
def test_spin_boxes_are_as_high_as_combo_boxes(styled, scale):
    form = QWidget()
    layout = QVBoxLayout(form)
    boxes = [QComboBox(), QSpinBox(), QDoubleSpinBox()]
    for box in boxes:
        layout.addWidget(box)
    styled(form, "light", scale)
    assert len({box.height() for box in boxes}) == 1

"""Names of files, columns and words are shown literally: no HTML, no shortcuts, on one line."""

import ast
import re
import unicodedata
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QLabel, QMessageBox, QWidget

import main
from app import text
from app.controls.table_import.reading_form import ReadingForm
from app.failures import NoticeStrip
from app.text import (
    LONG,
    Box,
    Label,
    RichLabel,
    Sentence,
    as_tip,
    menu,
    rich,
    seen,
    shown,
    title,
    without_mnemonic,
)
from app.theme import current
from app.views.curves.looks import Legend
from tests.app.shared_window import shared_window, wait_until

EVIL = "<img src='{}'>"


def options_in(path):
    """Return the strings of a module, except docstrings, that name a command-line option."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    aside |= {id(part) for each in whole for part in each.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "0" for part in node.values]
            yield "".join(parts)
        elif isinstance(node, ast.Constant) and id(node) not in aside:
            yield str(node.value)


def test_engine_messages_in_the_window_name_no_command_line_option(qapp):
    engine = Path(main.__file__).with_name("engine")
    commands = {engine / "__main__.py", *(engine / "commands").rglob("*.py")}
    found = [
        message
        for path in engine.rglob("*.py")
        if path not in commands
        for message in options_in(path)
        if re.search(r"--[a-z]", message)
        and not re.fullmatch(r"--(tf_)?xla_\w+=?\S*", message.strip())
    ]
    named = {option for message in found for option in re.findall(r"--([a-z-]+)", message)}
    assert {"decimal", "encoding", "skip-rows", "missing"} <= named
    label = Sentence()
    for message in found:
        label.say(message)
        assert "--" not in label.said
        assert "--" not in as_tip(message)


def test_an_option_is_named_by_the_label_of_its_control(qtbot):
    form = ReadingForm()
    qtbot.addWidget(form)
    names = {box.accessibleName() for box in form.findChildren(QWidget)}
    assert set(text._BOXES.values()) <= names
    message = "Leave these rows out (--missing -999, or Missing values under How was it read?)."
    assert text.for_window(message) == "Leave these rows out (How was it read? > Missing values)."
    assert text.for_window("a -- b (--other)") == "a -- b (--other)"


@given(st.text(), st.integers(5, 50))
def test_any_text_becomes_one_short_line_without_direction_marks(name, most):
    line = shown(name, most)
    assert len(line) <= most
    assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs") for letter in line)
    assert not any(
        unicodedata.bidirectional(letter)[1:] in ("LO", "LE", "DF", "LI") for letter in line
    )


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=LONG))
def test_visible_characters_are_unchanged(name):
    assert shown(name) == name
    assert unescape(rich(name, LONG)) == name
    assert without_mnemonic(menu(name)) == name


def test_a_long_name_is_elided_in_the_middle():
    assert shown("a" * 300 + ".csv", 11) == "aaaaa…a.csv"
    assert shown("x" * LONG) == "x" * LONG


def test_line_breaks_stay_and_invisible_characters_are_escaped():
    assert seen("one\ntwo\x1b[0m \u202ethree") == "one\ntwo\ufffd[0m \ufffdthree"


def test_a_tool_tip_is_plain_text():
    assert as_tip("k, the number of clusters") == "k, the number of clusters"
    assert "&lt;img" in as_tip("<img src=x>")


def test_the_title_escapes_the_placeholder_of_qt(qapp):
    window = QLabel()
    window.setWindowTitle(title("a[*].csv"))
    window.setWindowModified(True)
    assert window.windowTitle() == "a[*][*].csv"  # drawn as `a[*].csv`


def test_labels_are_plain_text_by_default(qapp):
    assert Label("<b>x</b>").textFormat() == Qt.TextFormat.PlainText
    assert RichLabel("x").textFormat() == Qt.TextFormat.RichText
    box = text.Box(QMessageBox.Icon.NoIcon, "x", "<b>x</b>", None)
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert box.text() == "<b>x</b>"


def test_a_long_name_in_a_notice_does_not_widen_the_window(qapp):
    strip = NoticeStrip()
    strip.say("There is no file " + "x" * 3000 + ".")
    assert strip.minimumSizeHint().width() < 300
    assert strip.text == "There is no file " + "x" * 3000 + "."


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("picture") / "pixel.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.save(str(path))
    return path


@pytest.fixture(scope="module")
def window(qapp, tmp_path_factory):
    with shared_window(tmp_path_factory.mktemp("names")) as window:
        yield window


@pytest.fixture(scope="module")
def names(picture):
    return (EVIL.format(picture), "a & b\nc", "\u202eevil" + "y" * 300)


@pytest.fixture(scope="module")
def opened(window, names, tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / f"a & b <b>[x] {'z' * 150}.csv"
    rng = np.random.default_rng(0)
    lines = [",".join('"' + name + '"' for name in (*names, "word"))]
    lines += [",".join([*map(str, rng.normal(size=3)), f'"<i>{row}</i>"']) for row in range(30)]
    path.write_text("\n".join(lines), encoding="utf-8")
    window.open_points(str(path))
    wait_until(lambda: window.tabs.clustering.loaded.dataset.source == str(path))
    wait_until(lambda: window.tabs.clustering.player.frame is not None)
    return path


class TestWindow:
    """A file and columns whose names are HTML that would load a picture."""

    def test_axis_titles(self, window, opened, names):
        plot = window.tabs.clustering.scatter.getPlotItem()
        assert plot.getAxis("bottom").label.toPlainText().startswith("<img src=")
        assert "a & b c" in plot.getAxis("left").label.toPlainText()
        twin = window.tabs.clustering.scatter.twin()
        assert twin.getPlotItem().getAxis("bottom").label.toPlainText().startswith("<img src=")

    def test_lists_and_combo_boxes_show_names_and_select_columns(self, window, opened, names):
        data = window.tabs.clustering.data
        assert data.columns.texts == [shown(n) for n in names]
        names = window.tabs.clustering.loaded.dataset.columns
        assert len(names[2]) > 300
        assert [data.horizontal.itemData(row) for row in range(3)] == list(names)
        data.columns.tick(2, False)
        wait_until(lambda: window.tabs.clustering.loaded.dataset.columns == names[:2])
        data.columns.tick(2)
        wait_until(lambda: window.tabs.clustering.loaded.dataset.columns == names)
        wait_until(lambda: window.tabs.clustering.player.frame is not None)

    def test_the_description_of_a_point(self, window, opened):
        lab = window.tabs.clustering
        wait_until(lambda: lab.player.frame is not None)
        lab.scatter.hovered.emit(3)
        message = lab.scatter.note.text()
        assert "row 4 · &lt;i&gt;3&lt;/i&gt;" in message
        assert "&lt;img src=" in message
        lab.scatter.hovered.emit(-1)

    def test_the_file_name_in_title_menu_and_form(self, window, opened):
        assert window.windowTitle().startswith("a & b <b>[x] zz")
        assert len(window.windowTitle()) < 130
        entry = window.menus.recent.actions()[0].text()
        assert "&" not in entry.replace("&&", "")  # none of its letters is a shortcut
        assert "<b>&lt;b&gt;" not in window.tabs.clustering.data.about.text()
        assert "a &amp; b &lt;b&gt;" in window.tabs.clustering.data.about.text()

    def test_undo_in_the_menu_and_the_list_of_keys(self, window, opened):
        window.tabs.show_tab(window.tabs.clustering)  # the keys of the current tab
        undo = window.tabs.clustering.undo
        message = [undo.text(step) for step in range(undo.count())]
        assert any(each.startswith("opening a && b <b>[x]") for each in message)
        undo.setIndex(
            message.index(next(each for each in message if each.startswith("opening"))) + 1
        )
        wait_until(lambda: window.tabs.clustering.player.frame is not None)
        window.menus.show_keys()
        box = window.findChild(Box)
        assert "Undo opening a &amp; b &lt;b&gt;[x]" in box.text()
        box.close()
        undo.setIndex(undo.count())

    def test_every_html_label_escapes_the_names(self, window, opened):
        for tab in ("side_by_side", "choosing_k"):
            window.tabs.show_tab(getattr(window.tabs, tab))
        labels = window.findChildren(QLabel)
        assert len(labels) > 30
        ours = [each for each in labels if type(each) is not QLabel]
        for each in ours:
            if each.textFormat() == Qt.TextFormat.RichText:
                assert "<img" not in each.text()
                assert "<b>[x]" not in each.text()
            else:
                assert each.textFormat() == Qt.TextFormat.PlainText, each.text()

    def test_names_at_points_and_in_the_legend(self, window, opened, qapp):
        lab = window.tabs.clustering
        lab.data.viewpoint.names.setChecked(True)
        labels = [each.textItem.toPlainText() for each in lab.viewing.names.labels]
        assert labels == [f"<i>{row}</i>" for row in range(30)]
        legend = Legend(lab.scatter.twin())
        legend.draw([("<img src=x>", 0)], current())
        assert legend.items[0][1].item.toPlainText() == "<img src=x>"

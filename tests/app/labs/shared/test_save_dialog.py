"""The save dialog: all formats, suffixes in any case, unknown suffixes refused."""

import pytest
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from app.labs.shared import save_dialog
from engine.data.output.formats import ANIMATION, PICTURE, TABLE, TEXT_TABLE, WEIGHTS, Kind


@pytest.fixture
def answer(monkeypatch, tmp_path):
    """Answer the next dialog as a user would: choose a format, type a name, press Enter.

    Returns the initial names of the dialogs.
    """
    begun = []

    def prepare(name, line=None, accept=True):
        def execute(dialog):
            field = dialog.findChild(QLineEdit, "fileNameEdit")
            begun.append((field.text(), dialog.nameFilters(), dialog.selectedNameFilter()))
            if line is not None:
                box = dialog.findChild(QComboBox, "fileTypeCombo")
                index = next(i for i in range(box.count()) if line in box.itemText(i))
                box.setCurrentIndex(index)
                box.activated.emit(index)
                box.textActivated.emit(box.itemText(index))
            dialog.setDirectory(str(tmp_path))
            field.setText(name)
            return accept

        monkeypatch.setattr(QFileDialog, "exec", execute)
        return begun

    return prepare


@pytest.mark.parametrize("kind", [TABLE, TEXT_TABLE, PICTURE, ANIMATION, WEIGHTS])
def test_every_suffix_of_a_kind_of_file_is_offered(kind):
    lines = save_dialog.filters(kind)
    for suffix in kind.suffixes:
        assert any(f"*{suffix}" in line for line in lines)
    assert set(lines.values()) <= set(kind.suffixes)


def test_an_unknown_suffix_has_no_filter():
    assert save_dialog.filters(Kind("a thing", (".xyz",))) == {}


@pytest.mark.parametrize(
    ("typed", "line", "saved"),
    [
        ("plot", None, "plot.png"),
        ("plot", "SVG", "plot.svg"),
        ("plot", "JPEG", "plot.jpg"),
        ("plot", "PDF", "plot.pdf"),
        ("plot.svg", "PNG", "plot.svg"),
        ("plot.JPEG", None, "plot.JPEG"),
        ("plot.tiff", "PNG", "plot.tiff"),
    ],
)
def test_a_name_without_a_suffix_gets_that_of_the_chosen_format(
    qapp, answer, tmp_path, typed, line, saved
):
    begun = answer(typed, line)
    assert save_dialog.ask(None, "clusters.png", PICTURE) == tmp_path / saved
    ((name, lines, selected),) = begun
    assert name == "clusters.png"
    assert len(lines) == 4
    assert selected == "PNG (*.png)"


def test_cancelling_saves_nothing(qapp, answer):
    answer("plot", accept=False)
    assert save_dialog.ask(None, "clusters.png", PICTURE) is None


def test_an_unknown_suffix_is_refused_and_the_name_is_kept(window, lab, answer, tmp_path):
    saved = []
    action = lab.save_action("Save…", saved.append, "labels.csv")
    answer("mine.xlsx")
    action.trigger()
    assert saved == []
    assert "mine.xlsx cannot be written as a table" in window.notices.text
    assert ".csv, .tsv, .parquet or .npy" in window.notices.text
    begun = answer("mine.parquet")
    action.trigger()
    assert begun[-1][0].endswith("mine.csv")
    assert saved == [tmp_path / "mine.parquet"]


def test_text_cannot_be_saved_as_an_array(window, lab, answer):
    saved = []
    action = lab.save_action("Save…", saved.append, "errors.csv", kind=TEXT_TABLE)
    answer("errors.npy")
    action.trigger()
    assert saved == []
    assert "a .npy file is written with numbers only" in window.notices.text

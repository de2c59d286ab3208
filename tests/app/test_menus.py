"""Menu entries that affect the next start, and save dialogs."""

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QFileDialog

from engine.runtime import program_cache
from tests.app.shared_window import saved_sections


def keep_action(window):
    menus = [entry.menu() for entry in window.menuBar().actions()]
    (found,) = (a for menu in menus for a in menu.actions() if "compiled programs" in a.text())
    return found


def test_the_program_cache_can_be_turned_off(open_window, settings_path, monkeypatch):
    turned_off = []
    monkeypatch.setattr(program_cache, "turn_off", lambda: turned_off.append(True))
    first = open_window()
    keep = keep_action(first)
    assert keep.isChecked()
    assert keep.toolTip().startswith("The next start is faster")
    keep.trigger()
    first.close()
    assert not turned_off  # because TensorFlow has started already
    assert not saved_sections(settings_path)["window"].keep_programs
    second = open_window()
    assert turned_off == [True]
    assert not keep_action(second).isChecked()


def test_a_save_dialog_is_deleted_after_use(window, lab, monkeypatch, tmp_path):
    saved = []
    action = lab.save_action("Save…", saved.append, "x.csv")
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(tmp_path / "y.csv")])
    for answer in (0, 1):
        monkeypatch.setattr(QFileDialog, "exec", lambda _, answer=answer: answer)
        action.trigger()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert saved == [tmp_path / "y.csv"]
    assert window.findChildren(QFileDialog) == []

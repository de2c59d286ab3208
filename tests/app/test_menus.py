"""What the menus set for the next start."""

from app.settings import load
from engine import program_cache


def keep_action(window):
    menus = [entry.menu() for entry in window.menuBar().actions()]
    (found,) = (a for menu in menus for a in menu.actions() if "compiled programs" in a.text())
    return found


def test_compiled_programs_are_kept_unless_it_is_turned_off(
    open_window, settings_path, monkeypatch
):
    turned_off = []
    monkeypatch.setattr(program_cache, "turn_off", lambda: turned_off.append(True))
    first = open_window()
    keep = keep_action(first)
    assert keep.isChecked()
    assert keep.toolTip().startswith("The next start is quicker")
    keep.trigger()
    first.close()
    assert not turned_off  # TensorFlow has started already
    assert not load(settings_path).keep_programs
    second = open_window()
    assert turned_off == [True]
    assert not keep_action(second).isChecked()

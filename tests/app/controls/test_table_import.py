"""The import dialog by itself: how it shows a preview, and what the user chooses in it."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QDialog, QWidget

from app import theme
from app.controls.table_import.dialog import TableImport
from app.controls.table_import.preview_models import HEADINGS, ROLE
from app.controls.table_import.reading_form import missing_text, missing_values
from app.style_sheet import dress
from app.text import Label
from engine.data.tables.options import Role, TableOptions
from engine.data.tables.reading import ColumnReading, Kind, Preview, Reading
from tests.app.driving import turn_wheel

FOUND = TableOptions(delimiter=";", decimal=",", header=True, skip_rows=0, encoding="windows-1252")
DOUBT = "1.200 was read as 1,200 (thousands); it could also be 1.2."
WORDS = 'It has words, such as "Bär" in line 2.'
COLUMNS = (
    ColumnReading(name="Größe", kind=Kind.NUMBERS, role=Role.CLUSTER),
    ColumnReading(name="id", kind=Kind.NUMBERS, role=Role.LEAVE_OUT, why="It only counts."),
    ColumnReading(name="Name", kind=Kind.WORDS, role=Role.NAME, why=WORDS),
)
LINES = ("Größe;id;Name", "1.200;1;Bär", "850;2;Amsel\tx")
CELLS = (("1200", "1", "Bär"), ("850", "2", "Amsel"))


def preview_of(columns=COLUMNS, found=FOUND, doubts=(DOUBT,), problem="", lines=LINES, cells=CELLS):
    reading = Reading(
        options=found, columns=columns, is_text=bool(lines), thousands=".", doubts=doubts
    )
    return Preview(reading=reading, cells=cells, lines=lines, problem=problem)


@pytest.fixture
def window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(1280, 800)
    widget.show()
    return widget


@pytest.fixture
def dialog(window, qtbot):
    made = TableImport("Vögel.csv", TableOptions(), window)
    made.asked_for = []
    made.asked.connect(made.asked_for.append)
    made.open()
    qtbot.waitExposed(made)
    made.show_preview(preview_of())
    return made


def text_of(table, row, column):
    return table.model().index(row, column).data()


def test_raw_lines_are_shown_beside_the_parsed_table(dialog):
    assert dialog.lines.toPlainText().splitlines() == [
        "1 │ Größe;id;Name",
        "2 │ 1.200;1;Bär",
        "3 │ 850;2;Amsel→   x",
    ]
    assert text_of(dialog.rows, 0, 0) == "1200"
    across = Qt.Orientation.Horizontal
    header = [dialog.rows.model().headerData(n, across) for n in range(3)]
    assert header == ["Größe\ncluster", "id\nleave out", "Name\nname"]
    assert dialog.rows.model().headerData(2, across, Qt.ItemDataRole.ToolTipRole) == WORDS


def test_each_box_shows_what_was_detected(dialog):
    form = dialog.form
    assert form.delimiter.currentText() == "Automatic (semicolon ;)"
    assert form.decimal.currentText() == "Automatic (comma ,)"
    assert form.thousands.currentText() == "Automatic (point .)"
    assert form.header.currentText() == "Automatic (yes)"
    assert form.skip_rows.text() == "Automatic (0)"
    assert form.encoding.currentText() == "Automatic (windows-1252)"
    assert dialog.options == TableOptions()


def test_columns_are_listed_with_their_roles_and_the_reasons(dialog):
    rows = [[text_of(dialog.roles.table, row, n) for n in range(len(HEADINGS))] for row in range(3)]
    assert rows == [
        ["Größe", "numbers", "automatic (cluster) ▾", "", "1200 · 850"],
        ["id", "numbers", "automatic (leave out) ▾", "It only counts.", "1 · 2"],
        ["Name", "words", "automatic (name) ▾", WORDS, "Bär · Amsel"],
    ]


def test_warnings_are_at_the_top_and_can_be_accepted(dialog):
    assert dialog.doubts.said == DOUBT
    assert dialog.doubts.isVisible()
    assert not dialog.problem.isVisible()
    assert dialog.open_button.isEnabled()


def test_warnings_that_do_not_fit_are_counted(dialog):
    dialog.show_preview(preview_of(doubts=tuple(f"Doubt {n}." for n in range(7))))
    assert dialog.doubts.said.splitlines()[-1] == "… and 4 more"
    assert "Doubt 6." in dialog.doubts.toolTip()


def test_a_problem_disables_the_button_and_is_explained(dialog):
    dialog.show_preview(preview_of(problem="There is no column of numbers.", doubts=()))
    assert not dialog.open_button.isEnabled()
    assert dialog.problem.said == "There is no column of numbers."
    assert dialog.open_button.toolTip() == "There is no column of numbers."
    assert not dialog.doubts.isVisible()


def test_each_choice_asks_for_a_preview(dialog):
    form = dialog.form
    form.delimiter.setCurrentIndex(form.delimiter.findData("\t"))
    assert dialog.asked_for[-1] == TableOptions(delimiter="\t")
    form.decimal.setCurrentIndex(form.decimal.findData("."))
    form.thousands.setCurrentIndex(form.thousands.findData(""))
    form.header.setCurrentIndex(form.header.findData(False))
    form.skip_rows.stepUp()
    form.skip_rows.stepUp()
    form.missing.setText('-999, "not known"')
    form.missing.editingFinished.emit()
    dialog.roles.model.set_role([1], Role.CLUSTER)
    assert dialog.asked_for[-1] == TableOptions(
        delimiter="\t",
        decimal=".",
        thousands="",
        header=False,
        skip_rows=1,
        missing=("-999", "not known"),
        roles=(("id", Role.CLUSTER),),
    )
    assert len(dialog.asked_for) == 8


def test_a_choice_is_kept_and_no_longer_marked_as_detected(dialog):
    dialog.form.delimiter.setCurrentIndex(dialog.form.delimiter.findData("|"))
    dialog.show_preview(preview_of(found=TableOptions(delimiter="|", decimal=".")))
    assert dialog.form.delimiter.currentText() == "Bar |"
    assert dialog.form.delimiter.itemText(0) == "Automatic"
    assert dialog.form.decimal.currentText() == "Automatic (point .)"


@pytest.mark.parametrize(("typed", "wanted"), [("mac-roman", "mac-roman"), ("cp850 ", "cp850")])
def test_an_encoding_can_be_chosen_or_typed(dialog, qtbot, typed, wanted):
    line = dialog.form.encoding.lineEdit()
    dialog.form.encoding.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, typed)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    dialog.show_preview(preview_of())
    assert dialog.isVisible()  # Enter went to the box, not to the dialog
    assert dialog.asked_for == [TableOptions(encoding=wanted)]
    line.clear()
    line.editingFinished.emit()
    assert dialog.asked_for[-1] == TableOptions()


def test_an_unknown_encoding_is_an_error_until_the_next_choice(dialog):
    line = dialog.form.encoding.lineEdit()
    line.setText("klingon")
    line.editingFinished.emit()
    assert '"klingon" is not a text encoding' in dialog.problem.said
    assert not dialog.open_button.isEnabled()
    dialog.automatic.click()
    assert dialog.asked_for == [TableOptions()]
    dialog.show_preview(preview_of())
    assert dialog.open_button.isEnabled()


def test_one_character_for_two_purposes_is_an_error(dialog):
    dialog.form.decimal.setCurrentIndex(dialog.form.decimal.findData(","))
    dialog.form.thousands.setCurrentIndex(dialog.form.thousands.findData(","))
    assert "are the same" in dialog.problem.said
    assert not dialog.open_button.isEnabled()


def test_automatic_resets_every_choice(dialog):
    dialog.form.skip_rows.setValue(3)
    dialog.form.encoding.setCurrentIndex(2)
    dialog.form.encoding.activated.emit(2)
    dialog.roles.model.set_role([0, 1], Role.LEAVE_OUT)
    assert dialog.options != TableOptions()
    dialog.automatic.click()
    assert dialog.options == dialog.asked_for[-1] == TableOptions()


def test_selected_columns_get_a_role_at_once(dialog, qtbot):
    table, buttons = dialog.roles.table, dialog.roles.buttons
    assert not buttons[Role.CLUSTER].isEnabled()
    table.selectAll()
    buttons[Role.CLUSTER].click()
    assert dialog.asked_for[-1].roles == (("Größe", Role.CLUSTER), ("id", Role.CLUSTER))
    table.selectRow(2)
    assert not buttons[Role.CLUSTER].isEnabled()  # they are text
    buttons[Role.CLASS].click()
    assert dict(dialog.asked_for[-1].roles)["Name"] is Role.CLASS
    buttons[None].click()
    assert "Name" not in dict(dialog.asked_for[-1].roles)


def test_only_one_column_is_the_name_and_one_the_class(dialog):
    model, buttons = dialog.roles.model, dialog.roles.buttons
    model.set_role([1], Role.NAME)
    model.set_role([0], Role.CLASS)
    model.set_role([2], Role.NAME)
    assert dialog.options.roles == (("Größe", Role.CLASS), ("Name", Role.NAME))
    dialog.roles.table.selectAll()
    enabled = {role for role, button in buttons.items() if button.isEnabled()}
    assert enabled == {Role.CLUSTER, Role.LEAVE_OUT, None}


def test_columns_can_be_filtered_by_name_and_given_a_role(dialog, qtbot):
    dialog.roles.search.setText("ID")
    table = dialog.roles.table
    assert [text_of(table, row, 0) for row in range(table.model().rowCount())] == ["id"]
    table.selectAll()
    dialog.roles.buttons[Role.NAME].click()
    assert dialog.options.roles == (("id", Role.NAME),)


def test_a_role_can_be_chosen_with_the_keyboard(dialog, qtbot):
    table = dialog.roles.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    box = table.findChild(QComboBox)
    qtbot.waitUntil(lambda: box.view().isVisible())
    assert box.currentText() == "Automatic"
    box.hidePopup()
    box.setCurrentIndex(box.findData(Role.CLUSTER))
    box.activated.emit(box.currentIndex())
    assert dialog.asked_for[-1].roles == (("id", Role.CLUSTER),)
    assert dialog.isVisible()
    assert text_of(table, 1, ROLE) == "cluster ▾"


def test_a_text_column_does_not_offer_clustering(dialog, qtbot):
    table = dialog.roles.table
    table.edit(table.model().index(2, ROLE))
    box = table.findChild(QComboBox)
    assert not box.model().item(box.findData(Role.CLUSTER)).isEnabled()
    assert box.model().item(box.findData(Role.CLASS)).isEnabled()


def test_the_role_of_a_missing_column_is_dropped(dialog):
    dialog.roles.model.set_role([0, 1], Role.LEAVE_OUT)
    dialog.show_preview(preview_of(columns=COLUMNS[1:], cells=(("1", "Bär"),)))
    assert dialog.options.roles == (("id", Role.LEAVE_OUT),)
    n_asked = len(dialog.asked_for)
    dialog.form.changed.emit()
    assert len(dialog.asked_for) == n_asked  # nothing was chosen


def test_open_waits_for_a_preview_without_problems(dialog, qtbot):
    dialog.form.skip_rows.setValue(1)
    dialog.open_button.click()
    assert dialog.isVisible()
    dialog.show_preview(preview_of(problem="No."))
    assert dialog.isVisible()
    dialog.form.skip_rows.setValue(2)
    dialog.show_preview(preview_of())
    assert dialog.isVisible()  # a file that could not be read is not opened later
    dialog.form.skip_rows.setValue(3)
    dialog.open_button.click()
    with qtbot.waitSignal(dialog.accepted):
        dialog.show_preview(preview_of())
    assert dialog.options == TableOptions(skip_rows=3)


def test_the_wheel_changes_only_the_box_with_the_focus(dialog):
    form = dialog.form
    for box in (form.encoding, form.skip_rows):
        turn_wheel(box)
    assert dialog.asked_for == []
    form.skip_rows.setFocus()
    turn_wheel(form.skip_rows)
    assert dialog.asked_for == [TableOptions(skip_rows=0)]


def test_reading_can_be_cancelled(dialog, qtbot):
    dialog.form.skip_rows.setValue(1)
    qtbot.waitUntil(lambda: dialog.busy.isVisible())
    with qtbot.waitSignal(dialog.given_up):
        dialog.busy.cancel_button.click()
    assert not dialog.busy.isVisible()
    assert "previous choices" in dialog.problem.said


def test_an_error_keeps_the_last_preview(dialog):
    dialog.form.skip_rows.setValue(1)
    dialog.show_error("Line 3 has too many values.")
    assert dialog.problem.said == "Line 3 has too many values."
    assert not dialog.open_button.isEnabled()
    assert dialog.lines.toPlainText()
    assert text_of(dialog.rows, 1, 2) == "Amsel"


def test_escape_cancels_and_enter_opens(window, qtbot):
    for key, signal in ((Qt.Key.Key_Escape, "rejected"), (Qt.Key.Key_Return, "accepted")):
        dialog = TableImport("a.csv", TableOptions(), window)
        dialog.open()
        dialog.show_preview(preview_of())
        dialog.setFocus()
        with qtbot.waitSignal(getattr(dialog, signal)):
            qtbot.keyClick(dialog, key)


def test_a_binary_file_offers_only_roles_and_missing_values(dialog):
    dialog.show_preview(preview_of(found=TableOptions(), lines=(), doubts=()))
    form = dialog.form
    assert not any(box.isVisible() for box in (form.delimiter, form.skip_rows, form.encoding))
    assert form.missing.isVisible()
    assert not dialog.lines.isVisible()
    assert dialog.roles.table.isVisible()


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_dialog_says_if_only_the_beginning_was_read(dialog, is_whole):
    dialog.show_preview(replace(preview_of(), is_whole=is_whole))
    texts = [each.text() for each in dialog.findChildren(Label) if "As read" in each.text()]
    assert len(texts) == 1
    assert ("beginning" in texts[0]) is not is_whole


def test_earlier_choices_are_shown_at_first(window):
    chosen = TableOptions(
        delimiter="|",
        decimal=",",
        thousands="space",
        header=False,
        skip_rows=7,
        encoding="cp850",
        missing=("x", "a b"),
        roles=(("id", Role.CLUSTER),),
    )
    dialog = TableImport("a.csv", chosen, window)
    assert dialog.options == chosen
    dialog.show_preview(preview_of(found=chosen))
    assert dialog.options == chosen
    assert text_of(dialog.roles.table, 1, ROLE) == "cluster ▾"
    dialog.reject()


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("", ()),
        ("-999", ("-999",)),
        ("-999, n.a.  999999;x", ("-999", "n.a.", "999999", "x")),
        ('"not known", "" 1', ("not known", "1")),
        ("1 1, 1;1", ("1",)),
        ("-999,0", ("-999,0",)),
        ("-999,0;-1,5 9 999,5, 1,x,2", ("-999,0", "-1,5", "9", "999,5", "1", "x", "2")),
        ("-999,-998,", ("-999", "-998")),
    ],
)
def test_missing_values_are_typed_as_a_list(typed, values):
    assert missing_values(typed) == values
    assert missing_values(missing_text(values)) == values


def test_thousands_of_columns_are_listed(dialog):
    names = [f"gene {n}" for n in range(20_000)]
    columns = tuple(
        ColumnReading(name=name, kind=Kind.NUMBERS, role=Role.CLUSTER) for name in names
    )
    dialog.show_preview(preview_of(columns=columns, cells=(("1",) * 20_000,), lines=()))
    dialog.roles.search.setText("gene 1999")
    assert dialog.roles.table.model().rowCount() == 11
    dialog.roles.table.selectAll()
    dialog.roles.buttons[Role.LEAVE_OUT].click()
    assert len(dialog.options.roles) == 11


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_clipped_in_the_smallest_window(window, qtbot, scale, apply_theme):
    chosen = theme.chosen("light", scale)
    apply_theme(chosen)
    dress(window, chosen)
    dialog = TableImport("a.csv", TableOptions(), window)
    dialog.open()
    dialog.show_preview(preview_of(problem="There is no column of numbers in it."))
    qtbot.waitExposed(dialog)
    assert dialog.width() <= 1280
    assert dialog.height() <= 800
    for part in [*dialog.roles.buttons.values(), *dialog.buttons.buttons()]:
        assert part.width() >= part.sizeHint().width()
        assert dialog.rect().contains(part.mapTo(dialog, part.rect().bottomRight()))
    for box in (dialog.form.thousands, dialog.form.encoding):
        assert box.fontMetrics().horizontalAdvance(box.currentText()) < box.width()
    dialog.done(QDialog.DialogCode.Rejected)

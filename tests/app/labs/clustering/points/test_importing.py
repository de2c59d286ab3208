"""Tables that are doubtful or cannot be read, in the real window: asked about once, remembered."""

import threading
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtWidgets import QMessageBox

from app.controls.table_import.dialog import TableImport
from app.settings.table_memory import TableMemory
from app.text import for_window
from app.views.veil import Veil
from app.window import MainWindow
from engine import source
from engine.data.tables.options import Role, TableOptions
from tests.app.driving import wait_for_engine
from tests.app.shared_window import settings

# Thousands or decimals: both are possible.
DOUBTFUL = "price,size\n1.200,3\n2.350,4\n1.990,5\n1.450,9\n"
OTHER_WAY = TableOptions(decimal=",", thousands=".")
INDEXED = ",width,height\n" + "".join(f"{n},{n * n % 7},{n * 3 % 5}\n" for n in range(12))
NAMED = "name,kind,x,y\n" + "".join(f"bird {n},{'ab'[n % 2]},{n * n},{n % 3}\n" for n in range(8))


@pytest.fixture
def write(tmp_path):
    def one(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    return one


@pytest.fixture
def drop(window):
    """Drop a file on the window, as a file manager does while a dialog is open too."""

    def one(path):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        where, button = QPointF(9, 9), Qt.MouseButton.LeftButton
        window.dropEvent(
            QDropEvent(
                where, Qt.DropAction.CopyAction, data, button, Qt.KeyboardModifier.NoModifier
            )
        )

    return one


@pytest.fixture
def memory(lab):
    return lab.importing.memory


def open_file(lab, qtbot, path):
    lab.open(path)
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == path)


def previewed(lab, qtbot):
    """The dialog, once it shows what was asked for last."""
    qtbot.waitUntil(lambda: lab.importing.dialog is not None)
    dialog = lab.importing.dialog
    qtbot.waitUntil(lambda: not dialog.waits)
    return dialog


def choose(dialog, options):
    dialog.form.show_options(options)
    dialog.form.changed.emit()


def values(lab):
    return lab.loaded.dataset.points[:, 0].tolist()


class TestDoubt:
    def test_the_points_are_there_and_the_dialog_says_why_it_asks(self, window, lab, qtbot, write):
        open_file(lab, qtbot, write("doubt.csv", DOUBTFUL))
        dialog = previewed(lab, qtbot)
        doubt = lab.loaded.dataset.reading.doubts[0]
        assert for_window(doubt) in dialog.doubts.said
        assert for_window(doubt) in window.notices.text
        assert "(How was it read? > Decimal mark)" in window.notices.text
        assert dialog.lines.toPlainText().startswith("1 │ price,size\n2 │ 1.200,3")
        assert dialog.isVisible()
        assert dialog.windowModality() == Qt.WindowModality.WindowModal
        qtbot.waitUntil(lambda: lab.player.frame is not None)

    @pytest.mark.parametrize("button", ["open_button", "cancel_button"])
    def test_who_has_seen_it_is_not_asked_again(self, lab, qtbot, write, memory, button):
        path = write("doubt.csv", DOUBTFUL)
        open_file(lab, qtbot, path)
        before, is_read = lab.loaded, button == "open_button"
        getattr(previewed(lab, qtbot), button).click()
        assert lab.importing.dialog is None
        qtbot.waitUntil(lambda: (lab.loaded is not before) is is_read)
        assert memory.get(path) == TableOptions()
        before = lab.loaded
        lab.open(path)
        qtbot.waitUntil(lambda: lab.loaded is not before)
        assert lab.importing.dialog is None

    def test_the_other_way_is_chosen_and_there_next_time(self, open_window, qtbot, write):
        path = write("doubt.csv", DOUBTFUL)
        window = open_window()
        lab = window.tabs.clustering
        open_file(lab, qtbot, path)
        dialog = previewed(lab, qtbot)
        first = values(lab)[0]
        choose(dialog, OTHER_WAY)
        dialog.open_button.click()
        qtbot.waitUntil(lambda: lab.loaded.options == OTHER_WAY)
        assert sorted([first, values(lab)[0]]) == pytest.approx([1.2, 1200])
        window.close()
        again = open_window().tabs.clustering
        assert again.loaded.options == OTHER_WAY
        assert values(again) == values(lab)

    def test_it_does_not_stand_in_the_way_of_the_start(self, qtbot, write, settings_path):
        path = write("doubt.csv", DOUBTFUL)
        settings_path.write_text(settings(clustering={"source": path}))
        window = MainWindow(settings_path)
        qtbot.addWidget(window)
        lab = window.tabs.clustering
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.importing.dialog is None
        assert for_window(lab.loaded.dataset.reading.doubts[0]) in window.notices.text
        lab.data.reading_button.click()
        previewed(lab, qtbot)
        window.close()  # also while it is open
        assert lab.importing.dialog is None
        assert TableMemory(settings_path.with_name("tables.json")).get(path) is None

    def test_a_clear_table_asks_nothing(self, lab, qtbot, write, memory):
        path = write("clear.csv", "x,y\n1.5,2\n3,4\n9,1\n")
        open_file(lab, qtbot, path)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.importing.dialog is None
        assert memory.get(path) is None


class TestHowItWasRead:
    def test_it_is_shown_for_a_table_and_nothing_else(self, lab, qtbot, write):
        action = lab.file_actions[0]
        assert action.text() == "How was it &read?…"
        assert not action.isEnabled()
        assert not lab.data.reading_button.isVisible()
        open_file(lab, qtbot, write("named.csv", NAMED))
        assert lab.data.reading_button.isVisible()
        action.trigger()
        dialog = previewed(lab, qtbot)
        roles = [dialog.roles.model.index(row, 2).data() for row in range(4)]
        assert roles == [
            "automatic (name) ▾",
            "automatic (class) ▾",
            *["automatic (cluster) ▾"] * 2,
        ]
        dialog.reject()

    def test_the_engine_reads_and_the_last_choice_wins(self, lab, qtbot, write, monkeypatch):
        readers = []
        real = source.preview

        def preview(name, options=None):
            readers.append(threading.current_thread())
            return real(name, options)

        monkeypatch.setattr(source, "preview", preview)
        open_file(lab, qtbot, write("named.csv", NAMED))
        lab.sources.show_reading()
        dialog = previewed(lab, qtbot)
        for rows in range(5):
            dialog.form.skip_rows.setValue(rows)
        qtbot.waitUntil(lambda: not dialog.waits)
        assert threading.main_thread() not in readers
        assert dialog.options == TableOptions(skip_rows=4)
        header = dialog.rows.model().headerData(0, Qt.Orientation.Horizontal)
        assert not header.startswith("name\n")
        dialog.reject()

    def test_roles_are_chosen(self, lab, qtbot, write):
        open_file(lab, qtbot, write("named.csv", NAMED))
        lab.sources.show_reading()
        dialog = previewed(lab, qtbot)
        dialog.roles.model.set_role([0], Role.LEAVE_OUT)
        dialog.roles.model.set_role([3], Role.CLASS)
        dialog.open_button.click()
        qtbot.waitUntil(lambda: lab.loaded.dataset.class_column == "y")
        assert lab.loaded.dataset.columns == ("x",)
        assert lab.loaded.dataset.names is None

    def test_undo_brings_back_how_it_was_read(self, lab, qtbot, write, memory):
        path = write("named.csv", NAMED)
        open_file(lab, qtbot, path)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        lab.sources.show_reading()
        dialog = previewed(lab, qtbot)
        chosen = TableOptions(missing=("49",))
        choose(dialog, chosen)
        dialog.open_button.click()
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.points) == 7)
        assert memory.get(path) == chosen
        assert lab.undo.undoText() == "reading it in another way"
        lab.undo.undo()
        assert len(lab.loaded.dataset.points) == 8
        assert memory.get(path) == TableOptions()
        lab.undo.redo()
        assert memory.get(path) == chosen


class TestMending:
    @pytest.mark.parametrize(
        ("content", "skipped"),
        [
            ("a title; of some kind\nwords;x\nx;y\n1;2\n3;4\n5;7\n", 2),
            ("x,y\nwith a long, long, remark\n1,2\n3,4\n5,7\n", 2),
        ],
    )
    def test_a_table_that_cannot_be_read_is_mended(
        self, window, lab, qtbot, write, memory, content, skipped
    ):
        before, path = lab.loaded, write("odd.csv", content)
        lab.open(path)
        dialog = previewed(lab, qtbot)
        assert dialog.problem.said == window.notices.text
        assert not dialog.open_button.isEnabled()
        assert dialog.lines.toPlainText().count("\n") == content.count("\n") - 1
        assert lab.loaded is before
        choose(dialog, TableOptions(skip_rows=skipped))
        dialog.open_button.click()
        qtbot.waitUntil(dialog.open_button.isEnabled)
        dialog.open_button.click()
        qtbot.waitUntil(lambda: lab.loaded is not before)
        assert values(lab)[-3:] == [1, 3, 5]
        assert memory.get(path) == TableOptions(skip_rows=skipped)

    def test_cancelled_the_points_stay_and_it_is_asked_again(self, lab, qtbot, write, memory):
        before, path = lab.loaded, write("words.csv", "a,b\nx,y\n")
        for _ in range(2):
            lab.open(path)
            previewed(lab, qtbot).cancel_button.click()
            assert lab.importing.dialog is None
        assert lab.loaded is before
        assert memory.get(path) is None

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("empty.csv", "", "is empty"),
            ("notes.docx", "?", "cannot be opened"),
            ("torn.parquet", "PAR1", "torn.parquet"),
            ("bytes.csv", "\0\1\2abc\0", "is not a text file"),
        ],
    )
    def test_what_no_choice_can_mend_is_a_notice_alone(
        self, window, lab, qtbot, write, name, content, sentence
    ):
        lab.open(write(name, content))
        qtbot.waitUntil(lambda: sentence in window.notices.text)
        wait_for_engine(lab.bridge)  # the preview is read
        assert lab.importing.dialog is None

    def test_a_fault_further_down_than_the_preview_is_told_in_the_dialog(
        self, lab, qtbot, write, monkeypatch
    ):
        real = source.preview
        path = write("named.csv", NAMED)
        monkeypatch.setattr(source, "preview", lambda name, options: real(path, options))
        lab.open(write("long.csv", NAMED + "1,2\n"))
        dialog = previewed(lab, qtbot)
        assert "long.csv" in dialog.problem.said
        assert not dialog.open_button.isEnabled()
        dialog.reject()


class TestOpen:
    """Open reads what the dialog shows, and there is one dialog at a time."""

    def test_a_file_that_has_changed_meanwhile_is_read_again(self, lab, qtbot, write, memory):
        path = write("doubt.csv", DOUBTFUL)
        open_file(lab, qtbot, path)
        dialog = previewed(lab, qtbot)
        write("doubt.csv", DOUBTFUL + "7.700,3\n")
        dialog.open_button.click()
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.points) == 5)
        assert memory.get(path) == TableOptions()
        assert lab.importing.dialog is None

    def test_other_points_close_the_dialog(self, window, lab, qtbot, write, drop):
        open_file(lab, qtbot, write("doubt.csv", DOUBTFUL))
        previewed(lab, qtbot)
        other = write("clear.csv", "x,y\n1.5,2\n3,4\n9,1\n")
        drop(other)
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == other)
        assert lab.importing.dialog is None
        assert not window.findChildren(TableImport)

    def test_a_dropped_file_that_is_doubtful_too_has_the_dialog_for_itself(
        self, window, lab, qtbot, write, drop
    ):
        open_file(lab, qtbot, write("first.csv", DOUBTFUL))
        first = previewed(lab, qtbot)
        drop(write("second.csv", DOUBTFUL.replace("1.200", "5.500")))
        qtbot.waitUntil(lambda: lab.importing.dialog is not first)
        second = previewed(lab, qtbot)
        assert "5.500" in second.lines.toPlainText()
        qtbot.waitUntil(lambda: window.findChildren(TableImport) == [second])
        choose(second, OTHER_WAY)
        second.open_button.click()
        qtbot.waitUntil(lambda: lab.loaded.options == OTHER_WAY)
        assert Path(lab.loaded.dataset.source).name == "second.csv"

    def test_a_dropped_file_that_cannot_be_read_leaves_the_dialog_at_work(
        self, window, lab, qtbot, write, drop
    ):
        path = write("doubt.csv", DOUBTFUL)
        open_file(lab, qtbot, path)
        dialog = previewed(lab, qtbot)
        drop(write("torn.parquet", "PAR1"))
        qtbot.waitUntil(lambda: "torn.parquet" in window.notices.text)
        choose(dialog, OTHER_WAY)
        dialog.open_button.click()
        qtbot.waitUntil(lambda: lab.loaded.options == OTHER_WAY)
        assert lab.loaded.dataset.source == path

    def test_it_waits_for_a_dialog_that_is_open_over_the_window(self, window, lab, qtbot, write):
        window.menus.show_keys()
        (keys,) = window.findChildren(QMessageBox)
        open_file(lab, qtbot, write("doubt.csv", DOUBTFUL))
        odd = write("words.csv", "a,b\nx,y\n")
        lab.open(odd)
        qtbot.waitUntil(lambda: "words.csv" in window.notices.text)
        wait_for_engine(lab.bridge)  # the preview is read
        assert not window.findChildren(TableImport)
        keys.close()
        dialog = previewed(lab, qtbot)
        assert "words" in dialog.problem.said  # what was opened last
        assert window.findChildren(TableImport) == [dialog]
        dialog.reject()


def test_leaving_every_column_out_is_a_problem_at_once(lab, qtbot, write):
    open_file(lab, qtbot, write("named.csv", NAMED))
    lab.sources.show_reading()
    dialog = previewed(lab, qtbot)
    dialog.roles.table.selectAll()
    dialog.roles.buttons[Role.LEAVE_OUT].click()
    qtbot.waitUntil(lambda: not dialog.waits)
    assert not dialog.open_button.isEnabled()
    assert "are left out; choose one to cluster" in dialog.problem.said
    dialog.roles.model.set_role([2], Role.CLUSTER)
    qtbot.waitUntil(lambda: not dialog.waits)
    assert dialog.open_button.isEnabled()
    assert not dialog.problem.isVisible()
    dialog.reject()


CODED = "x,y\n" + "".join(f"{n}.5,{n % 7}\n" for n in range(20)) + "-999,3\n-999,4\n"


@pytest.mark.parametrize(
    ("content", "chosen", "note"),
    [
        (CODED, TableOptions(), "Far from all other values: -999 in x."),
        (
            "x;y\n1,5;1.25\n2,5;2.75\n3,5;3.25\n",
            TableOptions(decimal=","),
            "Unlike the rest, numbers have a decimal point: y.",
        ),
    ],
)
def test_notes_stand_in_the_dialog(lab, qtbot, write, memory, content, chosen, note):
    path = write("noted.csv", content)
    memory.put(path, chosen)
    open_file(lab, qtbot, path)
    lab.sources.show_reading()
    dialog = previewed(lab, qtbot)
    assert dialog.notes.said.startswith(note)
    assert dialog.notes.isVisible()
    assert not dialog.doubts.isVisible()
    assert dialog.open_button.isEnabled()
    dialog.reject()


def test_what_is_left_of_an_older_reading_is_greyed(lab, qtbot, write):
    path = write("named.csv", NAMED)
    open_file(lab, qtbot, path)
    lab.sources.show_reading()
    dialog = previewed(lab, qtbot)
    roles = dialog.roles.table
    assert not has_veil(roles)
    dialog.form.skip_rows.setValue(100)
    qtbot.waitUntil(lambda: not dialog.waits)
    assert not dialog.open_button.isEnabled()
    assert has_veil(roles)
    assert not has_veil(dialog.rows)  # there are none
    dialog.form.skip_rows.setValue(0)
    qtbot.waitUntil(lambda: not dialog.waits)
    assert not has_veil(roles)
    assert roles.isEnabled()
    Path(path).unlink()
    dialog.form.skip_rows.setValue(1)
    qtbot.waitUntil(lambda: not dialog.waits)
    assert all(map(has_veil, (roles, dialog.rows, dialog.lines)))
    dialog.reject()


def has_veil(view):
    return any(veil.isVisible() and veil.text.said for veil in view.findChildren(Veil))


class TestRemembered:
    def test_what_no_longer_works_is_read_as_it_looks(self, window, lab, qtbot, write, memory):
        path = write("named.csv", NAMED)
        memory.put(path, TableOptions(roles=(("z", Role.NAME),)))
        open_file(lab, qtbot, path)
        assert lab.loaded.options == TableOptions()
        assert "named.csv was read as it looks" in window.notices.text
        assert "z" in window.notices.text
        assert lab.importing.dialog is None
        assert memory.get(path) != TableOptions()  # the file may come back as it was

    def test_a_damaged_memory_is_no_trouble(self, open_window, settings_path, qtbot, write):
        settings_path.with_name("tables.json").write_text("{")
        lab = open_window().tabs.clustering
        open_file(lab, qtbot, write("named.csv", NAMED))
        assert lab.loaded.options == TableOptions()


class TestColumns:
    def test_an_index_is_there_unticked_and_says_why(self, lab, qtbot, write):
        open_file(lab, qtbot, write("indexed.csv", INDEXED))
        columns = lab.data.columns
        assert columns.isVisible()
        assert len(columns.texts) == 3
        assert columns.ticked == lab.loaded.dataset.columns == ("width", "height")
        assert "number" in columns.tip(0)
        assert columns.tip(1) == ""

    def test_ticked_it_is_clustered_as_the_dialog_says(self, lab, qtbot, write):
        path = write("indexed.csv", INDEXED)
        lab.importing.memory.put(path, TableOptions(missing=("6",)))
        open_file(lab, qtbot, path)
        index = lab.data.columns.texts[0]
        lab.data.columns.tick(0)
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 3)
        assert lab.loaded.options == TableOptions(missing=("6",))
        lab.data.columns.tick(2, False)
        qtbot.waitUntil(lambda: lab.loaded.dataset.columns == (index, "width"))
        lab.sources.show_reading()
        dialog = previewed(lab, qtbot)
        ticked = (index, Role.CLUSTER), ("height", Role.LEAVE_OUT)
        assert dialog.options == TableOptions(missing=("6",), roles=ticked)
        before = lab.loaded
        dialog.open_button.click()
        qtbot.waitUntil(lambda: lab.loaded is not before)
        assert lab.loaded.dataset.columns == before.dataset.columns

    def test_thousands_of_columns_are_listed(self, lab, qtbot):
        names = [f"gene {n}" for n in range(20_000)]
        columns = lab.data.columns
        chosen = []
        columns.chosen.connect(chosen.append)
        columns.fill(names, names[1:])
        columns.tick(0)
        columns.tick(19_999, False)
        assert chosen == [tuple(names), tuple(names[:-1])]


def test_the_point_under_the_pointer_says_its_name_and_class(lab, qtbot, write):
    open_file(lab, qtbot, write("named.csv", NAMED))
    qtbot.waitUntil(lambda: lab.player.frame is not None)
    lab.state.hover(3)
    assert "row 4 · bird 3 · kind: b" in lab.scatter.note.text()

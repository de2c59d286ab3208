"""The accuracy tab on the real engine, with a few words and the smallest shipped spellers."""

import csv
import functools

import polars as pl
import pytest
from PyQt6.QtCore import Qt

from app.labs.accuracy.evaluations import Progress
from app.labs.accuracy.lab import AccuracyTab
from app.labs.accuracy.settings import AccuracySettings
from app.running.bridge import Bridge
from app.theme import DARK
from app.views.tables.error_rows import HEADINGS, ErrorModel, Filter, rows_of
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.evaluation.answers import Answer, Judged, Mistake
from tests.app.driving import click, hover
from tests.app.pictures import saved_pictures

N_WORDS = 150


@pytest.fixture(scope="module", autouse=True)
def _spellers_loaded_once():
    """Otherwise each evaluation would trace the beam search of its speller again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", functools.cache(library.load))
        yield


@pytest.fixture
def open_tab(qtbot, tmp_path):
    """Open tabs on one folder, each with its own engine."""
    opened = []

    def open_one(folder=tmp_path / "kept", n_words=N_WORDS, spellers=("plain",)):
        bridge = Bridge()
        tab = AccuracyTab(bridge, AccuracySettings(spellers=spellers), folder, n_words)
        opened.append((tab, bridge))
        qtbot.addWidget(tab)
        tab.resize(1280, 760)
        tab.show()
        qtbot.waitUntil(lambda: not tab.evaluator.is_busy)
        return tab

    yield open_one
    for tab, bridge in opened:
        tab.stop()
        bridge.close()


@pytest.fixture(scope="module")
def results_folder(tmp_path_factory):
    """A folder of results for all tests of the file, so that they are computed once."""
    return tmp_path_factory.mktemp("evaluations")


@pytest.fixture
def evaluated(open_tab, qtbot, results_folder):
    tab = open_tab(folder=results_folder)
    tab.control.start.click()
    qtbot.waitUntil(lambda: not tab.evaluator.is_busy)
    return tab


def test_the_tab_is_empty_until_an_evaluation_is_requested(open_tab):
    tab = open_tab()
    assert tab.plot.lines == ()
    assert tab.browser.rows == []
    assert not any(action.isEnabled() for action in tab.file_actions)


def test_an_evaluation_is_drawn_listed_and_saved(open_tab, qtbot):
    tab = open_tab()
    seen = []
    tab.evaluator.progressed.connect(seen.append)
    tab.control.start.click()
    assert not tab.control.cancel.isHidden()
    qtbot.waitUntil(lambda: not tab.evaluator.is_busy)
    assert [p.n_done for p in seen if p.n_done] == [64, 128, 150]
    assert seen[-1].n_words == N_WORDS
    assert tab.control.cancel.isHidden()
    (line,) = tab.plot.lines
    assert line.name == "plain"
    assert sum(figures.n_words for figures in line.lengths) == N_WORDS
    n_right = sum(figures.n_exact for figures in line.lengths)
    assert 0 < n_right < N_WORDS
    assert len(tab.browser.rows) == N_WORDS - n_right
    again = open_tab()
    assert [line.lengths for line in again.plot.lines] == [line.lengths]
    assert [row.predicted for row in again.browser.rows] == [
        row.predicted for row in tab.browser.rows
    ]
    assert open_tab(n_words=20).plot.lines == ()  # other words than the saved ones


def test_remaining_time_is_shown():
    half = Progress(speller="plain", place=1, n_spellers=2, n_done=50, n_words=150, seconds=4.0)
    assert half.seconds_left == pytest.approx(8)


def test_a_cancelled_evaluation_saves_nothing(open_tab, qtbot, tmp_path):
    tab = open_tab()
    tab.evaluator.progressed.connect(lambda p: p.n_done and tab.control.cancel.click())
    tab.control.start.click()
    qtbot.waitUntil(lambda: not tab.evaluator.is_busy)
    assert tab.plot.lines == ()
    assert not (tmp_path / "kept").exists()
    assert not tab.control.start.isHidden()


def test_other_requests_run_during_an_evaluation(open_tab, qtbot):
    tab = open_tab()
    done_when_asked = []

    def other():
        yield "an answer"

    def ask(progress):
        if progress.n_done and not done_when_asked:
            done_when_asked.append(progress.n_done)
            run = tab.bridge.run(other)
            run.advanced.connect(lambda _: done_when_asked.append(tab.evaluator.is_busy))
            run.advance()

    tab.evaluator.progressed.connect(ask)
    tab.control.start.click()
    qtbot.waitUntil(lambda: not tab.evaluator.is_busy)
    assert done_when_asked == [64, True]


def test_results_stay_on_screen_if_they_cannot_be_saved(open_tab, qtbot, tmp_path):
    (tmp_path / "file").write_text("")
    tab = open_tab(folder=tmp_path / "file")
    with qtbot.waitSignal(tab.failed):
        tab.control.start.click()
    assert len(tab.plot.lines) == 1


def test_rows_can_be_filtered(evaluated):
    browser = evaluated.browser
    n_wrong = len(browser.rows)
    assert all(row.truth != row.predicted for row in browser.rows)
    browser.only_wrong.setChecked(False)
    assert len(browser.rows) == N_WORDS
    browser.kind.setCurrentIndex(browser.kind.findData(Mistake.NONE))
    assert len(browser.rows) == N_WORDS - n_wrong
    browser.kind.setCurrentIndex(browser.kind.findData(Mistake.VOWEL))
    assert {row.mistake for row in browser.rows} <= {Mistake.VOWEL}
    browser.kind.setCurrentIndex(0)
    browser.length.setCurrentIndex(browser.length.findData(7))
    assert {len(row.truth) for row in browser.rows} == {7}
    assert browser.count.text() == f"{len(browser.rows)} of {N_WORDS} answers"


def test_clicking_a_header_sorts(evaluated):
    table = evaluated.browser.table
    assert [row.truth for row in table.rows.rows] == sorted(row.truth for row in table.rows.rows)
    table.sortByColumn(HEADINGS.index("Probability"), Qt.SortOrder.DescendingOrder)
    found = [row.probability for row in table.rows.rows]
    assert found == sorted(found, reverse=True)
    evaluated.browser.only_wrong.setChecked(False)  # new rows are sorted too
    found = [row.probability for row in table.rows.rows]
    assert found == sorted(found, reverse=True)


def test_a_click_or_enter_opens_a_word(evaluated, qtbot):
    table, row = evaluated.browser.table, evaluated.browser.rows[1]
    place = table.visualRect(table.rows.index(1, 0)).center()
    with qtbot.waitSignal(evaluated.staged) as staged:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert staged.args == [row.truth, row.phonemes]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(evaluated.staged) as staged:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert staged.args[0] == evaluated.browser.rows[2].truth


def test_clicking_a_point_filters_the_words(evaluated):
    plot = evaluated.plot
    index = [figures.n_letters for figures in plot.lines[0].lengths].index(8)
    hover(plot, *plot.points[0][index])
    assert "8 letters" in plot.note.text()
    click(plot, *plot.points[0][index])
    chosen = evaluated.browser.filter
    assert (chosen.speller, chosen.n_letters) == ("plain", 8)
    assert {len(row.truth) for row in evaluated.browser.rows} == {8}


def test_fair_spellings_can_count_as_right(evaluated):
    exact = evaluated.plot.points[0].copy()
    evaluated.fair.setChecked(True)
    assert (evaluated.plot.points[0] >= exact).all()
    assert (evaluated.plot.points[0] != exact).any()
    assert "fair" in evaluated.plot.getPlotItem().getAxis("left").labelText


def test_errors_and_the_figure_are_saved(evaluated, qtbot, tmp_path):
    evaluated.browser.length.setCurrentIndex(evaluated.browser.length.findData(7))
    notices = []
    evaluated.noticed.connect(notices.append)
    evaluated.save_errors(tmp_path / "errors.csv")
    evaluated.save_picture(tmp_path / "figure.png")
    qtbot.waitUntil(lambda: len(notices) == 2)
    with open(tmp_path / "errors.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["truth"] for row in rows] == [row.truth for row in evaluated.browser.rows]
    assert {row["letters"] for row in rows} == {"7"}
    assert rows[0]["speller"] == "plain"
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_errors_in_parquet_have_typed_columns(evaluated, qtbot, tmp_path):
    with qtbot.waitSignal(evaluated.files.saved):
        evaluated.save_errors(tmp_path / "errors.parquet")
    table = pl.read_parquet(tmp_path / "errors.parquet")
    rows = evaluated.browser.rows
    assert table["truth"].to_list() == [row.truth for row in rows]
    assert table["letters"].to_list() == [len(row.truth) for row in rows]
    assert table["probability"].to_list() == [round(row.probability, 6) for row in rows]
    with qtbot.waitSignal(evaluated.failed) as failed:
        evaluated.save_errors(tmp_path / "errors.npy")
    assert "numbers only" in str(failed.args[0])


def test_the_figure_is_saved_in_the_format_of_its_suffix(evaluated, qtbot, tmp_path, monkeypatch):
    saved_pictures(evaluated, monkeypatch, qtbot.waitUntil, tmp_path)


def test_ticking_a_speller_shows_and_hides_it(evaluated):
    evaluated.control.boxes["plain"].setChecked(False)
    assert evaluated.plot.lines == ()
    assert not evaluated.control.start.isEnabled()
    evaluated.control.boxes["plain"].setChecked(True)
    assert len(evaluated.plot.lines) == 1
    assert evaluated.settings.spellers == ("plain",)


def test_another_beam_width_is_another_evaluation(evaluated, qtbot):
    evaluated.control.beam.setCurrentIndex(1)
    assert evaluated.plot.lines == ()
    qtbot.waitUntil(lambda: not evaluated.evaluator.is_busy)
    evaluated.control.beam.setCurrentIndex(0)
    assert len(evaluated.plot.lines) == 1


def test_the_theme_changes(evaluated, apply_theme):
    apply_theme(DARK)
    evaluated.show()
    assert not evaluated.picture().isNull()
    assert not evaluated.grab().isNull()  # makes the delegate paint


def test_the_table_keeps_its_rows_alive(open_tab):
    table = open_tab().browser.table
    assert table.rows.parent() is table  # Qt would warn about collected rows


def test_the_model_filters_its_rows():
    rows = [
        row
        for speller, word, predicted, kind in [
            ("a", "apple", "aple", Mistake.DOUBLED),
            ("b", "apple", "apple", Mistake.NONE),
            ("b", "cat", "cut", Mistake.VOWEL),
        ]
        for row in rows_of(
            speller, [Judged(Answer(Entry(word, ("T",)), ((predicted, -1.0),)), kind, False)]
        )
    ]
    model = ErrorModel()
    for chosen, n_rows in [
        (Filter(), 2),
        (Filter(only_wrong=False), 3),
        (Filter(speller="b"), 1),
        (Filter(n_letters=5, only_wrong=False), 2),
        (Filter(mistake=Mistake.DOUBLED), 1),
    ]:
        model.show(rows, chosen)
        assert model.rowCount() == n_rows


def test_chosen_spellers_missing_from_the_figure_are_named(evaluated):
    assert "Not evaluated" not in evaluated.state_line.text()
    evaluated.control.boxes["attention"].setChecked(True)
    assert "Not evaluated with this beam yet: attention." in evaluated.state_line.text()
    assert [line.name for line in evaluated.plot.lines] == ["plain"]

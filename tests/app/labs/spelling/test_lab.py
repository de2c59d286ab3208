"""The spelling lab in the real window: sounds in, letters out, hands on both."""

import csv
import functools
import json
from itertools import combinations

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, QSize, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMessageBox

from app.controls.widgets import Column
from app.labs.spelling import lookups
from app.numbers import percent
from app.theme import current
from app.window import MainWindow
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Entry, Part, part_of
from engine.spelling.vocabulary import LONGEST_WORD
from tests import waiting

KNIGHT = "N AY1 T"


@pytest.fixture(scope="module", autouse=True)
def _not_compiled():
    """XLA takes seconds for each speller and each window; the words are the same without."""
    load = functools.cache(library.load)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", lambda name, *, compiled=False: load(name))
        yield


def write_settings(folder):
    path = folder / "settings.json"
    spelling = {"phonemes": KNIGHT, "rate": 30.0}
    path.write_text(json.dumps({"window": {"tab": "spelling"}, "spelling": spelling}))
    return path


@pytest.fixture
def settings_path(tmp_path):
    return write_settings(tmp_path)


@pytest.fixture(scope="module")
def shared_window(qapp, tmp_path_factory):
    """One for all tests of this file: to make it takes longer than most of them."""
    window = MainWindow(write_settings(tmp_path_factory.mktemp("window")))
    window.resize(1280, 800)
    window.show()
    player = window.tabs.spelling.player
    waiting.until(lambda: player.frame is not None, lambda: QTest.qWait(2))
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def window(shared_window, qtbot):
    """The window as if it had just been opened."""
    window = shared_window
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    if window.settings.scale != 1:
        window.zoom(0)
    if window.settings.theme != "system":
        window.set_theme("system")
    window.resize(1280, 800)
    window.tabs.show_tab(window.tabs.spelling)
    window.activateWindow()
    window.setFocus()
    begin_anew(window.tabs.spelling)
    window.notices.dismiss()
    return window


def begin_anew(lab):
    """Choose what a new lab has, and let it spell."""
    lab.spellers.first.setCurrentText("attention")
    lab.spellers.second.setCurrentIndex(0)
    lab.spellers.known.setChecked(False)
    lab.keypad.stress.buttons()[0].click()
    lab.lookup.word.clear()
    lab.lookup.show_pronunciations([])
    lab.lookup.length.setValue(lab.lookup.length.minimum())
    lab.say(())
    lab.by_letter.setChecked(False)
    lab.say(KNIGHT.split())
    lab.by_letter.setChecked(True)


@pytest.fixture
def lab(window, qtbot):
    spelling = window.tabs.spelling
    qtbot.waitUntil(lambda: spelling.player.frame is not None)
    return spelling


def word(lab, speller=0):
    frame = lab.player.frame
    return frame.spelling(speller).letters if frame else ""


def type_sounds(lab, qtbot, text):
    lab.sounds.field.setFocus()
    lab.sounds.field.selectAll()
    qtbot.keyClicks(lab.sounds.field, text)


def paste(lab, qtbot, text):
    QApplication.clipboard().setText(text)
    lab.sounds.field.setFocus()
    lab.sounds.field.selectAll()
    qtbot.keyClick(lab.sounds.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def look_up(lab, qtbot, text):
    lab.lookup.word.setText(text)
    qtbot.keyClick(lab.lookup.word, Qt.Key.Key_Return)


def shows_veils(lab):
    return [veil.isVisible() for veil in lab.stale.veils]


def whole(lab, qtbot):
    qtbot.waitUntil(lambda: bool(lab.player.frame and lab.player.frame.stop))


def wait_for_word(lab, qtbot, letters):
    qtbot.waitUntil(lambda: word(lab) == letters and bool(lab.player.frame.stop))


def compare(lab, qtbot, name="plain"):
    lab.spellers.second.setCurrentText(name)
    qtbot.waitUntil(lambda: lab.player.frame is not None and len(lab.player.frame.results) == 2)
    whole(lab, qtbot)


def has_cell_colour(image, part):
    """Whether the middle of the darkest cell of a heat map is dark in a picture of all."""
    row, column = np.unravel_index(part.map.weights.argmax(), part.map.weights.shape)
    corner = part.map.cell(int(row), int(column)).topLeft().toPoint() + QPoint(4, 4)
    return image.pixelColor(part.pos() + part.map.pos() + corner).lightness() < 160


def resized(window, size):
    """Whether the window takes a size, which its layout may refuse."""
    window.resize(size)
    return window.size() == size


@pytest.fixture
def throw(lab, qtbot, monkeypatch):
    """Throw a certain word for test, and wait until it is written."""

    def one(word, sounds):
        lab.by_letter.setChecked(False)
        entry = Entry(word, tuple(sounds.split()))
        monkeypatch.setattr(lookups, "random_word", lambda n_letters: (e for e in [entry]))
        lab.lookup.dice.click()
        wait_for_word(lab, qtbot, word)
        qtbot.waitUntil(lambda: not lab.stale.sentence)

    return one


def is_hidden(lab):
    """Whether nothing in the lab tells what the dictionary has for the word on stage."""
    said = [lab.best_words.dictionary.text()]
    assert said == ["The dictionary: hidden until you ask for its spelling"]
    tables = [table for table in lab.best_words.tables if table.isVisible()]
    cells = [table.item(row, 2) for table in tables for row in range(table.rowCount())]
    return lab.lookup.truth.text() == "" and {cell.text() for cell in cells} == {""}


class TestSoundsIn:
    def test_sounds_become_a_word(self, lab):
        assert word(lab) in ("knight", "night", "nite")
        assert lab.sounds.chips.texts == ["N", "AY1", "T"]

    def test_typing_spells_at_once(self, lab, qtbot):
        type_sounds(lab, qtbot, "k ae1 t ")
        wait_for_word(lab, qtbot, "cat")
        assert lab.sounds.chips.texts == ["K", "AE1", "T"]
        assert not lab.sounds.problem.isVisible()

    def test_a_phoneme_that_is_being_typed_is_no_mistake_yet(self, lab, qtbot):
        type_sounds(lab, qtbot, "K AE1 T A")
        wait_for_word(lab, qtbot, "cat")
        assert not lab.sounds.problem.isVisible()

    def test_the_first_phoneme_may_be_half_typed_too(self, lab, qtbot):
        before = word(lab)
        type_sounds(lab, qtbot, "A")
        assert not lab.sounds.problem.isVisible()
        assert word(lab) == before

    def test_what_was_pasted_is_not_being_typed(self, lab, qtbot):
        paste(lab, qtbot, "B IH1 G K A")
        assert lab.sounds.chips.wrong == ["A"]
        assert "A is not a phoneme" in lab.sounds.problem.text()
        assert lab.stale.sentence.endswith("the new sounds cannot be read.")

    def test_who_leaves_the_field_has_finished_typing(self, lab, qtbot):
        type_sounds(lab, qtbot, "K AE1 T A")
        assert not lab.sounds.problem.isVisible()
        lab.lookup.word.setFocus()
        assert lab.sounds.chips.wrong == ["A"]
        assert lab.stale.sentence.endswith("the new sounds cannot be read.")

    def test_enter_writes_no_word_without_the_phoneme_that_is_only_begun(self, lab, qtbot):
        type_sounds(lab, qtbot, "K AE1 ")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        before = lab.player.branch
        qtbot.keyClicks(lab.sounds.field, "D")
        qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Backspace)
        qtbot.keyClicks(lab.sounds.field, "Z")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Backspace)
        qtbot.keyClicks(lab.sounds.field, "C")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        branch = lab.player.branch
        assert branch is not before
        qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Return)
        assert lab.player.branch is branch
        assert lab.sounds.chips.wrong == ["C"]
        assert lab.stale.sentence.endswith("the new sounds cannot be read.")

    def test_a_wrong_one_is_marked_and_mended_by_a_click(self, lab, qtbot):
        before = word(lab)
        paste(lab, qtbot, "K AX T ")
        assert lab.sounds.chips.wrong == ["AX"]
        assert lab.sounds.problem.text() == "AX is not a phoneme; did you mean AH0?"
        assert word(lab) == before
        place = lab.sounds.chips.boxes()[1].center().toPoint()
        QTest.mouseClick(lab.sounds.chips, Qt.MouseButton.LeftButton, pos=place)
        assert lab.sounds.field.text().split() == ["K", "AH0", "T"]
        assert not lab.sounds.problem.isVisible()
        whole(lab, qtbot)
        assert lab.player.frame.results[0].phonemes == ("K", "AH0", "T")

    def test_ipa_is_understood(self, lab, qtbot):
        paste(lab, qtbot, "/kæt/")
        wait_for_word(lab, qtbot, "cat")

    def test_british_ipa_is_read_with_a_note_that_is_no_problem(self, lab, qtbot):
        paste(lab, qtbot, "/ˈbrɪljənt/")
        assert not lab.sounds.note.isVisible()
        paste(lab, qtbot, "/ɡəʊt/")
        assert lab.sounds.chips.texts == ["G", "OW", "T"]
        assert lab.sounds.note.isVisible()
        assert "read as British" in lab.sounds.note.text()
        assert not lab.sounds.problem.isVisible()
        wait_for_word(lab, qtbot, "goat")
        paste(lab, qtbot, "K AX T ")  # what cannot be read has a problem, and no note
        assert not lab.sounds.note.isVisible()

    def test_a_word_that_is_read_as_other_sounds_has_a_note(self, lab, qtbot):
        paste(lab, qtbot, "they")
        assert lab.sounds.chips.texts == ["TH", "EY"]
        assert "the word they sounds like DH EY1" in lab.sounds.note.text()

    def test_what_stands_beside_a_pronunciation_is_no_sound(self, lab, qtbot):
        for text in ("us ʌs", "US /ʌs/", "us\tʌs", "/ʌs/ UHSS"):
            paste(lab, qtbot, text)
            assert lab.sounds.chips.texts == ["AH", "S"]
        paste(lab, qtbot, "/kæt/, /kɛt/")
        assert "These are 2 pronunciations" in lab.sounds.problem.text()

    def test_nothing_typed_is_no_mistake(self, lab, qtbot):
        lab.keypad.clear.click()
        assert lab.sounds.field.text() == ""
        assert not lab.sounds.problem.isVisible()
        assert lab.player.frame is None
        assert lab.best_words.tables[0].rowCount() == 0
        qtbot.keyClick(lab, Qt.Key.Key_Left)  # there is no old word to go back to
        assert lab.player.frame is None

    def test_a_phoneme_is_completed(self, lab, qtbot):
        lab.sounds.field.setText("K ")
        lab.sounds.field.setCursorPosition(2)
        qtbot.keyClicks(lab.sounds.field, "e")
        lab.sounds.field.complete("EY1")
        assert lab.sounds.field.text() == "K EY1 "

    def test_the_keypad_writes_with_the_stress_chosen(self, lab, qtbot):
        lab.keypad.clear.click()
        for name in ("K", "AE", "T"):
            QTest.mouseClick(lab.keypad.keys[name], Qt.MouseButton.LeftButton)
        assert lab.sounds.field.text().split() == ["K", "AE1", "T"]
        wait_for_word(lab, qtbot, "cat")
        lab.keypad.stress.buttons()[2].click()
        lab.keypad.keys["AH"].click()
        assert lab.sounds.field.text().split()[-1] == "AH0"
        lab.keypad.erase.click()
        assert lab.sounds.field.text().split() == ["K", "AE1", "T"]

    def test_arrows_walk_over_the_keypad(self, lab, qtbot):
        lab.keypad.keys["IY"].setFocus()
        qtbot.keyClick(lab.keypad.keys["IY"], Qt.Key.Key_Right)
        assert lab.keypad.keys["IH"].hasFocus()
        qtbot.keyClick(lab.keypad.keys["IH"], Qt.Key.Key_Space)
        assert lab.sounds.field.text().split()[-1] == "IH1"

    def test_a_word_looked_up_fills_the_field_with_all_its_pronunciations(self, lab, qtbot):
        qtbot.keyClicks(lab.lookup.word, "Either")
        qtbot.keyClick(lab.lookup.word, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: lab.lookup.pronunciations.count() > 1)
        assert lab.sounds.field.text() == lab.lookup.pronunciations.itemText(0)
        lab.lookup.pronunciations.setCurrentIndex(1)
        assert lab.sounds.field.text() == lab.lookup.pronunciations.itemText(1)
        whole(lab, qtbot)

    def test_a_word_that_is_not_there_offers_those_near_it_as_buttons(self, lab, qtbot):
        look_up(lab, qtbot, "colonell")
        qtbot.waitUntil(lambda: bool(lab.lookup.near))
        assert lab.lookup.missing.said == "colonell is not in the dictionary. Near it are:"
        assert "colonel" in [button.text() for button in lab.lookup.near]
        button = next(one for one in lab.lookup.near if one.text() == "colonel")
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        places = [one.geometry() for one in lab.lookup.near]
        assert len({place.top() for place in places}) > 1  # in rows, none beyond the column
        assert all(place.right() < button.parentWidget().width() for place in places)
        assert not any(a.intersects(b) for a, b in combinations(places, 2))
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: lab.lookup.truth_shown == "colonel")
        assert lab.lookup.word.text() == "colonell"  # what was typed stays
        assert lab.sounds.field.text() == "K ER1 N AH0 L"
        assert not lab.lookup.near
        assert not lab.lookup.missing.isVisible()

    def test_accents_and_capitals_make_no_other_word(self, lab, qtbot):
        look_up(lab, qtbot, "Naïve")
        qtbot.waitUntil(lambda: lab.lookup.truth_shown == "naive")
        assert lab.sounds.field.text().startswith("N ")
        assert lab.lookup.word.text() == "Naïve"

    def test_a_word_that_is_not_there_keeps_no_pronunciations_of_the_one_before(self, lab, qtbot):
        look_up(lab, qtbot, "either")
        qtbot.waitUntil(lambda: lab.lookup.pronunciations.count() > 1)
        look_up(lab, qtbot, "qqqqqqqq")
        qtbot.waitUntil(lab.lookup.missing.isVisible)
        assert lab.lookup.pronunciations.count() == 0
        assert lab.lookup.truth.text() == ""
        assert lab.lookup.truth_shown == ""

    def test_a_word_like_no_other_is_named_without_buttons(self, lab, qtbot):
        look_up(lab, qtbot, "<b>qqqqqqqq&")
        qtbot.waitUntil(lab.lookup.missing.isVisible)
        assert lab.lookup.missing.said.startswith("<b>qqqqqqqq& is not in the dictionary")
        assert lab.lookup.missing.textFormat() == Qt.TextFormat.PlainText
        assert not lab.lookup.near

    def test_the_dice_throw_a_test_word_and_keep_its_spelling(self, lab, qtbot):
        lab.lookup.length.setValue(9)
        lab.lookup.dice.click()
        qtbot.waitUntil(lab.lookup.reveal.isEnabled)
        assert lab.lookup.truth_shown == ""
        assert lab.lookup.truth.text() == ""
        lab.lookup.reveal.click()
        assert len(lab.lookup.truth_shown) == 9
        assert part_of(lab.lookup.truth_shown) is Part.TEST
        assert lab.lookup.truth_shown in lab.lookup.truth.text()

    def test_a_word_thrown_is_written_letter_by_letter(self, lab, qtbot, monkeypatch):
        whole(lab, qtbot)
        entry = Entry("cat", ("K", "AE1", "T"))
        monkeypatch.setattr(lookups, "random_word", lambda n_letters: (e for e in [entry]))
        seen = []
        watching = lab.player.moved.connect(lambda: seen.append(lab.player.frame.n_written))
        lab.lookup.dice.click()
        wait_for_word(lab, qtbot, "cat")
        lab.player.moved.disconnect(watching)
        assert seen == [0, 1, 2, 3, 4]


class TestLettersOut:
    def test_the_transport_steps_through_the_letters(self, window, lab, qtbot):
        whole(lab, qtbot)
        n_places = len(lab.player.frame.spelling().probabilities)
        assert lab.player.position == n_places
        window.setFocus()
        qtbot.keyClick(window, Qt.Key.Key_Left)
        assert lab.word_stage.letters[0].n_written == n_places - 1
        qtbot.keyClick(window, Qt.Key.Key_Home)
        assert lab.word_stage.letters[0].n_written == 0
        assert lab.word_stage.maps[0].map.weights.shape[0] == 0

    def test_a_forced_letter_is_written_on_from_and_undone(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        before = word(lab)
        first = lab.word_stage.letters[0]
        QTest.mouseClick(first, Qt.MouseButton.LeftButton, pos=first.tile(0).center().toPoint())
        other = next(button for button in lab.word_stage.alternatives.buttons if button.isEnabled())
        letter = other.text()[0]
        other.click()
        whole(lab, qtbot)
        qtbot.waitUntil(lambda: word(lab) != before)
        assert word(lab).startswith(letter)
        assert lab.word_stage.before.isVisible()
        assert before in lab.what_if.text()
        lab.undo_button.click()
        assert word(lab) == before
        assert not lab.word_stage.before.isVisible()
        assert not lab.undo_button.isEnabled()

    def test_a_forced_letter_outlives_another_ranking_and_is_undone_there(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        first = word(lab)
        lab.state.force(0, 0, "g")
        assert lab.what_if.text() == f"{first} → <b>…</b>"  # not the old word twice
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.player.frame.results[0].weighed
        assert word(lab).startswith("g")
        assert lab.what_if.text() == "Forced to begin with <b>g</b>"
        assert lab.undo_button.isEnabled()
        lab.state.force(0, 1, "n")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert word(lab).startswith("gn")
        lab.undo_button.click()
        assert word(lab).startswith("g")
        lab.undo_button.click()
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert not word(lab).startswith("g")
        assert not lab.undo_button.isEnabled()
        assert not lab.undo_action.isEnabled()

    def test_a_forced_letter_outlives_a_second_speller_and_not_other_sounds(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        lab.state.force(0, 0, "g")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        compare(lab, qtbot)
        assert word(lab, 0).startswith("g")
        assert not word(lab, 1).startswith("g")
        type_sounds(lab, qtbot, "K AE1 T ")
        wait_for_word(lab, qtbot, "cat")
        assert not lab.undo_button.isEnabled()

    def test_a_word_can_be_ended(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        lab.state.force(0, 2, "_")
        qtbot.waitUntil(lambda: len(word(lab)) == 2)

    def test_another_of_the_best_words_shows_its_own_alignment(self, lab, qtbot):
        frame = lab.player.frame
        lab.best_words.tables[0].selectRow(1)
        assert word(lab) == frame.results[0].spellings[1].letters
        shown = lab.word_stage.maps[0].map.weights
        np.testing.assert_array_equal(shown, frame.results[0].spellings[1].alignment)

    def test_the_best_words_wait_until_the_word_is_written(self, lab):
        lab.player.back()
        assert lab.best_words.tables[0].rowCount() == 0
        lab.player.step()
        assert lab.best_words.tables[0].rowCount() > 1

    def test_homophones_are_marked(self, lab, qtbot):
        marks = {
            lab.best_words.tables[0].item(row, 0).text(): lab.best_words.tables[0]
            .item(row, 2)
            .text()
            for row in range(lab.best_words.tables[0].rowCount())
        }
        assert marks["knight"] == marks["night"] == "✓"
        assert "listed for these sounds" in lab.best_words.tables[0].item(0, 2).toolTip()

    def test_known_words_come_first_when_asked(self, lab, qtbot):
        type_sounds(lab, qtbot, "DH EH1 R ")
        whole(lab, qtbot)
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: word(lab) in ("there", "their"))
        assert "speller" in lab.spellers.known.toolTip()


class TestStale:
    """What is on screen belongs to what is chosen, or is greyed and named."""

    def test_a_fresh_word_is_in_full_colour(self, lab):
        assert lab.stale.sentence == ""
        assert shows_veils(lab) == [False] * 4
        assert lab.word_stage.alternatives.isEnabled()

    def test_a_word_is_named_while_the_new_sounds_cannot_be_read(self, lab, qtbot):
        before, fresh = word(lab), lab.word_stage.grab().toImage()
        paste(lab, qtbot, "K AX T ")
        assert lab.stale.sentence == (
            f"Still shown: {before} by attention, for N AY1 T; the new sounds cannot be read."
        )
        assert shows_veils(lab) == [True] * 4
        assert lab.stale.veils[0].text.said == lab.stale.sentence
        assert not lab.word_stage.alternatives.isEnabled()
        assert not lab.best_words.tables[0].isEnabled()
        tile = lab.word_stage.letters[0].tile(0).topLeft().toPoint() + QPoint(9, 9)
        dulled = lab.word_stage.grab().toImage().pixelColor(tile)
        assert dulled.saturation() < fresh.pixelColor(tile).saturation()
        paste(lab, qtbot, "K AE1 T ")
        wait_for_word(lab, qtbot, "cat")
        assert lab.stale.sentence == ""
        assert shows_veils(lab) == [False] * 4
        assert lab.word_stage.alternatives.isEnabled()

    def test_a_word_is_named_while_the_next_is_computed(self, lab, qtbot):
        before = word(lab)
        lab.say(("K", "AE1", "T"))
        assert lab.player.frame is None
        assert lab.stale.sentence == (
            f"Still shown: {before} by attention, for N AY1 T; the new word is being computed."
        )
        assert before in lab.state_line.text()
        wait_for_word(lab, qtbot, "cat")
        assert lab.stale.sentence == ""

    def test_a_word_that_is_not_computed_stays_named(self, lab, qtbot):
        lab.say(("K", "AE1", "T"))
        lab.player.give_up()
        assert lab.stale.sentence.endswith("the new word was not computed, Enter tries again.")
        lab.sounds.field.setFocus()
        qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Return)
        wait_for_word(lab, qtbot, "cat")
        assert lab.stale.sentence == ""

    def test_the_first_sound_that_is_only_begun_leaves_the_word_named(self, lab, qtbot):
        type_sounds(lab, qtbot, "A")
        assert lab.stale.sentence.endswith("for N AY1 T; the new sounds are only begun.")

    def test_another_speller_leaves_the_word_with_the_name_of_the_old_one(self, lab, qtbot):
        before = word(lab)
        lab.spellers.first.setCurrentText("attention-draft")
        assert lab.stale.sentence.startswith(f"Still shown: {before} by attention, for N AY1 T; ")
        assert lab.stale.sentence.endswith(
            ("attention-draft is being loaded.", "the new word is being computed.")
        )
        lab.player.seek(1)  # what is drawn of an old word is still that of its speller
        assert lab.word_stage._names == ("attention",)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.word_stage._names == ("attention-draft",)

    def test_known_words_are_another_question(self, lab, qtbot):
        lab.spellers.known.setChecked(True)
        assert "is being computed" in lab.stale.sentence
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.player.frame.results[0].weighed

    def test_a_letter_that_is_forced_leaves_the_old_word_named(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        lab.state.force(0, 0, "g")
        assert lab.stale.sentence.endswith("the word with the forced letter is being computed.")
        qtbot.waitUntil(lambda: word(lab).startswith("g"))
        whole(lab, qtbot)
        assert lab.stale.sentence == ""

    def test_nothing_is_forced_on_an_old_word(self, lab, qtbot):
        paste(lab, qtbot, "K AX T ")
        branch = lab.player.branch
        lab.state.force(0, 0, "g")
        assert lab.player.branch is branch

    def test_what_is_saved_of_an_old_word_names_its_own_sounds(self, lab, qtbot, monkeypatch):
        paste(lab, qtbot, "K AX T ")
        assert all(action.isEnabled() for action in lab._saves)
        assert lab.word_stage.frame.results[0].phonemes == ("N", "AY1", "T")
        assert lab.word_stage.figure().title == "Alignment of letters to phonemes: N AY1 T"
        assert [alignment.speller for alignment in lab.word_stage.alignments()] == ["attention"]

    def test_no_sounds_leave_nothing_to_name(self, lab, qtbot):
        paste(lab, qtbot, "K AX T ")
        lab.keypad.clear.click()
        assert lab.stale.sentence == ""
        assert lab.word_stage.frame is None


class TestBestWords:
    def test_numbers_fall_and_are_those_of_the_frame(self, lab, qtbot):
        table, result = lab.best_words.tables[0], lab.player.frame.results[0]
        shown = [table.item(row, 1).text() for row in range(table.rowCount())]
        assert shown == [percent(share, 1) for share in result.shares]
        assert list(result.shares) == sorted(result.shares, reverse=True)
        assert table.horizontalHeaderItem(1).text() == "Probability"
        assert lab.best_words.meaning.text() == (
            "Probability of the whole word under the model; the rest goes to spellings not listed."
        )

    def test_known_words_have_shares_of_what_is_listed(self, lab, qtbot):
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        table, result = lab.best_words.tables[0], lab.player.frame.results[0]
        assert table.horizontalHeaderItem(1).text() == "Share"
        assert "Share among the spellings listed" in lab.best_words.meaning.text()
        assert table.item(0, 1).text() == percent(result.shares[0], 1)
        assert f"{percent(result.shares[0], 1)} of those listed" in lab.state_line.text()

    def test_what_the_dictionary_lists_stands_beside_them(self, lab, qtbot):
        listed = lab.best_words.dictionary.text()
        assert listed.startswith("The dictionary: ")
        assert {"knight", "night"} <= set(listed.removeprefix("The dictionary: ").split(", "))
        type_sounds(lab, qtbot, "Z AE1 T Z AE0 G ")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.best_words.dictionary.text() == "The dictionary has no word for these sounds."

    def test_the_dictionary_waits_for_the_last_letter(self, lab):
        lab.player.back()
        assert lab.best_words.dictionary.text() == ""
        lab.player.step()
        assert "night" in lab.best_words.dictionary.text()

    def test_the_dictionary_does_not_tell_a_word_that_is_to_be_guessed(
        self, lab, qtbot, monkeypatch
    ):
        lab.by_letter.setChecked(False)
        entry = Entry("cat", ("K", "AE1", "T"))
        monkeypatch.setattr(lookups, "random_word", lambda n_letters: (e for e in [entry]))
        lab.lookup.dice.click()
        wait_for_word(lab, qtbot, "cat")
        table = lab.best_words.tables[0]
        assert lab.best_words.dictionary.text() == (
            "The dictionary: hidden until you ask for its spelling"
        )
        assert {table.item(row, 2).text() for row in range(table.rowCount())} == {""}
        assert "listed" not in table.item(0, 0).toolTip()
        lab.lookup.reveal.click()
        assert "cat" in lab.best_words.dictionary.text()
        assert table.item(0, 2).text() == "✓"

    def test_what_is_hidden_stays_so_beside_another_speller(self, lab, qtbot, throw):
        throw("cat", "K AE1 T")
        assert is_hidden(lab)
        compare(lab, qtbot)
        assert is_hidden(lab)
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert is_hidden(lab)
        assert lab.lookup.reveal.isEnabled()
        lab.lookup.reveal.click()
        assert "cat" in lab.best_words.dictionary.text()
        assert lab.lookup.truth_shown == "cat"

    def test_the_spelling_of_an_old_word_stays_hidden_while_sounds_are_typed(
        self, lab, qtbot, throw
    ):
        throw("cat", "K AE1 T")
        lab.sounds.field.setFocus()
        lab.sounds.field.end(False)
        qtbot.keyClicks(lab.sounds.field, " Q")
        assert lab.stale.sentence
        assert is_hidden(lab)
        assert not lab.lookup.reveal.isEnabled()  # it would be about other sounds
        for _ in " Q":
            qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Backspace)
        assert lab.sounds.field.text() == "K AE1 T"
        assert is_hidden(lab)
        lab.lookup.reveal.click()
        assert "cat" in lab.best_words.dictionary.text()

    def test_the_next_word_does_not_reveal_the_one_before(self, lab, qtbot, throw):
        throw("cat", "K AE1 T")
        said = []
        watching = lab.lookup.truth_changed.connect(
            lambda: said.append(lab.best_words.dictionary.text())
        )
        lab.lookup.length.setValue(5)
        throw("dog", "D AO1 G")
        lab.lookup.truth_changed.disconnect(watching)
        assert said
        assert not any("cat" in text for text in said)
        assert is_hidden(lab)
        lab.lookup.reveal.click()
        assert lab.lookup.truth_shown == "dog"
        type_sounds(lab, qtbot, "M AE1 T ")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.lookup.truth.text() == ""  # they are other sounds
        assert "mat" in lab.best_words.dictionary.text()

    def test_a_word_longer_than_any_learned_is_told_apart(self, lab, qtbot):
        assert not lab.word_stage.note.isVisible()
        # Both ends tell long words apart.
        assert lab.best_words.tables[0].textElideMode() is Qt.TextElideMode.ElideMiddle
        lab.by_letter.setChecked(False)
        lab.say(("AE1", "N", "T", "IY0", "D", "IH0", "S") * 4)
        whole(lab, qtbot)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.word_stage.note.isVisible()
        assert "28 phonemes are more than any word has" in lab.word_stage.note.text()
        assert len(word(lab)) > LONGEST_WORD
        assert f"{word(lab)} is longer than any word" in lab.word_stage.note.text()
        lab.player.back()  # the word is not whole
        assert not lab.word_stage.note.isVisible()

    def test_the_marks_are_explained_at_their_heading(self, lab):
        tip = lab.best_words.tables[0].horizontalHeaderItem(2).toolTip()
        assert "✓: it is listed for exactly these sounds" in tip
        assert "word: it is listed, but for other sounds" in tip

    def test_a_narrow_table_leaves_the_words_the_room_of_the_marks(self, lab):
        table = lab.best_words.tables[0]
        size = table.size()
        assert not table.isColumnHidden(2)
        table.resize(120, size.height())
        assert table.isColumnHidden(2)
        table.resize(size)
        assert not table.isColumnHidden(2)


class TestHeatMap:
    def test_rows_are_the_numbers_of_the_engine_and_sum_to_one(self, lab):
        weights = lab.word_stage.maps[0].map.weights
        np.testing.assert_array_equal(weights, lab.player.frame.spelling().alignment)
        assert weights.shape == (len(word(lab)) + 1, 3)
        np.testing.assert_allclose(weights.sum(1), 1, atol=1e-5)

    def test_a_cell_under_the_pointer_is_read_aloud(self, lab):
        heat = lab.word_stage.maps[0].map
        QTest.mouseMove(heat, heat.cell(0, 1).center().toPoint() - QPoint(1, 1))
        heat.hovered.emit(0, 1)
        assert f"{heat.weights[0, 1]:.3f}" in lab.word_stage.caption.text()
        assert "AY1" in lab.word_stage.caption.text()
        assert heat.lit == (0, 1)

    def test_places_are_found_in_cells_and_headings(self, lab):
        heat = lab.word_stage.maps[0].map
        assert heat._at(heat.cell(1, 2).center()) == (1, 2)
        assert heat._at(QPointF(heat.cell(1, 2).center().x(), 3)) == (-1, 2)
        assert heat._at(QPointF(3, heat.cell(1, 2).center().y())) == (1, -1)

    def test_a_phoneme_lights_its_column_and_a_letter_its_row(self, lab):
        heat = lab.word_stage.maps[0].map
        lab.sounds.chips.hovered.emit(1)
        assert heat.lit == (-1, 1)
        lab.word_stage.letters[0].hovered.emit(0)
        assert heat.lit == (0, -1)
        lab.word_stage.letters[0].hovered.emit(-1)
        assert heat.lit == (-1, -1)
        assert "not yet why" in lab.word_stage.caption.text()

    def test_arrows_walk_over_the_cells(self, lab, qtbot):
        heat = lab.word_stage.maps[0].map
        position = lab.player.position
        heat.setFocus()
        qtbot.keyClick(heat, Qt.Key.Key_Down)
        qtbot.keyClick(heat, Qt.Key.Key_Right)
        assert heat.lit == (0, 1)
        assert lab.player.position == position

    def test_heads_can_be_chosen(self, lab, qtbot):
        lab.spellers.first.setCurrentText("transformer")
        qtbot.waitUntil(
            lambda: bool(lab.player.frame) and len(lab.player.frame.results[0].heads) > 1,
        )
        part, spelling = lab.word_stage.maps[0], lab.player.frame.spelling()
        assert part.heads.isVisible()
        part.heads.setCurrentIndex(part.heads.findText("layer 2 head 3"))
        row = lab.player.frame.results[0].heads.index("layer 2 head 3")
        np.testing.assert_array_equal(part.map.weights, spelling.alignments[:, row])
        part.heads.setCurrentIndex(part.heads.findText("layer 1, mean"))
        np.testing.assert_allclose(part.map.weights, spelling.alignments[:, :4].mean(1))

    def test_picture_and_matrix_are_saved_and_copied(self, window, lab, qtbot, tmp_path):
        lab.save_picture(tmp_path / "a.png")
        lab.save_picture(tmp_path / "a.svg")
        lab.exports.save_matrix(tmp_path / "a.csv")
        qtbot.waitUntil(lambda: "a.csv" in window.notices.text)
        assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
        assert "AY1" in (tmp_path / "a.svg").read_text()
        lines = (tmp_path / "a.csv").read_text().splitlines()
        assert lines[0] == "speller,letter,N,AY1,T"
        assert lines[-1].startswith("attention,end,")
        assert len(lines) == len(word(lab)) + 2
        qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().pixmap().width() == lab.picture().width()


class TestTwoSpellers:
    def test_both_write_the_same_sounds_and_part_where_it_is_said(self, lab, qtbot):
        compare(lab, qtbot)
        type_sounds(lab, qtbot, "IH2 N D AH0 P EH1 N D AH0 N S ")
        qtbot.waitUntil(lambda: word(lab) == "independence")
        stage = lab.word_stage
        assert stage.maps[1].map.weights.shape[1] == 1
        assert stage.letters[1].isVisible()
        first, second = word(lab, 0), word(lab, 1)
        same = "write the same word" in stage.lost.text()
        assert same == (first == second)

    def test_both_heat_maps_are_saved(self, window, lab, qtbot, tmp_path):
        compare(lab, qtbot)
        lab.save_picture(tmp_path / "a.png")
        lab.save_picture(tmp_path / "a.svg")
        lab.exports.save_matrix(tmp_path / "a.csv")
        qtbot.waitUntil(lambda: "a.csv" in window.notices.text)
        image = QImage(str(tmp_path / "a.png"))
        assert image.pixelColor(0, image.height() - 1).name() == current().card
        svg = (tmp_path / "a.svg").read_text()
        parts = lab.word_stage.maps
        for part in parts:
            assert has_cell_colour(image, part)
            assert f">{part.name.text()}</text>" in svg
        assert ">whole word</text>" in svg
        first, second = word(lab, 0), word(lab, 1)
        rows = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
        assert rows[0] == ["speller", "letter", "N", "AY1", "T", "whole word"]
        assert [row[0] for row in rows[1:]] == (
            ["attention"] * (len(first) + 1) + ["plain"] * (len(second) + 1)
        )
        assert [row[1] for row in rows[1:]] == [*first, "end", *second, "end"]
        written = [[float(value) for value in row[2:5]] for row in rows[1 : len(first) + 2]]
        np.testing.assert_array_equal(np.float32(written), parts[0].map.weights)
        assert {tuple(row[2:]) for row in rows[len(first) + 2 :]} == {("", "", "", "1.0")}

    def test_forcing_one_leaves_the_other(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        compare(lab, qtbot)
        before = word(lab, 0)
        lab.state.force(1, 0, "g")
        qtbot.waitUntil(lambda: word(lab, 1).startswith("g"))
        assert word(lab, 0) == before

    def test_the_second_can_be_taken_away(self, lab, qtbot):
        compare(lab, qtbot)
        lab.spellers.second.setCurrentIndex(0)
        qtbot.waitUntil(lambda: bool(lab.player.frame) and len(lab.player.frame.results) == 1)
        assert not lab.word_stage.letters[1].isVisible()
        assert not lab.best_words.cards[1].isVisible()


class TestWindow:
    def test_tabs_have_their_own_keys_and_menus(self, window, lab, qtbot):
        window.menus.show_keys()
        box = window.findChild(QMessageBox)
        assert "Random test word" in box.text()
        box.close()
        clustering = window.tabs.clustering.player.position
        window.setFocus()
        qtbot.keyClick(window, Qt.Key.Key_Left)
        assert window.tabs.clustering.player.position == clustering
        window.tabs.show_tab(window.tabs.clustering)
        position = lab.player.position
        qtbot.keyClick(window, Qt.Key.Key_Right)
        assert lab.player.position == position

    def test_what_was_chosen_is_there_next_time(self, open_window, qtbot, settings_path):
        first = open_window()
        qtbot.waitUntil(lambda: first.tabs.spelling.player.frame is not None)
        first.tabs.spelling.spellers.known.setChecked(True)
        first.tabs.spelling.by_letter.setChecked(False)
        type_sounds(first.tabs.spelling, qtbot, "K AE1 T ")
        first.close()
        second = open_window()
        assert second.tabs.top is second.tabs.spelling
        assert second.tabs.spelling.spellers.known.isChecked()
        assert not second.tabs.spelling.by_letter.isChecked()
        assert second.tabs.spelling.sounds.field.text().split() == ["K", "AE1", "T"]
        wait_for_word(second.tabs.spelling, qtbot, "cat")

    @pytest.mark.parametrize(("scale", "width"), [(1.0, 1024), (1.6, 1280), (2.5, 1920)])
    def test_larger_text_leaves_the_window_on_the_projector(self, window, lab, scale, width):
        window.zoom(scale)
        assert window.minimumSizeHint().width() <= width
        window.zoom(0)  # or the next window would be built for this font

    @pytest.mark.parametrize(("scale", "height"), [(1.0, 230), (1.6, 160)])
    def test_two_heat_maps_have_room_in_a_small_window(self, window, lab, qtbot, scale, height):
        compare(lab, qtbot)
        window.zoom(scale)
        for size in (QSize(1920, 1080), QSize(1280, 800)):
            qtbot.waitUntil(lambda size=size: resized(window, size))
        qtbot.waitUntil(lambda: lab.word_stage.maps[0].map.height() >= height)
        for column in lab.findChildren(Column):
            assert column.horizontalScrollBar().maximum() == 0
        window.zoom(0)

    def test_large_text_leaves_room_for_what_is_said_of_an_old_word(self, window, lab, qtbot):
        window.zoom(2)
        paste(lab, qtbot, "K AX T S OX ")
        qtbot.waitUntil(lambda: window.minimumSizeHint().height() <= 800)
        assert lab.stale.veils[0].text.isVisible()
        window.zoom(0)
        assert lab.word_stage.caption.isVisible()

    @pytest.mark.parametrize("scale", [1.0, 2.0])
    def test_many_sounds_leave_the_window_as_it_is(self, window, lab, qtbot, scale):
        window.zoom(scale)
        qtbot.waitUntil(lambda: resized(window, QSize(1280, 800)))
        for text in (*["K AE1 T " * 80, "K AX T " * 80, "K AE1 T " * 13] * 2, "K AE1 T "):
            paste(lab, qtbot, text)
            qtbot.waitUntil(lambda: not lab.stale.sentence or lab.sounds.problem.text())
            QApplication.sendPostedEvents()  # what would make the window grow
            assert window.size() == QSize(1280, 800)
            if lab.sounds.chips_area.isVisible():
                chips = lab.sounds.chips
                area, n_rows = lab.sounds.chips_area, 3 if scale == 1 else 1
                bar = area.verticalScrollBar()
                assert (bar.maximum() > 0) == (chips.height() > chips.height_of(n_rows))
                seen = chips.box_to_see().translated(chips.pos().toPointF())
                assert area.viewport().rect().toRectF().contains(seen)
        window.zoom(0)

    def test_light_and_dark_share_the_colours_of_the_heat_map(self, window, lab):
        pictures = []
        for name in ("light", "dark"):
            window.set_theme(name)
            heat = lab.word_stage.maps[0].map
            spot = heat.cell(0, 0).topLeft().toPoint() + QPoint(4, 4)
            pictures.append(heat.grab().toImage().pixelColor(spot).name())
        assert pictures[0] == pictures[1]

    def test_a_word_of_the_error_browser_goes_on_stage(self, window, lab, qtbot):
        window.tabs.show_tab(window.tabs.accuracy)
        lab.by_letter.setChecked(False)
        window.tabs.accuracy.staged.emit("cat", ("K", "AE1", "T"))
        wait_for_word(lab, qtbot, "cat")
        assert window.tabs.top is lab
        assert lab.lookup.truth_shown == "cat"

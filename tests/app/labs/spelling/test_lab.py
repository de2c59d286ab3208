"""The spelling lab in the real window: phonemes in, letters out, and editing both."""

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

from app.labs.spelling import lookups
from app.numbers import percent
from app.theme import current
from app.widgets import Column
from app.window import MainWindow
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Entry, Part, part_of
from engine.spelling.vocabulary import LONGEST_WORD
from tests import waiting

KNIGHT = "N AY1 T"


@pytest.fixture(scope="module", autouse=True)
def _not_compiled():
    """Do not compile: XLA takes seconds for each speller, and the words are the same without it."""
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
    """One window for the whole file: opening it takes longer than most tests."""
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
    reset(window.tabs.spelling)
    window.notices.dismiss()
    return window


def reset(lab):
    """Restore the choices of a new lab, and let it spell."""
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


def type_phonemes(lab, qtbot, text):
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


def visible_veils(lab):
    return [veil.isVisible() for veil in lab.stale.veils]


def wait_for_last_letter(lab, qtbot):
    qtbot.waitUntil(lambda: bool(lab.player.frame and lab.player.frame.stop))


def wait_for_word(lab, qtbot, letters):
    qtbot.waitUntil(lambda: word(lab) == letters and bool(lab.player.frame.stop))


def compare(lab, qtbot, name="plain"):
    lab.spellers.second.setCurrentText(name)
    qtbot.waitUntil(lambda: lab.player.frame is not None and len(lab.player.frame.results) == 2)
    wait_for_last_letter(lab, qtbot)


def has_cell_colour(image, part):
    """Return whether the darkest cell of a heat map is dark in an image of the word stage."""
    row, column = np.unravel_index(part.map.weights.argmax(), part.map.weights.shape)
    corner = part.map.cell(int(row), int(column)).topLeft().toPoint() + QPoint(4, 4)
    return image.pixelColor(part.pos() + part.map.pos() + corner).lightness() < 160


def resized(window, size):
    """Return whether the window can have a size; its layout may need more."""
    window.resize(size)
    return window.size() == size


@pytest.fixture
def draw_word(lab, qtbot, monkeypatch):
    """Let the dice draw a given test word, and wait until it is spelled."""

    def one(word, sounds):
        lab.by_letter.setChecked(False)
        entry = Entry(word, tuple(sounds.split()))
        monkeypatch.setattr(lookups, "random_word", lambda n_letters: (e for e in [entry]))
        lab.lookup.dice.click()
        wait_for_word(lab, qtbot, word)
        qtbot.waitUntil(lambda: not lab.stale.sentence)

    return one


def is_hidden(lab):
    """Return whether the lab hides all that the dictionary has for the word on stage."""
    shown = [lab.best_words.dictionary.text()]
    assert shown == ["The dictionary: hidden until you ask for its spelling"]
    tables = [table for table in lab.best_words.tables if table.isVisible()]
    cells = [table.item(row, 2) for table in tables for row in range(table.rowCount())]
    return lab.lookup.truth.text() == "" and {cell.text() for cell in cells} == {""}


class TestSoundsIn:
    def test_phonemes_become_a_word(self, lab):
        assert word(lab) in ("knight", "night", "nite")
        assert lab.sounds.chips.texts == ["N", "AY1", "T"]

    def test_typing_spells_immediately(self, lab, qtbot):
        type_phonemes(lab, qtbot, "k ae1 t ")
        wait_for_word(lab, qtbot, "cat")
        assert lab.sounds.chips.texts == ["K", "AE1", "T"]
        assert not lab.sounds.problem.isVisible()

    def test_a_half_typed_phoneme_is_not_an_error(self, lab, qtbot):
        type_phonemes(lab, qtbot, "K AE1 T A")
        wait_for_word(lab, qtbot, "cat")
        assert not lab.sounds.problem.isVisible()

    def test_a_half_typed_first_phoneme_is_not_an_error(self, lab, qtbot):
        before = word(lab)
        type_phonemes(lab, qtbot, "A")
        assert not lab.sounds.problem.isVisible()
        assert word(lab) == before

    def test_pasted_text_is_not_half_typed(self, lab, qtbot):
        paste(lab, qtbot, "B IH1 G K A")
        assert lab.sounds.chips.wrong == ["A"]
        assert "A is not a phoneme" in lab.sounds.problem.text()
        assert lab.stale.sentence.endswith("the new sounds cannot be read.")

    def test_leaving_the_field_finishes_typing(self, lab, qtbot):
        type_phonemes(lab, qtbot, "K AE1 T A")
        assert not lab.sounds.problem.isVisible()
        lab.lookup.word.setFocus()
        assert lab.sounds.chips.wrong == ["A"]
        assert lab.stale.sentence.endswith("the new sounds cannot be read.")

    def test_enter_does_not_drop_a_half_typed_phoneme(self, lab, qtbot):
        type_phonemes(lab, qtbot, "K AE1 ")
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

    def test_a_wrong_phoneme_is_marked_and_corrected_by_a_click(self, lab, qtbot):
        before = word(lab)
        paste(lab, qtbot, "K AX T ")
        assert lab.sounds.chips.wrong == ["AX"]
        assert lab.sounds.problem.text() == "AX is not a phoneme; did you mean AH0?"
        assert word(lab) == before
        place = lab.sounds.chips.boxes()[1].center().toPoint()
        QTest.mouseClick(lab.sounds.chips, Qt.MouseButton.LeftButton, pos=place)
        assert lab.sounds.field.text().split() == ["K", "AH0", "T"]
        assert not lab.sounds.problem.isVisible()
        wait_for_last_letter(lab, qtbot)
        assert lab.player.frame.results[0].phonemes == ("K", "AH0", "T")

    def test_ipa_is_understood(self, lab, qtbot):
        paste(lab, qtbot, "/kæt/")
        wait_for_word(lab, qtbot, "cat")

    def test_british_ipa_is_read_with_a_note(self, lab, qtbot):
        paste(lab, qtbot, "/ˈbrɪljənt/")
        assert not lab.sounds.note.isVisible()
        paste(lab, qtbot, "/ɡəʊt/")
        assert lab.sounds.chips.texts == ["G", "OW", "T"]
        assert lab.sounds.note.isVisible()
        assert "read as British" in lab.sounds.note.text()
        assert not lab.sounds.problem.isVisible()
        wait_for_word(lab, qtbot, "goat")
        paste(lab, qtbot, "K AX T ")  # unreadable text has a problem, and no note
        assert not lab.sounds.note.isVisible()

    def test_a_word_read_as_other_phonemes_has_a_note(self, lab, qtbot):
        paste(lab, qtbot, "they")
        assert lab.sounds.chips.texts == ["TH", "EY"]
        assert "the word they sounds like DH EY1" in lab.sounds.note.text()

    def test_text_around_a_pronunciation_is_ignored(self, lab, qtbot):
        for text in ("us ʌs", "US /ʌs/", "us\tʌs", "/ʌs/ UHSS"):
            paste(lab, qtbot, text)
            assert lab.sounds.chips.texts == ["AH", "S"]
        paste(lab, qtbot, "/kæt/, /kɛt/")
        assert "These are 2 pronunciations" in lab.sounds.problem.text()

    def test_an_empty_field_is_not_an_error(self, lab, qtbot):
        lab.keypad.clear.click()
        assert lab.sounds.field.text() == ""
        assert not lab.sounds.problem.isVisible()
        assert lab.player.frame is None
        assert lab.best_words.tables[0].rowCount() == 0
        qtbot.keyClick(lab, Qt.Key.Key_Left)  # the old word does not come back
        assert lab.player.frame is None

    def test_phonemes_are_completed(self, lab, qtbot):
        lab.sounds.field.setText("K ")
        lab.sounds.field.setCursorPosition(2)
        qtbot.keyClicks(lab.sounds.field, "e")
        lab.sounds.field.complete("EY1")
        assert lab.sounds.field.text() == "K EY1 "

    def test_the_keypad_writes_the_chosen_stress(self, lab, qtbot):
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

    def test_arrow_keys_move_over_the_keypad(self, lab, qtbot):
        lab.keypad.keys["IY"].setFocus()
        qtbot.keyClick(lab.keypad.keys["IY"], Qt.Key.Key_Right)
        assert lab.keypad.keys["IH"].hasFocus()
        qtbot.keyClick(lab.keypad.keys["IH"], Qt.Key.Key_Space)
        assert lab.sounds.field.text().split()[-1] == "IH1"

    def test_looking_up_a_word_offers_all_its_pronunciations(self, lab, qtbot):
        qtbot.keyClicks(lab.lookup.word, "Either")
        qtbot.keyClick(lab.lookup.word, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: lab.lookup.pronunciations.count() > 1)
        assert lab.sounds.field.text() == lab.lookup.pronunciations.itemText(0)
        lab.lookup.pronunciations.setCurrentIndex(1)
        assert lab.sounds.field.text() == lab.lookup.pronunciations.itemText(1)
        wait_for_last_letter(lab, qtbot)

    def test_an_unlisted_word_offers_similar_words_as_buttons(self, lab, qtbot):
        look_up(lab, qtbot, "colonell")
        qtbot.waitUntil(lambda: bool(lab.lookup.near))
        assert lab.lookup.missing.said == "colonell is not in the dictionary. Similar words:"
        assert "colonel" in [button.text() for button in lab.lookup.near]
        button = next(one for one in lab.lookup.near if one.text() == "colonel")
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        places = [one.geometry() for one in lab.lookup.near]
        assert len({place.top() for place in places}) > 1  # in rows that fit into the column
        assert all(place.right() < button.parentWidget().width() for place in places)
        assert not any(a.intersects(b) for a, b in combinations(places, 2))
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: lab.lookup.spelling_shown == "colonel")
        assert lab.lookup.word.text() == "colonell"  # the typed text stays
        assert lab.sounds.field.text() == "K ER1 N AH0 L"
        assert not lab.lookup.near
        assert not lab.lookup.missing.isVisible()

    def test_accents_and_capitals_do_not_matter(self, lab, qtbot):
        look_up(lab, qtbot, "Naïve")
        qtbot.waitUntil(lambda: lab.lookup.spelling_shown == "naive")
        assert lab.sounds.field.text().startswith("N ")
        assert lab.lookup.word.text() == "Naïve"

    def test_an_unlisted_word_clears_the_old_pronunciations(self, lab, qtbot):
        look_up(lab, qtbot, "either")
        qtbot.waitUntil(lambda: lab.lookup.pronunciations.count() > 1)
        look_up(lab, qtbot, "qqqqqqqq")
        qtbot.waitUntil(lab.lookup.missing.isVisible)
        assert lab.lookup.pronunciations.count() == 0
        assert lab.lookup.truth.text() == ""
        assert lab.lookup.spelling_shown == ""

    def test_a_word_without_similar_words_has_no_buttons(self, lab, qtbot):
        look_up(lab, qtbot, "<b>qqqqqqqq&")
        qtbot.waitUntil(lab.lookup.missing.isVisible)
        assert lab.lookup.missing.said.startswith("<b>qqqqqqqq& is not in the dictionary")
        assert lab.lookup.missing.textFormat() == Qt.TextFormat.PlainText
        assert not lab.lookup.near

    def test_the_dice_draw_a_test_word_and_hide_its_spelling(self, lab, qtbot):
        lab.lookup.length.setValue(9)
        lab.lookup.dice.click()
        qtbot.waitUntil(lab.lookup.reveal.isEnabled)
        assert lab.lookup.spelling_shown == ""
        assert lab.lookup.truth.text() == ""
        lab.lookup.reveal.click()
        assert len(lab.lookup.spelling_shown) == 9
        assert part_of(lab.lookup.spelling_shown) is Part.TEST
        assert lab.lookup.spelling_shown in lab.lookup.truth.text()

    def test_a_drawn_word_is_spelled_letter_by_letter(self, lab, qtbot, monkeypatch):
        wait_for_last_letter(lab, qtbot)
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
        wait_for_last_letter(lab, qtbot)
        n_places = len(lab.player.frame.spelling().probabilities)
        assert lab.player.position == n_places
        window.setFocus()
        qtbot.keyClick(window, Qt.Key.Key_Left)
        assert lab.word_stage.letters[0].n_written == n_places - 1
        qtbot.keyClick(window, Qt.Key.Key_Home)
        assert lab.word_stage.letters[0].n_written == 0
        assert lab.word_stage.maps[0].map.weights.shape[0] == 0

    def test_spelling_goes_on_from_a_forced_letter_and_can_be_undone(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        before = word(lab)
        first = lab.word_stage.letters[0]
        QTest.mouseClick(first, Qt.MouseButton.LeftButton, pos=first.tile(0).center().toPoint())
        other = next(button for button in lab.word_stage.alternatives.buttons if button.isEnabled())
        letter = other.text()[0]
        other.click()
        wait_for_last_letter(lab, qtbot)
        qtbot.waitUntil(lambda: word(lab) != before)
        assert word(lab).startswith(letter)
        assert lab.word_stage.before.isVisible()
        assert before in lab.what_if.text()
        lab.undo_button.click()
        assert word(lab) == before
        assert not lab.word_stage.before.isVisible()
        assert not lab.undo_button.isEnabled()

    def test_a_forced_letter_survives_another_ranking_and_can_be_undone(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        first = word(lab)
        lab.state.force(0, 0, "g")
        assert lab.what_if.text() == f"{first} → <b>…</b>"  # the old word is not drawn twice
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

    def test_a_forced_letter_survives_a_second_speller_but_not_other_phonemes(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        lab.state.force(0, 0, "g")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        compare(lab, qtbot)
        assert word(lab, 0).startswith("g")
        assert not word(lab, 1).startswith("g")
        type_phonemes(lab, qtbot, "K AE1 T ")
        wait_for_word(lab, qtbot, "cat")
        assert not lab.undo_button.isEnabled()

    def test_the_end_can_be_forced(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        lab.state.force(0, 2, "_")
        qtbot.waitUntil(lambda: len(word(lab)) == 2)

    def test_another_hypothesis_shows_its_alignment(self, lab, qtbot):
        frame = lab.player.frame
        lab.best_words.tables[0].selectRow(1)
        assert word(lab) == frame.results[0].spellings[1].letters
        shown = lab.word_stage.maps[0].map.weights
        np.testing.assert_array_equal(shown, frame.results[0].spellings[1].alignment)

    def test_the_best_words_are_hidden_until_the_last_letter(self, lab):
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

    def test_known_words_come_first_if_chosen(self, lab, qtbot):
        type_phonemes(lab, qtbot, "DH EH1 R ")
        wait_for_last_letter(lab, qtbot)
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: word(lab) in ("there", "their"))
        assert "speller" in lab.spellers.known.toolTip()


class TestStale:
    """A word on screen that does not match the form is greyed and named."""

    def test_an_up_to_date_word_is_not_greyed(self, lab):
        assert lab.stale.sentence == ""
        assert visible_veils(lab) == [False] * 4
        assert lab.word_stage.alternatives.isEnabled()

    def test_the_old_word_is_named_while_the_new_phonemes_are_unreadable(self, lab, qtbot):
        before, fresh = word(lab), lab.word_stage.grab().toImage()
        paste(lab, qtbot, "K AX T ")
        assert lab.stale.sentence == (
            f"Still shown: {before} by attention, for N AY1 T; the new sounds cannot be read."
        )
        assert visible_veils(lab) == [True] * 4
        assert lab.stale.veils[0].text.said == lab.stale.sentence
        assert not lab.word_stage.alternatives.isEnabled()
        assert not lab.best_words.tables[0].isEnabled()
        tile = lab.word_stage.letters[0].tile(0).topLeft().toPoint() + QPoint(9, 9)
        dulled = lab.word_stage.grab().toImage().pixelColor(tile)
        assert dulled.saturation() < fresh.pixelColor(tile).saturation()
        paste(lab, qtbot, "K AE1 T ")
        wait_for_word(lab, qtbot, "cat")
        assert lab.stale.sentence == ""
        assert visible_veils(lab) == [False] * 4
        assert lab.word_stage.alternatives.isEnabled()

    def test_the_old_word_is_named_while_the_next_is_computed(self, lab, qtbot):
        before = word(lab)
        lab.say(("K", "AE1", "T"))
        assert lab.player.frame is None
        assert lab.stale.sentence == (
            f"Still shown: {before} by attention, for N AY1 T; the new word is being computed."
        )
        assert before in lab.state_line.text()
        wait_for_word(lab, qtbot, "cat")
        assert lab.stale.sentence == ""

    def test_the_old_word_stays_named_if_the_next_is_cancelled(self, lab, qtbot):
        lab.say(("K", "AE1", "T"))
        lab.player.give_up()
        assert lab.stale.sentence.endswith("the new word was not computed, Enter tries again.")
        lab.sounds.field.setFocus()
        qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Return)
        wait_for_word(lab, qtbot, "cat")
        assert lab.stale.sentence == ""

    def test_the_old_word_stays_named_during_a_half_typed_phoneme(self, lab, qtbot):
        type_phonemes(lab, qtbot, "A")
        assert lab.stale.sentence.endswith("for N AY1 T; the new sounds are incomplete.")

    def test_the_old_word_is_named_with_its_speller(self, lab, qtbot):
        before = word(lab)
        lab.spellers.first.setCurrentText("attention-draft")
        assert lab.stale.sentence.startswith(f"Still shown: {before} by attention, for N AY1 T; ")
        assert lab.stale.sentence.endswith(
            ("attention-draft is being loaded.", "the new word is being computed.")
        )
        lab.player.seek(1)  # the old word is still drawn for its own speller
        assert lab.word_stage._names == ("attention",)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.word_stage._names == ("attention-draft",)

    def test_choosing_known_words_makes_the_word_stale(self, lab, qtbot):
        lab.spellers.known.setChecked(True)
        assert "is being computed" in lab.stale.sentence
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.player.frame.results[0].weighed

    def test_the_old_word_is_named_after_a_letter_is_forced(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        lab.state.force(0, 0, "g")
        assert lab.stale.sentence.endswith("the word with the forced letter is being computed.")
        qtbot.waitUntil(lambda: word(lab).startswith("g"))
        wait_for_last_letter(lab, qtbot)
        assert lab.stale.sentence == ""

    def test_no_letter_can_be_forced_in_a_stale_word(self, lab, qtbot):
        paste(lab, qtbot, "K AX T ")
        branch = lab.player.branch
        lab.state.force(0, 0, "g")
        assert lab.player.branch is branch

    def test_saving_a_stale_word_names_its_own_phonemes(self, lab, qtbot, monkeypatch):
        paste(lab, qtbot, "K AX T ")
        assert all(action.isEnabled() for action in lab._saves)
        assert lab.word_stage.frame.results[0].phonemes == ("N", "AY1", "T")
        assert lab.word_stage.figure().title == "Alignment of letters to phonemes: N AY1 T"
        assert [alignment.speller for alignment in lab.word_stage.alignments()] == ["attention"]

    def test_an_empty_field_leaves_nothing_stale(self, lab, qtbot):
        paste(lab, qtbot, "K AX T ")
        lab.keypad.clear.click()
        assert lab.stale.sentence == ""
        assert lab.word_stage.frame is None


class TestBestWords:
    def test_probabilities_descend_and_match_the_frame(self, lab, qtbot):
        table, result = lab.best_words.tables[0], lab.player.frame.results[0]
        shown = [table.item(row, 1).text() for row in range(table.rowCount())]
        assert shown == [percent(share, 1) for share in result.shares]
        assert list(result.shares) == sorted(result.shares, reverse=True)
        assert table.horizontalHeaderItem(1).text() == "Probability"
        assert lab.best_words.meaning.text() == (
            "Probability of the whole word under the model; the rest goes to spellings not listed."
        )

    def test_known_words_show_shares_of_the_listed_spellings(self, lab, qtbot):
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        table, result = lab.best_words.tables[0], lab.player.frame.results[0]
        assert table.horizontalHeaderItem(1).text() == "Share"
        assert "Share among the spellings listed" in lab.best_words.meaning.text()
        assert table.item(0, 1).text() == percent(result.shares[0], 1)
        assert f"{percent(result.shares[0], 1)} of those listed" in lab.state_line.text()

    def test_words_of_the_dictionary_are_listed_beside_them(self, lab, qtbot):
        listed = lab.best_words.dictionary.text()
        assert listed.startswith("The dictionary: ")
        assert {"knight", "night"} <= set(listed.removeprefix("The dictionary: ").split(", "))
        type_phonemes(lab, qtbot, "Z AE1 T Z AE0 G ")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.best_words.dictionary.text() == "The dictionary has no word for these sounds."

    def test_the_dictionary_is_hidden_until_the_last_letter(self, lab):
        lab.player.back()
        assert lab.best_words.dictionary.text() == ""
        lab.player.step()
        assert "night" in lab.best_words.dictionary.text()

    def test_the_dictionary_does_not_reveal_a_test_word(self, lab, qtbot, monkeypatch):
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

    def test_a_test_word_stays_hidden_beside_another_speller(self, lab, qtbot, draw_word):
        draw_word("cat", "K AE1 T")
        assert is_hidden(lab)
        compare(lab, qtbot)
        assert is_hidden(lab)
        lab.spellers.known.setChecked(True)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert is_hidden(lab)
        assert lab.lookup.reveal.isEnabled()
        lab.lookup.reveal.click()
        assert "cat" in lab.best_words.dictionary.text()
        assert lab.lookup.spelling_shown == "cat"

    def test_a_test_word_stays_hidden_while_phonemes_are_typed(self, lab, qtbot, draw_word):
        draw_word("cat", "K AE1 T")
        lab.sounds.field.setFocus()
        lab.sounds.field.end(False)
        qtbot.keyClicks(lab.sounds.field, " Q")
        assert lab.stale.sentence
        assert is_hidden(lab)
        assert not lab.lookup.reveal.isEnabled()  # it would belong to other phonemes
        for _ in " Q":
            qtbot.keyClick(lab.sounds.field, Qt.Key.Key_Backspace)
        assert lab.sounds.field.text() == "K AE1 T"
        assert is_hidden(lab)
        lab.lookup.reveal.click()
        assert "cat" in lab.best_words.dictionary.text()

    def test_drawing_a_word_does_not_reveal_the_previous_one(self, lab, qtbot, draw_word):
        draw_word("cat", "K AE1 T")
        shown = []
        watching = lab.lookup.secrets_changed.connect(
            lambda: shown.append(lab.best_words.dictionary.text())
        )
        lab.lookup.length.setValue(5)
        draw_word("dog", "D AO1 G")
        lab.lookup.secrets_changed.disconnect(watching)
        assert shown
        assert not any("cat" in text for text in shown)
        assert is_hidden(lab)
        lab.lookup.reveal.click()
        assert lab.lookup.spelling_shown == "dog"
        type_phonemes(lab, qtbot, "M AE1 T ")
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.lookup.truth.text() == ""  # they are other phonemes
        assert "mat" in lab.best_words.dictionary.text()

    def test_a_word_longer_than_any_in_training_has_a_note(self, lab, qtbot):
        assert not lab.word_stage.note.isVisible()
        # Long words are elided in the middle, because both ends distinguish them.
        assert lab.best_words.tables[0].textElideMode() is Qt.TextElideMode.ElideMiddle
        lab.by_letter.setChecked(False)
        lab.say(("AE1", "N", "T", "IY0", "D", "IH0", "S") * 4)
        wait_for_last_letter(lab, qtbot)
        qtbot.waitUntil(lambda: not lab.stale.sentence)
        assert lab.word_stage.note.isVisible()
        assert "28 phonemes are more than any word has" in lab.word_stage.note.text()
        assert len(word(lab)) > LONGEST_WORD
        assert f"{word(lab)} is longer than any word" in lab.word_stage.note.text()
        lab.player.back()  # the last letter is not on screen
        assert not lab.word_stage.note.isVisible()

    def test_the_header_explains_the_marks(self, lab):
        tip = lab.best_words.tables[0].horizontalHeaderItem(2).toolTip()
        assert "✓: it is listed for exactly these sounds" in tip
        assert "word: it is listed, but for other sounds" in tip

    def test_a_narrow_table_hides_the_marks(self, lab):
        table = lab.best_words.tables[0]
        size = table.size()
        assert not table.isColumnHidden(2)
        table.resize(120, size.height())
        assert table.isColumnHidden(2)
        table.resize(size)
        assert not table.isColumnHidden(2)


class TestHeatMap:
    def test_rows_match_the_engine_and_sum_to_one(self, lab):
        weights = lab.word_stage.maps[0].map.weights
        np.testing.assert_array_equal(weights, lab.player.frame.spelling().alignment)
        assert weights.shape == (len(word(lab)) + 1, 3)
        np.testing.assert_allclose(weights.sum(1), 1, atol=1e-5)

    def test_the_cell_under_the_pointer_is_described(self, lab):
        heat = lab.word_stage.maps[0].map
        QTest.mouseMove(heat, heat.cell(0, 1).center().toPoint() - QPoint(1, 1))
        heat.hovered.emit(0, 1)
        assert f"{heat.weights[0, 1]:.3f}" in lab.word_stage.caption.text()
        assert "AY1" in lab.word_stage.caption.text()
        assert heat.lit == (0, 1)

    def test_pixels_map_to_cells_and_headings(self, lab):
        heat = lab.word_stage.maps[0].map
        assert heat._at(heat.cell(1, 2).center()) == (1, 2)
        assert heat._at(QPointF(heat.cell(1, 2).center().x(), 3)) == (-1, 2)
        assert heat._at(QPointF(3, heat.cell(1, 2).center().y())) == (1, -1)

    def test_hovering_a_phoneme_or_letter_highlights_its_column_or_row(self, lab):
        heat = lab.word_stage.maps[0].map
        lab.sounds.chips.hovered.emit(1)
        assert heat.lit == (-1, 1)
        lab.word_stage.letters[0].hovered.emit(0)
        assert heat.lit == (0, -1)
        lab.word_stage.letters[0].hovered.emit(-1)
        assert heat.lit == (-1, -1)
        assert "not yet why" in lab.word_stage.caption.text()

    def test_arrow_keys_move_over_the_cells(self, lab, qtbot):
        heat = lab.word_stage.maps[0].map
        position = lab.player.position
        heat.setFocus()
        qtbot.keyClick(heat, Qt.Key.Key_Down)
        qtbot.keyClick(heat, Qt.Key.Key_Right)
        assert heat.lit == (0, 1)
        assert lab.player.position == position

    def test_attention_heads_can_be_chosen(self, lab, qtbot):
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

    def test_the_figure_and_the_matrix_are_saved_and_copied(self, window, lab, qtbot, tmp_path):
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
    def test_both_spell_the_same_phonemes_and_differ_where_the_text_says(self, lab, qtbot):
        compare(lab, qtbot)
        type_phonemes(lab, qtbot, "IH2 N D AH0 P EH1 N D AH0 N S ")
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

    def test_forcing_a_letter_in_one_does_not_change_the_other(self, lab, qtbot):
        lab.by_letter.setChecked(False)
        compare(lab, qtbot)
        before = word(lab, 0)
        lab.state.force(1, 0, "g")
        qtbot.waitUntil(lambda: word(lab, 1).startswith("g"))
        assert word(lab, 0) == before

    def test_the_second_speller_can_be_removed(self, lab, qtbot):
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

    def test_choices_are_restored_at_the_next_start(self, open_window, qtbot, settings_path):
        first = open_window()
        qtbot.waitUntil(lambda: first.tabs.spelling.player.frame is not None)
        first.tabs.spelling.spellers.known.setChecked(True)
        first.tabs.spelling.by_letter.setChecked(False)
        type_phonemes(first.tabs.spelling, qtbot, "K AE1 T ")
        first.close()
        second = open_window()
        assert second.tabs.top is second.tabs.spelling
        assert second.tabs.spelling.spellers.known.isChecked()
        assert not second.tabs.spelling.by_letter.isChecked()
        assert second.tabs.spelling.sounds.field.text().split() == ["K", "AE1", "T"]
        wait_for_word(second.tabs.spelling, qtbot, "cat")

    @pytest.mark.parametrize(("scale", "width"), [(1.0, 1024), (1.6, 1280), (2.5, 1920)])
    def test_the_window_fits_a_projector_with_larger_text(self, window, lab, scale, width):
        window.zoom(scale)
        assert window.minimumSizeHint().width() <= width
        window.zoom(0)  # otherwise the next window would be built for this font

    @pytest.mark.parametrize(("scale", "height"), [(1.0, 230), (1.6, 160)])
    def test_two_heat_maps_fit_in_a_small_window(self, window, lab, qtbot, scale, height):
        compare(lab, qtbot)
        window.zoom(scale)
        for size in (QSize(1920, 1080), QSize(1280, 800)):
            qtbot.waitUntil(lambda size=size: resized(window, size))
        qtbot.waitUntil(lambda: lab.word_stage.maps[0].map.height() >= height)
        for column in lab.findChildren(Column):
            assert column.horizontalScrollBar().maximum() == 0
        window.zoom(0)

    def test_the_text_of_a_stale_word_fits_with_large_text(self, window, lab, qtbot):
        window.zoom(2)
        paste(lab, qtbot, "K AX T S OX ")
        qtbot.waitUntil(lambda: window.minimumSizeHint().height() <= 800)
        assert lab.stale.veils[0].text.isVisible()
        window.zoom(0)
        assert lab.word_stage.caption.isVisible()

    @pytest.mark.parametrize("scale", [1.0, 2.0])
    def test_many_phonemes_do_not_resize_the_window(self, window, lab, qtbot, scale):
        window.zoom(scale)
        qtbot.waitUntil(lambda: resized(window, QSize(1280, 800)))
        for text in (*["K AE1 T " * 80, "K AX T " * 80, "K AE1 T " * 13] * 2, "K AE1 T "):
            paste(lab, qtbot, text)
            qtbot.waitUntil(lambda: not lab.stale.sentence or lab.sounds.problem.text())
            QApplication.sendPostedEvents()  # these could make the window grow
            assert window.size() == QSize(1280, 800)
            if lab.sounds.chips_area.isVisible():
                chips = lab.sounds.chips
                area, n_rows = lab.sounds.chips_area, 3 if scale == 1 else 1
                bar = area.verticalScrollBar()
                assert (bar.maximum() > 0) == (chips.height() > chips.height_of(n_rows))
                seen = chips.box_to_see().translated(chips.pos().toPointF())
                assert area.viewport().rect().toRectF().contains(seen)
        window.zoom(0)

    def test_the_heat_map_has_the_same_colours_in_both_themes(self, window, lab):
        pictures = []
        for name in ("light", "dark"):
            window.set_theme(name)
            heat = lab.word_stage.maps[0].map
            spot = heat.cell(0, 0).topLeft().toPoint() + QPoint(4, 4)
            pictures.append(heat.grab().toImage().pixelColor(spot).name())
        assert pictures[0] == pictures[1]

    def test_the_error_browser_opens_words_here(self, window, lab, qtbot):
        window.tabs.show_tab(window.tabs.accuracy)
        lab.by_letter.setChecked(False)
        window.tabs.accuracy.staged.emit("cat", ("K", "AE1", "T"))
        wait_for_word(lab, qtbot, "cat")
        assert window.tabs.top is lab
        assert lab.lookup.spelling_shown == "cat"

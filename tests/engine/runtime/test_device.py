"""TensorFlow starts once, and without output on stderr."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime import device, program_cache

ROOT = Path(__file__).parents[3]


def write_and_raise(words, error):
    with device.quiet():
        os.write(2, words)
        raise error


def test_output_of_c_libraries_is_hidden(capfd):
    with device.quiet():
        os.write(2, b"noise from C")
    os.write(2, b"heard again")
    assert capfd.readouterr().err == "heard again"


def test_hidden_output_is_shown_if_the_block_fails(capfd):
    with pytest.raises(ImportError):
        write_and_raise(b"why it failed", ImportError)
    os.write(2, b", and heard again")
    assert capfd.readouterr().err == "why it failed, and heard again"


def test_an_interrupt_shows_no_hidden_output(capfd):
    with pytest.raises(KeyboardInterrupt):
        write_and_raise(b"noise from C", KeyboardInterrupt)
    assert capfd.readouterr().err == ""


def test_quiet_leaves_no_file_open():
    before = os.dup(2)
    os.close(before)
    with device.quiet():
        pass
    after = os.dup(2)
    os.close(after)
    assert after == before


def test_a_full_disk_is_no_failure_and_hides_nothing(monkeypatch, capfd):
    def full():
        raise FileNotFoundError(2, "No usable temporary directory")

    monkeypatch.setattr(device.tempfile, "TemporaryFile", full)
    with device.quiet():
        os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_a_missing_stderr_is_no_failure(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with device.quiet():
        pass


def test_the_second_start_returns_the_same_device():
    assert device.start() is device.start()
    assert device.start().kind in ("CPU", "GPU")


def test_a_device_describes_itself():
    small = device.Device(kind="CPU", name="2 cores", tensorflow="2.21")
    large = device.Device(kind="GPU", name="H200", tensorflow="2.21", memory_bytes=139 * 2**30)
    assert [str(small), str(large)] == ["CPU (2 cores)", "GPU (H200, 139 GiB)"]


def test_starting_is_a_stepper_of_one_frame():
    assert list(device.frames()) == [device.start()]


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        (None, "--xla_cpu_prefer_vector_width=512"),
        ("--xla_other=1", "--xla_other=1 --xla_cpu_prefer_vector_width=512"),
        ("--xla_cpu_prefer_vector_width=128", "--xla_cpu_prefer_vector_width=128"),
        ("flags.txt", "flags.txt"),
    ],
)
def test_the_vector_width_is_set_unless_the_user_chose_one(monkeypatch, given, flags):
    if given is None:
        monkeypatch.delenv("XLA_FLAGS", raising=False)
    else:
        monkeypatch.setenv("XLA_FLAGS", given)
    device._prefer_wide_vectors()
    assert os.environ["XLA_FLAGS"] == flags


def test_tensorflow_starts_with_these_flags():
    device.start()
    assert "--xla_cpu_prefer_vector_width=" in os.environ["XLA_FLAGS"]


# Uses AutoGraph, and the parts of Keras that training uses; then exits like the window.
TRACE = """
import os
import numpy as np
from engine.runtime.backend import tf
from engine.clustering.kmeans.backends import half_steps
points = np.eye(3, dtype=np.float32)
assert half_steps.assign(points, points).numpy().tolist() == [0, 1, 2]
tf.keras.optimizers.AdamW()
assert tf.keras.backend.floatx() == "float32"
os._exit(0)
"""


@pytest.mark.slow
def test_no_files_are_left_in_the_home_or_temporary_folder(tmp_path):
    folders = {name: tmp_path / name for name in ("home", "temporary")}
    for folder in folders.values():
        folder.mkdir()
    keras = folders["home"] / ".keras"
    keras.mkdir()
    (keras / "keras.json").write_text('{"floatx": "float16"}')  # files of other programs
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_HOME"}
    environment |= {"HOME": str(folders["home"]), "TMPDIR": str(folders["temporary"])}
    environment |= {program_cache.VARIABLE: program_cache.OFF}
    subprocess.run([sys.executable, "-c", TRACE], cwd=ROOT, env=environment, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [keras / "keras.json"]

"""Compiled programs are found by another process, in any order and despite damage."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from engine.runtime import program_cache
from engine.runtime.programs import Program
from tests import waiting

ROOT = Path(__file__).parents[3]

# Runs three programs in a given order; prints their results and the number of new entries.
IN_ORDER = """
import sys
from engine.runtime.backend import tf
from engine.runtime import program_cache
from engine.runtime.programs import Program

points = tf.reshape(tf.range(12.0), (4, 3))

def inner(values):
    return tf.while_loop(lambda i, _: i < 3, lambda i, v: (i + 1, v + tf.square(v)), (0, values))[1]

def double(values):
    return [each(values) for each in nested]

nested = [Program(inner, "nested")]
programs = {
    "a": Program(inner, "a"),
    "b": Program(double, "b", [tf.TensorSpec((4, 3))]),
    "c": Program(double, "c", [tf.TensorSpec((4, 3))], compiled=False),
}
session = program_cache._session
before = {path.name for path in session.folder.glob("*.pb")}
if sys.argv[2:]:
    exec(sys.argv[2])
results = {name: float(tf.reduce_sum(programs[name](points))).hex() for name in sys.argv[1]}
print(sorted(results.items()))
print(len({path.name for path in session.folder.glob("*.pb")} - before))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store filled by a first process, in a folder with an awkward name, and its results."""
    root = tmp_path_factory.mktemp("programs") / 'Jane\'s "own" back\\slash é'
    results, n_compiled = run("abc", root)
    assert n_compiled == 3
    return root, results


def run(order, root, before=""):
    """Run the programs in a new process: results, and the number of compilations."""
    done = subprocess.run(
        [sys.executable, "-c", IN_ORDER, order, *([before] if before else [])],
        cwd=ROOT,
        env=os.environ | {program_cache.VARIABLE: str(root)},
        capture_output=True,
        text=True,
        timeout=waiting.seconds_left(),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    results, n_compiled = done.stdout.splitlines()
    return results, int(n_compiled)


@pytest.mark.slow
def test_programs_are_found_in_any_order_with_the_same_results(store):
    root, results = store
    assert run("cba", root) == (results, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        "for path in session.folder.glob('*.pb'): path.write_bytes(b'')",
        "for path in session.folder.glob('*.pb'): path.write_bytes(path.read_bytes()[:999])",
        "for path in session.folder.glob('*.pb'): path.write_bytes(b'?' * 5000)",
        "import shutil; shutil.rmtree(session.folder); session.folder.touch()",
    ],
    ids=["emptied", "cut", "overwritten", "folder is a file"],
)
def test_damage_to_a_session_in_use_does_no_harm(store, tmp_path, damage):
    kept, results = store
    shutil.copytree(kept, tmp_path / "copy")
    assert run("cab", tmp_path / "copy", damage)[0] == results


def test_a_program_computes_the_same_as_its_function():
    program = Program(lambda values: values * 2 + 1, "test")
    assert program(tf.constant([1.0, 2.0])).numpy().tolist() == [3, 5]
    assert program(tf.constant([[1.0]])).numpy().tolist() == [[3]]


def test_one_function_may_be_two_programs():
    programs = [Program(lambda values: values + 1, "twice", [tf.TensorSpec(2)]) for _ in range(2)]
    assert [program(tf.zeros(2)).numpy().tolist() for program in programs] == [[1, 1]] * 2


def test_errors_of_the_computation_are_raised():
    program = Program(lambda values: tf.reshape(values, tf.cast(values, tf.int32)), compiled=False)
    with pytest.raises(tf.errors.InvalidArgumentError):
        program(tf.constant([3.0, 3.0]))

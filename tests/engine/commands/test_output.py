"""Output arrives or an error message says why not, whatever the streams are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.commands import output
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[3]
FULL = "/dev/full"
needs_full = pytest.mark.skipif(not os.path.exists(FULL), reason="needs a disk that is full")
SHOW = """
import sys
from engine import __main__ as command_line
from engine.commands import output
line = "→ \\x1b caf\\udce9"
command_line._run = lambda arguments: output.show("\\n".join([line] * int(sys.argv[1])))
sys.exit(command_line.main())
"""


def run_shell(line, **environment):
    """Run a shell command, in which "$PYTHON" is Python."""
    return subprocess.run(
        ["sh", "-c", line],
        cwd=ROOT,
        env=os.environ | {"PYTHON": sys.executable, "SHOW": SHOW} | environment,
        capture_output=True,
        timeout=seconds_left(),
    )


@needs_full
@pytest.mark.parametrize("n_lines", [1, 100_000], ids=["at its end", "on the way"])
def test_a_full_disk_is_reported_once(n_lines):
    done = run_shell(f'"$PYTHON" -c "$SHOW" {n_lines} >{FULL}')
    assert done.returncode == 2
    assert done.stderr == b"The result cannot be printed: No space left on device.\n"


@needs_full
def test_help_that_cannot_be_printed_is_reported():
    done = run_shell(f'"$PYTHON" main.py cluster --help >{FULL}')
    assert done.returncode == 2
    assert done.stderr == b"The result cannot be printed: No space left on device.\n"


@needs_full
@pytest.mark.parametrize("line", ["cluster nowhere.csv", "clutser"])
def test_an_error_message_that_cannot_be_printed_keeps_its_exit_status(line):
    done = run_shell(f'"$PYTHON" main.py {line} 2>{FULL}')
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="the line is for another shell")
def test_a_reader_may_close_the_pipe():
    done = run_shell('"$PYTHON" -c "$SHOW" 100000 | head -1')
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="the line is for another shell")
def test_closed_streams_are_ignored():
    done = run_shell('"$PYTHON" -c "$SHOW" 1 >&- 2>&- <&-')
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="the line is for another shell")
@pytest.mark.parametrize(
    ("encoding", "arrow"), [("utf-8", "→".encode()), ("cp1252", rb"\u2192"), ("ascii", rb"\u2192")]
)
def test_a_console_may_lack_characters(encoding, arrow):
    done = run_shell('"$PYTHON" -c "$SHOW" 1', PYTHONIOENCODING=encoding)
    assert done.stdout == arrow + rb" \x1b caf\xe9" + b"\n"
    assert (done.returncode, done.stderr) == (0, b"")


def test_json_escapes_invalid_text(capsys):
    value = {"na\x7fme\x1b\n\ud800": "é"}
    output.show_json(value)
    printed, _ = capsys.readouterr()
    assert json.loads(printed) == value
    assert printed.rstrip("\n").isprintable()


def test_a_note_is_one_line(capsys):
    output.note("a\nb\x1b")
    assert capsys.readouterr() == ("", "a\\nb\\x1b\n")

"""One process at a time holds the folder of a training, and leaves no files in it."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from engine.errors import DataError
from engine.seq2seq.training.folder import LOCK, held
from tests.processes import ended_process_id

ROOT = Path(__file__).parents[4]
OTHERWISE = "name another folder"
HOLD = """
import sys
from pathlib import Path
from engine.seq2seq.training.folder import held
with held(Path(sys.argv[1]), ""):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def another_process(folder):
    """A process that holds the folder until its stdin is closed or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout.readline().strip() == b"held"
        yield process
        process.stdin.close()


def hold(folder):
    with held(folder, OTHERWISE):
        assert (folder / LOCK).exists()


def test_a_second_holder_is_refused_until_the_first_has_ended(tmp_path):
    folder = tmp_path / "a" / "b"
    with held(folder, OTHERWISE):
        with pytest.raises(DataError) as refused:
            hold(folder)
        assert str(refused.value) == (
            f"Another window or command is training in {folder}; stop it, wait for its end, or "
            "name another folder."
        )
    hold(folder)
    assert list(folder.iterdir()) == []


def test_another_process_is_refused_and_a_killed_one_releases_the_folder(tmp_path):
    with another_process(tmp_path) as process:
        with pytest.raises(DataError, match="Another window or command is training in"):
            hold(tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (tmp_path / LOCK).exists()
        hold(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_drafts_of_killed_processes_are_removed(tmp_path):
    there = {
        "killed": f".checkpoint.npz.{ended_process_id()}.part",
        "own number": f".plain.npz.{os.getpid()}.part",  # an earlier process had the same id
        "alive": f".checkpoint.npz.{os.getppid()}.part",
        "no draft": "notes.1.part",
    }
    for name in there.values():
        (tmp_path / name).touch()
    (
        tmp_path / f".folder.npz.{ended_process_id()}.part"
    ).mkdir()  # cannot be removed, which does no harm
    hold(tmp_path)
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert left == {there["alive"], there["no draft"]}


def test_a_file_system_without_locks_is_accepted(tmp_path, monkeypatch):
    def no_locks(*_, **__):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(FileLock, "acquire", no_locks)
    with held(tmp_path, OTHERWISE):
        assert list(tmp_path.iterdir()) == []  # the attempt leaves no file


def test_a_lock_of_another_user_is_an_error(tmp_path, monkeypatch):
    def not_ours(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", not_ours)
    with pytest.raises(
        DataError, match=r"cannot be written to \(Permission denied\); name another"
    ):
        hold(tmp_path)


def test_a_folder_that_cannot_be_created(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / ("x" * 300)):
        with pytest.raises(DataError, match="cannot be made: "):
            hold(folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions are other ones here")
def test_a_folder_of_another_user(tmp_path):
    is_root = os.geteuid() == 0
    folder = tmp_path / "other"
    folder.mkdir()
    folder.chmod(0o755 if is_root else 0o555)
    for above in (tmp_path, *tmp_path.parents[:3]):  # pytest's folders are closed to other users
        above.chmod(0o755)
    try:
        if is_root:
            os.seteuid(65534)
        with pytest.raises(DataError) as refused:
            hold(folder)
    finally:
        if is_root:
            os.seteuid(0)
    assert str(refused.value) == (
        f"{folder} cannot be written to (Permission denied); name another folder."
    )

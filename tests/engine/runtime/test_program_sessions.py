"""The store of compiled programs, and sessions: copies of its valid entries for TensorFlow."""

import os
import time
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.runtime import program_sessions
from engine.runtime.program_sessions import Session

DAY = 86_400
VARIANT = "0.1.0-tensorflow-2.21.0-abc"


@pytest.fixture
def open_session(tmp_path):
    """Open sessions on one root, as several processes do."""
    sessions = []

    def open_one(variant=VARIANT):
        sessions.append(Session(tmp_path, variant))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.end()


def compile_into(session, name="one.pb", content=b"machine code"):
    """Write an entry as TensorFlow does."""
    (session.folder / name).write_bytes(content)


def stored(root, variant=VARIANT):
    return sorted((root / variant).iterdir())


def test_the_next_process_has_what_one_compiled(open_session, tmp_path):
    first = open_session()
    compile_into(first)
    first.end()
    assert not first.folder.exists()
    second = open_session()
    assert (second.folder / "one.pb").read_bytes() == b"machine code"
    compile_into(second, "two.pb", b"other code")
    second.end()
    assert [path.name.partition(".")[0] for path in stored(tmp_path)] == ["one", "two"]


def test_simultaneous_processes_share_what_they_compiled(open_session, tmp_path):
    one, other = open_session(), open_session()
    assert one.folder != other.folder
    compile_into(one)
    compile_into(other)
    one.publish()
    other.publish()
    assert len(stored(tmp_path)) == 1
    compile_into(one, "two.pb")
    one.publish()
    other.refresh()
    assert (other.folder / "two.pb").exists()


@pytest.mark.parametrize("damage", [b"", b"machine", b"machine coda", b"machine code and more"])
def test_a_damaged_entry_is_dropped(open_session, tmp_path, damage):
    first = open_session()
    compile_into(first)
    first.end()
    (entry,) = stored(tmp_path)
    entry.write_bytes(damage)
    second = open_session()
    assert list(second.folder.iterdir()) == []
    assert stored(tmp_path) == []


def test_an_incomplete_entry_is_not_stored(open_session, tmp_path):
    session = open_session()
    compile_into(session, "one.pbhost-12-34.tmp", b"machi")
    session.end()
    assert stored(tmp_path) == []


def test_a_variant_has_its_own_programs(open_session):
    session = open_session()
    compile_into(session)
    session.end()
    assert list(open_session("0.1.0-tensorflow-2.21.0-def").folder.iterdir()) == []


def test_the_oldest_entries_are_removed_from_a_full_store(open_session, tmp_path, monkeypatch):
    session = open_session()
    for age, name in enumerate("abc"):
        compile_into(session, f"{name}.pb", bytes(100))
        os.utime(session.folder / f"{name}.pb", (0, time.time() - age * DAY))
    monkeypatch.setattr(program_sessions, "MAX_BYTES", 250)
    session.publish()
    assert [path.name[0] for path in stored(tmp_path)] == ["a", "b"]


def test_only_sessions_of_killed_processes_are_removed(open_session, tmp_path):
    living = open_session()
    killed = tmp_path / "sessions" / "killed"
    killed.mkdir()
    (killed / "one.pb").write_bytes(b"")
    killed.with_suffix(".lock").touch()
    program_sessions.clean(tmp_path)
    assert living.folder.exists()
    assert not killed.exists()
    assert not killed.with_suffix(".lock").exists()


def test_the_substitute_of_a_session_is_removed_with_it(open_session, tmp_path):
    session = open_session()
    session.recover(f"{session.folder}: No space left on device")
    stand_in, lock = session.folder.resolve(), session.folder.with_suffix(".lock")
    session._lock.release()  # as if the process were killed
    program_sessions.clean(tmp_path)
    assert not stand_in.exists()
    assert not session.folder.is_symlink()
    assert not lock.exists()


def test_only_files_are_entries(open_session, tmp_path, monkeypatch):
    session = open_session()
    store = tmp_path / VARIANT
    (store / "folder.pb.abc").mkdir()
    (store / "link.pb.abc").symlink_to("nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(store / "pipe.pb.abc")
    with (store / "large.pb.abc").open("wb") as file:
        file.truncate(10**12)
    session.refresh()
    assert list(session.folder.iterdir()) == []
    compile_into(session)
    session.publish()
    assert [path.name for _, _, path in program_sessions.all_entries(tmp_path)] == [
        path.name for path in stored(tmp_path) if path.name.startswith("one")
    ]


def test_entries_with_future_dates_are_removed_first(open_session, tmp_path, monkeypatch):
    session = open_session()
    compile_into(session, "old.pb", bytes(100))
    session.publish()
    (entry,) = stored(tmp_path)
    os.utime(entry, (time.time() + 1000 * DAY,) * 2)
    monkeypatch.setattr(program_sessions, "MAX_BYTES", 150)
    compile_into(session, "new.pb", bytes(101))
    session.publish()
    assert [path.name.partition(".")[0] for path in stored(tmp_path)] == ["new"]


def test_damage_that_no_checksum_reveals_empties_the_store(open_session, tmp_path):
    session = open_session()
    compile_into(session)
    session.publish()
    assert session.recover("Serialized cache key does not match.", is_damage=True)
    assert stored(tmp_path) == []


def test_variants_unused_for_long_are_removed(open_session, tmp_path):
    session = open_session()
    old, recent = (tmp_path / f"0.0.{n}-tensorflow-2.20.0-abc" for n in (1, 2))
    for folder, days in ((old, 61), (recent, 59)):
        folder.mkdir()
        os.utime(folder, (time.time() - days * DAY,) * 2)
    os.utime(tmp_path / VARIANT, (0, 0))
    session.end()
    open_session()  # uses it
    program_sessions.clean(tmp_path)
    assert not old.exists()
    assert recent.exists()
    assert (tmp_path / VARIANT).exists()


class TestRecovery:
    def test_unrelated_errors_are_ignored(self, open_session):
        assert not open_session().recover("the points are no points")

    def test_a_substitute_folder_is_used_once_and_then_an_error_is_raised(self, open_session):
        session = open_session()
        compile_into(session)
        message = f"{session.folder}/one.pb; No space left on device"
        assert session.recover(message)
        compile_into(session)
        assert not session.recover("Read less bytes than requested", is_damage=True)
        with pytest.raises(DataError, match="free some space on the disk, or start with --no-cach"):
            session.recover(message)
        elsewhere = session.folder.resolve()
        session.end()
        assert not elsewhere.exists()

    def test_without_links_the_session_is_emptied_once(self, open_session, monkeypatch):
        def fail(link, target):
            made.append(target)
            raise OSError("no privilege")

        made = []
        monkeypatch.setattr(Path, "symlink_to", fail)
        session = open_session()
        compile_into(session)
        message = f"{session.folder}/one.pb; No space left on device"
        assert session.recover(message)
        assert not session.folder.exists()  # TensorFlow creates it again
        assert not made[0].exists()
        with pytest.raises(DataError):  # but only once
            session.recover(message)

    def test_a_folder_replaced_by_a_file_is_restored(self, open_session):
        session = open_session()
        session.folder.rmdir()
        session.folder.touch()
        assert session.recover(f"{session.folder} is not a directory")
        compile_into(session)

"""Compiled programs in a store that TensorFlow never sees, and sessions with what is undamaged."""

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
    """Sessions on one root, as processes have them."""
    sessions = []

    def open_one(variant=VARIANT):
        sessions.append(Session(tmp_path, variant))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.end()


def compile_into(session, name="one.pb", content=b"machine code"):
    """What TensorFlow does."""
    (session.folder / name).write_bytes(content)


def kept(root, variant=VARIANT):
    return sorted((root / variant).iterdir())


def test_what_one_process_compiled_the_next_one_has(open_session, tmp_path):
    first = open_session()
    compile_into(first)
    first.end()
    assert not first.folder.exists()
    second = open_session()
    assert (second.folder / "one.pb").read_bytes() == b"machine code"
    compile_into(second, "two.pb", b"other code")
    second.end()
    assert [path.name.partition(".")[0] for path in kept(tmp_path)] == ["one", "two"]


def test_two_processes_at_once_share_what_they_compiled(open_session, tmp_path):
    one, other = open_session(), open_session()
    assert one.folder != other.folder
    compile_into(one)
    compile_into(other)
    one.publish()
    other.publish()
    assert len(kept(tmp_path)) == 1
    compile_into(one, "two.pb")
    one.publish()
    other.refresh()
    assert (other.folder / "two.pb").exists()


@pytest.mark.parametrize("damage", [b"", b"machine", b"machine coda", b"machine code and more"])
def test_a_damaged_entry_is_dropped(open_session, tmp_path, damage):
    first = open_session()
    compile_into(first)
    first.end()
    (entry,) = kept(tmp_path)
    entry.write_bytes(damage)
    second = open_session()
    assert list(second.folder.iterdir()) == []
    assert kept(tmp_path) == []


def test_what_is_not_written_to_its_end_is_not_kept(open_session, tmp_path):
    session = open_session()
    compile_into(session, "one.pbhost-12-34.tmp", b"machi")
    session.end()
    assert kept(tmp_path) == []


def test_a_variant_has_its_own_programs(open_session):
    session = open_session()
    compile_into(session)
    session.end()
    assert list(open_session("0.1.0-tensorflow-2.21.0-def").folder.iterdir()) == []


def test_the_oldest_go_where_the_store_is_full(open_session, tmp_path, monkeypatch):
    session = open_session()
    for age, name in enumerate("abc"):
        compile_into(session, f"{name}.pb", bytes(100))
        os.utime(session.folder / f"{name}.pb", (0, time.time() - age * DAY))
    monkeypatch.setattr(program_sessions, "MAX_BYTES", 250)
    session.publish()
    assert [path.name[0] for path in kept(tmp_path)] == ["a", "b"]


def test_a_session_of_a_killed_process_is_removed_and_a_living_one_is_not(open_session, tmp_path):
    living = open_session()
    killed = tmp_path / "sessions" / "killed"
    killed.mkdir()
    (killed / "one.pb").write_bytes(b"")
    killed.with_suffix(".lock").touch()
    program_sessions.clean(tmp_path)
    assert living.folder.exists()
    assert not killed.exists()
    assert not killed.with_suffix(".lock").exists()


def test_what_took_a_sessions_place_goes_with_it(open_session, tmp_path):
    session = open_session()
    session.recover(f"{session.folder}: No space left on device")
    stand_in, lock = session.folder.resolve(), session.folder.with_suffix(".lock")
    session._lock.release()  # as if the process were killed
    program_sessions.clean(tmp_path)
    assert not stand_in.exists()
    assert not session.folder.is_symlink()
    assert not lock.exists()


def test_what_is_no_file_is_no_entry(open_session, tmp_path, monkeypatch):
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
        path.name for path in kept(tmp_path) if path.name.startswith("one")
    ]


def test_entries_of_the_future_go_first(open_session, tmp_path, monkeypatch):
    session = open_session()
    compile_into(session, "old.pb", bytes(100))
    session.publish()
    (entry,) = kept(tmp_path)
    os.utime(entry, (time.time() + 1000 * DAY,) * 2)
    monkeypatch.setattr(program_sessions, "MAX_BYTES", 150)
    compile_into(session, "new.pb", bytes(101))
    session.publish()
    assert [path.name.partition(".")[0] for path in kept(tmp_path)] == ["new"]


def test_a_damage_that_no_checksum_shows_empties_the_store(open_session, tmp_path):
    session = open_session()
    compile_into(session)
    session.publish()
    assert session.recover("Serialized cache key does not match.", is_damage=True)
    assert kept(tmp_path) == []


def test_variants_that_nobody_used_for_long_are_removed(open_session, tmp_path):
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
    def test_an_error_about_something_else_is_not_its_own(self, open_session):
        assert not open_session().recover("the points are no points")

    def test_another_folder_stands_in_and_then_a_sentence(self, open_session):
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

    def test_where_no_link_can_be_made_it_begins_anew_once(self, open_session, monkeypatch):
        def fail(link, target):
            made.append(target)
            raise OSError("no privilege")

        made = []
        monkeypatch.setattr(Path, "symlink_to", fail)
        session = open_session()
        compile_into(session)
        message = f"{session.folder}/one.pb; No space left on device"
        assert session.recover(message)
        assert not session.folder.exists()  # TensorFlow makes it again
        assert not made[0].exists()
        with pytest.raises(DataError):  # and not again and again
            session.recover(message)

    def test_a_folder_that_became_a_file_is_replaced(self, open_session):
        session = open_session()
        session.folder.rmdir()
        session.folder.touch()
        assert session.recover(f"{session.folder} is not a directory")
        compile_into(session)

"""The cache of compiled programs in this process: opened, turned off, or unavailable."""

import json
import os
from pathlib import Path

import pytest
from filelock import Timeout

from engine.runtime import program_cache, program_sessions


@pytest.fixture
def restored(monkeypatch):
    """Reset the module to its initial state, and restore the environment after the test."""
    monkeypatch.setattr(program_cache, "_session", None)
    monkeypatch.setattr(program_cache, "_reason", "")
    monkeypatch.setattr(program_cache.atexit, "register", lambda _: None)
    for name in ("TF_XLA_FLAGS", program_cache.VARIABLE):
        monkeypatch.delenv(name, raising=False)
    yield monkeypatch
    program_cache.end()


class TestBegin:
    def test_the_folder_is_quoted_in_the_flags_of_tensorflow(self, restored, tmp_path):
        root = tmp_path / "Jane's files"
        restored.setenv(program_cache.VARIABLE, str(root))
        restored.setenv("TF_XLA_FLAGS", "--tf_xla_clustering_debug=false")
        with program_cache.begin():
            flags = os.environ["TF_XLA_FLAGS"]
        (session,) = (path for path in (root / "sessions").iterdir() if path.is_dir())
        assert flags == (
            "--tf_xla_clustering_debug=false "
            f'--tf_xla_persistent_cache_directory="{session}" '
            "--tf_xla_persistent_cache_device_types=CPU"
        )
        assert os.environ["TF_XLA_FLAGS"] == "--tf_xla_clustering_debug=false"
        assert program_cache.status().folder == root
        program_cache.end()
        assert list((root / "sessions").iterdir()) == []

    @pytest.mark.parametrize("name", ["file", "file/below"])
    def test_without_a_folder_there_is_no_cache(self, restored, tmp_path, name):
        (tmp_path / "file").touch()
        restored.setenv(program_cache.VARIABLE, str(tmp_path / name))
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert str(program_cache.status()).startswith(f"not kept: {tmp_path}")

    def test_with_a_full_disk_there_is_no_cache(self, restored, tmp_path):
        restored.setattr(program_sessions, "MIN_FREE_BYTES", 10**18)
        restored.setenv(program_cache.VARIABLE, str(tmp_path))
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert "the disk is almost full" in program_cache.status().reason

    def test_without_file_locks_there_is_no_cache_and_no_files_remain(self, restored, tmp_path):
        def acquire(lock, timeout):
            raise Timeout(lock.lock_file)

        restored.setattr(program_sessions.FileLock, "acquire", acquire)
        restored.setenv(program_cache.VARIABLE, str(tmp_path))
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert "no file can be locked" in program_cache.status().reason
        assert list((tmp_path / "sessions").iterdir()) == []

    def test_without_a_home_there_is_no_cache(self, restored):
        def fail():
            raise RuntimeError("no home")

        restored.setattr(program_cache, "default_root", fail)
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert program_cache.status().reason == (
            "there is no home folder; BARYCENTER_CACHE can name another"
        )

    def test_with_an_unknown_version_there_is_no_cache(self, restored, tmp_path):
        def fail():
            raise ModuleNotFoundError("tensorflow")

        restored.setattr(program_cache, "variant", fail)
        restored.setenv(program_cache.VARIABLE, str(tmp_path))
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert program_cache.status().reason == "the version of TensorFlow is not known"

    @pytest.mark.parametrize("value", ["off", "OFF"])
    def test_an_environment_variable_turns_it_off(self, restored, value):
        restored.setenv(program_cache.VARIABLE, value)
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert program_cache.status().reason == "turned off"

    def test_it_can_be_turned_off(self, restored):
        restored.setenv(program_cache.VARIABLE, "")
        program_cache.turn_off()
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") is None
        assert str(program_cache.status()) == "not kept: turned off"

    @pytest.mark.parametrize("flags", ["--tf_xla_persistent_cache_directory=mine", "flags.txt"])
    def test_flags_of_the_user_are_kept(self, restored, tmp_path, flags):
        restored.setenv(program_cache.VARIABLE, str(tmp_path))
        restored.setenv("TF_XLA_FLAGS", flags)
        with program_cache.begin():
            assert os.environ.get("TF_XLA_FLAGS") == flags
        assert "set by the user" in program_cache.status().reason


def test_info_names_the_folder_and_its_size(command):
    status, out, _ = command("info --json")
    found = json.loads(out)["programs"]
    assert status == 0
    assert Path(found["folder"]) == program_cache.status().folder
    assert found["count"] >= 0 <= found["bytes"] < program_sessions.MAX_BYTES
    _, out, _ = command("info")
    assert f"programs:   {found['folder']} (" in out

"""Errors of the scripts: one sentence, and a command to type."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOBODY = 65534

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are for a shell of Unix")


@pytest.fixture
def copy(tmp_path):
    """A folder with the scripts and one lock file, open to other users."""
    for folder in (tmp_path, *tmp_path.parents[:2]):  # pytest's folders are closed to other users
        folder.chmod(0o755)
    copy = tmp_path / "a copy"
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    (copy / "some.txt").write_text("")
    return copy


def program(path, text):
    """Write an executable that a test uses in place of Python."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def run(copy, *command, as_another=False, **environment):
    """Run a script as a user who does not own the folder: exit status and output."""
    is_root = os.geteuid() == 0
    if as_another and not is_root:
        for folder in (copy, copy / ".venv"):
            if folder.exists():
                folder.chmod(0o555)
    done = subprocess.run(
        command,
        cwd=copy,
        env={"PATH": os.environ["PATH"], **environment},
        user=NOBODY if as_another and is_root else None,
        capture_output=True,
        text=True,
    )
    assert done.stderr.count("\n") <= 1
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("script", ["scripts/python.sh", "scripts/libraries.sh"])
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/no/such", ": there is no such program; name a Python 3.11, 3.12 or 3.13, or leave"),
        ("/no such/python", ": there is no such program; name a Python 3.11, 3.12 or 3.13"),
        ("/bin/sh", " is not Python 3.11, 3.12 or 3.13; name one of these, or leave PYTHON= out"),
    ],
)
def test_an_unsuitable_python_is_refused(copy, script, name, why):
    program(copy / ".venv" / "bin" / "python", "exit 0")  # even if none is needed any more
    status, out, err = run(copy, script, PYTHON=name)
    assert (status, out) == (1, "")
    assert err.startswith(f"PYTHON={name}{why}")


def test_a_named_python_is_used(copy):
    path = copy / "my own" / "python"
    path.parent.mkdir()
    path.symlink_to(sys.executable)
    assert run(copy, "scripts/python.sh", PYTHON=str(path)) == (0, f"{path}\n", "")


def test_an_environment_of_another_user_is_reported(copy):
    program(copy / ".venv" / "bin" / "python", "exit 0")
    status, out, err = run(copy, "scripts/install.sh", "some.txt", as_another=True)
    assert (status, out) == (1, "")
    assert f"may not write to {copy}/.venv, and some.txt has to be installed there" in err
    assert f"rm -r '{copy}/.venv'" in err
    assert sorted(path.name for path in (copy / ".venv").iterdir()) == ["bin"]


def test_an_installed_environment_is_used_whoever_owns_it(copy):
    program(copy / ".venv" / "bin" / "python", "exit 0")
    (copy / ".venv" / "some.txt").write_text("")
    assert run(copy, "scripts/install.sh", "some.txt", as_another=True) == (0, "", "")


def test_a_folder_of_another_user(copy):
    status, out, err = run(copy, "scripts/install.sh", "some.txt", as_another=True)
    assert (status, out) == (1, "")
    assert f"may not write to {copy}, and .venv has to be created in it; type this" in err


def test_a_python_that_cannot_make_an_environment(copy):
    path = program(copy / "python", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    status, out, err = run(copy, "scripts/install.sh", "some.txt", PYTHON=str(path))
    assert (status, out) == (1, "")
    assert err.startswith(f"{path} cannot create an environment, because it lacks ensurepip")
    assert not (copy / ".venv").exists()

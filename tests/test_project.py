"""Set-up files: complete lock files, one version number, Makefile targets that exist."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from engine import __version__

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PYPROJECT["project"]["dependencies"]
GROUPS = PYPROJECT["dependency-groups"]
WITHOUT_CUDA = "tensorflow-cpu"
WANTED = {
    "requirements.txt": RUNTIME,
    "requirements-dev.txt": GROUPS["dev"],
    "requirements-bench.txt": GROUPS["bench"],
    "requirements-gpu.txt": [line for line in RUNTIME if Requirement(line).name != WITHOUT_CUDA]
    + GROUPS["gpu"],
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def entries(name: str) -> list[str]:
    """Return the requirements of a lock file, each on one line, without comments."""
    text = re.sub(r"^ *#.*\n", "", read(name), flags=re.MULTILINE)
    return text.replace("\\\n", " ").splitlines()


def pinned(name: str) -> dict[str, set[str]]:
    """Return the versions of each package in a lock file, several if they depend on the Python."""
    versions: dict[str, set[str]] = {}
    for entry in entries(name):
        requirement = Requirement(entry.partition(" --hash")[0])
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        versions.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return versions


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_file_pins_every_dependency(name):
    versions = pinned(name)
    for requirement in map(Requirement, WANTED[name]):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{name} lacks {requirement}"
        assert all(map(requirement.specifier.contains, found)), f"{name}: {requirement}, {found}"


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_file_has_a_hash_for_every_package(name):
    assert all(re.search(r" --hash=sha256:[0-9a-f]{64}", entry) for entry in entries(name))


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_file_names_no_server_and_no_path(name):
    # URLs, paths and "name @ location" all need one of these; options start a line.
    assert not re.findall(r"^.*[/@].*$|^-.*$", read(name), flags=re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in WANTED if name != "requirements.txt"])
def test_lock_files_are_compatible(name):
    ours, theirs = pinned("requirements.txt"), pinned(name)
    both = ours.keys() & theirs.keys()
    assert both
    assert {key: theirs[key] for key in both} == {key: ours[key] for key in both}


def test_tensorflow_with_cuda_replaces_the_other():
    (never,) = [
        Requirement(entry.partition(" --hash")[0]).marker
        for entry in entries("requirements-gpu.txt")
        if entry.startswith(WITHOUT_CUDA)
    ]
    assert not never.evaluate()


def test_the_newest_changelog_entry_is_this_version():
    newest = re.search(r"^## \[?v?(\d+\.\d+\.\d+)", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest
    assert newest[1] == __version__


@pytest.mark.parametrize("name", ["README.md", "docs/installing.md"])
def test_every_make_target_mentioned_exists(name):
    # Only text marked as code counts, not the "make sure" of a sentence.
    listings = "".join(re.findall(r"^ *```.*?^ *```", read(name), flags=re.MULTILINE | re.DOTALL))
    named = set(re.findall(r"^ *(?:\$ )?make ([a-z]+)", listings, flags=re.MULTILINE))
    named |= set(re.findall(r"`make ([a-z]+)", read(name)))
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    assert named
    assert named <= targets

"""The wheel, installed in a new environment: its command spells and clusters."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from engine import __version__
from engine.runtime import program_cache
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[1]
SOURCES = ("app", "engine", "assets", "main.py", "pyproject.toml", "README.md", "LICENSE")

pytestmark = pytest.mark.slow


def run(*command, **options):
    return subprocess.run(
        list(map(str, command)),
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds_left(),
        **options,
    ).stdout


@pytest.fixture(scope="module")
def barycenter(tmp_path_factory):
    """A function that runs the installed command in an empty folder, and returns its output."""
    folder = tmp_path_factory.mktemp("package")
    source = folder / "source"  # building leaves folders beside pyproject.toml
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=skipped)
        else:
            shutil.copy(ROOT / name, source)
    python = sys.executable
    build = ("build", "--no-isolation", "--wheel", "--outdir", folder)
    run(python, "-m", *build, source)
    (wheel,) = folder.glob("*.whl")
    installed = folder / "installed"
    venv.create(installed, with_pip=False)
    here = Path(sysconfig.get_path("purelib"))
    bin_folder = installed / ("Scripts" if os.name == "nt" else "bin")
    place = run(bin_folder / "python", "-c", "import sysconfig as s; print(s.get_path('purelib'))")
    # TensorFlow and Qt are not downloaded again.
    (Path(place.strip()) / "shared.pth").write_text(f"{here}\n", encoding="utf-8")
    pip = ("pip", "--python", bin_folder / "python", "--disable-pip-version-check")
    run(python, "-m", *pip, "install", "--no-deps", "--no-index", wheel)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment[program_cache.VARIABLE] = program_cache.OFF

    def command(*arguments):
        return run(bin_folder / "barycenter", *arguments, cwd=elsewhere, env=environment)

    return command


def test_it_clusters_ready_made_points(barycenter):
    found = json.loads(barycenter("cluster", "iris", "-k", "3", "--json"))
    assert (found["n_points"], found["n_clusters"]) == (150, 3)


def test_it_spells_with_the_packaged_weights(barycenter):
    found = json.loads(barycenter("spell", "--model", "plain", "--json", "K AE1 T"))
    assert found["spellings"][0]["letters"] == "cat"


def test_examples_name_the_installed_command(barycenter):
    printed = barycenter("cluster", "--help")
    assert "barycenter cluster iris" in printed or "barycenter cluster wine" in printed
    assert "main.py" not in printed


def test_it_prints_its_version(barycenter):
    assert barycenter("--version") == f"barycenter {__version__}\n"

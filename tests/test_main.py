"""main.py: it starts the window or a command; options that apply to both."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime import program_cache
from tests import waiting

ROOT = Path(__file__).parents[1]


def run_main(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=waiting.seconds_left(),
    )


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--no-cache", "info"], ["info", "--no-cache"]])
def test_the_program_cache_can_be_turned_off(arguments, tmp_path):
    done = run_main(*arguments, **{program_cache.VARIABLE: str(tmp_path / "cache")})
    assert "programs:   not kept: turned off\n" in done.stdout
    assert not (tmp_path / "cache").exists()


def test_the_window_accepts_the_option_too():
    done = run_main("--no-cache", QT_QPA_PLATFORM="xcb", DISPLAY="", WAYLAND_DISPLAY="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Barycenter cannot open a window here")
    assert done.stderr.count("\n") == 1

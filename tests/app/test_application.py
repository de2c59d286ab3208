"""The program in its own process: without a display, on a virtual one, and closed at once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting

ROOT = Path(__file__).parents[2]

# Runs the program, and calls `act` every 20 ms once the window is shown.
PROGRAM = """
import sys
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from app import application
from app.settings import file as settings
from app.window import MainWindow

folder = Path(sys.argv[1])
settings.default_path = lambda: folder / "settings.json"
show = MainWindow.show

def show_and_act(window):
    show(window)
    timer = QTimer(window)
    timer.timeout.connect(lambda: act(window))
    timer.start(20)

MainWindow.show = show_and_act
{act}
sys.argv = ["main.py"]
sys.exit(application.main())
"""
# Few points, which are enough here.
SOURCE = "blobs:clusters=6,per_cluster=40,variance=30,seed=8"
SETTINGS = {"clustering": {"source": SOURCE, "tween": False}}
PLAY = """
from app.running.bridge import Bridge
close = Bridge.close
Bridge.close = lambda *args: print(close(*args))

def act(window):
    player = window.tabs.clustering.player
    if player.frame is None or player.playing or not window.isVisible():
        return
    if player.frame.stop is None:
        player.play_to_end()
        return
    window.grab().save(str(folder / "window.png"))
    window.close()
    print(QApplication.platformName(), player.frame.stop)
"""
CLOSE_AT_ONCE = """
def act(window):
    window.close()
"""


def run(*arguments, **environment):
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=waiting.seconds_left(),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":987"}], ids=["none", "dead"])
def test_without_a_display_an_error_names_the_commands(environment):
    done = run("main.py", **environment)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "python main.py cluster" in line


@pytest.fixture(scope="module")
def virtual_screen():
    """The name of a virtual X display."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as reported:
        number = reported.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["xcb", "offscreen"])
def test_the_window_plays_and_closes_on_a_real_platform(platform, request, tmp_path):
    environment = {"QT_QPA_PLATFORM": platform, "PYTHONPATH": str(ROOT)}
    if platform == "xcb":
        environment["DISPLAY"] = request.getfixturevalue("virtual_screen")
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS))
    done = run("-c", PROGRAM.format(act=PLAY), str(tmp_path), **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", platform, "no", "label", "changed"]
    assert (tmp_path / "window.png").stat().st_size > 20_000


@pytest.mark.slow
def test_closing_at_once_while_tensorflow_loads_ends_the_process(tmp_path):
    environment = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = run("-c", PROGRAM.format(act=CLOSE_AT_ONCE), str(tmp_path), **environment)
    assert done.returncode == 0
    assert done.stderr == ""
    assert (tmp_path / "settings.json").exists()

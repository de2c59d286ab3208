"""The program itself, as a process: without a display, on a virtual one, and in a hurry."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Opens the window, plays to the end, takes a picture, and closes it.
PLAY = """
import sys
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from app.window import MainWindow

application = QApplication([])
window = MainWindow(Path(sys.argv[1]) / "settings.json")
window.failures.install()
window.show()
player = window.lab.player

def look():
    if player.frame is None or player.playing:
        return
    if player.frame.stop is None:
        player.play_to_end()
        return
    window.grab().save(str(Path(sys.argv[1]) / "window.png"))
    window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
application.exec()
print(application.platformName(), player.frame.stop, window.engine_idle)
"""


def run(*arguments, **environment):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":987"}], ids=["none", "dead"])
def test_without_a_display_one_sentence_names_the_commands(environment):
    done = run("main.py", **environment)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "python main.py cluster" in line


@pytest.fixture(scope="module")
def virtual_screen():
    """The name of a display with nobody in front of it."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.parametrize("platform", ["xcb", "offscreen"])
def test_the_window_plays_and_closes_on_a_real_platform(platform, request, tmp_path):
    environment = {"QT_QPA_PLATFORM": platform, "PYTHONPATH": str(ROOT)}
    if platform == "xcb":
        environment["DISPLAY"] = request.getfixturevalue("virtual_screen")
    done = run("-c", PLAY, str(tmp_path), **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [platform, *["no", "label", "changed"], "True"]
    assert (tmp_path / "window.png").stat().st_size > 20_000


def test_closing_at_once_while_tensorflow_loads_ends_the_process(tmp_path):
    hurry = (
        "import sys\n"
        "from PyQt6.QtCore import QTimer\n"
        "from app import application, settings\n"
        "from pathlib import Path\n"
        f"settings.default_path = lambda: Path({str(tmp_path)!r}) / 'settings.json'\n"
        "from app.window import MainWindow\n"
        "shown = MainWindow.show\n"
        "def show(window):\n"
        "    shown(window)\n"
        "    QTimer.singleShot(50, window.close)\n"
        "MainWindow.show = show\n"
        "sys.argv = ['main.py']\n"
        "sys.exit(application.main())\n"
    )
    done = run("-c", hurry, QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT))
    assert done.returncode == 0
    assert done.stderr == ""
    assert (tmp_path / "settings.json").exists()

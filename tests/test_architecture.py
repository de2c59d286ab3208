"""main -> app -> engine -> TensorFlow, and never back."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import seconds_left

ROOT = Path(__file__).parents[1]
MODULES = sorted(p.relative_to(ROOT) for d in ("app", "engine") for p in (ROOT / d).rglob("*.py"))
APP = [path for path in MODULES if path.parts[0] == "app"]
ENGINE = [path for path in MODULES if path.parts[0] == "engine"]

# What each folder of the engine may import from the others, besides the shared modules. Each entry
# is a module or a folder. `engine/__init__.py` and `engine/__main__.py` put the parts together.
SHARED = {"assets", "errors", "frames", "numbers", "plain_text", "user_folders"}
# They combine what several folders have.
ABOVE = {"invocation", "ready_made", "source"}
DIRECTIONS = {
    "runtime": set(),
    "data": {"runtime"},
    "clustering": {"data", "runtime"},
    "seq2seq": {"data.opening", "data.output", "runtime"},
    "spelling": {"data", "runtime", "seq2seq"},
    "commands": {"clustering", "data", "runtime", "seq2seq", "spelling", *ABOVE},
}

WINDOW = {"PyQt6", "pyqtgraph", "qtawesome", "app"}

IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "tensorflow" in sys.modules:
        sys.exit(f"importing {name} imports TensorFlow")
"""

CLUSTER_WITHOUT_QT = f"""
import json, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {WINDOW!r}:
            raise ModuleNotFoundError(f"{{name}} is not installed in this test")

sys.meta_path.insert(0, Blocker())
import numpy
from engine.clustering.kmeans.driver import fit
fit(numpy.eye(3), numpy.eye(3))
from engine.__main__ import main
sys.exit(main("cluster blobs:clusters=3,per_cluster=20,seed=0 -k 3 --json".split()))
"""


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Return the top-level names of everything a file imports, also inside functions."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def imported_of_engine(path: Path) -> set[str]:
    """Return the engine modules that a file imports, also inside functions, without `engine.`."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("engine.") for name in names if name.startswith("engine.")}


def dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def run_python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter, in the folder of main.py and without a screen."""
    env = {name: os.environ[name] for name in os.environ if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=ROOT,
        env=env | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=seconds_left(),
    )


def test_the_engine_does_not_import_the_window():
    wrong = {str(path): found for path in ENGINE if (found := imported(path) & WINDOW)}
    assert not wrong, "The engine works without a window; these import parts of one."


def test_every_folder_of_the_engine_has_a_direction():
    folders = {path.parts[1] for path in ENGINE if len(path.parts) > 2}
    assert folders == DIRECTIONS.keys()


@pytest.mark.parametrize("path", [path for path in ENGINE if len(path.parts) > 2], ids=str)
def test_folders_of_the_engine_import_in_one_direction(path):
    folder = path.parts[1]
    allowed = {folder, "__version__", *SHARED, *DIRECTIONS[folder]}
    wrong = {
        name
        for name in imported_of_engine(path)
        if not any(f"{name}.".startswith(f"{each}.") for each in allowed)
    }
    assert not wrong, f"engine/{folder} imports only {sorted(allowed)}."


@pytest.mark.parametrize("name", sorted(SHARED))
def test_shared_modules_of_the_engine_import_no_folder(name):
    wrong = {each.partition(".")[0] for each in imported_of_engine(Path(f"engine/{name}.py"))}
    assert wrong <= SHARED


# The folders of the window from which each of its folders may import, beside its own and what lies
# above them.
APP_DIRECTIONS = {
    "running": set(),
    "settings": {"labs"},  # the classes of the sections, each of which lies with its lab
    "views": {"running"},  # threads that give way to the GUI
    "controls": {"running", "views"},
    "labs": {"controls", "running", "settings", "views"},
}


def test_every_folder_of_the_window_has_a_direction():
    assert {path.parts[1] for path in APP if len(path.parts) > 2} == APP_DIRECTIONS.keys()


@pytest.mark.parametrize("path", [path for path in APP if len(path.parts) > 2], ids=str)
def test_folders_of_the_window_import_in_one_direction(path):
    folder = path.parts[1]
    imported = {node.module or "" for node in ast.walk(tree(path)) if is_import_from(node)}
    folders = {name.split(".")[1] for name in imported if name.count(".") and name[:4] == "app."}
    wrong = (folders & APP_DIRECTIONS.keys()) - {folder, *APP_DIRECTIONS[folder]}
    assert not wrong


def is_import_from(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and not node.level


# Expressions in a file of a lab that reach more than one attribute deep through another object.
# Fewer are better: ask an object for what is needed instead of reaching for its parts.
MOST_REACHES = 14


def reaches(module: ast.Module) -> list[str]:
    """Return expressions like `self.a.b.c` and `x.a.b`, except names of modules and constants."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom))
    names = (alias.asname or alias.name for node in imports for alias in node.names)
    imported_here = {name.partition(".")[0] for name in names}
    inner: set[ast.AST] = set()
    found = []
    for node in ast.walk(module):
        if not isinstance(node, ast.Attribute) or node in inner:
            continue
        depth, at = 0, node
        while isinstance(at, ast.Attribute):
            inner.add(at)
            depth, at = depth + 1, at.value
        if not isinstance(at, ast.Name) or at.id in imported_here or at.id[0].isupper():
            continue
        if depth - (at.id in ("self", "cls")) >= 2:
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def test_what_counts_as_a_reach():
    code = "import m; self.a.b; self.a.b.c(); x.a; x.a.b; m.a.b.c; N.a.b; f().a.b; self.a(x.b.c)"
    found = {each.partition(" ")[2] for each in reaches(ast.parse(code))}
    assert found == {"self.a.b.c", "x.a.b", "x.b.c"}


LABS = [path for path in APP if path.parts[:2] == ("app", "labs")]


@pytest.mark.parametrize("path", LABS, ids=str)
def test_parts_of_a_lab_do_not_reach_through_one_another(path):
    found = reaches(tree(path))
    assert len(found) <= MOST_REACHES, "\n".join(found)


CLUSTERING = ("app", "labs", "clustering")


@pytest.mark.parametrize("path", [p for p in LABS if p.parts[:3] == CLUSTERING], ids=str)
def test_parts_of_clustering_depend_on_neither_the_lab_nor_an_algorithm(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "TYPE_CHECKING" not in text
    assert "clustering.lab" not in text
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    asked = [ast.unparse(node) for node in calls if called(node) == "isinstance"]
    assert not [each for each in asked if "Frame" in each or "Options" in each]


# Calls that may interpret a name as HTML, and the only files that may make them; see `app/text.py`.
HTML = {
    "QLabel": {"app/text.py"},
    "QMessageBox": {"app/text.py"},
    "setLabel": {"app/views/curves/axes.py"},
    "setWindowTitle": {"app/window.py", "app/controls/table_import/dialog.py"},
}


def called(node: ast.Call) -> str:
    """Return the last part of the name of the called function."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_safe_tip(node: ast.expr) -> bool:
    """Return whether a tool tip contains no foreign name, or was made by `as_tip`."""
    if isinstance(node, ast.Call):
        return called(node) == "as_tip"
    while isinstance(node, ast.Subscript):
        node = node.value  # an entry of a table of constants
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


@pytest.mark.parametrize("path", APP, ids=str)
def test_names_are_never_interpreted_as_html(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            bases = {getattr(base, "id", "") for base in node.bases}
            assert not bases & {"QLabel", "QMessageBox"} or path.as_posix() == "app/text.py"
        if not isinstance(node, ast.Call):
            continue
        name, where = called(node), f"{path}:{node.lineno}"
        assert path.as_posix() in HTML.get(name, {path.as_posix()}), f"{where}: {name}"
        if name == "setToolTip" and path.as_posix() != "app/text.py":
            assert is_safe_tip(node.args[-1]), f"{where}: use app.text.as_tip"
        if name == "addLegend" or (
            name == "TextItem" and any(k.arg == "html" for k in node.keywords)
        ):
            raise AssertionError(f"{where}: HTML in a plot")


@pytest.mark.slow
def test_the_window_opens_before_tensorflow_is_imported():
    assert "app.window" in map(dotted, APP)
    done = run_python(IMPORT_ALL, "app.window", *map(dotted, APP))
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_command_line_parses_before_tensorflow_is_imported():
    done = run_python(IMPORT_ALL, "engine.__main__")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_engine_works_without_qt():
    """Used from Python it writes nothing; on the command line it writes only the result."""
    done = run_python(CLUSTER_WITHOUT_QT)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["n_points"] == 60

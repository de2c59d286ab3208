"""What the window remembers: a frozen dataclass to and from a JSON file, written atomically."""

import base64
import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import Field, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from app.json_files import Found, aside, locked, read_object, write_object
from app.theme import MAX_SCALE, MIN_SCALE
from engine import user_folders
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import MAX_ITER, MAX_RUNS, Formulation, Seeding
from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import Form, Rule, Seeds
from engine.data.generated.generators import is_recipe
from engine.spelling.library import ENSEMBLES
from engine.spelling.recipes import RECIPES

MAX_RECENT = 8
# The properties of `app.tabs.Tabs` that are tabs, and their titles.
TITLES = {
    "clustering": "Clustering",
    "side_by_side": "Side by side",
    "choosing_k": "How many?",
    "pictures": "Picture",
    "spelling": "Spelling",
    "accuracy": "Accuracy",
    "phoneme_map": "Phonemes",
    "training": "Training",
}
# Bytes of a settings file, and characters of a text in it: more is no settings file.
_MAX_BYTES = 2**20
_MAX_TEXT = 2**15
_MAX_SEED = 2**31 - 1


def _one_of(default: Any, *values: Any) -> Any:
    """A field that is one of some values."""
    return field(default=default, metadata={"allowed": frozenset(values).__contains__})


def _from_to(default: Any, low: float, high: float) -> Any:
    """A number from `low` to `high`, both included."""
    return field(default=default, metadata={"allowed": lambda value: low <= value <= high})


def _that(default: Any, allowed: Callable[[Any], bool]) -> Any:
    """A field of which a function says whether a value is allowed."""
    return field(default=default, metadata={"allowed": allowed})


def _is_state(text: str) -> bool:
    """Whether this is what Qt says of a window or a splitter, in base64."""
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that survives closing the window. What is outside of its range is not taken.

    Attributes:
        theme: system, light or dark.
        scale: Of fonts, marks and lines; 1 is for a desk, 2 for the back of a room.
        geometry: Of the window, as Qt encodes it, in base64.
        columns: Of the splitter between the columns, as Qt encodes it, in base64.
        tab: The title of the one on top.
        recent_files: Newest first.
        source: The recipe or the file that was open.
        k: How many clusters.
        seeding, seed, n_init, empty, formulation, max_iter, standardize: How they are found.
        algorithm: What finds them.
        bandwidth, bandwidth_rule, kernel, form, climbs_from: How mean shift finds them.
        side_points: What the two algorithms are shown on side by side.
        rate: Half-steps a second; 0 is as fast as possible.
        train_recipe, train_words, train_epochs, train_seed: What is trained next, and how long; 0
            words are all, and 0 epochs as many as the recipe has.
        regions, lines, trails, shapes, tween: What the scatter shows.
        live_line: Whether the operations of the half-step stand beside it.
        speller, beside: Which spellers are asked; nothing for no second one.
        known_words: Whether spellings that people write come first.
        phonemes: What was typed.
        by_letter: Whether words are written letter by letter.
        accuracy_spellers: Those that are evaluated; none for all.
        keep_programs: Whether compiled programs are kept for the next start.
    """

    theme: str = _one_of("system", "system", "light", "dark")
    scale: float = _from_to(1.0, MIN_SCALE, MAX_SCALE)
    geometry: str = _that("", _is_state)
    columns: str = _that("", _is_state)
    tab: str = _one_of("", "", *TITLES.values())
    recent_files: tuple[str, ...] = ()
    # Blobs that touch, so that there is something to watch.
    source: str = _that("blobs:clusters=6,per_cluster=250,variance=30,seed=8", bool)
    k: int = _from_to(6, 1, 100)
    seeding: str = _one_of(Seeding.FARTHEST.value, *Seeding)
    seed: int = _from_to(0, 0, _MAX_SEED)
    n_init: int = _from_to(1, 1, MAX_RUNS)
    empty: str = _one_of(EmptyPolicy.KEEP.value, *EmptyPolicy)
    formulation: str = _one_of(Formulation.AUTO.value, *Formulation)
    max_iter: int = _from_to(MAX_ITER, 0, 100_000)
    standardize: bool = False
    algorithm: str = _one_of("k-means", "k-means", "mean shift")
    bandwidth: float = _from_to(5.0, 1e-9, 1e42)
    bandwidth_rule: str = _one_of(Rule.ESTIMATE.value, *Rule, "hand")
    kernel: str = _one_of(Kernel.GAUSSIAN.value, *Kernel)
    form: str = _one_of(Form.CLIMBING.value, *Form)
    climbs_from: str = _one_of(Seeds.AUTO.value, *Seeds)
    side_points: str = _that("moons", lambda name: name == "clustering" or is_recipe(name))
    rate: float = _one_of(2.0, 0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
    train_recipe: str = _one_of("plain", *RECIPES)
    train_words: int = _one_of(20_000, 0, 1000, 5000, 20_000)
    train_epochs: int = _from_to(0, 0, 1000)
    train_seed: int = _from_to(0, 0, _MAX_SEED)
    regions: bool = True
    lines: bool = False
    trails: bool = True
    shapes: bool = False
    tween: bool = True
    live_line: bool = False
    speller: str = _one_of("attention", *RECIPES, *ENSEMBLES)
    beside: str = _one_of("", "", *RECIPES, *ENSEMBLES)
    known_words: bool = False
    phonemes: str = "B R AH0 Z IH1 L Y AH0 N"
    by_letter: bool = True
    accuracy_spellers: tuple[str, ...] = ()
    keep_programs: bool = True

    def with_recent(self, path: str) -> tuple[str, ...]:
        """The recent files with this one first."""
        return _recent([path], self.recent_files)


class Read(NamedTuple):
    """What was found where the settings lie.

    Attributes:
        settings: With the default where a value could not be used.
        content: Everything in the file, that of another version too.
        wrong: The names of the values that could not be used.
        problem: Why nothing could be read; empty if it could, or there is no file yet.
        damaged: Whether the file could be read, and holds no settings.
    """

    settings: Settings
    content: dict[str, Any]
    wrong: tuple[str, ...] = ()
    problem: str = ""
    damaged: bool = False


class SettingsFile:
    """The settings of one window, in a file that other windows may write too.

    Attributes:
        settings: As they were when the window was opened.
        notice: What the user should know about the file, empty if nothing.
    """

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self._path = path
        self._read = read(path)
        self.settings = self._read.settings
        self._hindrance = "" if self._read.problem else _hindrance(path)
        self.notice = self._hindrance or _notice(path, self._read)

    @property
    def is_writable(self) -> bool:
        """Whether something can be kept beside the file; if not, `notice` says so."""
        return not self._hindrance

    def save(self, settings: Settings) -> None:
        """Write what this window has changed; what another one wrote meanwhile stays.

        A damaged file is kept beside the new one; one that may not be read is left alone. What
        `notice` has said already is not said again.

        Raises:
            DataError: The file cannot be written.
        """
        if not self.is_writable or (self._read.problem and not self._read.damaged):
            return
        with locked(self._path):
            self._write(settings)

    def _write(self, settings: Settings) -> None:
        found = read_object(self._path, _MAX_BYTES)
        whole = asdict(_merge(self.settings, settings, _taken_from(found).settings))
        write_object(self._path, found.content | whole, found)


def default_path() -> Path:
    """Where the settings of this user lie on this system."""
    return user_folders.kept()["settings"]


def read(path: Path) -> Read:
    """Read the settings; what is missing or cannot be used is left at its default."""
    return _taken_from(read_object(path, _MAX_BYTES))


def _taken_from(found: Found) -> Read:
    content, problem, damaged = found
    taken, wrong = {}, []
    for entry in fields(Settings):
        if entry.name in content:
            taken[entry.name], is_right = _checked(content[entry.name], entry)
            wrong += [] if is_right else [entry.name]
    return Read(Settings(**taken), content, tuple(wrong), problem, damaged)


def _checked(value: Any, entry: "Field[Any]") -> tuple[Any, bool]:
    """What is taken of a value, and whether that is all of it."""
    default = entry.default
    if isinstance(default, tuple):
        items = value if isinstance(value, list) else [None]
        taken = [item for item in items if _is_text(item)]
        return tuple(dict.fromkeys(taken)), len(taken) == len(items)
    if isinstance(default, float) and type(value) is int and abs(value) < 2**53:
        value = float(value)
    allowed = entry.metadata.get("allowed", lambda _: True)
    right = type(value) is type(default) and _is_plain(value) and allowed(value)
    return (value, True) if right else (default, False)


def _is_plain(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, str) or _is_text(value)


def _is_text(value: Any) -> bool:
    """Whether this is a text that can be the name of a file, or something typed."""
    return isinstance(value, str) and len(value) <= _MAX_TEXT and "\0" not in value


def _hindrance(path: Path) -> str:
    """Why the settings cannot be written, in a sentence; empty if they can.

    It is only looked at, so that nothing is left where nothing can be written.
    """
    if path.exists() and not os.access(path, os.W_OK):
        return f"What you choose cannot be kept for the next start: {path} is write-protected."
    folder = next((parent for parent in path.parents if os.path.lexists(parent)), path.parent)
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return ""
    return (
        f"What you choose cannot be kept for the next start: the folder {path.parent} cannot be "
        "written."
    )


def _notice(path: Path, found: Read) -> str:
    """What the user should know about the file, empty if nothing."""
    if found.damaged:
        return (
            f"The settings in {path} are damaged, so the defaults are used. When the window is "
            f"closed a new file takes its place, and this one is kept as {aside(path).name}."
        )
    if found.problem:
        return (
            f"The settings in {path} cannot be read: {found.problem}. The defaults are used, and "
            "nothing is kept for the next start until this is put right."
        )
    if found.wrong:
        return (
            f"Some settings in {path} cannot be used, and their defaults are taken instead: "
            f"{', '.join(found.wrong)}."
        )
    return ""


def _merge(before: Settings, now: Settings, there: Settings) -> Settings:
    """What lies there, with what one window has changed."""
    names = [entry.name for entry in fields(Settings)]
    changed = {
        name: getattr(now, name) for name in names if getattr(now, name) != getattr(before, name)
    }
    if "recent_files" in changed:
        opened = _opened(before.recent_files, now.recent_files)
        changed["recent_files"] = _recent(opened, there.recent_files)
    return Settings(**(asdict(there) | changed))


def _opened(before: Sequence[str], now: Sequence[str]) -> Sequence[str]:
    """Which of the recent files were opened since: those that are not where they were before."""
    for count in range(len(now) + 1):
        rest = [path for path in before if path not in now[:count]]
        if list(now[count:]) == rest[: len(now) - count]:
            return now[:count]
    return now


def _recent(first: Iterable[str], then: Iterable[str]) -> tuple[str, ...]:
    """Files that were opened, each once, the newest first."""
    return tuple(dict.fromkeys((*first, *then)))[:MAX_RECENT]

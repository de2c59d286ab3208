"""What the window remembers: a frozen dataclass to and from a JSON file, written atomically."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QStandardPaths

from engine.clustering.mean_shift_options import Form, Rule, Seeds
from engine.clustering.options import MAX_ITER, Formulation, Seeding
from engine.frames import EmptyPolicy, Kernel

MAX_RECENT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that survives closing the window.

    Attributes:
        theme: system, light or dark.
        scale: Of fonts, marks and lines; 1 is for a desk, 2 for the back of a room.
        geometry: Of the window, as Qt encodes it, in base64.
        columns: Of the splitter between the columns, as Qt encodes it, in base64.
        tab: The title of the one on top.
        recent_files: Newest first.
        source: The recipe or the file that was open.
        k: How many clusters.
        seeding, seed, empty, formulation, max_iter, standardize: How they are found.
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

    theme: str = "system"
    scale: float = 1.0
    geometry: str = ""
    columns: str = ""
    tab: str = ""
    recent_files: tuple[str, ...] = ()
    # Blobs that touch, so that there is something to watch.
    source: str = "blobs:clusters=6,per_cluster=250,variance=30,seed=8"
    k: int = 6
    seeding: str = Seeding.FARTHEST.value
    seed: int = 0
    empty: str = EmptyPolicy.KEEP.value
    formulation: str = Formulation.AUTO.value
    max_iter: int = MAX_ITER
    standardize: bool = False
    algorithm: str = "k-means"
    bandwidth: float = 5.0
    bandwidth_rule: str = Rule.ESTIMATE.value
    kernel: str = Kernel.GAUSSIAN.value
    form: str = Form.CLIMBING.value
    climbs_from: str = Seeds.AUTO.value
    side_points: str = "moons"
    rate: float = 2.0
    train_recipe: str = "plain"
    train_words: int = 20_000
    train_epochs: int = 0
    train_seed: int = 0
    regions: bool = True
    lines: bool = False
    trails: bool = True
    shapes: bool = False
    tween: bool = True
    live_line: bool = False
    speller: str = "attention"
    beside: str = ""
    known_words: bool = False
    phonemes: str = "B R AH0 Z IH1 L Y AH0 N"
    by_letter: bool = True
    accuracy_spellers: tuple[str, ...] = ()
    keep_programs: bool = True

    def with_recent(self, path: str) -> tuple[str, ...]:
        """The recent files with this one first."""
        others = (other for other in self.recent_files if other != path)
        return (path, *others)[:MAX_RECENT]


def default_path() -> Path:
    """Where the settings of this user lie on this system."""
    location = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(location)) / "settings.json"


def load(path: Path) -> Settings:
    """Read the settings; what is missing, foreign or of another type is left at its default."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(found, dict):
        return Settings()
    return Settings(**{f.name: _checked(found.get(f.name), f.default) for f in fields(Settings)})


def _checked(value: Any, default: Any) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    if isinstance(default, float) and type(value) is int:
        return float(value)
    return value if type(value) is type(default) else default


def save(settings: Settings, path: Path) -> None:
    """Write the settings: the old file, or the new one, never half of it.

    Raises:
        OSError: The folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(settings), indent=1)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    os.replace(file.name, path)

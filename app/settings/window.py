"""The window's own settings, and the sections of all settings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.qt_state import is_state
from app.settings.sections import accepting, between, merged_by, one_of
from app.tabs import TABS
from app.theme import MAX_SCALE, MIN_SCALE

MAX_RECENT = 8


def _merge_recent(
    before: Sequence[str], now: Sequence[str], there: Sequence[str]
) -> tuple[str, ...]:
    """Put the recent files in the settings after those that this window has opened."""
    return _recent(_opened(before, now), there)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSettings:
    """How the window looks, and which files were open.

    Attributes:
        theme: system, light or dark.
        scale: The scale of fonts, marks and lines; 1 is for a desk, 2 for the back of a room.
        geometry: The window's position, as Qt encodes it.
        tab: The name of the tab on top.
        recent_files: Newest first.
        keep_programs: Whether compiled programs are kept for the next start.
    """

    theme: str = one_of("system", "system", "light", "dark")
    scale: float = between(1.0, MIN_SCALE, MAX_SCALE)
    geometry: str = accepting("", is_state)
    tab: str = one_of("", "", *TABS)
    recent_files: tuple[str, ...] = merged_by((), _merge_recent)
    keep_programs: bool = True

    def with_recent(self, path: str) -> "WindowSettings":
        """Return the same settings with the last opened file added."""
        return replace(self, recent_files=_recent([path], self.recent_files))


# The class of each section of the settings file, by its name.
SECTIONS: dict[str, type] = {
    "window": WindowSettings,
    **{name: tab.settings for name, tab in TABS.items() if tab.settings is not None},
}


def _opened(before: Sequence[str], now: Sequence[str]) -> Sequence[str]:
    """Return which recent files were opened since: those whose position has changed."""
    for count in range(len(now) + 1):
        rest = [path for path in before if path not in now[:count]]
        if list(now[count:]) == rest[: len(now) - count]:
            return now[:count]
    return now


def _recent(first: Iterable[str], then: Iterable[str]) -> tuple[str, ...]:
    """List files, each once, the newest first."""
    return tuple(dict.fromkeys((*first, *then)))[:MAX_RECENT]

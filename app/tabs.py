"""The tabs of the window, each made when first asked for, and what goes from one to another."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QEvent, QMargins, QSize, pyqtSignal
from PyQt6.QtWidgets import QTabBar, QTabWidget, QVBoxLayout, QWidget

from app.labs.base import Tab
from app.running.bridge import Bridge
from app.settings import TITLES, Settings
from app.theme import LIGHT, Theme, dress
from engine.clustering.kmeans.options import KMeansOptions

if TYPE_CHECKING:
    from app.labs.accuracy.lab import AccuracyTab
    from app.labs.choosing_k.lab import ChoosingKTab
    from app.labs.clustering.lab import ClusteringLab
    from app.labs.phoneme_map import PhonemeMapTab
    from app.labs.picture import PictureLab
    from app.labs.side_by_side import SideBySideLab
    from app.labs.spelling.lab import SpellingLab
    from app.labs.training.lab import TrainingLab

_T = TypeVar("_T", bound=Tab)


class _Bar(QTabBar):
    """Titles with room for what hangs below the line, which Fusion leaves out."""

    def tabSizeHint(self, index: int) -> QSize:
        size = super().tabSizeHint(index)
        return size.grownBy(QMargins(0, 0, 0, self.fontMetrics().descent()))


class Tabs(QTabWidget):
    """All tabs. The window is there sooner when only the one on top is imported and made.

    Signals:
        made: A tab that is new.
        picture_opened: The path of a picture that is there to be seen.

    Attributes:
        labs: The tabs that have been made; only that on top is drawn in the theme of now.
    """

    made = pyqtSignal(Tab)
    picture_opened = pyqtSignal(str)

    def __init__(self, bridge: Bridge, settings: Settings, folder: Path) -> None:
        """Name the tabs.

        Args:
            bridge: To the engine.
            settings: What was chosen last time.
            folder: Where evaluations and trainings are kept.
        """
        super().__init__()
        self._bridge, self._settings, self._folder = bridge, settings, folder
        self.labs: list[Tab] = []
        self.setTabBar(_Bar())
        self._room: tuple[QSize, QSize] | None = None
        self._pages = {name: _page() for name in TITLES}
        for name, page in self._pages.items():
            self.addTab(page, TITLES[name])
        self._theme = LIGHT
        self._styled: dict[str, Theme] = {}
        self.currentChanged.connect(lambda _: self._restyle(self._on_top))
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)

    def event(self, event: QEvent | None) -> bool:
        """Lay the tabs out anew only where they need other room: Qt paints all of them then.

        It would be asked to for each text that changes in one of them, at every step.
        """
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            needed = self._needed_room()
            if needed == self._room:
                return True
            self._room = needed
        return super().event(event)

    def _needed_room(self) -> tuple[QSize, QSize]:
        bar, page = self.tabBar(), self.currentWidget()
        assert bar is not None
        assert page is not None
        return bar.sizeHint(), page.minimumSizeHint()

    @cached_property
    def clustering(self) -> "ClusteringLab":
        """Points, and k-means on them."""
        from app.labs.clustering.lab import ClusteringLab
        from app.table_memory import TableMemory

        tables = TableMemory(self._folder / "tables.json")
        return self._made("clustering", ClusteringLab(self._bridge, self._settings, tables))

    @cached_property
    def choosing_k(self) -> "ChoosingKTab":
        """How many clusters, and what the start has to do with it."""
        from app.labs.choosing_k.lab import ChoosingKTab

        tab = self._made("choosing_k", ChoosingKTab(self._bridge, self.clustering))
        tab.staged.connect(self._on_run)
        return tab

    @cached_property
    def side_by_side(self) -> "SideBySideLab":
        """k-means and mean shift on the same points."""
        from app.labs.side_by_side import SideBySideLab

        lab = SideBySideLab(self._bridge, self._settings, lambda: self.clustering.loaded)
        self.clustering.opened.connect(lambda _: lab.follow() if lab.isVisible() else None)
        return self._made("side_by_side", lab)

    @cached_property
    def pictures(self) -> "PictureLab":
        """k-means on the colours of a picture."""
        from app.labs.picture import PictureLab

        lab = PictureLab(self._bridge, self._settings)
        lab.opened.connect(self.picture_opened)
        return self._made("pictures", lab)

    @cached_property
    def spelling(self) -> "SpellingLab":
        """Phonemes in, letters out."""
        from app.labs.spelling.lab import SpellingLab

        return self._made("spelling", SpellingLab(self._bridge, self._settings))

    @cached_property
    def accuracy(self) -> "AccuracyTab":
        """How many words each speller gets right."""
        from app.labs.accuracy.lab import AccuracyTab

        folder = self._folder / "evaluations"
        tab = self._made("accuracy", AccuracyTab(self._bridge, self._settings, folder))
        tab.staged.connect(self._on_staged)
        return tab

    @cached_property
    def phoneme_map(self) -> "PhonemeMapTab":
        """What a speller has learned of the phonemes."""
        from app.labs.phoneme_map import PhonemeMapTab

        return self._made("phoneme_map", PhonemeMapTab(self._bridge, self._settings))

    @cached_property
    def training(self) -> "TrainingLab":
        """A speller being trained."""
        from app.labs.training.lab import TrainingLab
        from app.labs.training.trainings import Trainings

        trainings = Trainings(self._folder / "trainings")
        return self._made("training", TrainingLab(self._bridge, self._settings, trainings))

    @property
    def top(self) -> Tab:
        """The one on top."""
        tab: Tab = getattr(self, self._on_top)
        return tab

    @property
    def _on_top(self) -> str:
        return list(TITLES)[self.currentIndex()]

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme: what is on top at once, the others when they are looked at."""
        self._theme = theme
        self._restyle(self._on_top)

    def _restyle(self, name: str) -> None:
        if name in self.__dict__ and self._styled.get(name) is not self._theme:
            self._styled[name] = self._theme
            dress(self._pages[name], self._theme)
            getattr(self, name).restyle(self._theme)

    def show_tab(self, tab: Tab) -> None:
        """Bring a tab to the top."""
        self.setCurrentWidget(tab.parentWidget())

    def show_titled(self, title: str) -> None:
        """Bring the tab of this title to the top, if there is one."""
        for name, page in self._pages.items():
            if TITLES[name] == title:
                self.setCurrentWidget(page)

    def _made(self, name: str, tab: _T) -> _T:
        tab.title = TITLES[name]
        self.labs.append(tab)
        layout = self._pages[name].layout()
        assert layout is not None
        layout.addWidget(tab)
        self._styled[name] = self._theme
        dress(self._pages[name], self._theme)
        tab.restyle(self._theme)
        self.made.emit(tab)
        return tab

    def _on_run(self, options: KMeansOptions, step_by_step: bool) -> None:
        """A run of k-means goes on stage."""
        self.show_tab(self.clustering)
        self.clustering.replay(options, step_by_step)

    def _on_staged(self, word: str, phonemes: tuple[str, ...]) -> None:
        """A word of the error browser goes on stage; how it is spelled was seen there."""
        self.show_tab(self.spelling)
        self.spelling.say_word(word, phonemes)


def _page() -> QWidget:
    """The place of a tab that is yet to be made."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    return page

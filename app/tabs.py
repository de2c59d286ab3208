"""The tabs of the window, each made when first needed, and what passes between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QEvent, QMargins, QSize, pyqtSignal
from PyQt6.QtWidgets import QTabBar, QTabWidget, QVBoxLayout, QWidget

from app.labs.accuracy.settings import AccuracySettings
from app.labs.base import Tab
from app.labs.clustering.settings import ClusteringSettings
from app.labs.phoneme_map.settings import PhonemeMapSettings
from app.labs.picture.settings import PictureSettings
from app.labs.side_by_side.settings import SideBySideSettings
from app.labs.spelling.settings import SpellingSettings
from app.labs.training.settings import TrainingSettings
from app.running.bridge import Bridge
from app.settings.table_memory import TableMemory
from app.style_sheet import dress
from app.theme import Theme, current, follow
from engine.clustering.kmeans.options import KMeansOptions

if TYPE_CHECKING:
    from app.labs.accuracy.lab import AccuracyTab
    from app.labs.choosing_k.lab import ChoosingKTab
    from app.labs.clustering.lab import ClusteringLab
    from app.labs.phoneme_map.lab import PhonemeMapTab
    from app.labs.picture.lab import PictureLab
    from app.labs.side_by_side.lab import SideBySideLab
    from app.labs.spelling.lab import SpellingLab
    from app.labs.training.lab import TrainingLab

_T = TypeVar("_T", bound=Tab)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about a tab before it is made.

    Attributes:
        title: The title in the tab bar.
        settings: The class of its section of the settings, None if it has none.
    """

    title: str
    settings: type | None = None


# The tabs, in the order of the tab bar. Each is a property of `Tabs` and a section of the settings.
TABS = {
    "clustering": Entry("Clustering", ClusteringSettings),
    "side_by_side": Entry("Side by side", SideBySideSettings),
    "choosing_k": Entry("How many?"),
    "pictures": Entry("Picture", PictureSettings),
    "spelling": Entry("Spelling", SpellingSettings),
    "accuracy": Entry("Accuracy", AccuracySettings),
    "phoneme_map": Entry("Phonemes", PhonemeMapSettings),
    "training": Entry("Training", TrainingSettings),
}


class _Bar(QTabBar):
    """A tab bar with space for descenders, which the Fusion style omits."""

    def tabSizeHint(self, index: int) -> QSize:
        size = super().tabSizeHint(index)
        return size.grownBy(QMargins(0, 0, 0, self.fontMetrics().descent()))


class Tabs(QTabWidget):
    """All tabs. Each is imported and made when first needed, so that the window opens faster.

    Signals:
        made: A tab was made.
        picture_opened: The path of a picture that is shown.

    Attributes:
        labs: The tabs that have been made; hidden ones get the theme when they are shown.
    """

    made = pyqtSignal(Tab)
    picture_opened = pyqtSignal(str)

    def __init__(
        self, bridge: Bridge, settings: Mapping[str, Any], tables: TableMemory, folder: Path
    ) -> None:
        """Add the tabs, empty.

        Args:
            bridge: The bridge to the engine.
            settings: The section of each tab from the last start, by its name.
            tables: How files were read.
            folder: Where evaluations and trainings are kept.
        """
        super().__init__()
        self._bridge, self._folder = bridge, folder
        self._settings, self._tables = settings, tables
        self.labs: list[Tab] = []
        self._dressed: dict[int, Theme] = {}
        bar = _Bar()
        bar.currentChanged.connect(self._dress)  # before the page is shown
        self.setTabBar(bar)
        self._room: tuple[QSize, QSize] | None = None
        self._pages = {name: _page() for name in TABS}
        for name, page in self._pages.items():
            self.addTab(page, TABS[name].title)
        follow(self, lambda _: self._dress(self.currentIndex()))
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)

    def event(self, event: QEvent | None) -> bool:
        """Lay out the tabs again only if their size hints change: Qt then repaints them all.

        Otherwise every change of a text in any of them would cause that, at every step.
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
        """Points, and their clustering."""
        from app.labs.clustering.lab import ClusteringLab

        settings = self._settings["clustering"]
        return self._made("clustering", ClusteringLab(self._bridge, settings, self._tables))

    @cached_property
    def choosing_k(self) -> "ChoosingKTab":
        """How many clusters there are, and how much the starting centroids matter."""
        from app.labs.choosing_k.lab import ChoosingKTab

        lab = self.clustering
        tab = self._made("choosing_k", ChoosingKTab(self._bridge, lab.state, lab.kmeans))
        tab.staged.connect(self._on_run)
        return tab

    @cached_property
    def side_by_side(self) -> "SideBySideLab":
        """k-means and mean shift on the same points."""
        from app.labs.side_by_side.lab import SideBySideLab

        lab = SideBySideLab(
            self._bridge, self._settings["side_by_side"], lambda: self.clustering.loaded
        )
        self.clustering.opened.connect(lambda _: lab.follow() if lab.isVisible() else None)
        return self._made("side_by_side", lab)

    @cached_property
    def pictures(self) -> "PictureLab":
        """k-means on the colours of a picture."""
        from app.labs.picture.lab import PictureLab

        lab = PictureLab(self._bridge, self._settings["pictures"])
        lab.opened.connect(self.picture_opened)
        return self._made("pictures", lab)

    @cached_property
    def spelling(self) -> "SpellingLab":
        """Phonemes in, letters out."""
        from app.labs.spelling.lab import SpellingLab

        settings = self._settings["spelling"]
        return self._made("spelling", SpellingLab(self._bridge, settings))

    @cached_property
    def accuracy(self) -> "AccuracyTab":
        """How many words each speller gets right."""
        from app.labs.accuracy.lab import AccuracyTab

        settings, folder = self._settings["accuracy"], self._folder / "evaluations"
        tab = self._made("accuracy", AccuracyTab(self._bridge, settings, folder))
        tab.staged.connect(self._on_staged)
        return tab

    @cached_property
    def phoneme_map(self) -> "PhonemeMapTab":
        """What a speller has learned about the phonemes."""
        from app.labs.phoneme_map.lab import PhonemeMapTab

        settings = self._settings["phoneme_map"]
        return self._made("phoneme_map", PhonemeMapTab(self._bridge, settings))

    @cached_property
    def training(self) -> "TrainingLab":
        """A speller being trained."""
        from app.labs.training.lab import TrainingLab
        from app.labs.training.trainings import Trainings

        settings, trainings = self._settings["training"], Trainings(self._folder / "trainings")
        return self._made("training", TrainingLab(self._bridge, settings, trainings))

    @property
    def top(self) -> Tab:
        """The current tab."""
        tab: Tab = getattr(self, self.name_on_top)
        return tab

    @property
    def name_on_top(self) -> str:
        """The name of the current tab."""
        return list(TABS)[self.currentIndex()]

    @property
    def settings(self) -> dict[str, Any]:
        """The settings for the next start: the sections of the tabs that have been made."""
        return {
            name: self.__dict__[name].settings
            for name, entry in TABS.items()
            if entry.settings is not None and name in self.__dict__
        }

    def _dress(self, index: int) -> None:
        """Apply the current style sheet to the top page; the others get it when they are shown."""
        page = self.widget(index)
        if page is not None and self._dressed.get(index) is not current():
            self._dressed[index] = current()
            dress(page, current())

    def show_tab(self, tab: Tab) -> None:
        """Bring a tab to the top."""
        self.setCurrentWidget(tab.parentWidget())

    def show_named(self, name: str) -> None:
        """Bring the tab of this name to the top, if there is one."""
        if name in self._pages:
            self.setCurrentWidget(self._pages[name])

    def _made(self, name: str, tab: _T) -> _T:
        tab.title = TABS[name].title
        self.labs.append(tab)
        layout = self._pages[name].layout()
        assert layout is not None
        layout.addWidget(tab)
        self._dress(self.indexOf(self._pages[name]))
        follow(tab, tab.restyle)
        self.made.emit(tab)
        return tab

    def _on_run(self, options: KMeansOptions, step_by_step: bool) -> None:
        """Show a run of k-means in the tab Clustering."""
        self.show_tab(self.clustering)
        self.clustering.replay(options, step_by_step)

    def _on_staged(self, word: str, phonemes: tuple[str, ...]) -> None:
        """Show a word of the error browser in the tab Spelling."""
        self.show_tab(self.spelling)
        self.spelling.say_word(word, phonemes)


def _page() -> QWidget:
    """Return the empty page of a tab that has not been made yet."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    return page

"""The form for a training, the buttons that drive it, and the offer to continue one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMessageBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.text import Box, as_tip
from app.widgets import IconButton, SeedBox, choice, form, label
from engine.spelling.recipes import SpellerRecipe

ALL = 0
_PARTS = (1000, 5000, 20_000, ALL)
MAX_EPOCHS = 1000


@dataclass(frozen=True, slots=True)
class TrainingChoice:
    """The choices in the form.

    Attributes:
        recipe: The recipe, with the chosen number of epochs.
        n_words: Words to train on; 0 for all.
        seed: The seed of everything random.
    """

    recipe: SpellerRecipe
    n_words: int
    seed: int

    @property
    def name(self) -> str:
        """The name of the recipe."""
        return self.recipe.name

    @property
    def epochs(self) -> int:
        """How often each word is seen."""
        return self.recipe.epochs


class TrainingControl(QWidget):
    """The form for a training.

    Signals:
        changed: Something else is chosen.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        recipes: Mapping[str, SpellerRecipe],
        recipe: str,
        n_words: int,
        epochs: int,
        seed: int,
    ) -> None:
        """Show what is chosen.

        Args:
            recipes: What can be trained, by name.
            recipe: The name of one; the first is chosen if there is no such recipe.
            n_words: How many words it is trained on; 0 for all.
            epochs: How often each word is seen; 0 for the number in the recipe.
            seed: The seed of the random numbers.
        """
        super().__init__()
        self._recipes = recipes
        self.recipe = choice("Speller to train")
        for each in recipes.values():
            start = f", from {each.start}" if each.start else ""
            self.recipe.addItem(f"{each.name}{start}", each.name)
        self.recipe.setToolTip("Some spellers start from the weights of another one.")
        self.words = choice("Words to train on")
        for n in _PARTS:
            self.words.addItem(f"{n:,} words" if n else "all words", n)
        self.words.setToolTip("Evenly chosen from the dictionary's training set.")
        self.epochs = QSpinBox()
        self.epochs.setRange(1, MAX_EPOCHS)
        self.epochs.setKeyboardTracking(False)
        self.epochs.setAccessibleName("Epochs")
        self.epochs.setToolTip("How often each word is seen.")
        self.seed = SeedBox("the training")
        self.recipe.setCurrentIndex(max(self.recipe.findData(recipe), 0))
        self.words.setCurrentIndex(max(self.words.findData(n_words), 0))
        self.epochs.setValue(epochs or self._recipes[self.name].epochs)
        self.seed.setValue(seed)
        rows = form()
        rows.addRow("Speller", self.recipe)
        rows.addRow("Words", self.words)
        rows.addRow("Epochs", self.epochs)
        rows.addRow("Seed", self.seed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)
        self.recipe.currentIndexChanged.connect(self._on_recipe)
        for number in (self.epochs, self.seed):
            number.valueChanged.connect(self.changed)
        for box in (self.recipe, self.words):
            box.currentIndexChanged.connect(self.changed)

    @property
    def name(self) -> str:
        """The name of the chosen recipe."""
        return str(self.recipe.currentData())

    @property
    def choice(self) -> TrainingChoice:
        """The choices in the form."""
        recipe = replace(self._recipes[self.name], epochs=self.epochs.value())
        return TrainingChoice(recipe, self.n_words, self.seed.value())

    def randomize_seed(self) -> None:
        """Choose another seed at random."""
        self.seed.randomize()

    @property
    def n_words(self) -> int:
        """The chosen number of words; 0 for all."""
        return int(self.words.currentData())

    @property
    def own_epochs(self) -> int:
        """The number of epochs; 0 if it is that of the recipe."""
        epochs = self.epochs.value()
        return 0 if epochs == self._recipes[self.name].epochs else epochs

    def _on_recipe(self) -> None:
        self.epochs.setValue(self._recipes[self.name].epochs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What can be done with a training now.

    Attributes:
        refusal: Why no training can begin; empty if one can.
        can_pause: Whether it can be paused or continued.
        is_going: Whether it would be paused, not continued.
        can_stop: Whether there is one to stop.
        can_save: Whether there are weights to save.
        can_compare: Whether there is a shipped speller to compare it with.
    """

    refusal: str
    can_pause: bool
    is_going: bool
    can_stop: bool
    can_save: bool
    can_compare: bool


class TrainingButtons(QWidget):
    """Train, pause, stop, save, compare: a signal for each."""

    train_asked = pyqtSignal()
    pause_asked = pyqtSignal()
    stop_asked = pyqtSignal()
    save_asked = pyqtSignal()
    compare_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._is_going = True
        self.train = IconButton(
            "mdi6.school-outline", "Train what is chosen, from the start", "Train", is_primary=True
        )
        self._tip = self.train.toolTip()
        self.why_not = label("", "muted")
        self.why_not.setWordWrap(True)
        self.pause = IconButton("mdi6.pause", "Pause or continue the training", "Pause")
        self.stop = IconButton("mdi6.stop", "Stop; what was learned is kept", "Stop")
        self.save = IconButton(
            "mdi6.content-save-outline", "Save the averaged weights as a speller", "Save weights…"
        )
        self.compare = IconButton(
            "mdi6.scale-balance",
            "Spell the same words with the shipped speller of this name",
            "Compare with shipped",
        )
        self._all = (self.train, self.pause, self.stop, self.save, self.compare)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.train, 0, 0, 1, 2)
        layout.addWidget(self.why_not, 1, 0, 1, 2)
        layout.addWidget(self.pause, 2, 0)
        layout.addWidget(self.stop, 2, 1)
        layout.addWidget(self.save, 3, 0, 1, 2)
        layout.addWidget(self.compare, 4, 0, 1, 2)
        asked = (self.train_asked, self.pause_asked, self.stop_asked, self.save_asked)
        for button, signal in zip(self._all, (*asked, self.compare_asked), strict=True):
            button.clicked.connect(lambda _, signal=signal: signal.emit())
            policy = button.sizePolicy()
            policy.setHorizontalPolicy(policy.Policy.Expanding)
            button.setSizePolicy(policy)

    def show_allowed(self, allowed: Allowed) -> None:
        """Enable the buttons that make sense now."""
        self._refuse(allowed.refusal)
        self._is_going = allowed.is_going
        self._show_going()
        for button, can in (
            (self.pause, allowed.can_pause),
            (self.stop, allowed.can_stop),
            (self.save, allowed.can_save),
            (self.compare, allowed.can_compare),
        ):
            button.setEnabled(can)

    def _refuse(self, why: str) -> None:
        """Show why no training can begin; with an empty reason one can."""
        self.train.setEnabled(not why)
        self.train.setToolTip(as_tip(why or self._tip))
        self.why_not.setText(why)
        self.why_not.setVisible(bool(why))

    def _show_going(self) -> None:
        """Let the second button show what it does: pause, or continue."""
        self.pause.set_icon("mdi6.pause" if self._is_going else "mdi6.play")
        self.pause.setText("Pause" if self._is_going else "Continue")


class WaitingTraining(QWidget):
    """Offers to continue a training that is not done.

    Signals:
        go_on_asked: The user wants to continue it.
        forget_asked: The user wants to delete what it has learned.
    """

    go_on_asked = pyqtSignal()
    forget_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.text = label()
        self.text.setWordWrap(True)
        self.go_on = IconButton("mdi6.play", "Continue the waiting training", "Continue")
        self.forget = IconButton(
            "mdi6.delete-outline",
            "Delete what the waiting training has learned",
            "Forget it",
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.go_on)
        buttons.addWidget(self.forget)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.go_on.clicked.connect(lambda _: self.go_on_asked.emit())
        self.forget.clicked.connect(lambda _: self.forget_asked.emit())

    def show_text(self, text: str) -> None:
        """Show which training it is."""
        self.text.setText(text)


def keep_or_forget(question: str, lost: str, parent: QWidget) -> QMessageBox:
    """Ask whether to forget; Enter and Escape keep.

    Args:
        question: The question.
        lost: What would be lost.
        parent: The widget that it opens over.
    """
    box = Box(QMessageBox.Icon.Warning, "Forget a training", question, parent)
    box.setInformativeText(lost)
    box.addButton("Forget it", QMessageBox.ButtonRole.AcceptRole)
    keep = box.addButton("Keep it", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box

"""Undo and redo in the clustering lab, on Qt's undo stack.

A step keeps what there was: the points, the form, and the history with all its branches, which are
only referred to. Undo puts that back. Nothing is computed again but what was not computed to its
end.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QRectF, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence, QUndoCommand, QUndoStack
from PyQt6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QWidget

from app.labs.clustering.points.display import PointsDisplay
from app.labs.clustering.state import ClusteringState
from app.labs.shared.actions import Actions
from app.labs.shared.loading import Loaded
from app.running.history import History
from app.running.player import Player
from app.text import SHORT, menu, shown
from engine.data.painting import MAX_PAINTED, PAINTED

LIMIT = 30
# Changes of one box that follow each other sooner are one step: a slider that is dragged.
MERGE_SECONDS = 1.0
_AGAIN = "starting again"
_INPUTS = (QAbstractSpinBox, QComboBox, QCheckBox)
Values = Mapping[QWidget, object]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What was on screen: everything that a step can change.

    Attributes:
        loaded: The points.
        options: The options of the run.
        values: The values of the boxes of the form.
        history: The history of the player.
        view: The range of the axes; None for that which shows all points.
    """

    loaded: Loaded
    options: Any
    values: Values
    history: History
    view: QRectF | None


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done.

    Attributes:
        name: In words.
        before, after: The value of a box, as it is shown.
        box: Which one; 0 for anything else.
    """

    name: str
    before: str = ""
    after: str = ""
    box: int = 0

    @property
    def text(self) -> str:
        """For the menu, after "Undo"."""
        return f"{self.name} {self.before} → {self.after}" if self.box else self.name

    def followed_by(self, other: "Deed") -> "Deed":
        """This and another change of the same box as one."""
        return replace(self, after=other.after)


class Step(QUndoCommand):
    """One step, which is done already when it is made."""

    def __init__(
        self,
        deed: Deed,
        before: Moment,
        take: Callable[[], Moment],
        put: Callable[[Moment], None],
    ) -> None:
        """Keep what there was.

        Args:
            deed: What was done.
            before: What there was before it.
            take: Takes down what there is now.
            put: Puts it back.
        """
        super().__init__(menu(deed.text))
        self.deed, self._before, self._take, self._put = deed, before, take, put
        self._after: Moment | None = None
        self.made = time.monotonic()

    def id(self) -> int:
        """Steps with the same one may be merged."""
        return self.deed.box or -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        """Take a step that followed at once into this one."""
        if not isinstance(other, Step) or other.made - self.made > MERGE_SECONDS:
            return False
        self.deed = self.deed.followed_by(other.deed)
        self.setText(menu(self.deed.text))
        self.made = other.made
        return True

    def undo(self) -> None:
        """Go back to before it."""
        self._after = self._take()
        self._put(self._before)

    def redo(self) -> None:
        """Do it again, after an undo; Qt calls this at first too, when it is done already."""
        if self._after is not None:
            self._put(self._after)


class Undo(QUndoStack):
    """The steps of a clustering lab.

    Signals:
        putting_back: An earlier moment is about to be put back.
        put_back: Earlier points are on screen again.
    """

    putting_back = pyqtSignal()
    put_back = pyqtSignal(Loaded)

    def __init__(
        self,
        state: ClusteringState,
        player: Player,
        display: PointsDisplay,
        forms: list[QWidget],
    ) -> None:
        """Begin with no steps.

        Args:
            state: The points and the options of the run.
            player: Its history.
            display: Puts points on screen.
            forms: Boxes, or what holds boxes, whose values belong to a step.
        """
        super().__init__(state)
        self.setUndoLimit(LIMIT)
        self._state, self._player, self._display, self._forms = state, player, display, forms
        self._loaded: Loaded | None = None
        self._values: Values = {}

    def menu(self, actions: Actions) -> list[QAction]:
        """Undo and redo, for a menu; they say what they would undo."""
        undo, redo = self.createUndoAction(self, "&Undo"), self.createRedoAction(self, "&Redo")
        made = [action for action in (undo, redo) if action is not None]
        for action, keys in zip(made, (["Ctrl+Z"], ["Ctrl+Shift+Z", "Ctrl+Y"]), strict=True):
            action.setShortcuts([QKeySequence(key) for key in keys])
            actions.add(action)
        return made

    def record(self, name: str = "") -> None:
        """Keep a step that has changed the points or the form, but not yet the history.

        Args:
            name: What was done, in words; empty where points and form say it themselves.
        """
        loaded, values = self._state.loaded, self._read()
        before, known = self._loaded, self._values
        self._loaded, self._values = loaded, values
        if before is None or loaded is None:
            return
        if max(len(before.dataset.points), self._state.n_points) > MAX_PAINTED:
            self.clear()  # a step holds a whole history: those of many points are too large
            return
        deed = Deed(name) if name else self._deed(before, loaded, known, values)
        if deed.name == _AGAIN and not self._player.branches:
            return
        view = self._display.view if name else None
        moment = Moment(before, self._state.options, known, self._player.history, view)
        self.push(Step(deed, moment, self._moment, self._put))

    def _moment(self) -> Moment:
        """What is on screen now."""
        state = self._state
        if state.loaded is None:
            raise ValueError("There is no step before the first points.")
        history, view = self._player.history, self._display.view
        return Moment(state.loaded, state.options, self._read(), history, view)

    def _put(self, moment: Moment) -> None:
        """Put everything back as it was."""
        self.putting_back.emit()
        self._fill(moment.values)
        self._state.set_options(moment.options)
        self._show_points(moment.loaded, moment.view)
        self._loaded, self._values = moment.loaded, self._read()
        self._player.restore(moment.history)

    def _fill(self, values: Values) -> None:
        """Fill the forms, which tell nobody: the history is put back, too."""
        for form in self._forms:
            form.blockSignals(True)
        # A number chooses "by hand" where it could be found by a rule, so choices come last.
        for box in sorted(values, key=lambda each: isinstance(each, QComboBox)):
            box.setProperty(_property(box), values[box])
        for form in self._forms:
            form.blockSignals(False)

    def _show_points(self, loaded: Loaded, view: QRectF | None) -> None:
        if loaded is self._state.loaded:
            self._display.paint_again()  # standardized or not
        else:
            keeps_scale = loaded.dataset.source == PAINTED
            self._display.show(loaded, None if keeps_scale else loaded.generated)
            if view is not None:
                self._display.set_view(view)
        self.put_back.emit(loaded)

    def _read(self) -> Values:
        boxes = [box for form in self._forms for box in [form, *form.findChildren(QWidget)]]
        return {box: box.property(_property(box)) for box in boxes if isinstance(box, _INPUTS)}

    @staticmethod
    def _deed(before: Loaded, after: Loaded, known: Values, values: Values) -> Deed:
        if before is not after:
            return Deed(_new_points(before, after))
        for box, value in values.items():
            if known.get(box) != value:
                name = (box.accessibleName() or str(box.property("text"))).partition(",")[0]
                return Deed(name, _shown(known.get(box)), _shown(value), id(box) % 2**31)
        return Deed(_AGAIN)


def _property(box: QWidget) -> str:
    """What Qt calls the value of a box: value, currentText, checked."""
    meta = box.metaObject()
    assert meta is not None
    return meta.userProperty().name()


def _shown(value: object) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _new_points(before: Loaded, after: Loaded) -> str:
    source = after.dataset.source
    if source == before.dataset.source:
        same = after.options == before.options
        return "choosing columns" if same else "reading it in another way"
    return "generating points" if after.generated else f"opening {shown(Path(source).name, SHORT)}"

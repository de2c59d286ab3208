"""Undo and redo of what a hand did in the clustering lab, on Qt's undo stack.

A step remembers what there was: the points, the form, and the history with all its branches, which
are only referred to. To undo is to put that back, and nothing is computed anew but what had not
been computed yet.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QAction, QKeySequence, QUndoCommand, QUndoStack
from PyQt6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QWidget

from app.labs.shared.loading import Loaded
from app.running.history import History
from app.text import SHORT, menu, shown
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.data.painting import MAX_PAINTED, PAINTED

if TYPE_CHECKING:
    from app.labs.clustering.lab import ClusteringLab

LIMIT = 30
# Changes of one box that follow each other sooner are one step: a slider that is dragged.
MERGE_SECONDS = 1.0
_AGAIN = "starting again"
_INPUTS = (QAbstractSpinBox, QComboBox, QCheckBox)
Values = Mapping[QWidget, object]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Everything that a step can change.

    Attributes:
        loaded: The points.
        options: Of the run.
        values: Of the boxes of the form.
        history: Of the player.
        view: The range of the axes; None for that which shows all points.
    """

    loaded: Loaded
    options: KMeansOptions | MeanShiftOptions
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


class Step(QUndoCommand):
    """One step, done already."""

    def __init__(self, undo: "Undo", deed: Deed, before: Moment) -> None:
        super().__init__(menu(deed.text))
        self._undo, self.deed, self._before = undo, deed, before
        self._after: Moment | None = None
        self.made = time.monotonic()

    def id(self) -> int:
        """Steps with the same one may be merged."""
        return self.deed.box or -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        """Take a step that followed at once into this one."""
        if not isinstance(other, Step) or other.made - self.made > MERGE_SECONDS:
            return False
        self.deed = Deed(self.deed.name, self.deed.before, other.deed.after, self.deed.box)
        self.setText(menu(self.deed.text))
        self.made = other.made
        return True

    def undo(self) -> None:
        """Go back to before it."""
        self._after = self._undo.moment()
        self._undo.put(self._before)

    def redo(self) -> None:
        """Go to where it was undone; at first it is done already."""
        if self._after is not None:
            self._undo.put(self._after)


class Undo(QUndoStack):
    """The steps of a clustering lab."""

    def __init__(self, lab: "ClusteringLab", forms: list[QWidget]) -> None:
        """Begin with no steps.

        Args:
            lab: Whose they are.
            forms: Where boxes are whose values belong to a step.
        """
        super().__init__(lab)
        self.setUndoLimit(LIMIT)
        self._lab, self._forms = lab, forms
        self._loaded: Loaded | None = None
        self._values: Values = {}
        self.restoring = False

    def menu(self) -> list[QAction]:
        """Undo and redo, for a menu; they say what they would undo."""
        undo, redo = (
            self.createUndoAction(self._lab, "&Undo"),
            self.createRedoAction(self._lab, "&Redo"),
        )
        for action, keys in ((undo, ["Ctrl+Z"]), (redo, ["Ctrl+Shift+Z", "Ctrl+Y"])):
            assert action is not None
            action.setShortcuts([QKeySequence(key) for key in keys])
            self._lab.addAction(action)
        return [action for action in (undo, redo) if action is not None]

    def record(self, name: str = "") -> None:
        """Remember a step that has changed the points or the form, but not yet the history.

        Args:
            name: What was done, in words; empty where points and form say it themselves.
        """
        loaded, values = self._lab.loaded, self._read()
        before, known = self._loaded, self._values
        self._loaded, self._values = loaded, values
        if before is None or loaded is None:
            return
        if max(len(before.dataset.points), len(loaded.dataset.points)) > MAX_PAINTED:
            self.clear()  # a step holds a whole history: those of many points are too large
            return
        deed = Deed(name) if name else self._deed(before, loaded, known, values)
        if deed.name == _AGAIN and not self._lab.player.branches:
            return
        history, view = self._lab.player.history, self._lab.scatter.view if name else None
        self.push(Step(self, deed, Moment(before, self._lab.options, known, history, view)))

    def moment(self) -> Moment:
        """Everything as it is now."""
        lab = self._lab
        assert lab.loaded is not None
        return Moment(lab.loaded, lab.options, self._read(), lab.player.history, lab.scatter.view)

    def put(self, moment: Moment) -> None:
        """Put everything back as it was."""
        self.restoring = True
        for box, value in moment.values.items():
            box.setProperty(_property(box), value)
        self._lab.options = moment.options
        self._lab.drawing.name_algorithm()
        self._show_points(moment.loaded, moment.view)
        self.restoring = False
        self._loaded, self._values = moment.loaded, self._read()
        self._lab.player.restore(moment.history)

    def _show_points(self, loaded: Loaded, view: QRectF | None) -> None:
        lab = self._lab
        before, lab.loaded = lab.loaded, loaded
        lab.painting.drop()
        lab.loader.resume(loaded)
        if loaded is before:
            lab.painting.show()  # standardized or not
            return
        lab.show_source()
        kept = loaded.dataset.source == PAINTED and lab.toggles.same_scale.isChecked()
        lab.show_points(loaded.generated or kept)
        if view is not None:
            lab.scatter.set_view(view)
        lab.opened.emit(loaded.dataset.source)

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

"""Where the points come from: a generator and its parameters, or a file and its columns."""

from collections.abc import Sequence
from itertools import pairwise

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.controls.clustering.column_list import ColumnList
from app.controls.clustering.viewpoint import Viewpoint
from app.text import as_tip, rich
from app.widgets import SeedBox, form, label
from engine.data.dataset import Dataset
from engine.data.generated.generators import GENERATORS, Parameter, Recipe
from engine.errors import EngineError
from engine.ready_made import READY_MADE, is_ready_made

# While a number is being typed or held down, points are made only when it rests.
_REST_MS = 250
_Box = QSpinBox | QDoubleSpinBox | SeedBox


class DataControl(QWidget):
    """Chooses the points.

    Signals:
        source_chosen: A recipe that is to be generated.
        refused: What was chosen makes no recipe; the exception says why.
        open_asked: A file is to be chosen.
        reading_asked: How the open table was read is to be shown.
        columns_chosen: The columns of the open file that are to be clustered.
        standardize_toggled: Whether columns are standardized.
    """

    source_chosen = pyqtSignal(str)
    refused = pyqtSignal(Exception)
    open_asked = pyqtSignal()
    reading_asked = pyqtSignal()
    columns_chosen = pyqtSignal(tuple)
    standardize_toggled = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Generator of points")
        self.kind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name, (generator, _) in GENERATORS.items():
            self.kind.addItem(name.capitalize(), name)
            tip = (generator.__doc__ or "").partition("\n")[0]
            self.kind.setItemData(self.kind.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.kind.insertSeparator(self.kind.count())
        for name, ready_made in READY_MADE.items():
            self.kind.addItem(name.capitalize(), name)
            tip = ready_made.description
            self.kind.setItemData(self.kind.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.parameters: dict[str, _Box] = {}
        self.open_button = QPushButton("Open a file…")
        self.open_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.about = label("", "muted", is_rich=True)
        self.about.setWordWrap(True)
        self.reading_button = QPushButton("How was it read?")
        self.reading_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reading_button.setToolTip(
            "Delimiter, decimal mark, header and so on, and what each column is for."
        )
        self.viewpoint = Viewpoint()
        self.horizontal, self.vertical = self.viewpoint.horizontal, self.viewpoint.vertical
        self.columns = ColumnList("Columns that are clustered")
        self.columns.setMaximumHeight(110)
        self.standardize = QCheckBox("Standardize columns")
        self.standardize.setToolTip(
            "Give each column mean 0 and standard deviation 1 before clustering."
        )
        self.standardize.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rows = form()
        self._lay_out()
        self._wire()
        self._show_parameters()

    @property
    def is_standardized(self) -> bool:
        """Whether columns are standardized."""
        return self.standardize.isChecked()

    @property
    def recipe(self) -> str:
        """The recipe that the form describes, or the name of ready-made data."""
        if self.kind.currentData() in READY_MADE:
            return str(self.kind.currentData())
        values = {name: box.value() for name, box in self.parameters.items()}
        return str(Recipe(self.kind.currentData(), values))

    def show_recipe(self, recipe: Recipe) -> None:
        """Fill the form without choosing anything."""
        self.forget_typing()
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(recipe.name))
        self.kind.blockSignals(False)
        if list(self.parameters) != list(recipe.parameters):
            self._show_parameters()
        for name, value in recipe.parameters.items():
            box = self.parameters[name]
            box.blockSignals(True)  # the box in which something is being typed stays where it is
            box.setValue(value)  # type: ignore[arg-type]
            box.blockSignals(False)

    def show_dataset(self, dataset: Dataset, from_file: bool, all_columns: Sequence[str]) -> None:
        """Say what is open, and offer its columns.

        Args:
            dataset: What is clustered.
            from_file: Whether it was read: then the generator's form is not about it.
            all_columns: Every column of the source that can be clustered, ticked or not.
        """
        n_points, n_dims = dataset.points.shape
        plural = "s" if n_dims != 1 else ""
        name = dataset.source.replace("\\", "/").rpartition("/")[2] if from_file else ""
        of_all = f" of {dataset.n_rows:,}" if dataset.dropped_rows else ""
        about = f"{n_points:,}{of_all} rows, {n_dims:,} column{plural}"
        self.about.setText(f"<b>{rich(name)}</b><br>{about}" if name else "")
        self.about.setVisible(from_file)
        self.reading_button.setVisible(from_file and dataset.reading is not None)
        self._rows_widget.setVisible(not from_file)
        self._show_kind(dataset.source)
        columns = dataset.reading.columns if dataset.reading else ()
        reasons = {column.name: column.why for column in columns if column.why}
        self.columns.fill(all_columns, dataset.columns, reasons)
        self.columns.setVisible(len(all_columns) > (1 if dataset.reading else 2))
        self.viewpoint.show_columns(dataset.columns)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.kind)
        self._rows_widget = QWidget()
        self._rows_widget.setLayout(self._rows)
        layout.addWidget(self._rows_widget)
        layout.addWidget(self.open_button)
        layout.addWidget(self.about)
        layout.addWidget(self.reading_button)
        layout.addWidget(self.columns)
        layout.addWidget(self.viewpoint)
        layout.addWidget(self.standardize)
        self.kind.setPlaceholderText("Generate points…")
        for part in (self.about, self.reading_button, self.columns):
            part.hide()

    def _wire(self) -> None:
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.open_button.clicked.connect(self.open_asked)
        self.standardize.toggled.connect(self.standardize_toggled)
        self._rest.timeout.connect(self._choose)
        self.columns.chosen.connect(self.columns_chosen)
        self.reading_button.clicked.connect(self.reading_asked)

    def _on_kind(self, index: int) -> None:
        if index >= 0:
            self._show_parameters()
            self._choose()

    def _choose(self) -> None:
        try:
            recipe = self.recipe
        except EngineError as error:
            self.refused.emit(error)
        else:
            self.source_chosen.emit(recipe)

    def forget_typing(self) -> None:
        """Something else is opened: numbers that were just changed are not waited for."""
        self._rest.stop()

    def _show_parameters(self) -> None:
        """Build the boxes of the generator chosen; values that it shares with the last one stay."""
        kept = {name: box.value() for name, box in self.parameters.items()}
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self.parameters = {}
        for parameter in GENERATORS.get(self.kind.currentData(), (None, ()))[1]:
            box = _spin_box(parameter)
            box.setValue(kept.get(parameter.name, parameter.default))  # type: ignore[arg-type]
            box.valueChanged.connect(lambda _: self._rest.start())
            self._rows.addRow(parameter.label, box)
            self.parameters[parameter.name] = box
        boxes = [self.kind, *self.parameters.values(), self.open_button, self.reading_button]
        for before, after in pairwise(boxes):  # Tab goes down the form
            QWidget.setTabOrder(before, after)
        self._rows_widget.show()

    def _show_kind(self, source: str) -> None:
        """Choose the ready-made data that are open; none for a file; a recipe is chosen already."""
        ready, recipe = is_ready_made(source), self.kind.currentData() in GENERATORS
        if not ready and recipe and not self._rows_widget.isHidden():
            return
        name = source.partition(":")[0].strip() if ready else ""
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(name) if ready else -1)
        self.kind.blockSignals(False)


def _spin_box(parameter: Parameter) -> _Box:
    if parameter.name == "seed":
        return SeedBox("the points")
    box = QSpinBox() if parameter.integer else QDoubleSpinBox()
    if isinstance(box, QSpinBox):
        box.setRange(int(parameter.minimum), int(parameter.maximum))
        box.setGroupSeparatorShown(True)
    else:
        box.setRange(parameter.minimum, parameter.maximum)
        box.setSingleStep(0.5)
    box.setKeyboardTracking(False)
    box.setToolTip(as_tip(parameter.help))
    box.setAccessibleName(parameter.label)
    return box

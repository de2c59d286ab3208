"""The dialog that asks where to save: one line for each format, and always a suffix."""

from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from engine.data.output.formats import Kind, suffix_of

_FORMATS = {
    ".csv": "CSV",
    ".tsv": "TSV, also for spreadsheets",
    ".parquet": "Parquet",
    ".npy": "NumPy, numbers only",
    ".npz": "Weights",
    ".png": "PNG",
    ".jpg": "JPEG",
    ".svg": "SVG, vector graphics",
    ".pdf": "PDF, vector graphics",
    ".gif": "Animated GIF",
}
# Other suffixes for the same format, without a line of their own.
_ALSO = {".jpg": (".jpg", ".jpeg")}


def filters(kind: Kind) -> dict[str, str]:
    """Return the lines of the dialog for a kind of result, each with the suffix that it adds."""
    found = {}
    for suffix in kind.suffixes:
        if suffix in _FORMATS:
            patterns = " ".join(f"*{each}" for each in _ALSO.get(suffix, (suffix,)))
            found[f"{_FORMATS[suffix]} ({patterns})"] = suffix
    return found


def ask(parent: QWidget | None, name: str, kind: Kind) -> Path | None:
    """Ask where to save.

    A name without a suffix gets that of the chosen line. Any other suffix stays as it was typed;
    the caller checks it.

    Args:
        parent: The window.
        name: The suggested file name, or the full path.
        kind: What is saved.

    Returns:
        The path; None if the user cancelled.
    """
    lines = filters(kind)
    dialog = QFileDialog(parent, "Save", name, ";;".join(lines))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    first = next((line for line, suffix in lines.items() if suffix == suffix_of(name)), None)
    if first is not None:
        dialog.selectNameFilter(first)

    def follow(line: str) -> None:
        # The dialog adds the suffix before it asks whether to replace an existing file.
        dialog.setDefaultSuffix(lines.get(line, kind.suffixes[0]))

    follow(dialog.selectedNameFilter())
    dialog.filterSelected.connect(follow)
    dialog.selectFile(name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()  # otherwise it would live as long as the window
    return Path(chosen[0]) if chosen else None

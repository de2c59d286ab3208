"""The dialog that asks where to save: one format a line, and a suffix in any case."""

from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from engine.data.output.formats import Kind, suffix_of

_FORMATS = {
    ".csv": "CSV",
    ".tsv": "TSV, for spreadsheets too",
    ".parquet": "Parquet",
    ".npy": "NumPy, numbers only",
    ".npz": "Weights",
    ".png": "PNG",
    ".jpg": "JPEG",
    ".svg": "SVG, of strokes",
    ".pdf": "PDF, of strokes",
    ".gif": "Animated GIF",
}
# The same format under another suffix: no line of its own.
_ALSO = {".jpg": (".jpg", ".jpeg")}


def filters(kind: Kind) -> dict[str, str]:
    """The lines of the dialog for a kind of result, each with the suffix that it stands for."""
    found = {}
    for suffix in kind.suffixes:
        if suffix in _FORMATS:
            patterns = " ".join(f"*{each}" for each in _ALSO.get(suffix, (suffix,)))
            found[f"{_FORMATS[suffix]} ({patterns})"] = suffix
    return found


def ask(parent: QWidget | None, name: str, kind: Kind) -> Path | None:
    """Ask where to save.

    A name that is typed without a suffix gets that of the line chosen; any other suffix stays as it
    was typed, and is judged by who saves.

    Args:
        parent: The window.
        name: What the file is called unless the user says otherwise, or its whole path.
        kind: What is saved.

    Returns:
        The path; None where the user thought better of it.
    """
    lines = filters(kind)
    dialog = QFileDialog(parent, "Save", name, ";;".join(lines))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    first = next((line for line, suffix in lines.items() if suffix == suffix_of(name)), None)
    if first is not None:
        dialog.selectNameFilter(first)

    def follow(line: str) -> None:
        # The dialog adds it itself, so it asks about the very file that would be replaced.
        dialog.setDefaultSuffix(lines.get(line, kind.suffixes[0]))

    follow(dialog.selectedNameFilter())
    dialog.filterSelected.connect(follow)
    dialog.selectFile(name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()  # the window would keep it, with its lists of files
    return Path(chosen[0]) if chosen else None

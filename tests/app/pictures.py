"""Reading saved figures back with other libraries than those that wrote them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QFileDialog

from engine.data.output.formats import PICTURE

_HEADS = {".png": b"\x89PNG", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".pdf": b"%PDF-"}
_HEADS |= {".svg": b"<?xml"}


def pixels_of(path: Path, size: QSize) -> np.ndarray:
    """Return what a file shows, scaled to a size: (H, W, 3) int64.

    Checks that the content has the format of the suffix."""
    suffix = path.suffix.lower()
    assert path.read_bytes().startswith(_HEADS[suffix])
    if suffix in (".png", ".jpg", ".jpeg"):
        with Image.open(path) as image:
            assert image.format == ("PNG" if suffix == ".png" else "JPEG")
            assert image.mode == "RGB"  # nothing is transparent
            return np.asarray(image.resize((size.width(), size.height()))).astype(np.int64)
    if suffix == ".pdf":
        return _array(_page(path, size))
    renderer, shown = QSvgRenderer(str(path)), QImage(size, QImage.Format.Format_RGB32)
    assert renderer.isValid()
    assert renderer.viewBox().size() == size
    painter = QPainter(shown)
    renderer.render(painter)
    painter.end()
    return _array(shown)


def save_by_menu(tab, monkeypatch, text: str, path: Path) -> None:
    """Trigger the File menu entry that begins with a text, and save to a path."""
    monkeypatch.setattr(QFileDialog, "exec", lambda _: True)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(path)])
    entries = [action for action in tab.file_actions if action is not None]
    (entry,) = (each for each in entries if each.text().replace("&", "").startswith(text))
    assert entry.isEnabled()
    entry.trigger()


def saved_pictures(tab, monkeypatch, wait, folder: Path, text: str = "Save picture") -> None:
    """Save the figure of a tab in each format, and check that all show what is on screen.

    Args:
        tab: The tab whose File menu has the entry.
        monkeypatch: pytest's.
        wait: Function that waits until a condition holds.
        folder: Where the files are saved.
        text: The beginning of the entry.
    """
    for suffix in PICTURE.suffixes:
        path, figure = folder / f"picture{suffix}", tab.figure()
        shown = _array(figure.pixmap().toImage().scaled(figure.size))
        assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 5
        save_by_menu(tab, monkeypatch, text, path)
        wait(path.exists)
        assert np.abs(pixels_of(path, figure.size) - shown).mean() < 6, suffix


def _page(path: Path, size: QSize) -> QImage:
    pdf = pytest.importorskip("PyQt6.QtPdf")
    document = pdf.QPdfDocument(None)
    assert document.load(str(path)) is pdf.QPdfDocument.Error.None_
    assert document.pageCount() == 1
    page = document.pagePointSize(0)
    assert abs(page.width() * 96 / 72 - size.width()) <= 1
    assert abs(page.height() * 96 / 72 - size.height()) <= 1
    shown = document.render(0, size)
    document.close()
    return shown


def _array(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
    return raw.reshape(image.height(), image.width(), 4)[..., 2::-1].astype(np.int64)

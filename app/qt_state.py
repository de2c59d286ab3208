"""Converts the state of a Qt window or splitter to base64 text for the settings, and back."""

import base64

from PyQt6.QtCore import QByteArray


def as_text(state: QByteArray) -> str:
    """Convert a state to text."""
    return base64.b64encode(state.data()).decode("ascii")


def from_text(text: str) -> QByteArray:
    """Convert text from `as_text` back to the state."""
    return QByteArray(base64.b64decode(text))


def is_state(text: str) -> bool:
    """Whether a text can be converted to a state."""
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True

"""What Qt says of a window or a splitter, as text in the settings: base64."""

import base64

from PyQt6.QtCore import QByteArray


def as_text(state: QByteArray) -> str:
    """A state as text."""
    return base64.b64encode(state.data()).decode("ascii")


def from_text(text: str) -> QByteArray:
    """The state that `as_text` made a text of."""
    return QByteArray(base64.b64decode(text))


def is_state(text: str) -> bool:
    """Whether a text can be turned into a state."""
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True

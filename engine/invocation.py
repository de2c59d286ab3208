"""How this program was started, so that messages name commands as they can be typed."""

import sys
from pathlib import PurePath

# What messages and help texts say.
FROM_SOURCE = "python main.py"
_INSTALLED = "barycenter"


def command() -> str:
    """The command that started the program: the installed one, or Python with its main file."""
    is_installed = PurePath(sys.argv[0]).stem == _INSTALLED
    return _INSTALLED if is_installed else FROM_SOURCE


def as_typed(text: str) -> str:
    """A text that names commands, with the command that started the program."""
    return text.replace(FROM_SOURCE, command())

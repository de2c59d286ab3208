"""How this program was started, so that messages can name commands as the user types them."""

import sys
from pathlib import PurePath

# The command in messages and help texts, before it is replaced.
FROM_SOURCE = "python main.py"
_INSTALLED = "barycenter"


def command() -> str:
    """Return the command that started the program: the installed one, or Python and main.py."""
    is_installed = PurePath(sys.argv[0]).stem == _INSTALLED
    return _INSTALLED if is_installed else FROM_SOURCE


def as_typed(text: str) -> str:
    """Replace the command in a text by the one that started the program."""
    return text.replace(FROM_SOURCE, command())

"""Prints results to stdout, notes and errors to stderr.

Both may be a terminal of any encoding, a full disk, or a pipe whose reader has exited.
"""

import contextlib
import json
import os
import sys
from typing import IO, Any

from engine import plain_text
from engine.errors import EngineError

# Control characters that a table may contain.
_OF_TABLES = "\n\t"


class OutputError(EngineError):
    """The results cannot be printed."""


def prepare() -> None:
    """Make the standard streams safe to write to.

    Characters that the encoding of a console lacks are written as escapes. A stream that the shell
    has closed (`2>&-`) is opened to the null device: the next file opened would take its place.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the system returns the lowest free number
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # closed, or no stream of text
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def show(text: str) -> None:
    """Print a result, which may have several lines.

    Raises:
        OutputError: It cannot be written.
    """
    _write(plain_text.printable(text, keep=_OF_TABLES))


def show_json(result: Any) -> None:
    """Print a result as JSON on one line; raises what `show` raises."""
    _write(json.dumps(result).replace("\x7f", "\\u007f"))  # the one that JSON does not escape


def note(sentence: object) -> None:
    """Print a sentence on one line of stderr."""
    with contextlib.suppress(OSError, ValueError):  # nowhere is left to complain
        print(plain_text.sentence(sentence), file=sys.stderr)


def finish() -> None:
    """Flush stdout now, so that an error is reported before the interpreter exits.

    Raises:
        OutputError: The output cannot be written.
    """
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            raise _cannot(error) from error


def give_up() -> None:
    """Discard what has not been written, so that the interpreter does not try again at exit."""
    for stream in (sys.stdout, sys.stderr):
        if not _can_flush(stream):
            with contextlib.suppress(OSError, ValueError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)


def _can_flush(stream: IO[str] | None) -> bool:
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        return False
    return True


def _write(text: str) -> None:
    try:
        print(text)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise _cannot(error) from error


def _cannot(error: OSError | ValueError) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) else None
    return OutputError(f"The result cannot be printed: {reason or error}.")

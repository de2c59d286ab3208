"""The command line: `python main.py cluster ...`, or `python -m engine cluster ...`.

Results go to stdout, progress and notes to stderr. Exit status: 0 success, 1 another worker has
exited, 2 invalid input, 130 interrupted.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from engine import __version__, invocation, numbers
from engine.commands import choose_k, evaluate, info, output, spell, train
from engine.commands.clustering import cluster
from engine.errors import EngineError
from engine.plain_text import sentence, shortened
from engine.runtime import interrupts, program_cache

_WRONG, _INTERRUPTED = 2, 130

_DESCRIPTION = "Shows weighted averages being computed. Without a command, the window opens."
_EXAMPLE = "example: python main.py cluster blobs:clusters=6,per_cluster=250,seed=0 -k 6"


class _Parser(argparse.ArgumentParser):
    """A parser that reports an error as one sentence, without the usage text before it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # What `type=int` and `type=float` accept, in every command.
        self.register("type", int, _reader(numbers.whole, "a whole number"))
        self.register("type", float, _reader(numbers.real, "a number"))

    def print_help(self, file: Any = None) -> None:
        """Print the help; a failure to print is reported as for any other output."""
        if file is None:
            output.show(self.format_help().removesuffix("\n"))
        else:
            super().print_help(file)

    def format_help(self) -> str:
        """Return the help text, with the examples as the user would type them."""
        return invocation.as_typed(super().format_help())

    def error(self, message: str) -> NoReturn:
        self.exit(2, sentence(f"{self.prog}: {message}; see {self.prog} --help.") + "\n")


def _reader(read: Callable[[str], float], kind: str) -> Callable[[str], float]:
    def reader(text: str) -> float:
        try:
            return read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f'"{shortened(text, 40)}" is not {kind}') from None

    return reader


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands and their arguments."""
    parser = _Parser(
        prog=invocation.command(),
        description=_DESCRIPTION,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"barycenter {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (cluster, choose_k, spell, train, evaluate, info):
        command.add_parser(commands)
    for each in (parser, *commands.choices.values()):
        each.add_argument(
            "--no-cache",
            action="store_true",
            default=argparse.SUPPRESS,  # or the default of a command would undo one given before it
            help="neither read nor write the cache of compiled programs",
        )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line after the program's name; None reads it from `sys.argv`.

    Returns:
        The exit status.
    """
    output.prepare()
    try:
        try:
            _run(arguments)
        finally:
            output.finish()
    except EngineError as error:
        return _fail(error, error.exit_status)
    except KeyboardInterrupt:
        return _fail("Interrupted.", _INTERRUPTED)
    except BrokenPipeError:  # the reader, such as `head`, has exited
        output.give_up()
    except SystemExit:  # from the parser, which has printed the reason
        output.give_up()
        raise
    except MemoryError:
        return _fail("This does not fit in memory; take fewer points.", _WRONG)
    except OSError as error:  # any other error of the system
        place = f"{error.filename}: " if error.filename else ""
        return _fail(f"The operating system reports: {place}{error.strerror or error}.", _WRONG)
    return 0


def _run(arguments: Sequence[str] | None) -> None:
    parsed = build_parser().parse_args(arguments)
    if hasattr(parsed, "no_cache"):
        program_cache.turn_off()
    with interrupts.noted():
        parsed.run(parsed)


def _fail(message: object, status: int) -> int:
    output.note(invocation.as_typed(str(message)))
    output.give_up()
    return status


if __name__ == "__main__":
    sys.exit(main())

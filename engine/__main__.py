"""The command line: `python main.py cluster ...`, or `python -m engine cluster ...`.

Results go to stdout, progress and notes to stderr. Exit status: 0 done, 1 another worker is gone,
2 what the user gave is wrong, 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from engine import interrupts, program_cache
from engine.commands import choose_k, cluster, evaluate, info, spell, train
from engine.errors import EngineError

_DESCRIPTION = "Shows weighted averages being computed. Without a command, the window opens."
_EXAMPLE = "example: python main.py cluster blobs:clusters=6,per_cluster=250,seed=0 -k 6"


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help.\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command and its arguments."""
    parser = _Parser(
        prog="python main.py",
        description=_DESCRIPTION,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (cluster, choose_k, spell, train, evaluate, info):
        command.add_parser(commands)
    for each in (parser, *commands.choices.values()):
        each.add_argument(
            "--no-cache",
            action="store_true",
            default=argparse.SUPPRESS,  # else a command's would undo that before the command
            help="do not keep compiled programs for the next start, nor use those that are kept",
        )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: What was typed after the program's name; None takes it from the process.

    Returns:
        The exit status.
    """
    try:
        try:
            parsed = build_parser().parse_args(arguments)
            if hasattr(parsed, "no_cache"):
                program_cache.turn_off()
            with interrupts.noted():
                parsed.run(parsed)
        finally:
            # A reader that has left is noticed here, and not when the interpreter ends.
            if sys.stdout is not None:
                sys.stdout.flush()
    except EngineError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, `head` say, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())

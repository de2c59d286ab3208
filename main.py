"""Barycenter: the window without an argument; with a command, the same engine in the terminal."""

import sys
import warnings


def run() -> int:
    """Open the window, or run the command.

    Returns:
        The exit status.
    """
    if not sys.warnoptions:  # show Python's warnings only on request
        warnings.simplefilter("ignore")
    try:  # including the imports, which Ctrl-C may interrupt
        if set(sys.argv[1:]) == {"--no-cache"}:
            from engine.runtime import program_cache

            program_cache.turn_off()
            del sys.argv[1:]
        if len(sys.argv) > 1:
            from engine import __main__ as command_line

            return command_line.main()
        from app import application

        return application.main()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())

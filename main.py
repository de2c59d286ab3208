"""Barycenter: without an argument the window; with a command, the same engine in the terminal."""

import sys


def run() -> int:
    """Open the window, or run the command.

    Returns:
        The exit status.
    """
    try:  # around the imports too: Ctrl-C may come while they last
        if set(sys.argv[1:]) == {"--no-cache"}:
            from engine import program_cache

            program_cache.turn_off()
            del sys.argv[1:]
        if len(sys.argv) > 1:
            from engine.__main__ import main
        else:
            from app.application import main
        return main()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())

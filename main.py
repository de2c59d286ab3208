"""Barycenter: without an argument the window; with a command, the same engine in the terminal."""

import sys

if __name__ == "__main__":
    if len(sys.argv) > 1:
        from engine.__main__ import main
    else:
        from app.application import main
    sys.exit(main())

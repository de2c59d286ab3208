"""Running a command."""

import shlex

import pytest

from engine.__main__ import main


@pytest.fixture
def command(capsys):
    """Run a command line in this process; returns exit status, stdout and stderr."""

    def run(line):
        try:
            status = main(shlex.split(line))
        except SystemExit as exit_:
            status = exit_.code
        return status, *capsys.readouterr()

    return run

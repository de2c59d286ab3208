"""Errors that the user's choices or data can cause, worded for learners.

    EngineError
    ├── DataError         points, phonemes or weights that cannot be read
    ├── ParameterError    a number or a name that the algorithm cannot use
    ├── CapacityError     a computation that would not fit in memory
    └── WorkerError       another process of the run is missing, or has exited

The message is one or two sentences that say what is wrong and what to do. The window shows it in
its notice strip, the command line writes it to stderr. Any other exception is a bug.
"""


class EngineError(Exception):
    """Something that the user can correct.

    Attributes:
        exit_status: The exit status of a command that fails with this error.
    """

    exit_status = 2


class DataError(EngineError):
    """The data cannot be read, or contains nothing that can be used."""


class ParameterError(EngineError):
    """A parameter is outside what the algorithm, or the data, allows."""


class CapacityError(EngineError):
    """The computation asked for would not fit in memory."""


class WorkerError(EngineError):
    """Another process of the run is missing, or has exited."""

    exit_status = 1

"""What can go wrong through the user's choice or data, worded for a learner.

    EngineError
    ├── DataError         points, phonemes or weights cannot be read
    ├── ParameterError    a number or a name that the algorithm cannot work with
    ├── CapacityError     it would not fit in memory
    └── WorkerError       another process that takes part in the run is gone

The message is one sentence, or two, that says what is wrong and what to do. It goes to the notice
strip of the window or to stderr as it is. Any other exception is a bug.
"""


class EngineError(Exception):
    """Something that the user can put right.

    Attributes:
        exit_status: Of a command that it ends.
    """

    exit_status = 2


class DataError(EngineError):
    """The data cannot be read, or holds nothing that can be worked with."""


class ParameterError(EngineError):
    """A parameter is outside what the algorithm, or the data, allows."""


class CapacityError(EngineError):
    """The computation asked for would not fit in memory."""


class WorkerError(EngineError):
    """Another process that takes part in the run did not come, or is gone."""

    exit_status = 1

"""Waiting for a state, never for seconds: one deadline for a whole test.

The deadline is generous, because a test has to pass on slow cores that other programs use too. It
only bounds a test that would never end, and then says what the test was waiting for.
"""

import inspect
import time
from collections.abc import Callable

# Seconds for a whole test. pytest-timeout, set a little later in pyproject.toml, ends what hangs
# outside of these functions.
DEADLINE = 240.0

_end = time.monotonic() + DEADLINE


def start_test() -> None:
    """Set the deadline anew: the root conftest calls it before each test."""
    global _end
    _end = time.monotonic() + DEADLINE


def seconds_left() -> float:
    """How long the running test may still take."""
    return max(0.0, _end - time.monotonic())


def until(
    condition: Callable[[], object],
    meanwhile: Callable[[], object] = lambda: time.sleep(0.005),
) -> None:
    """Wait until a condition holds.

    Args:
        condition: Is called again and again. A falsy value other than None, or an AssertionError,
            means not yet.
        meanwhile: Called between two looks; in a window it processes events.

    Raises:
        AssertionError: The deadline has passed; names the condition and the values it looks at.
    """
    __tracebackhide__ = True
    while True:
        try:
            found = condition()
            reason = None
        except AssertionError as error:
            found, reason = False, error
        if found or found is None:
            return
        if not seconds_left():
            raise AssertionError(f"Not within {DEADLINE:g} s: {described(condition)}") from reason
        meanwhile()


def described(condition: Callable[[], object]) -> str:
    """The source of a condition, and what the names in it stand for."""
    try:
        source = " ".join(inspect.getsource(condition).split())
        names = inspect.getclosurevars(condition).nonlocals
    except (OSError, TypeError, ValueError):
        return repr(condition)
    values = ", ".join(f"{name} = {repr(value)[:200]}" for name, value in names.items())
    return f"{source} [{values}]" if values else source

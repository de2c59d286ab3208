"""Waiting for a state, never for seconds: one deadline for a whole test.

The deadline is generous, because a test has to pass on slow cores that are shared. It
only bounds a test that would never end, and reports what it was waiting for.
"""

import inspect
import time
from collections.abc import Callable

# Seconds for a whole test. pytest-timeout, set slightly longer in pyproject.toml, ends tests that
# hang outside of these functions.
DEADLINE = 240.0

_end = time.monotonic() + DEADLINE


def start_test() -> None:
    """Reset the deadline; the root conftest calls it before each test."""
    global _end
    _end = time.monotonic() + DEADLINE


def seconds_left() -> float:
    """Return how many seconds the running test may still take."""
    return max(0.0, _end - time.monotonic())


def until(
    condition: Callable[[], object],
    meanwhile: Callable[[], object] = lambda: time.sleep(0.005),
) -> None:
    """Wait until a condition holds.

    Args:
        condition: Called repeatedly. A falsy value other than None, or an AssertionError, means
            not yet.
        meanwhile: Called between two checks; in a window it processes events.

    Raises:
        AssertionError: The deadline has passed; names the condition and the values that it uses.
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
    """Return the source of a condition, with the values of its names."""
    try:
        source = " ".join(inspect.getsource(condition).split())
        names = inspect.getclosurevars(condition).nonlocals
    except (OSError, TypeError, ValueError):
        return repr(condition)
    values = ", ".join(f"{name} = {repr(value)[:200]}" for name, value in names.items())
    return f"{source} [{values}]" if values else source

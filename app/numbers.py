"""Formats numbers for people."""

import math
from collections.abc import Sequence

from engine.numbers import counted as counted


def shortened(value: float) -> str:
    """Format a number with about five digits, without an exponent if it is readable without one."""
    if value == 0 or 1e4 <= abs(value) < 1e12:
        return f"{value:,.0f}"
    return f"{value:,.5g}"


def in_millions(value: float) -> str:
    """Format a number, in millions from one million on, for narrow columns and axes."""
    millions = value / 1e6
    if 1 <= abs(millions) < 1e6:
        return f"{millions:,.0f}M" if abs(millions) >= 1e3 else f"{millions:.4g}M"
    return shortened(value)


def at_ticks(values: Sequence[float], spacing: float) -> list[str]:
    """Numbers at the ticks of an axis, with the digits that tell neighbours apart.

    Args:
        values: Where the ticks are.
        spacing: From one tick to the next, above 0.
    """
    largest = max(map(abs, values), default=0.0)
    exponent = math.floor(math.log10(spacing))
    if largest and not 1e-3 <= largest < 1e12:
        n_digits = max(0, math.floor(math.log10(largest)) - exponent)
        return [f"{value:.{n_digits}e}" if value else "0" for value in values]
    if largest >= 1e6 and spacing >= 1e3:
        return [f"{value / 1e6:,.{max(0, 6 - exponent)}f}M" for value in values]
    return [f"{value:,.{max(0, -exponent)}f}" for value in values]


def percent(fraction: float, n_digits: int = 0) -> str:
    """Format a fraction in percent; a value above 0 is never shown as 0."""
    smallest = 10.0**-n_digits
    if 0 < 100 * fraction < smallest:
        return f"<{smallest:g} %"
    return f"{100 * fraction:.{n_digits}f} %"


def in_bytes(n_bytes: int) -> str:
    """Format an amount of memory, in the largest unit that it reaches."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if n_bytes >= 2**power:
            return f"{n_bytes / 2**power:.3g} {unit}"
    return counted(n_bytes, "byte")


def in_ms(seconds: float) -> str:
    """Format a short time in milliseconds."""
    return f"{1000 * seconds:.2g} ms" if seconds < 0.1 else f"{1000 * seconds:,.0f} ms"

"""Formats numbers for people."""


def counted(number: int, what: str) -> str:
    """Format a number of things, with the noun in the singular or the plural."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


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

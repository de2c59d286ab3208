"""Numbers as people read them."""


def counted(number: int, what: str) -> str:
    """A number of things, in the singular or the plural."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def shortened(value: float) -> str:
    """A number of five digits or so, without an exponent where it can be read without one."""
    if value == 0 or 1e4 <= abs(value) < 1e12:
        return f"{value:,.0f}"
    return f"{value:,.5g}"

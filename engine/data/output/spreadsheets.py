"""Text that a spreadsheet would take for a formula, written so that it remains text.

A spreadsheet that opens a CSV file runs a cell that begins with `=`, `+`, `-` or `@`, quoted or
not: "CSV injection", https://owasp.org/www-community/attacks/CSV_Injection. A single quote before
such a text makes it text. Numbers in a column of numbers never change, nor does a text that is a
plain number, such as -1.5. Other programs see the quote: a quote before one of these characters was
not in the data.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# The four characters, and their full-width and small forms, which East Asian versions run too.
# Spreadsheets may drop spaces and invisible characters before them.
_RUNS = r"^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫])"
_NUMBER = r"^[+-]?[0-9.,]*[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?%?$"


def defused(texts: "pl.Series") -> "pl.Series":
    """Put a single quote before each text that a spreadsheet would run.

    Args:
        texts: A column of text, null for missing values.

    Returns:
        A column of the same name and length.
    """
    import polars as pl

    text = pl.col("text")  # polars could take the name of the column for a pattern
    runs = text.str.contains(_RUNS) & ~text.str.contains(_NUMBER)
    safe = pl.when(runs).then("'" + text).otherwise(text)
    return texts.alias("text").to_frame().select(safe).to_series().alias(texts.name)

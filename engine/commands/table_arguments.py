"""How a table is read, as it can be said on the command line."""

import argparse
from pathlib import Path

from engine.data import source
from engine.data.tables.options import DECIMALS, THOUSANDS, TableOptions
from engine.errors import ParameterError

_NONE = "none"
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a table to those of a command."""
    add = parser.add_argument_group(
        "tables", "How a table is read; what is not given is found out from the file."
    ).add_argument
    add("--decimal", choices=list(DECIMALS), help="the decimal mark")
    add(
        "--thousands",
        choices=[*filter(None, THOUSANDS), _NONE],
        metavar="|".join([*filter(None, THOUSANDS), _NONE]),
        help="what stands between the thousands of a number",
    )
    add("--skip-rows", type=int, metavar="N", help="lines above the names of the columns")
    add("--encoding", metavar="NAME", help="of the text, such as utf-8 or windows-1252")
    add(
        "--missing",
        action="append",
        default=[],
        metavar="VALUE",
        help="a further value that stands for a missing one, such as -999: rows that have it are "
        "left out; may be given more than once",
    )


def options(arguments: argparse.Namespace) -> TableOptions:
    """What is chosen.

    Raises:
        ParameterError: A value cannot be used, or the source is no table that it could be for.
    """
    of_text = {
        "--decimal": arguments.decimal,
        "--thousands": arguments.thousands,
        "--skip-rows": arguments.skip_rows,
        "--encoding": arguments.encoding,
    }
    name = arguments.source
    is_table = source.is_table(name)
    for option, value in of_text.items():
        if value is not None and not (is_table and Path(name).suffix.lower() in _TEXT_SUFFIXES):
            raise ParameterError(f"{option} is for tables in text files, and {name} is none.")
    if arguments.missing and not is_table:
        raise ParameterError(f"--missing is for tables, and {name} is none.")
    thousands = arguments.thousands
    return TableOptions(
        decimal=arguments.decimal,
        thousands="" if thousands == _NONE else thousands,
        skip_rows=arguments.skip_rows,
        encoding=arguments.encoding,
        missing=tuple(arguments.missing),
    )

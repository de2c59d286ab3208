"""The arguments that choose the points to load and how to read a table."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from engine import source
from engine.data.tables.options import DECIMALS, THOUSANDS, TableOptions
from engine.errors import ParameterError

_NONE = "none"
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRequest:
    """The points to load.

    Attributes:
        name: A recipe, ready-made data, or a file.
        columns: The columns to cluster; None for all that measure something.
        how: How a table is read.
        standardize: Whether each column gets mean 0 and standard deviation 1.
    """

    name: str
    columns: tuple[str, ...] | None
    how: TableOptions
    standardize: bool


def add_column_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose columns and scale them to those of a command."""
    parser.add_argument(
        "--columns",
        metavar="A,B,C",
        help="the columns to cluster (default all that measure something)",
    )
    parser.add_argument(
        "--standardize",
        action="store_true",
        help="give each column mean 0 and standard deviation 1 first",
    )


def parse(arguments: argparse.Namespace) -> SourceRequest:
    """Parse the arguments.

    Raises:
        ParameterError: A value cannot be used, or an option is for other sources.
    """
    columns = None if arguments.columns is None else tuple(arguments.columns.split(","))
    return SourceRequest(
        name=arguments.source,
        columns=columns,
        how=_table_options(arguments),
        standardize=arguments.standardize,
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for reading a table to those of a command."""
    add = parser.add_argument_group(
        "tables", "How a table is read; what is not given is detected."
    ).add_argument
    add(
        "--decimal",
        choices=list(DECIMALS),
        metavar="|".join(DECIMALS),
        help="the decimal mark",
    )
    add(
        "--thousands",
        choices=[*filter(None, THOUSANDS), _NONE],
        metavar="|".join([*filter(None, THOUSANDS), _NONE]),
        help="the thousands separator",
    )
    add("--skip-rows", type=int, metavar="N", help="lines above the names of the columns")
    add(
        "--encoding", metavar="NAME", help="the encoding of the text, such as utf-8 or windows-1252"
    )
    add(
        "--missing",
        action="append",
        default=[],
        metavar="VALUE",
        help="another value that means missing, such as -999: rows that have it are "
        "left out; may be given more than once",
    )


def _table_options(arguments: argparse.Namespace) -> TableOptions:
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
            raise ParameterError(f"{option} is for tables in text files, and {name} is not one.")
    if arguments.missing and not is_table:
        raise ParameterError(f"--missing is for tables, and {name} is not one.")
    thousands = arguments.thousands
    return TableOptions(
        decimal=arguments.decimal,
        thousands="" if thousands == _NONE else thousands,
        skip_rows=arguments.skip_rows,
        encoding=arguments.encoding,
        missing=tuple(arguments.missing),
    )

"""Tables in files: which reader reads which, and what can be wrong with any file."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from engine.data.arrays import read_array
from engine.data.columns import choose, listed, unique_names
from engine.data.dataset import Dataset, dataset_of
from engine.data.delimited import read_delimited
from engine.data.names import names_in
from engine.data.opening import open_file, unreadable
from engine.device import quiet
from engine.errors import CapacityError, DataError
from engine.plain_text import shortened

if TYPE_CHECKING:
    import polars as pl


def read_table(path: str | Path, columns: Sequence[str] | None = None) -> Dataset:
    """Read points from a file, a row a point.

    Args:
        path: A file whose suffix is in READERS.
        columns: The columns to take, by name, or by number from 1 where no name matches; None for
            all that are numbers.

    Raises:
        DataError: The file is not there, cannot be read, or holds no such numbers.
        CapacityError: It does not fit in memory.
    """
    source = str(path)
    path = Path(path)
    read = READERS.get(path.suffix.lower())
    try:
        open_file(path, source).close()  # whatever reads it would wait, or word it its own way
        if read is None:
            raise DataError(
                f"{source} cannot be opened: its name does not end in {', '.join(READERS)}."
            )
        return read(path, source, columns)
    except OSError as error:
        raise unreadable(source, error) from error
    except MemoryError as error:
        raise CapacityError(f"{source} does not fit in memory.") from error


def read_parquet(path: Path, source: str, wanted: Sequence[str] | None) -> Dataset:
    """Read the columns of numbers of a Parquet file, or those wanted; raises as `read_table`."""
    import polars as pl

    found = None
    # Damage can make polars panic, which is no Exception, and say so on stderr.
    damage = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
    with quiet(), open_file(path, source) as file, contextlib.suppress(*damage):
        found = _read_columns(file, wanted, source)
    if found is None:
        raise DataError(f"{source} is damaged, or not a Parquet file.")
    present = [index for index in found.chosen if found.holds_numbers(index)]
    left_out = [found.names[index] for index in found.wanted if index not in set(present)]
    if wanted is not None and left_out:
        raise DataError(f'Column "{shortened(left_out[0])}" of {source} holds no numbers.')
    if not present:
        raise DataError(f"{source} has no column of numbers; its columns: {listed(found.names)}.")
    return dataset_of(
        found.frame.select([str(index) for index in present]).to_numpy(),
        [found.names[index] for index in present],
        source,
        left_out=left_out,
        notes=[f"Left out, not numbers: {listed(left_out)}."] if left_out else [],
        names=found.rows,
    )


class _Columns(NamedTuple):
    """What was read of a Parquet file.

    Attributes:
        names: Of all columns.
        wanted: Indices of those asked for.
        chosen: Those of them whose type is one of numbers.
        frame: These, by their indices: in a name, polars would look for a pattern.
        rows: The names of the rows, if there are any.
    """

    names: tuple[str, ...]
    wanted: list[int]
    chosen: list[int]
    frame: "pl.DataFrame"
    rows: list[str] | None

    def holds_numbers(self, index: int) -> bool:
        """Whether a column has a number, or could have if there were rows."""
        return bool(self.frame[str(index)].is_not_nan().any()) or not self.frame.height


def _read_columns(file: BinaryIO, wanted: Sequence[str] | None, source: str) -> _Columns:
    """Read an open Parquet file; what polars raises where it is damaged, and as `choose`."""
    import polars as pl

    schema = pl.read_parquet_schema(file)
    kinds, names = list(schema.values()), unique_names(list(schema))
    indices = list(range(len(names))) if wanted is None else choose(wanted, names, source)
    chosen = [index for index in indices if kinds[index].is_numeric() or kinds[index] == pl.Boolean]
    file.seek(0)
    scan = pl.scan_parquet(file, glob=False, hive_partitioning=False)
    frame = scan.select(pl.nth(chosen)).collect(engine="streaming")
    frame.columns = [str(index) for index in chosen]
    frame = frame if set(frame.dtypes) == {pl.Float32} else frame.cast(pl.Float64)
    of_words = (pl.String, pl.Categorical, pl.Enum)
    words = [index for index, kind in enumerate(kinds) if kind.base_type() in of_words]
    rows = names_in(scan.select(pl.nth(words).cast(pl.String)), len(words), frame.height)
    return _Columns(names, indices, chosen, frame, rows)


# What each suffix is read by: a function of the path, its name as given, and the columns wanted.
READERS: dict[str, Callable[[Path, str, Sequence[str] | None], Dataset]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".parquet": read_parquet,
    ".npy": read_array,
    ".npz": read_array,
}

"""Tables in files: which reader reads which, and what can be wrong with any file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.data.arrays import read_array
from engine.data.columns import choose, listed, unique_names
from engine.data.dataset import Dataset, dataset_of
from engine.data.delimited import read_delimited
from engine.data.names import names_in
from engine.errors import CapacityError, DataError


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
        if not source.strip():
            raise DataError("Give the name of a file.")
        if not path.exists():
            raise DataError(f"There is no file {source}.")
        if not path.is_file():
            raise DataError(f"{source} is not a file.")
        if read is None:
            raise DataError(
                f"{source} cannot be opened: its name does not end in {', '.join(READERS)}."
            )
        with path.open("rb"):  # polars words a missing permission its own way
            pass
        return read(path, source, columns)
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror or error}.") from error
    except MemoryError as error:
        raise CapacityError(f"{source} does not fit in memory.") from error


def read_parquet(path: Path, source: str, wanted: Sequence[str] | None) -> Dataset:
    """Read the columns of numbers of a Parquet file, or those wanted; raises as `read_table`."""
    import polars as pl

    # Damage can make polars panic, which is no Exception.
    of_words = (pl.String, pl.Categorical, pl.Enum)
    damage = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
    try:
        schema = pl.read_parquet_schema(path)
        fields, names = list(schema), unique_names(list(schema))
        numeric = [kind.is_numeric() or kind == pl.Boolean for kind in schema.values()]
        indices = list(range(len(fields))) if wanted is None else choose(wanted, names, source)
        chosen = [fields[index] for index in indices if numeric[index]]
        frame = pl.read_parquet(path, columns=chosen, glob=False, hive_partitioning=False)
        words = [field for field, kind in schema.items() if kind.base_type() in of_words]
        texts = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        named = names_in(texts.select(pl.col(words).cast(pl.String)), words, frame.height)
    except damage as error:
        raise DataError(f"{source} is damaged, or not a Parquet file.") from error
    frame = frame if set(frame.dtypes) == {pl.Float32} else frame.cast(pl.Float64)
    present = [name for name in chosen if frame[name].is_not_nan().any() or not frame.height]
    left_out = [names[index] for index in indices if fields[index] not in set(present)]
    if wanted is not None and left_out:
        raise DataError(f'Column "{left_out[0]}" of {source} holds no numbers.')
    if not present:
        raise DataError(f"{source} has no column of numbers; its columns: {listed(names)}.")
    return dataset_of(
        frame.select(present).to_numpy(),
        [names[fields.index(name)] for name in present],
        source,
        left_out=left_out,
        notes=[f"Left out, not numbers: {listed(left_out)}."] if left_out else [],
        names=named,
    )


# What each suffix is read by: a function of the path, its name as given, and the columns wanted.
READERS: dict[str, Callable[[Path, str, Sequence[str] | None], Dataset]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".parquet": read_parquet,
    ".npy": read_array,
    ".npz": read_array,
}

"""Writes assets/data/ from scikit-learn's copies of the data: python scripts/ready_made.py.

scikit-learn is only needed by the tests and this script; the program reads the files it has
written.
"""

import sys
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PIL import Image
from sklearn import datasets

from engine.data.generated.ready_made import FOLDER, PHOTOGRAPH
from engine.data.output.table_files import frame_of, write_table

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WIDTH, _QUALITY = 512, 88


def write(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[float]], kinds: list[str]
) -> None:
    """Write a table whose last column names the class of each row."""
    pairs = zip(rows, kinds, strict=True)
    whole = [[*map(_written, row), kind] for row, kind in pairs]
    table = frame_of(zip(columns, zip(*whole, strict=True), strict=True))
    write_table(FOLDER / f"{name}.csv", table)


def _written(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def main() -> None:
    """Write three tables and a photograph."""
    iris, wine, digits = datasets.load_iris(), datasets.load_wine(), datasets.load_digits()
    columns = [column.removesuffix(" (cm)") for column in iris.feature_names]
    write("iris", [*columns, "species"], iris.data, [iris.target_names[i] for i in iris.target])
    columns = [column.replace("_", " ") for column in wine.feature_names]
    cultivators = [f"cultivator {i + 1}" for i in wine.target]
    write("wine", [*columns, "cultivator"], wine.data, cultivators)
    columns = [f"row {row} column {column}" for row in range(1, 9) for column in range(1, 9)]
    write("digits", [*columns, "digit"], digits.data, [_DIGITS[i] for i in digits.target])
    picture = Image.open(str(files("sklearn.datasets.images") / "china.jpg"))
    height = round(picture.height * _WIDTH / picture.width)
    small = picture.resize((_WIDTH, height), Image.Resampling.LANCZOS)
    small.save(FOLDER / PHOTOGRAPH, quality=_QUALITY, optimize=True)


if __name__ == "__main__":
    main()

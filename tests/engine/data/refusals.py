"""How a file that cannot be read is refused."""

import os

import pytest

from engine.data.tables.readers import read_table
from engine.errors import DataError


def refusal(path, columns=None):
    """Return the error message for a file that cannot be read, without its folder."""
    with pytest.raises(DataError) as caught:
        read_table(path, columns)
    return str(caught.value).replace(f"{os.path.dirname(path)}/", "")

"""Rows read from a file on demand equal those that NumPy reads."""

import io
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.arrays import rows as rows_module
from engine.data.arrays.rows import FileRows, read_header
from engine.errors import DataError

TYPES = ["<f4", ">f8", "<i2", "?", "<f2", ">u8"]


def file_rows(path, array):
    np.save(path, array)
    file = path.open("rb")
    return FileRows(file, read_header(file, os.path.getsize(path)), "here")


@st.composite
def picks(draw):
    """Draw an array, some of its rows and possibly some of its columns."""
    n_rows, n_columns = draw(st.integers(1, 40)), draw(st.integers(1, 4))
    numbers = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    array = np.asarray(numbers % 100, draw(st.sampled_from(TYPES)))
    array = np.asfortranarray(array) if draw(st.booleans()) else array
    ends = st.none() | st.integers(0, n_rows)
    runs = st.slices(n_rows) | st.builds(slice, ends, ends)
    lists = st.lists(st.integers(0, n_rows - 1), max_size=30).map(lambda some: np.array(some, int))
    columns = st.none() | st.permutations(range(n_columns))
    return array, draw(runs | lists), draw(columns)


@given(picks(), st.sampled_from([1, 8, 2**14]), st.sampled_from([4, 64, 2**22]), st.booleans())
@settings(deadline=None, max_examples=150)
def test_any_rows_and_columns(tmp_path_factory, pick, near, block, together):
    array, which, columns = pick
    path = tmp_path_factory.mktemp("rows") / "t.npy"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_NEAR_BYTES", near)
        patch.setattr(rows_module, "_BLOCK_BYTES", block)
        if not together:
            patch.delattr(os, "preadv", raising=False)
        rows = file_rows(path, array)
        wanted = array[which] if columns is None else array[which][:, columns]
        np.testing.assert_array_equal(rows.selected(which, columns), wanted)
        whole = array if columns is None else array[:, columns]
        np.testing.assert_array_equal(rows.all_rows(columns), whole)
    assert rows.shape == array.shape
    assert rows.dtype == array.dtype


def test_short_reads_are_repeated(tmp_path, monkeypatch):
    array = np.random.default_rng(0).normal(size=(20, 3))
    rows = file_rows(tmp_path / "t.npy", array)
    if hasattr(os, "preadv"):
        real = os.preadv
        monkeypatch.setattr(os, "preadv", lambda fd, views, at: real(fd, [views[0][:7]], at))
    np.testing.assert_array_equal(rows[:], array)


def header(**fields):
    text = repr({"descr": "<f8", "fortran_order": False, "shape": (2, 2)} | fields)
    return with_header(text.encode())


def with_header(text, version=b"\x02\x00"):
    return b"\x93NUMPY" + version + len(text).to_bytes(4, "little") + text


@pytest.mark.parametrize(
    "content",
    [
        header(shape=(10**12, 3)),
        header(shape=(-1, 2)),
        header(shape=(3, 2)),
        header(descr="<f8"[:2] + "99999999"),
        with_header(b"[" * 9_000),
        with_header(b"-" * 9_000),
        with_header(b"1" * 9_000),
        with_header(b" " * 20_000),
        with_header(b"{}", b"\x09\x00"),
        header()[:8] + b"\xff\xff\xff\x7f" + header()[12:],
    ],
)
def test_any_header_is_read_or_refused(content):
    content += bytes(32)
    with pytest.raises(ValueError, match=r"header|claims"):
        read_header(io.BytesIO(content), len(content))


def test_a_header_of_python_2_is_read_without_a_warning():
    content = with_header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 2L)}") + bytes(
        32
    )
    assert read_header(io.BytesIO(content), len(content)).shape == (2, 2)


def test_a_read_error_of_the_disk_is_reported(tmp_path, monkeypatch):
    rows = file_rows(tmp_path / "t.npy", np.zeros((3, 2)))

    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(FileRows, "_read_some", fail)
    with pytest.raises(DataError, match=r"here cannot be read any more: Input/output error\."):
        rows[:]

"""Files of NumPy arrays."""

import io
import pickle
import zipfile

import numpy as np
import pytest

from engine.data.arrays import files as arrays
from engine.data.tables.readers import read_table
from engine.errors import CapacityError, DataError
from tests.engine.data.refusals import refusal

POINTS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])


@pytest.fixture
def npy(tmp_path):
    return tmp_path / "t.npy"


@pytest.fixture
def npz(tmp_path):
    return tmp_path / "t.npz"


@pytest.mark.parametrize("array", [POINTS, np.asfortranarray(POINTS), POINTS.astype(">i2")])
def test_two_dimensions(npy, array):
    np.save(npy, array)
    dataset = read_table(npy)
    np.testing.assert_array_equal(dataset.points, POINTS)
    assert type(dataset.points) is np.ndarray
    assert (dataset.columns, dataset.notes) == (("column 1", "column 2"), ())


def test_one_dimension_is_a_column(npy):
    np.save(npy, [True, False])
    dataset = read_table(npy)
    np.testing.assert_array_equal(dataset.points, [[1], [0]])
    assert dataset.columns == ("column 1",)


def test_columns_are_chosen_by_number_or_name(npy):
    np.save(npy, POINTS)
    np.testing.assert_array_equal(read_table(npy, ["2"]).points, POINTS[:, 1:])
    assert read_table(npy, ["column 2", "1"]).columns == ("column 2", "column 1")
    assert refusal(npy, ["3"]) == 't.npy has no column "3"; there are column 1, column 2.'


def test_missing_values_are_dropped(npy):
    np.save(npy, np.array([[1, np.nan], [2, 3]]))
    np.testing.assert_array_equal(read_table(npy).kept, [1])


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((2, 3, 4)), "t.npy has the shape (2, 3, 4); points need (rows, columns)."),
        (np.float64(3), "t.npy has the shape (); points need (rows, columns)."),
        (np.zeros(2, complex), "t.npy holds complex128 values; only real numbers can be points."),
        (np.array(["a"]), "t.npy holds <U1 values; only real numbers can be points."),
        (
            np.zeros(2, "M8[s]"),
            "t.npy holds datetime64[s] values; only real numbers can be points.",
        ),
        (np.zeros((0, 2)), "t.npy has no rows."),
        (np.zeros((2, 0)), "t.npy has no column of numbers."),
    ],
)
def test_arrays_without_points_are_refused(npy, array, words):
    np.save(npy, array)
    assert refusal(npy) == words


def test_pickles_are_refused(npy, npz):
    objects = np.array([{}, []], object)
    np.save(npy, objects, allow_pickle=True)
    np.savez(npz, objects)
    because = "holds Python objects, which are not opened, since they can run code."
    assert refusal(npy) == f"t.npy {because}"
    assert refusal(npz) == f"t.npz {because}"
    npy.write_bytes(pickle.dumps([1, 2]))
    assert refusal(npy) == "t.npy is damaged, or not a file of NumPy arrays."


def test_damaged_files_are_refused(npy, npz):
    np.save(npy, POINTS)
    np.savez_compressed(npz, np.arange(1000).reshape(-1, 2))
    for path in (npy, npz):
        whole = path.read_bytes()
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes(255 - byte for byte in whole[middle:])
        for content in (b"", b"\x93NUMPY", b"PK", b"no array", whole[:-9], whole[:40], flipped):
            path.write_bytes(content)
            if path is npz or content is not flipped:  # changed bytes of numbers are still numbers
                assert refusal(path) == f"{path.name} is damaged, or not a file of NumPy arrays."


def test_the_only_array_of_an_archive(npz):
    np.savez(npz, anything=POINTS)
    np.testing.assert_array_equal(read_table(npz).points, POINTS)


@pytest.mark.parametrize("name", ["points", "X", "data"])
def test_an_array_named_as_points_is_used(npz, name):
    np.savez(npz, other=np.zeros((5, 5)), labels=np.zeros(3), **{name: POINTS})
    np.testing.assert_array_equal(read_table(npz).points, POINTS)


def test_the_only_table_of_an_archive(npz):
    np.savez(npz, labels=np.zeros(3), table=POINTS, columns=["a", "a"])
    dataset = read_table(npz)
    np.testing.assert_array_equal(dataset.points, POINTS)
    assert dataset.columns == ("a", "a (2)")


def test_several_tables_are_refused(npz):
    np.savez(npz, a=POINTS, b=POINTS)
    assert refusal(npz) == (
        "t.npz holds the arrays a, b; call the one with the points points, X or data."
    )
    np.savez(npz)
    assert refusal(npz) == "t.npz holds no array."


def test_an_array_of_numbers_may_be_called_columns(npz):
    np.savez(npz, columns=POINTS)
    assert read_table(npz).columns == ("column 1", "column 2")


def test_names_must_be_as_many_as_columns(npz):
    np.savez(npz, points=POINTS, columns=["a"])
    assert refusal(npz) == "t.npz has 2 columns of numbers and 1 names."


def test_other_files_in_an_archive_are_ignored(npz):
    np.savez(npz, points=POINTS)
    with zipfile.ZipFile(npz, "a") as archive:
        archive.writestr("README.txt", "made by hand")
        archive.writestr("columns", "no array")
    dataset = read_table(npz)
    np.testing.assert_array_equal(dataset.points, POINTS)
    assert dataset.columns == ("column 1", "column 2")
    with zipfile.ZipFile(npz, "w") as archive:
        archive.writestr("README.txt", "made by hand")
    assert refusal(npz) == "t.npz holds no array."


def test_names_may_be_bytes(npz):
    np.savez(npz, points=POINTS, columns=np.array(["é".encode(), b"b\xff"]))
    assert read_table(npz).columns == ("é", "b\N{REPLACEMENT CHARACTER}")


def test_names_that_are_not_text_are_refused(npz):
    names = np.array([0x41, 0x110000], np.uint32).view("<U1")
    np.savez(npz, points=POINTS, columns=names)
    assert refusal(npz) == "t.npz is damaged, or not a file of NumPy arrays."


@pytest.mark.parametrize("shape", [(0, 10**12), (10**12, 0), (1, 2**20 + 1), (10**9, 10**9)])
def test_a_header_that_claims_a_huge_size_takes_no_memory(npy, npz, shape):
    header = io.BytesIO()
    header_fields = {"descr": "|i1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, header_fields)
    content = header.getvalue() + bytes(2**20 + 1 if shape[0] == 1 else 0)
    words = {
        0: "has no rows.",
        10**12: "has no column of numbers.",
        1: "has 1,048,577 columns; at most 1,048,576 can be clustered.",
        10**9: "is damaged, or not a file of NumPy arrays.",
    }[shape[0]]
    npy.write_bytes(content)
    with zipfile.ZipFile(npz, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("points.npy", content)
    for path in (npy, npz):
        with pytest.raises((DataError, CapacityError)) as caught:
            read_table(path)
        assert str(caught.value) == f"{path} {words}"


def test_an_archive_larger_than_the_machine_is_not_unpacked(npz, monkeypatch):
    np.savez_compressed(npz, points=np.zeros((1000, 2)))
    monkeypatch.setattr(arrays, "_memory", lambda: 15_000)
    with pytest.raises(CapacityError, match=r"t\.npz does not fit in memory\."):
        read_table(npz)

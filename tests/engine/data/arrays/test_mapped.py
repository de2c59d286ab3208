"""Points streamed from their file equal those read into memory."""

import sys

import numpy as np
import pytest

from engine.clustering.chunks import finished
from engine.data.arrays import mapped
from engine.data.arrays.mapped import is_large, open_mapped
from engine.data.scaling import Scaling
from engine.data.tables.options import Role, TableOptions
from engine.data.tables.readers import read_table
from engine.errors import DataError


@pytest.fixture(scope="module", autouse=True)
def _small_chunks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapped, "CHUNK_VALUES", 20)
        yield


@pytest.fixture
def npy(tmp_path):
    return tmp_path / "t.npy"


def numbers(n_rows=57, n_dims=3, dtype=np.float32):
    return np.random.default_rng(0).normal(5, 2, (n_rows, n_dims)).astype(dtype)


def with_gaps(rows):
    rows = rows.copy()
    rows[3, 0], rows[40:45, 2], rows[-1] = np.nan, np.inf, np.nan
    return rows


def far(rows):
    """Make two columns whose variation float32 loses, and a constant one."""
    return rows * [1, 0.001, 0] + [1e8, 1e8, 3]


ROWS = {
    "float32": numbers(),
    "float64": numbers(dtype=np.float64),
    "integers": numbers(dtype=np.int64),
    "gaps": with_gaps(numbers()),
    "gaps in float64": with_gaps(numbers(dtype=np.float64)),
    "far": far(numbers(dtype=np.float64)),
    "far, with gaps": with_gaps(far(numbers(dtype=np.float64))),
    "tiny": numbers(dtype=np.float64) * 1e-50,
    "by columns": np.asfortranarray(numbers()),
    "one dimension": numbers()[:, 0],
    "one row": numbers(1),
    "one row is left": np.r_[numbers(1), np.full((30, 3), np.nan)],
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_points_equal_those_of_the_table(npy, rows):
    np.save(npy, rows)
    there, here = finished(open_mapped(str(npy))), read_table(npy)
    np.testing.assert_array_equal(there.points[:], here.points)
    assert there.points.shape == here.points.shape
    np.testing.assert_array_equal(there.kept, here.kept)
    assert there.notes[1:] == here.notes
    assert there.notes[0].startswith(f"{npy} is larger than 512 MiB: it stays on disk")
    for name in ("columns", "source", "n_rows", "dropped_rows", "left_out", "names"):
        assert getattr(there, name) == getattr(here, name)


def test_any_rows_can_be_read(npy):
    np.save(npy, ROWS["gaps"])
    points, whole = finished(open_mapped(str(npy))).points, read_table(npy).points
    np.testing.assert_array_equal(points[7:44], whole[7:44])
    np.testing.assert_array_equal(points[np.array([9, 2, 2])], whole[[9, 2, 2]])


@pytest.mark.parametrize("wanted", [["3", "1"], ["column 2"]])
def test_columns_are_chosen(npy, wanted):
    np.save(npy, ROWS["gaps"])
    there, here = finished(open_mapped(str(npy), wanted)), read_table(npy, wanted)
    np.testing.assert_array_equal(there.points[:], here.points)
    assert (there.columns, there.notes[1:]) == (here.columns, here.notes)


@pytest.mark.parametrize("name", ["gaps", "far", "integers", "one row"])
def test_points_are_standardized_as_in_memory(npy, name):
    np.save(npy, ROWS[name])
    mapped_points, points = finished(open_mapped(str(npy))).points, read_table(npy).points
    ours, theirs = Scaling.of(mapped_points.moments), Scaling.fit(points)
    np.testing.assert_allclose(ours.mean, theirs.mean, rtol=1e-12)
    np.testing.assert_allclose(ours.scale, theirs.scale, rtol=1e-9)
    scaled = mapped_points.scaled(ours)
    np.testing.assert_allclose(scaled[:], theirs.forward(points), rtol=1e-6, atol=1e-6)
    assert scaled.largest == pytest.approx(np.abs(scaled[:]).max(), rel=1e-6)


def test_progress_is_reported_for_every_chunk(npy):
    np.save(npy, numbers(57))
    shares = list(open_mapped(str(npy)))
    assert shares == pytest.approx([*np.arange(6, 57, 6) / 57, 1])


@pytest.mark.parametrize(
    "rows", [np.full((9, 2), np.nan), np.array(["a"]), np.zeros((2, 3, 4))], ids=str
)
def test_errors_are_the_same_as_for_a_table(npy, rows):
    np.save(npy, rows)
    with pytest.raises(DataError) as here:
        read_table(npy)
    with pytest.raises(DataError) as there:
        finished(open_mapped(str(npy)))
    assert str(there.value) == str(here.value)


def test_a_file_is_large_by_its_size_in_memory(npy, monkeypatch):
    monkeypatch.setattr(mapped, "MOST_BYTES", 4 * 57 * 2)
    np.save(npy, numbers(57, 3, np.float16))
    assert is_large(str(npy))
    assert not is_large(str(npy), ["1", "2"])
    np.save(npy, numbers(57, 2, np.float64))
    assert not is_large(str(npy))


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x93NUMPY\x01\x00"])
def test_files_that_are_not_arrays_are_left_to_the_table_reader(npy, monkeypatch, content):
    monkeypatch.setattr(mapped, "MOST_BYTES", 0)
    npy.write_bytes(content)
    assert not is_large(str(npy))
    assert not is_large("nowhere.npy")
    assert not is_large("blobs")


def test_an_archive_is_read_whole(npy, monkeypatch):
    monkeypatch.setattr(mapped, "MOST_BYTES", 0)
    with npy.open("wb") as file:
        np.savez(file, points=numbers())
    assert not is_large(str(npy))


def test_truncation_of_an_open_file_is_reported(npy):
    np.save(npy, numbers())
    points = finished(open_mapped(str(npy))).points
    with npy.open("r+b") as file:
        file.truncate(npy.stat().st_size - 4 * 3 * 20)
    np.testing.assert_array_equal(points[:37], numbers()[:37])
    for which in (slice(30, 57), np.array([3, 40])):
        with pytest.raises(DataError, match=r"t\.npy has become shorter while it was read; run"):
            points[which]


def test_truncation_while_the_file_is_scanned_is_reported(npy):
    np.save(npy, numbers())
    looking = open_mapped(str(npy))
    next(looking)
    with npy.open("r+b") as file:
        file.truncate(200)
    with pytest.raises(DataError, match="shorter"):
        finished(looking)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists what is mapped")
def test_the_file_is_not_memory_mapped(npy):
    np.save(npy, numbers())
    points = finished(open_mapped(str(npy))).points
    points[:]
    with open("/proc/self/maps") as file:
        assert str(npy) not in file.read()


def test_rows_with_codes_for_missing_values_are_dropped(tmp_path):
    path = tmp_path / "points.npy"
    rows = np.array([[1, 2], [-999, 3], [4, 5], [6, -999]], np.int64)
    np.save(path, rows)
    options = TableOptions(missing=("-999",), roles=())
    dataset = finished(open_mapped(str(path), None, options), lambda _: None)
    np.testing.assert_array_equal(dataset.points[:], [[1, 2], [4, 5]])
    expected = read_table(path, None, options)
    np.testing.assert_array_equal(expected.points, dataset.points[:])
    np.testing.assert_array_equal(expected.kept, dataset.kept)
    left = TableOptions(roles=(("column 2", Role.LEAVE_OUT),))
    assert finished(open_mapped(str(path), None, left), lambda _: None).columns == ("column 1",)


def test_possible_codes_for_missing_values_are_noted(tmp_path):
    path = tmp_path / "points.npy"
    rows = np.random.default_rng(0).normal(size=(1000, 2))
    rows[::50, 1] = 9999
    np.save(path, rows)
    dataset = finished(open_mapped(str(path)), lambda _: None)
    assert "9999 in column 2. If it stands" in dataset.notes[-1]

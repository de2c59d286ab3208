"""`cluster` on a file too large for memory, and `--algorithm mini-batch`."""

import json
import signal

import numpy as np
import pytest

from engine.commands.clustering import streamed
from engine.data.arrays import mapped

pytestmark = pytest.mark.slow

BLOBS = "blobs:clusters=4,per_cluster=50,seed=1"


@pytest.fixture(scope="module", autouse=True)
def _small_bounds():
    """Treat every .npy as large; a chunk has 70 points in three dimensions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapped, "MOST_BYTES", 0)
        patch.setattr(mapped, "CHUNK_VALUES", 210)
        yield


@pytest.fixture
def both(command, tmp_path):
    """Run a command on the same points as .npy, which is streamed, and as .npz, which is not."""

    def run(points, line):
        found = []
        for save, name in ((np.save, "points.npy"), (np.savez, "points.npz")):
            path, labels = tmp_path / name, tmp_path / f"{name}.csv"
            save(path, points)
            status, out, err = command(f"cluster {path} {line} --labels {labels} --json")
            assert status == 0, err
            found.append((json.loads(out), err, labels.read_text()))
        return found

    return run


def points(n_points=500):
    rng = np.random.default_rng(0)
    spread = rng.normal(size=(n_points, 3)) * [1, 50, 0.1]
    return (spread + rng.uniform(-5, 5, (9, 3))[rng.integers(0, 9, n_points)]).astype(np.float32)


def with_gaps(rows):
    rows[[2, 77]], rows[-1, 1] = np.nan, np.inf
    return rows


LINES = [
    "-k 5",
    "-k 5 --standardize",
    "-k 5 --columns 3,1",
    "-k 7 --seeding k-means++ --seed 3 --tol 0.2",
    "-k 7 --seeding k-means++ --n-init 3",
    "-k 7 --seeding afk-mc2 --seed 2 --max-iter 4 --empty farthest",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("rows", [points(), with_gaps(points())], ids=["whole", "gaps"])
def test_the_result_is_the_same_as_in_memory(both, rows, line):
    (streamed, notes, labels), (whole, notes_of_whole, whole_labels) = both(rows, line)
    assert (streamed["streamed"], whole["streamed"]) == (True, False)
    assert labels == whole_labels
    note, _, more = notes.partition("\n")
    assert "stays on disk" in note
    assert more == notes_of_whole
    for name in set(streamed) - {"source", "seconds", "streamed", "centroids", "inertia"}:
        assert streamed[name] == whole[name], name
    assert streamed["inertia"] == pytest.approx(whole["inertia"], rel=1e-5)
    np.testing.assert_allclose(streamed["centroids"], whole["centroids"], rtol=1e-4, atol=1e-4)


def test_first_centroids_can_be_given_as_a_file(both, tmp_path):
    start = tmp_path / "start.csv"
    start.write_text("a,b,c\n0,0,0\n1,50,0\n-1,-50,0\n")
    (streamed, *_), (whole, *_) = both(points(), f"--seeding {start} --standardize")
    assert streamed["sizes"] == whole["sizes"]
    assert streamed["iterations"] == whole["iterations"]


@pytest.mark.parametrize("line", ["--algorithm mean-shift --bandwidth 90", "--formulation lecture"])
def test_options_that_need_all_points_read_them(command, tmp_path, line):
    np.save(tmp_path / "points.npy", points(60))
    status, out, err = command(f"cluster {tmp_path / 'points.npy'} {line} --json")
    assert (status, err) == (0, "")
    assert not json.loads(out).get("streamed")


def test_mini_batch_reports_batches_and_points(command):
    line = f"cluster {BLOBS} --algorithm mini-batch -k 4 --batch-size 50 --max-batches 40"
    status, out, err = command(f"{line} --json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert (found["algorithm"], found["iterations"], found["batch_size"]) == ("mini-batch", 40, 50)
    assert (found["points_seen"], found["passes"]) == (2000, 10)
    assert (found["converged"], sum(found["sizes"])) == (False, 200)
    _, out, _ = command(line)
    assert "40 batches of 50 points seen, 10.00 of a pass over all" in out
    assert "inertia" in out


def test_mini_batch_is_streamed_too(both):
    line = "-k 5 --algorithm mini-batch --batch-size 64 --max-batches 30 --seeding random"
    (streamed, *_), (whole, *_) = both(with_gaps(points()), line)
    assert (streamed["streamed"], whole["streamed"]) == (True, False)
    assert streamed["sizes"] == whole["sizes"]
    assert streamed["inertia"] == pytest.approx(whole["inertia"], rel=1e-5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--algorithm mini-batch --tol 1", "--tol is an option of k-means; leave it out"),
        ("--algorithm mini-batch --max-iter 9", "--max-iter is an option of k-means and mean"),
        ("--algorithm mini-batch --formulation lecture", "--formulation is an option of k-means;"),
        ("--algorithm mini-batch --empty farthest", "--empty is an option of k-means;"),
        ("--algorithm mini-batch --bandwidth 3", "--bandwidth is an option of mean shift"),
        ("--batch-size 9", "--batch-size is an option of mini-batch k-means; leave it out"),
        ("--algorithm mean-shift --max-batches 9", "--max-batches is an option of mini-batch"),
        ("--algorithm mini-batch --batch-size 0", "batch size must be 1 or more, not 0"),
        ("--algorithm mini-batch -k 201", "200 points cannot have 201 clusters"),
    ],
)
def test_errors_are_one_line(command, line, words):
    status, out, err = command(f"cluster {BLOBS} {line}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_errors_of_large_files_are_one_line(command, tmp_path):
    path = tmp_path / "points.npy"
    np.save(path, points(4))
    status, out, err = command(f"cluster {path} -k 5")
    assert (status, out) == (2, "")
    assert err == "4 points cannot have 5 clusters; choose k = 4 or less.\n"
    status, out, err = command(f"cluster {path} --columns 4")
    assert (status, out) == (2, "")
    assert 'has no column "4"' in err


@pytest.mark.parametrize("number", [1, 2, 3], ids=["load", "seed", "fit"])
@pytest.mark.parametrize("chunk", [1, 8])
def test_ctrl_c_is_handled_at_any_chunk(command, monkeypatch, tmp_path, number, chunk):
    """500 points are eight chunks; the signal comes at one of them, in one of three stages."""
    np.save(tmp_path / "points.npy", points())
    finished, stages, reported = streamed.finished, [], []

    def finish(slices, progress):
        stages.append(slices)

        def tell(reached):
            progress(reached)
            reported.append(len(stages))
            if reported.count(number) == chunk:
                signal.raise_signal(signal.SIGINT)

        return finished(slices, tell)

    monkeypatch.setattr(streamed, "finished", finish)
    assert command(f"cluster {tmp_path / 'points.npy'} -k 5") == (130, "", "Interrupted.\n")
    assert len(stages) == number
    assert reported.count(number) == chunk

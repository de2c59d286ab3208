"""`cluster` on the command line: results, error messages, exit statuses."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_iris

from engine.__main__ import main
from tests.engine.commands.complaints import assert_complaint
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[4]
BLOBS = "blobs:clusters=4,per_cluster=50,seed=1"
DOCUMENTED = {
    *("source", "n_points", "n_dims", "dropped_rows", "algorithm", "seeding", "seed"),
    *("formulation", "device", "n_clusters", "iterations", "converged", "inertia", "sizes"),
    *("centroids", "empty_clusters", "seconds"),
}
MORE = {
    *("columns", "standardized", "stopped", "streamed"),
    *("distribute", "n_replicas", "n_workers", "n_init", "best_seed"),
}

# Prints when it begins to fit, so that the test knows when to interrupt.
FIT_FOR_LONG = """
import sys
from engine.__main__ import main
from engine.clustering.kmeans import driver
fit = driver.fit
def say_and_fit(*arguments, **options):
    print("fitting", flush=True)
    return fit(*arguments, **options)
driver.fit = say_and_fit
sys.exit(main("cluster uniform:n_points=200000 -k 60 --seeding random --max-iter 9999".split()))
"""


@pytest.fixture
def result(command):
    """Run `cluster --json` and return the parsed result."""

    def run(line):
        status, out, _ = command(f"cluster {line} --json")
        assert status == 0
        return json.loads(out)

    return run


@pytest.fixture
def iris(tmp_path):
    data = load_iris()
    path = tmp_path / "iris.csv"
    rows = [
        [*values, data.target_names[target]]
        for values, target in zip(data.data, data.target, strict=True)
    ]
    write(path, [["sepal_length", "sepal_width", "petal_length", "petal_width", "species"], *rows])
    return path


def write(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path):
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


def start_python(*arguments, stdout=subprocess.PIPE):
    """Start Python with the environment of a user."""
    unset = {"TF_CPP_MIN_LOG_LEVEL", "PYTHONUNBUFFERED"}
    env = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_json_has_the_documented_keys(result):
    found = result(f"{BLOBS} -k 4")
    assert set(found) == DOCUMENTED | MORE
    assert set(found["seconds"]) == {"load", "compile", "seed", "fit"}
    assert (found["n_points"], found["n_dims"], found["n_clusters"]) == (200, 2, 4)
    assert (found["algorithm"], found["seeding"], found["seed"]) == ("kmeans", "farthest", 0)
    assert (found["formulation"], found["dropped_rows"]) == ("fused", 0)
    assert found["converged"] is True
    assert sum(found["sizes"]) == 200
    assert np.shape(found["centroids"]) == (4, 2)


def test_json_is_the_only_output(command):
    status, out, err = command(f"cluster {BLOBS} --json")
    assert (status, out.count("\n"), err) == (0, 1, "")


def test_without_json_a_table_has_a_line_per_cluster(command):
    status, out, err = command(f"cluster {BLOBS} -k 4")
    assert (status, err) == (0, "")
    assert "200 points in 2 dimensions" in out
    assert [line.split()[0] for line in out.splitlines()[-4:]] == ["0", "1", "2", "3"]


def test_the_best_of_several_runs_is_kept(result):
    line = f"{BLOBS} -k 6 --seeding random"
    alone = [result(f"{line} --seed {seed}") for seed in range(5, 9)]
    best = min(alone, key=lambda found: found["inertia"])
    kept = result(f"{line} --seed 5 --n-init 4")
    assert (kept["seed"], kept["n_init"], kept["best_seed"]) == (5, 4, best["seed"])
    of_the_run = {"seed", "n_init", "best_seed", "seconds"}
    assert {**kept, **dict.fromkeys(of_the_run)} == {**best, **dict.fromkeys(of_the_run)}
    assert (best["n_init"], best["best_seed"]) == (1, best["seed"])
    assert set(kept["seconds"]) == {"load", "compile", "seed", "fit"}


def test_the_table_names_the_seed_of_the_best_run(command):
    _, out, _ = command(f"cluster {BLOBS} -k 6 --seeding random --n-init 3")
    assert "seed 0, the best of 3 runs: seed " in out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--n-init 0", "There must be 1 to 10,000 runs (n-init), not 0."),
        ("--n-init 2 --algorithm mean-shift", "--n-init is an option of k-means; leave it out."),
        ("--n-init 2 --algorithm mini-batch", "--n-init is an option of k-means; leave it out."),
        ("--n-init 2 --seeding start.csv", "--n-init tries several seeds, but the start is that"),
    ],
)
def test_several_runs_are_refused_with_options_that_exclude_them(command, line, sentence):
    status, out, err = command(f"cluster {BLOBS} {line}")
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_the_same_seed_gives_the_same_result(result):
    once, again = (result(f"{BLOBS} --seeding k-means++ --seed 5") for _ in range(2))
    assert {**once, "seconds": None} == {**again, "seconds": None}


def test_the_lecture_formulation_gives_the_same_sizes(result):
    taught, tiled = (result(f"{BLOBS} -k 4 --formulation {name}") for name in ("lecture", "auto"))
    assert taught["formulation"] == "lecture"
    assert taught["sizes"] == tiled["sizes"]


def test_the_maximum_number_of_iterations_is_respected(result):
    found = result(f"{BLOBS} -k 9 --max-iter 1")
    assert (found["iterations"], found["converged"]) == (1, False)


def test_the_empty_clusters_are_named(result, tmp_path):
    seeding = write(tmp_path / "far.csv", [["x", "y"], [0, 0], [9999, 9999]])
    assert result(f"{BLOBS} --seeding {seeding}")["empty_clusters"] == [1]
    assert result(f"{BLOBS} --seeding {seeding} --empty farthest")["empty_clusters"] == []


def test_a_text_column_is_left_out_and_reported(command, iris):
    status, out, err = command(f"cluster {iris} -k 3 --json")
    found = json.loads(out)
    assert status == 0
    assert err == "Read as the class of each row: species.\n"
    assert (found["n_points"], found["n_dims"], len(found["columns"])) == (150, 4, 4)
    assert sorted(found["sizes"]) == [38, 50, 62]
    assert found["inertia"] == pytest.approx(78.85, abs=0.01)


def test_columns_are_chosen_by_name(result, iris):
    found = result(f"{iris} -k 3 --columns petal_width,petal_length")
    assert found["columns"] == ["petal_width", "petal_length"]
    assert np.shape(found["centroids"]) == (3, 2)


def test_labels_are_written_one_row_per_point(result, tmp_path):
    path = tmp_path / "labels.csv"
    found = result(f"{BLOBS} -k 4 --labels {path}")
    rows = read(path)
    assert [row["row"] for row in rows] == [str(number) for number in range(1, 201)]
    assert np.bincount([int(row["label"]) for row in rows]).tolist() == found["sizes"]


def test_the_suffix_decides_the_format(result, tmp_path):
    kinds, found = (".csv", ".tsv", ".parquet", ".npy"), None
    for kind in kinds:
        labels, centroids = tmp_path / f"l{kind}", tmp_path / f"c{kind.upper()}"
        found = result(f"{BLOBS} -k 4 --labels {labels} --centroids {centroids}")
    labels = [
        *(pl.read_csv(tmp_path / "l.csv"), pl.read_csv(tmp_path / "l.tsv", separator="\t")),
        pl.read_parquet(tmp_path / "l.parquet"),
    ]
    array = np.load(tmp_path / "l.npy")
    assert (array.shape, array.dtype) == ((200,), np.int64)
    assert np.bincount(array).tolist() == found["sizes"]
    for table in labels:
        assert table.columns == ["row", "label"]
        assert table["label"].to_list() == array.tolist()
    centroids = [
        *(pl.read_csv(tmp_path / "c.CSV"), pl.read_csv(tmp_path / "c.TSV", separator="\t")),
        pl.read_parquet(tmp_path / "c.PARQUET"),
    ]
    array = np.load(tmp_path / "c.NPY")
    np.testing.assert_allclose(array, found["centroids"], rtol=1e-6)
    for table in centroids:
        assert table.columns == ["cluster", "size", "x", "y"]
        assert table["size"].to_list() == found["sizes"]
        np.testing.assert_allclose(table.select("x", "y").to_numpy(), array, rtol=1e-6)


def test_the_whole_table_is_written_with_its_clusters(command, tmp_path):
    rows = [["who", "a", "b"], ["ann", 1, 2], ["=bob", 3, ""], ["cy", 50, 60]]
    table, out = write(tmp_path / "t.csv", rows), tmp_path / "out.tsv"
    status, _, err = command(f"cluster {table} -k 2 --labels {out} --with-data")
    assert status == 0, err
    with out.open(newline="") as file:
        found = list(csv.reader(file, delimiter="\t"))
    assert found[0] == ["who", "a", "b", "cluster"]
    assert [row[0] for row in found[1:]] == ["ann", "'=bob", "cy"]
    assert [[float(cell) for cell in row[1:3] if cell] for row in found[1:]] == [
        [1, 2],
        [3],
        [50, 60],
    ]
    assert [row[3] for row in found[1:]] == ["1", "", "0"]


def test_a_table_with_text_cannot_become_an_array_and_the_run_does_not_start(
    command, monkeypatch, tmp_path
):
    monkeypatch.setattr(
        "engine.commands.clustering.seeded.SeededRuns.run", lambda *_: pytest.fail("it ran")
    )
    table = write(tmp_path / "t.csv", [["who", "a"], ["ann", 1], ["bob", 3]])
    out = tmp_path / "out.npy"
    outcome = command(f"cluster {table} -k 2 --labels {out} --with-data")
    assert_complaint(outcome, "this table has text in it")
    assert not out.exists()


@pytest.mark.parametrize("source", ["iris", BLOBS, "{npy}"])
def test_any_points_can_be_written_with_their_clusters(result, tmp_path, source):
    np.save(tmp_path / "in.npy", np.arange(12.0).reshape(4, 3))
    out = tmp_path / "out.parquet"
    source = source.format(npy=tmp_path / "in.npy")
    found = result(f"{source} -k 3 --labels {out} --with-data")
    table = pl.read_parquet(out)
    assert (table.height, table.columns[-1]) == (found["n_points"], "cluster")
    assert set(found["columns"]) <= set(table.columns)
    sizes = table["cluster"].value_counts().sort("cluster")["count"].to_list()
    assert sizes == found["sizes"]


def test_rows_with_gaps_are_counted_and_get_no_label(command, tmp_path):
    table = write(tmp_path / "gaps.csv", [["a", "b"], [1, 2], [3, ""], [5, 6]])
    labels = tmp_path / "labels.csv"
    status, out, err = command(f"cluster {table} -k 2 --labels {labels} --json")
    assert status == 0
    assert err.startswith("1 of 3 rows has a missing")
    assert json.loads(out)["dropped_rows"] == 1
    assert [row["label"] == "" for row in read(labels)] == [False, True, False]


def test_standardized_centroids_are_in_data_units(result, iris, tmp_path):
    labels = tmp_path / "labels.csv"
    found = result(f"{iris} -k 3 --standardize --labels {labels}")
    own = np.array([int(row["label"]) for row in read(labels)])
    means = [load_iris().data[own == cluster].mean(0) for cluster in range(3)]
    assert found["standardized"] is True
    np.testing.assert_allclose(found["centroids"], means, rtol=1e-5)


@pytest.mark.parametrize("standardize", ["", "--standardize"])
def test_written_centroids_can_be_used_as_seeding(result, iris, tmp_path, standardize):
    path = tmp_path / "centroids.csv"
    there = result(f"{iris} -k 3 {standardize} --centroids {path}")
    again = result(f"{iris} {standardize} --seeding {path}")
    assert [int(row["size"]) for row in read(path)] == there["sizes"] == again["sizes"]
    assert (again["n_clusters"], again["iterations"]) == (3, 1)
    np.testing.assert_allclose(again["centroids"], there["centroids"], rtol=1e-6)


WRONG = {
    "no command": ("", "required: COMMAND"),
    "unknown command": ("clutser", "invalid choice: 'clutser'"),
    "no source": ("cluster", "required: SOURCE"),
    "unknown file": ("cluster nowhere.csv", "There is no file nowhere.csv"),
    "unknown kind of file": ("cluster main.py", "cannot be opened"),
    "unknown recipe": ("cluster blops:clusters=3", 'no generator "blops"'),
    "unknown parameter": ("cluster blobs:size=3", 'no parameter "size"'),
    "no column": (f"cluster {BLOBS} --columns ''", "no column"),
    "unknown column": (f"cluster {BLOBS} --columns z", 'no column "z"'),
    "unknown option": (f"cluster {BLOBS} --fast", "unrecognized arguments: --fast"),
    "k not a number": (f"cluster {BLOBS} -k six", 'argument -k: "six" is not a whole number'),
    "k with an underscore": (f"cluster {BLOBS} -k 1_0", '"1_0" is not a whole number'),
    "a number with an underscore": (f"cluster {BLOBS} --tol 1_0", '"1_0" is not a number'),
    "k without an end": (
        f"cluster {BLOBS} -k {'9' * 5000}",
        "9… is not a whole number".replace("…", '…"'),
    ),
    "a column without an end": (f"cluster {BLOBS} --columns {'9' * 5000}", "has no column"),
    "a recipe without an end": (f"cluster blobs:clusters={'9' * 5000}", "must be a number, not"),
    "k of 0": (f"cluster {BLOBS} -k 0", "k must be 1 or more, not 0"),
    "more clusters than points": (f"cluster {BLOBS} -k 201", "200 points cannot have 201"),
    "unknown seeding": (f"cluster {BLOBS} --seeding best", "There is no file best"),
    "negative seed": (f"cluster {BLOBS} --seed -1", "seed must be 0 or more, not -1"),
    "negative iterations": (f"cluster {BLOBS} --max-iter -1", "must be 0 or more, not -1"),
    "tolerance not a number": (f"cluster {BLOBS} --tol nan", "must be 0 or more, not nan"),
    "labels nowhere": (f"cluster {BLOBS} --labels no/l.csv", "no/l.csv cannot be written"),
    "centroids nowhere": (f"cluster {BLOBS} --centroids no/c.csv", "no/c.csv cannot be written"),
    "labels into a folder": (f"cluster {BLOBS} --labels tests", "tests cannot be written"),
    "labels of no format": (
        f"cluster {BLOBS} --labels l.xlsx",
        "its name must end in .csv, .tsv, .parquet or .npy.",
    ),
    "centroids without a suffix": (f"cluster {BLOBS} --centroids c", "its name must end in .csv"),
    "labels to a device": (f"cluster {BLOBS} --labels /dev/stdout", "cannot be written"),
    "a name too long": (f"cluster {BLOBS} --labels {'x' * 300}.csv", "cannot be written"),
    "data for no file": (f"cluster {BLOBS} --with-data", "give --labels FILE too"),
    "a decimal mark of no table": (
        f"cluster {BLOBS} --decimal ,",
        f"--decimal is for tables in text files, and {BLOBS} is not one.",
    ),
    "missing in no table": (
        f"cluster {BLOBS} --missing 0",
        f"--missing is for tables, and {BLOBS} is not one.",
    ),
}


@pytest.mark.parametrize(("line", "words"), WRONG.values(), ids=WRONG)
def test_errors_are_one_line(command, monkeypatch, line, words):
    monkeypatch.chdir(ROOT)
    assert_complaint(command(line), words)


@pytest.mark.parametrize(
    "case",
    [
        *("labels nowhere", "labels into a folder", "centroids nowhere", "labels of no format"),
        *("centroids without a suffix", "labels to a device", "a name too long"),
        "data for no file",
    ],
)
def test_unwritable_outputs_are_reported_before_the_run(command, monkeypatch, case):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(
        "engine.commands.clustering.cluster._load", lambda *_: pytest.fail("it loaded points")
    )
    line, words = WRONG[case]
    assert_complaint(command(line), words)


@pytest.mark.parametrize(
    "options",
    ["--labels points.csv", "--centroids points.csv", "--labels a.csv --centroids a.csv"],
)
def test_a_result_does_not_replace_an_input_file(command, monkeypatch, tmp_path, options):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "points.csv", [["x", "y"], [1, 2], [3, 4]])
    before = path.read_text()
    assert_complaint(command(f"cluster points.csv -k 2 {options}"), "already in use")
    assert path.read_text() == before


def test_a_seeding_must_have_the_columns_of_the_points(command, tmp_path):
    path = write(tmp_path / "wide.csv", [["a", "b", "c"], [1, 2, 3], [4, 5, 6]])
    assert_complaint(command(f"cluster {BLOBS} --seeding {path}"), "with the columns x, y")


def test_k_must_not_contradict_a_seeding(command, tmp_path):
    path = write(tmp_path / "two.csv", [["x", "y"], [1, 2], [4, 5]])
    assert_complaint(command(f"cluster {BLOBS} -k 3 --seeding {path}"), "holds 2 centroids")


def test_too_few_distinct_points_are_counted(command, tmp_path):
    path = write(tmp_path / "few.csv", [["x", "y"], *[[1, 2], [3, 4]] * 5])
    assert_complaint(command(f"cluster {path} -k 3"), "only 2 distinct positions, fewer than")


def test_problems_too_large_for_memory_are_refused(command, monkeypatch):
    monkeypatch.setattr("engine.clustering.kmeans.backends.lecture.MAX_BYTES", 1000)
    monkeypatch.setattr(
        "engine.commands.clustering.seeded.seed", lambda *_: pytest.fail("it seeded")
    )
    assert_complaint(command(f"cluster {BLOBS} --formulation lecture"), "200 points x 2 dimensions")


def test_an_interrupt_is_reported_without_a_traceback(command, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.clustering.kmeans.driver.fit", interrupted)
    assert command(f"cluster {BLOBS}") == (130, "", "Interrupted.\n")


@pytest.mark.slow
def test_ctrl_c_ends_a_long_fit():
    process = start_python("-c", FIT_FOR_LONG)
    assert process.stdout.readline() == "fitting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=seconds_left())
    assert (process.returncode, out, err) == (130, "", "Interrupted.\n")


@pytest.mark.slow
def test_a_command_writes_nothing_but_its_result():
    process = start_python("main.py", "cluster", BLOBS, "--json")
    out, err = process.communicate(timeout=seconds_left())
    assert (process.returncode, err) == (0, "")
    assert json.loads(out)["n_points"] == 200


def test_a_closed_pipe_is_not_an_error():
    for_nobody, ours = os.pipe()
    os.close(for_nobody)
    process = start_python("main.py", "--help", stdout=ours)
    os.close(ours)
    _, err = process.communicate(timeout=seconds_left())
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize("arguments", ["info", "--help"])
def test_a_closed_pipe_is_detected_before_the_exit(monkeypatch, arguments):
    for_nobody, ours = os.pipe()
    os.close(for_nobody)
    with os.fdopen(ours, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        assert main([arguments]) == 0


@pytest.mark.parametrize("line", ["--help", "cluster --help", "info --help"])
def test_help_has_an_example(command, line):
    status, out, err = command(line)
    assert (status, err) == (0, "")
    assert "example" in out
    assert "python main.py" in out


def test_help_shows_the_marks_without_braces(command):
    _, out, _ = command("cluster --help")
    assert "--decimal .|," in out


def test_ready_made_data_need_no_file(command):
    status, out, err = command("cluster wine -k 3 --standardize --json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert (found["source"], found["n_points"], found["n_dims"]) == ("wine", 178, 13)
    assert sorted(found["sizes"]) == [51, 61, 66]

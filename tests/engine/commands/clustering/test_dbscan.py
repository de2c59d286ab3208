"""`cluster --algorithm dbscan`: results, error messages and files."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from engine import source
from engine.clustering.dbscan.options import DbscanOptions
from engine.clustering.dbscan.stepper import dbscan

MOONS = "moons:n_points=300,seed=2"
KEYS = {
    *("source", "n_points", "n_dims", "columns", "dropped_rows", "standardized", "algorithm"),
    *("eps", "eps_rule", "min_points", "n_clusters", "n_noise", "n_core", "sizes"),
    *("iterations", "converged", "stopped", "device", "seconds"),
}


def run(command, line):
    status, out, err = command(f"cluster {MOONS} --algorithm dbscan {line}")
    assert (status, err) == (0, "")
    return out


def test_json_has_the_documented_keys_and_no_centroids(command):
    found = json.loads(run(command, "--eps 5 --min-points 4 --json"))
    assert set(found) == KEYS
    assert set(found["seconds"]) == {"load", "fit"}
    assert (found["algorithm"], found["eps"], found["eps_rule"]) == ("dbscan", 5.0, None)
    assert (found["min_points"], found["n_clusters"]) == (4, 2)
    assert sum(found["sizes"]) + found["n_noise"] == 300
    assert found["converged"] is True


def test_the_result_matches_the_engine(command):
    found = json.loads(run(command, "--json"))
    *_, expected = dbscan(source.load(MOONS).points, DbscanOptions())
    assert (found["eps"], found["eps_rule"]) == (expected.eps, "k-distance")
    assert found["sizes"] == expected.sizes.tolist()
    assert found["n_core"] == expected.n_core.tolist()


def test_the_table_has_a_line_per_cluster(command):
    out = run(command, "--eps 5")
    assert "2 clusters and " in out
    assert " noise points, eps 5, at least 5 points" in out
    assert [line.split()[0] for line in out.splitlines()[-3:]] == ["cluster", "0", "1"]
    assert "inertia" not in out


def test_the_summary_has_singulars(command):
    line = "cluster blobs:clusters=1,per_cluster=1 --algorithm dbscan --min-points 1"
    status, out, err = command(line)
    assert (status, err) == (0, "")
    assert "1 point in 2 dimensions" in out
    assert "1 cluster and 0 noise points, eps 1 by the rule k-distance, at least 1 point\n" in out
    assert "1 iteration, stopped" in out


def test_noise_is_minus_one_in_the_labels(command, tmp_path):
    path = tmp_path / "labels.csv"
    found = json.loads(run(command, f"--eps 2 --json --labels {path}"))
    with path.open(newline="") as file:
        labels = np.array([int(row["label"]) for row in csv.DictReader(file)])
    assert np.count_nonzero(labels == -1) == found["n_noise"] > 0
    assert np.bincount(labels[labels >= 0]).tolist() == found["sizes"]


def test_noise_is_distinguished_from_dropped_rows(command, tmp_path):
    table, path = tmp_path / "points.csv", tmp_path / "out.csv"
    table.write_text("x,y\n1,1\n1,1\n,3\n9,9\n")
    line = f"cluster {table} --algorithm dbscan --eps 1 --min-points 2 --labels {path}"
    assert command(f"{line} --with-data")[0] == 0
    with path.open(newline="") as file:
        assert [row["cluster"] for row in csv.DictReader(file)] == ["0", "0", "", "-1"]


@pytest.mark.parametrize(
    ("eps", "words"),
    [(0.001, "300 of 300 points are noise:"), (500, "300 of 300 points are in one cluster.")],
)
def test_an_eps_that_separates_nothing_is_noted_on_stderr(command, eps, words):
    status, out, err = command(f"cluster {MOONS} --algorithm dbscan --eps {eps} --json")
    assert (status, err.count("\n")) == (0, 1)
    assert json.loads(out)["eps"] == eps
    assert err.startswith(words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--algorithm dbscan -k 3", "leave -k out, or choose the --eps"),
        ("--algorithm dbscan --seeding random", "--seeding is an option of k-means"),
        ("--algorithm dbscan --seed 1", "--seed is an option of k-means, mini-batch k-means and"),
        ("--algorithm dbscan --bandwidth 2", "--bandwidth is an option of mean shift"),
        ("--algorithm dbscan --eps 0", "eps must be more than 0"),
        ("--algorithm dbscan --min-points 0", "must be 1 or more, not 0"),
        ("--algorithm dbscan --centroids c.csv", "without centroids; leave --centroids out"),
        ("--eps 3", "--eps is an option of DBSCAN"),
        ("--algorithm mean-shift --min-points 3", "--min-points is an option of DBSCAN"),
    ],
)
def test_errors_are_one_line(command, line, words):
    status, out, err = command(f"cluster {MOONS} {line}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_picture_needs_an_algorithm_with_centroids(command, tmp_path):
    path = tmp_path / "photo.png"
    Image.new("RGB", (8, 8)).save(path)
    status, _, err = command(f"cluster {path} --algorithm dbscan")
    assert status == 2
    assert "colours of centroids, and DBSCAN has none" in err

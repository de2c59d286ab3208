"""`cluster --algorithm mean-shift`: results, error messages and files."""

import csv
import json

import numpy as np
import pytest

from engine import source
from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Seeds
from engine.clustering.mean_shift.stepper import fit

BLOBS = "blobs:clusters=4,per_cluster=50,seed=1"
KEYS = {
    *("source", "n_points", "n_dims", "columns", "dropped_rows", "standardized", "algorithm"),
    *("seed", "bandwidth", "bandwidth_rule", "kernel", "form", "seeds", "n_clusters", "densities"),
    *("iterations", "converged", "stopped", "sizes", "centroids", "empty_clusters", "device"),
    "seconds",
}


def run(command, line):
    status, out, err = command(f"cluster {BLOBS} --algorithm mean-shift {line}")
    assert (status, err) == (0, "")
    return out


def test_json_has_the_documented_keys(command):
    found = json.loads(run(command, "--bandwidth 5 --json"))
    assert set(found) == KEYS
    assert set(found["seconds"]) == {"load", "compile", "fit"}
    assert (found["algorithm"], found["bandwidth"], found["bandwidth_rule"]) == (
        *("mean-shift", 5.0),
        None,
    )
    assert found["converged"] is True
    assert sum(found["sizes"]) == 200
    assert np.shape(found["centroids"]) == (found["n_clusters"], 2)


def test_the_result_matches_the_engine(command):
    found = json.loads(run(command, "--bandwidth 6 --kernel flat --seeds bins --json"))
    options = MeanShiftOptions(bandwidth=6.0, kernel=Kernel.FLAT, seeds=Seeds.BINS)
    expected = fit(source.load(BLOBS).points, options)
    assert found["sizes"] == expected.sizes.tolist()
    np.testing.assert_allclose(found["centroids"], expected.centroids, rtol=1e-5)


def test_rules_and_forms_have_names(command):
    found = json.loads(run(command, "--bandwidth lecture --form blurring --json"))
    assert (found["bandwidth_rule"], found["form"]) == ("lecture", Form.BLURRING.value)
    assert found["bandwidth"] > 0


def test_isolated_points_are_noted_on_stderr(command):
    line = "cluster blobs:clusters=2,per_cluster=20,seed=1 --algorithm mean-shift --bandwidth 0.001"
    status, out, err = command(f"{line} --json")
    assert (status, json.loads(out)["n_clusters"]) == (0, 40)
    assert err.startswith("40 of 40 points are alone in their cluster: a bandwidth of 0.001 is too")
    assert err.count("\n") == 1
    _, _, nothing = command(line.replace("0.001", "9") + " --json")
    assert nothing == ""


def test_the_table_has_a_line_per_mode(command):
    out = run(command, "--bandwidth 5")
    assert "bandwidth 5, gaussian kernel, climbing" in out
    assert "inertia" not in out


def test_labels_and_modes_are_written(command, tmp_path):
    labels, modes = tmp_path / "labels.csv", tmp_path / "modes.csv"
    found = json.loads(run(command, f"--json --labels {labels} --centroids {modes}"))
    with labels.open(newline="") as file:
        own = [int(row["label"]) for row in csv.DictReader(file)]
    with modes.open(newline="") as file:
        sizes = [int(row["size"]) for row in csv.DictReader(file)]
    assert np.bincount(own).tolist() == sizes == found["sizes"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--algorithm mean-shift -k 3", "leave -k out"),
        ("--algorithm mean-shift --seeding random", "--seeding is an option of k-means"),
        ("--algorithm mean-shift --tol 1", "--tol is an option of k-means"),
        ("--algorithm mean-shift --bandwidth wide", 'must be a number, lecture or estimate, not "'),
        ("--algorithm mean-shift --bandwidth 0", "bandwidth must be more than 0"),
        ("--algorithm mean-shift --bandwidth 1e-9", "is too small for points"),
        ("--algorithm mean-shift --form blurring --seeds bins", "leave the bins out"),
        ("--bandwidth 3", "--bandwidth is an option of mean shift"),
    ],
)
def test_errors_are_one_line(command, line, words):
    status, out, err = command(f"cluster {BLOBS} {line}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err

"""`choose-k` on the command line: its table, JSON and error messages."""

import json
from itertools import pairwise

import pytest

BLOBS = "blobs:clusters=4,per_cluster=40,seed=1"
QUICK = "--max 6 --starts 2 --references 3"


@pytest.fixture
def found(command):
    status, out, err = command(f"choose-k {BLOBS} {QUICK} --json")
    assert (status, err) == (0, "")
    assert out.count("\n") == 1
    return json.loads(out)


def test_json_has_a_row_per_k_and_a_choice_per_method(found):
    assert [row["k"] for row in found["ks"]] == [2, 3, 4, 5, 6]
    assert set(found["ks"][0]) == {
        *("k", "seed", "inertia", "silhouette", "gap", "gap_error", "next_seed")
    }
    assert set(found["choices"]) == {"elbow", "silhouette", "gap", "next seed"}
    assert found["choices"]["silhouette"]["k"] == 4
    rows = found["ks"]
    first = next(
        row["k"] for row, after in pairwise(rows) if row["gap"] >= after["gap"] - after["gap_error"]
    )
    assert found["choices"]["gap"]["k"] == first
    assert (found["starts"], found["references"], found["seeding"]) == (2, 3, "k-means++")
    assert (found["n_points"], found["n_sampled"], found["n_dims"]) == (160, 160, 2)


def test_cluster_reproduces_a_k_from_its_seed(command, found):
    row = found["ks"][3]
    line = f"cluster {BLOBS} -k {row['k']} --seeding k-means++ --seed {row['seed']} --json"
    status, out, _ = command(line)
    assert status == 0
    assert json.loads(out)["inertia"] == pytest.approx(row["inertia"], rel=1e-6)


def test_without_json_there_is_a_table(command):
    status, out, err = command(f"choose-k {BLOBS} {QUICK} --min 1 --seeding afk-mc2 --standardize")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert "160 points in 2 dimensions" in lines[0]
    assert [line.split()[0] for line in lines[5:11]] == ["1", "2", "3", "4", "5", "6"]
    assert lines[5].split()[2] == "-"  # a single cluster has no silhouette
    assert lines[-3].split()[:2] == ["silhouette", "4"]


def test_as_many_clusters_as_points_has_no_gap(command):
    source = "blobs:clusters=1,per_cluster=3"
    status, out, _ = command(f"choose-k {source} --max 3 --references 2 --json")
    assert status == 0
    assert json.loads(out)["ks"][-1]["gap"] is None


def test_cluster_accepts_the_suggested_seeding(command):
    status, out, _ = command(f"cluster {BLOBS} -k 4 --seeding afk-mc2 --json")
    assert status == 0
    assert json.loads(out)["seeding"] == "afk-mc2"


WRONG = {
    "no source": ("", "required: SOURCE"),
    "unknown file": ("nowhere.csv", "There is no file nowhere.csv"),
    "min above max": (f"{BLOBS} --min 7 --max 3", "The largest k, 3, must not be below"),
    "min of 0": (f"{BLOBS} --min 0", "smallest k must be 1 or more, not 0"),
    "no starts": (f"{BLOBS} --starts 0", "1 to 10,000 starts"),
    "no references": (f"{BLOBS} --references 0", "2 references or more"),
    "negative seed": (f"{BLOBS} --seed -3", "seed must be 0 or more, not -3"),
    "unknown seeding": (f"{BLOBS} --seeding best", "invalid choice: 'best'"),
    "k above N": (f"{BLOBS} --max 161", "160 points cannot have 161 clusters"),
    "one point": ("blobs:clusters=1,per_cluster=1", "One point cannot be divided"),
    "equal points": ("blobs:clusters=1,per_cluster=20,variance=0", "All points are equal"),
    "two places": ("blobs:clusters=2,per_cluster=20,variance=0", "only 2 distinct positions"),
}


@pytest.mark.parametrize(("line", "words"), WRONG.values(), ids=WRONG)
def test_errors_are_one_line(command, line, words):
    status, out, err = command(f"choose-k {line}")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err


def test_help_has_an_example(command):
    status, out, err = command("choose-k --help")
    assert (status, err) == (0, "")
    assert "python main.py choose-k" in out


def test_sampling_is_reported(command, monkeypatch):
    monkeypatch.setattr("engine.clustering.choosing_k.stepper.MAX_SAMPLE", 50)
    status, out, err = command(f"choose-k {BLOBS} {QUICK} --json")
    assert status == 0
    assert err == "Silhouettes and gaps are those of 50 of 160 points, drawn by the seed.\n"
    assert json.loads(out)["n_sampled"] == 50

"""`cluster` on a picture: the quantized picture and its palette."""

import json

import numpy as np
import pytest
from PIL import Image

from engine.data import images
from engine.data.generated.ready_made import FOLDER, PHOTOGRAPH

PHOTO = FOLDER / PHOTOGRAPH


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.png"
    with Image.open(PHOTO) as picture:
        picture.resize((64, 43)).save(path)
    return path


def test_a_picture_is_written_in_k_colours(command, small, tmp_path):
    out = tmp_path / "out.png"
    status, stdout, err = command(f"cluster {small} -k 5 --picture {out} --json")
    found = json.loads(stdout)
    assert (status, err) == (0, "")
    assert (found["n_points"], found["n_dims"], found["pixels"]) == (64 * 43, 3, 64 * 43)
    colors, counts = np.unique(
        images.read_photo(out).pixels.reshape(-1, 3), axis=0, return_counts=True
    )
    there = {
        images.hex_of(color): count / counts.sum()
        for color, count in zip(colors, counts, strict=True)
    }
    assert there == pytest.approx({each["color"]: each["share"] for each in found["palette"]})
    assert [round(each["share"] * 64 * 43) for each in found["palette"]] == found["sizes"]


def test_the_palette_is_printed_as_a_table(command, small):
    status, out, err = command(f"cluster {small} -k 3")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[-4] == "palette of 2,752 pixels"
    shares = [float(line.split()[1]) for line in lines[-3:]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.02)


def test_pixel_positions_are_two_more_dimensions(command, small, tmp_path):
    centroids = tmp_path / "c.csv"
    line = f"cluster {small} -k 3 --position-weight 0.5 --centroids {centroids} --json"
    found = json.loads(command(line)[1])
    assert found["columns"] == ["red", "green", "blue", "x", "y"]
    assert centroids.read_text().startswith("cluster,size,red,green,blue,x,y\n")


def test_sampling_a_large_picture_is_reported(command, small, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MAX_SAMPLE", 500)
    out = tmp_path / "out.jpg"
    status, stdout, err = command(f"cluster {small} -k 3 --picture {out} --json")
    found = json.loads(stdout)
    assert status == 0
    assert 250 < found["n_points"] <= 500
    assert f"a sample of {found['n_points']} of 2,752 pixels" in err
    assert images.read_photo(out).pixels.shape == (43, 64, 3)
    assert sum(each["share"] for each in found["palette"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("line", "words"),
    {
        "picture of a table": ("blobs --picture o.png", "--picture is for a picture, and blobs"),
        "weight of a table": (
            "iris --position-weight 1",
            "--position-weight is for a picture, and iris is not one.",
        ),
        "labels": (
            f"{PHOTO} --labels l.csv",
            f"--labels is for a table, and {PHOTO} is not one.",
        ),
        "columns": (f"{PHOTO} --columns red", "--columns is for a table"),
        "standardize": (f"{PHOTO} --standardize", "--standardize is for a table"),
        "weight": (f"{PHOTO} --position-weight -1", "must be from 0 to 1,000,000, not -1"),
        "kind": (
            f"{PHOTO} --picture o.gif",
            "its name must end in .png, .jpg, .jpeg, .svg or .pdf",
        ),
        "folder": (f"{PHOTO} --picture no/o.png", "no/o.png cannot be written"),
        "no file": ("nowhere.png", "There is no file nowhere.png"),
    }.values(),
)
def test_errors_are_one_line(command, tmp_path, monkeypatch, line, words):
    monkeypatch.chdir(tmp_path)
    status, out, err = command(f"cluster {line}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_result_does_not_replace_the_picture_it_is_made_from(command, small):
    before = small.read_bytes()
    status, _, err = command(f"cluster {small} --picture {small}")
    assert status == 2
    assert "already in use" in err
    assert small.read_bytes() == before

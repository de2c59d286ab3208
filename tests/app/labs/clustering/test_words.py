"""What the window says of a frame."""

from dataclasses import replace

import numpy as np
import pytest

from app.labs.clustering import words
from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.drawing.curves import curve
from engine.clustering.kmeans.driver import lloyd
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.clustering.kmeans.runs import cluster
from engine.clustering.seeding.in_memory import seeds
from engine.data.dataset import dataset_of
from engine.frames import Search

SQUARE = np.array([[0, 0], [0, 2], [4, 0], [4, 2]], np.float32)
OPTIONS = KMeansOptions(n_clusters=2)


def frames(start, **options):
    return list(lloyd(SQUARE, np.asarray(start, np.float32), **options))


def test_every_half_step_says_what_it_did():
    said = [KMEANS.state(frame, OPTIONS) for frame in frames([[0, 0], [1, 0]])]
    assert said[0].startswith("Iteration 0 · assign: 4 points changed cluster · 4 points")
    assert said[1].startswith("Iteration 1 · update: centroids move")
    assert said[-1].startswith("Converged after 1 iteration: no point changed its cluster")


def test_seeding_counts_the_centroids():
    first = next(seeds(SQUARE, 2))
    assert KMEANS.state(first, OPTIONS).startswith("Seeding · centroid 1 of 2")


def test_greedy_seeding_says_that_the_best_of_several_was_kept():
    """2 + ln 3 is 3.1: three points are drawn for each centroid but the first."""
    options = KMeansOptions(n_clusters=3, seeding=Seeding.PLUS_PLUS)
    first, second, _ = seeds(SQUARE, 3, Seeding.PLUS_PLUS)
    assert KMEANS.state(first, options).startswith("Seeding · centroid 1 of 3 · ")
    said = KMEANS.state(second, options)
    assert "centroid 2 of 3, the best of 3 points drawn: it leaves the lowest inertia · " in said
    single = KMeansOptions(n_clusters=3, seeding=Seeding.PLUS_PLUS_SINGLE)
    assert KMEANS.state(second, single).startswith("Seeding · centroid 2 of 3 · ")


def test_the_best_of_several_runs_has_its_seed():
    options = KMeansOptions(n_clusters=2, n_init=4)
    *_, last = cluster(SQUARE, options)
    assert KMEANS.state(last, options).endswith(f"the best of 4 runs, from seed {last.seed}")
    assert "best of" not in KMEANS.state(frames([[0, 0]])[0], options)


def test_a_search_is_told():
    assert words.searching(Search(0, 5)) == "Run 1 of 5; the best will be shown"
    assert words.searching(Search(2, 5, 78040.4)).startswith(
        "Run 3 of 5; the best will be shown · lowes"
    )


@pytest.mark.parametrize(
    ("policy", "does"), [(EmptyPolicy.KEEP, "stays"), (EmptyPolicy.FARTHEST, "jumps to")]
)
def test_an_empty_cluster_is_named_with_what_it_does(policy, does):
    first = frames([[0, 0], [500, 500]], empty=policy)[0]
    assert f"no points in 1, which {does}" in KMEANS.state(first, OPTIONS)


def test_the_limit_is_not_called_convergence():
    last = frames([[0, 0], [1, 0]], max_iter=0)[-1]
    assert "Stopped after 0 iterations, the most allowed" in KMEANS.state(last, OPTIONS)


def test_drawing_some_is_said():
    assert KMEANS.state(frames([[0, 0]])[0], OPTIONS, 7).endswith("drawing 1 frame of 7")
    assert KMEANS.state(frames([[0, 0]])[0], OPTIONS, stride=3).endswith("drawing 1 point of 3")


def test_the_curve_puts_an_update_between_two_assignments_and_leaves_seeding_out():
    run = [*seeds(SQUARE, 2), *frames([[0, 0], [1, 0]])]
    places = curve(run, KMEANS.place)
    assert np.isnan(places[:2]).all()
    assert places[2:, 0].tolist() == [0, 0.5, 1]
    assert places[-1, 1] == 4


def test_a_point_tells_its_row_in_the_file_and_its_distances_nearest_first():
    rows = np.array([[np.nan, 1], *SQUARE])
    dataset = dataset_of(rows, ["a<b", "y"], "table.csv")
    last = frames([[0, 0], [4, 0]])[-1]
    text = words.point(dataset, 0, KMEANS.about_point(last, 0, SQUARE[0]))
    assert "<b>row 2</b><br>a&lt;b 0<br>y 0" in text
    assert "label <b>0</b> (blue)" in text
    assert text.index("distance to 0: 1") < text.index("distance to 1: 4.123")


@pytest.mark.parametrize(
    ("names", "classes", "head"),
    [
        (None, None, "row 2"),
        (("Smith",), None, "row 2 · Smith"),
        (None, ("<i>",), "row 2 · spe&lt;cies: &lt;i&gt;"),
        (("Smith",), ("setosa",), "row 2 · Smith · spe&lt;cies: setosa"),
        (("Smith",), ("",), "row 2 · Smith"),
    ],
)
def test_a_point_tells_its_name_and_its_class(names, classes, head):
    whole = dataset_of(np.array([[np.nan, 1], [2, 3]]), ["x", "y"], "table.csv")
    dataset = replace(whole, names=names, classes=classes, class_column="spe<cies")
    text = words.point(dataset, 0, [])
    assert text.startswith(f"<b>{head}</b><br>x 2")


def test_before_the_first_frame_the_waiting_is_named():
    assert "waiting for TensorFlow" in words.before_first_frame(1500, True, ready=False)
    assert "computing" in words.before_first_frame(1500, True, ready=True)
    assert "no clusters" in words.before_first_frame(1500, False, ready=True)

"""Mini-batch k-means in the real window, and what is said of its frames."""

import numpy as np
import pytest

from app.labs.clustering.algorithms.mini_batch import MINI_BATCH
from engine import source
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.mini_batch_frames import MiniBatchFrame
from engine.clustering.kmeans.options import MiniBatchOptions
from tests.app.driving import drag
from tests.app.shared_window import settings

OPTIONS = MiniBatchOptions(n_clusters=3, batch_size=20, max_batches=12)


@pytest.fixture
def settings_path(settings_path):
    mine = {"n_clusters": 3, "batch_size": 20, "max_batches": 12}
    settings_path.write_text(settings(clustering={"algorithm": "mini-batch", "mini_batch": mine}))
    return settings_path


@pytest.fixture
def form(lab):
    return lab.algorithm.form(MINI_BATCH.name)


@pytest.fixture
def ended(lab, qtbot):
    lab.player.play_to_end()
    qtbot.waitUntil(lambda: not lab.player.playing)
    return lab


def test_shows_the_frames_of_the_engine(ended):
    points = source.load(ended.loaded.dataset.source).points
    expected = list(MINI_BATCH.algorithm.frames(points, OPTIONS))
    shown = ended.player.branch.frames
    assert len(shown) == len(expected)
    for one, other in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(one.centroids, other.centroids)
        np.testing.assert_array_equal(one.labels, other.labels)


def test_everything_is_named_for_it(ended, form):
    assert form.isVisible()
    assert not ended.kmeans.isVisible()
    assert (ended.lines.headline.text(), ended.lines.measure.text()) == (
        "Mini-batch",
        "Inertia",
    )
    assert ended.lines.status.text().startswith("Stopped after 12 batches, the most allowed")
    assert ended.toggles.regions.isEnabled()


def test_the_curve_counts_batches_and_iterations_for_k_means(lab):
    axis = lab.curve.getPlotItem().getAxis("bottom")
    assert (axis.labelText, lab.curve.accessibleName()) == ("batch", "Inertia by batch")
    lab.algorithm.kind.setCurrentIndex(lab.algorithm.kind.findData("k-means"))
    assert (axis.labelText, lab.curve.accessibleName()) == ("iteration", "Inertia by iteration")


def test_other_options_start_again(ended, form, qtbot):
    form.batch_size.setValue(7)
    qtbot.waitUntil(lambda: ended.player.frame is not None)
    assert ended.state.options.batch_size == 7
    assert ended.player.position == 0
    seed = form.seed.value()
    ended.algorithm.randomize_seed()
    assert ended.state.options.seed == form.seed.value() != seed


def test_a_centroid_can_be_dragged(ended, qtbot):
    start = ended.scatter.shown_centroids[1].tolist()
    drag(ended.scatter, start, (start[0] + 5, start[1]))
    qtbot.waitUntil(lambda: len(ended.player.branches) == 2)
    assert ended.player.branch.name == "1 dragged at batch 12"


def test_what_is_chosen_is_there_the_next_time(window, open_window):
    form = window.tabs.clustering.algorithm.form(MINI_BATCH.name)
    form.max_batches.setValue(5)
    window.close()
    again = open_window().tabs.clustering
    assert again.algorithm.name == "mini-batch"
    assert again.state.options == MiniBatchOptions(n_clusters=3, batch_size=20, max_batches=5)


def frame(labels, phase=Phase.UPDATE, stop=None, inertia=1.0):
    labels = np.asarray(labels)
    sizes = np.bincount(labels[labels >= 0], minlength=2)
    return MiniBatchFrame(
        iteration=4,
        phase=phase,
        centroids=np.zeros((2, 2)),
        labels=labels,
        sizes=sizes,
        inertias=np.full(2, inertia),
        changed=1,
        batch=np.arange(2),
        stop=stop,
    )


def test_labels_that_are_not_known_are_counted_and_not_on_the_curve():
    some = frame([0, 1, -1, -1, -1], inertia=np.nan)
    assert "2 of 5 labels known" in MINI_BATCH.state(some, OPTIONS)
    assert np.isnan(MINI_BATCH.place(some)).all()
    assert MINI_BATCH.measure_line(some) == f"{MINI_BATCH.measure_text}, once all labels are known"
    assert "changed cluster" not in MINI_BATCH.state(some, OPTIONS)
    assert MINI_BATCH.branch_value(some, False) == "–"
    assert "known" not in MINI_BATCH.state(frame([0, 1]), OPTIONS)
    assert "1 point changed cluster" in MINI_BATCH.state(frame([0, 1]), OPTIONS)
    assert MINI_BATCH.place(frame([0, 1])) == (4, 2.0)


def test_centroids_without_points_are_named_once_all_labels_are_known():
    assert "no points in 1, which stays" in MINI_BATCH.state(frame([0, 0]), OPTIONS)
    assert "no points" not in MINI_BATCH.state(frame([0, -1], inertia=np.nan), OPTIONS)
    assert "no points" not in MINI_BATCH.state(frame([0, 0], phase=Phase.SEED), OPTIONS)


def test_why_it_stopped_is_told():
    said = MINI_BATCH.state(frame([0, 1], stop=Stop.PLATEAU), OPTIONS)
    assert said.startswith("Converged after 4 batches: the inertia of the batches no longer falls")

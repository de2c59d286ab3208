"""The packed history: unpacked frames equal the originals bit for bit."""

import gc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.labs.clustering.algorithms import climbs
from app.running import history, packing
from app.running.history import Branch
from app.running.packing import Packed, packed, packed_bytes, unpacked
from engine.clustering.frames import Phase
from engine.clustering.kmeans.driver import lloyd
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.clustering.mean_shift.stepper import mean_shift
from engine.clustering.side_by_side.stepper import side_by_side
from engine.data.generated.generators import generate, parse_recipe


@pytest.fixture(scope="module", autouse=True)
def everything_is_packed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "_LEAST_BYTES", 0)
        yield


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(0)
    return rng.normal(size=(3_000, 2)).astype(np.float32) * 10


def stored_frames(frames):
    """Add frames to a branch one by one; return its frames, which nothing else holds."""
    branch = Branch()
    branch.extend(frames)
    branch.newest = None
    return branch.frames


def all_unpacked(frames):
    """Unpack frames, and check that none of their arrays is just one that is still alive."""
    for each in frames:
        parts = [each] if hasattr(each, "labels") else [each.kmeans, each.mean_shift]
        for array in [part.labels for part in parts]:
            assert array._array() is None or not array._changes
    return [unpacked(each) for each in frames]


def frame(labels):
    labels = np.array(labels, np.uint8)
    labels.flags.writeable = False
    return KMeansFrame(
        iteration=0,
        phase=Phase.ASSIGN,
        centroids=np.zeros((2, 2), np.float32),
        labels=labels,
        sizes=np.zeros(2),
        inertias=np.zeros(2),
        changed=0,
    )


def test_only_changes_are_stored():
    labels = np.zeros(100, np.uint8)
    second = labels.copy()
    second[[3, 50]] = 7
    first = Packed.first(labels)
    then = first.then(labels, second)
    assert first.own_bytes == 100
    assert then.own_bytes == 2 * (4 + 1)
    assert then[np.array([2, 3, 50, 99])].tolist() == [0, 7, 7, 0]
    assert len(then) == 100


def test_an_array_that_changes_mostly_is_stored_whole():
    labels = np.zeros(100, np.uint8)
    assert Packed.first(labels).then(labels, labels + 1).own_bytes == 100


def test_changes_add_up_until_a_whole_array_is_stored_again():
    rows = [np.zeros(100, np.uint8)]
    for place in range(0, 50, 5):
        rows.append(rows[-1].copy())
        rows[-1][place : place + 5] = 1
    sizes = [each.labels.own_bytes for each in stored_frames(map(frame, rows))]
    assert sizes == [100, 25, 25, 25, 25, 100, 25, 25, 25, 25, 100]


def test_an_array_in_use_is_not_unpacked_twice():
    first = np.zeros(100, np.uint8)
    second = first.copy()
    second[0] = 1
    then = Packed.first(first).then(first, second)
    assert then.array is second
    del second
    gc.collect()
    again = then.array
    assert then.array is again
    assert again.tolist() == [1] + [0] * 99
    assert not again.flags.writeable


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.lists(arrays.arrays(np.uint8, n, elements=st.integers(0, 3)), min_size=1)
    )
)
def test_any_labels_are_restored(rows):
    for back, row in zip(all_unpacked(stored_frames(map(frame, rows))), rows, strict=True):
        assert back.labels.dtype == row.dtype
        np.testing.assert_array_equal(back.labels, row)


@given(
    arrays.arrays(np.float32, (7, 5, 2), elements=st.integers(0, 2)),
    st.lists(st.integers(0, 4), max_size=5),
)
def test_single_rows_match_the_whole_array(steps, places):
    chain = [Packed.first(steps[0])]
    for before, array in pairwise(steps):
        chain.append(chain[-1].then(before, array))
    for link, array in zip(chain, steps, strict=True):
        np.testing.assert_array_equal(link[np.array(places, int)], array[places])
        np.testing.assert_array_equal(np.asarray(link), array)


def test_a_run_of_k_means_is_packed_smaller_and_restored(points):
    frames = list(lloyd(points, points[:5]))
    history_of = stored_frames(frames)
    plain = sum(each.labels.nbytes for each in frames if each.phase is Phase.ASSIGN)
    assert packed_bytes(history_of) < plain / 3
    came = [(each.labels.tobytes(), each.centroids) for each in frames]
    del frames
    for back, (labels, centroids) in zip(all_unpacked(history_of), came, strict=True):
        assert back.labels.tobytes() == labels
        assert back.centroids is centroids
    updates = [i for i, each in enumerate(history_of) if each.phase is Phase.UPDATE]
    assert all(history_of[i].labels is history_of[i - 1].labels for i in updates)


def test_mean_shift_is_restored_and_its_trajectories_are_drawn(points):
    frames = list(mean_shift(points[:500], MeanShiftOptions(bandwidth=6.0)))
    history_of = stored_frames(frames)
    came = [(each.labels.tobytes(), each.positions.tobytes()) for each in frames]
    trajectories = climbs.paths(frames, lambda places: places)
    del frames
    for back, arrays_of in zip(all_unpacked(history_of), came, strict=True):
        assert (back.labels.tobytes(), back.positions.tobytes()) == arrays_of
    np.testing.assert_array_equal(climbs.paths(history_of, lambda places: places), trajectories)


def test_frames_of_two_algorithms_side_by_side_are_restored(points):
    shifting = MeanShiftOptions(bandwidth=6.0)
    frames = list(side_by_side(points[:500], KMeansOptions(n_clusters=3), shifting))
    history_of = stored_frames(frames)
    came = [(e.kmeans.labels.tobytes(), e.mean_shift.positions.tobytes()) for e in frames]
    del frames
    for back, (labels, positions) in zip(all_unpacked(history_of), came, strict=True):
        assert back.kmeans.labels.tobytes() == labels
        assert back.mean_shift.positions.tobytes() == positions
    ended = [each.kmeans for each in history_of if each.kmeans.stop]
    assert len(set(map(id, ended))) == 1  # the last frame of the one that ended is stored once


def test_frames_without_large_arrays_are_not_packed():
    assert packed("a letter") == unpacked("a letter") == "a letter"
    assert packed_bytes(["a letter"]) == 0


# In the window


RECIPE = "blobs:clusters=5,per_cluster=600,variance=60,seed=2"


@pytest.fixture
def lab(open_window, qtbot, play_to_end):
    lab = open_window().tabs.clustering
    points = generate(parse_recipe(RECIPE)).points
    lab.open(RECIPE)
    qtbot.waitUntil(lambda: lab.player.frame is not None and len(lab.loaded.dataset.points) == 3000)
    qtbot.waitUntil(lambda: len(lab.player.frame.labels) == len(points))
    return lab


def test_stepping_back_and_forward_shows_the_same_labels(lab, qtbot, play_to_end):
    shown = []
    lab.player.moved.connect(lambda: shown.append(lab.player.frame.labels.tobytes()))
    shown.append(lab.player.frame.labels.tobytes())
    for _ in range(500):
        if lab.player.at_end:
            break
        n_shown = len(shown)
        lab.player.step()
        qtbot.waitUntil(lambda n=n_shown: len(shown) > n or lab.player.at_end)
    on = shown[: len(lab.player.branch.frames)]
    shown.clear()
    for _ in on[1:]:
        lab.player.back()
    assert shown == on[-2::-1]
    shown.clear()
    for _ in on[1:]:
        lab.player.step()
    assert shown == on[1:]


def test_dragging_a_centroid_in_a_packed_frame_uses_its_labels(lab, qtbot, play_to_end):
    play_to_end(lab)
    place = next(
        i
        for i, each in enumerate(lab.player.branch.frames)
        if each.phase is Phase.ASSIGN and each.iteration == 2
    )
    lab.player.seek(place)
    before = lab.player.frame.labels
    x, y = lab.player.frame.centroids[0].tolist()
    lab.scatter.dropped.emit(0, x + 8, y)
    qtbot.waitUntil(lambda: lab.player.position == place + 1)
    moved = lab.player.frame
    assert moved.changed == np.count_nonzero(moved.labels != before)
    assert isinstance(lab.player.branch.frames[place].labels, Packed)
    play_to_end(lab)


def test_a_packed_frame_is_saved_like_the_original(lab, qtbot, play_to_end, tmp_path):
    notices = lab.noticed
    lab.player.set_rate(None)
    first = lab.player.frame.labels.copy()
    play_to_end(lab)
    lab.player.seek(0)
    with qtbot.waitSignal(notices):
        lab.exports.save_labels(tmp_path / "labels.csv")
    written = np.loadtxt(tmp_path / "labels.csv", delimiter=",", skiprows=1, usecols=-1)
    np.testing.assert_array_equal(written, first)
    with qtbot.waitSignal(notices):
        lab.recording.save(tmp_path / "film.gif")
    assert (tmp_path / "film.gif").stat().st_size > 1000


@pytest.fixture
def small(monkeypatch):
    """Set the limit of the history to a few labels."""

    def bound(n_bytes):
        assert n_bytes < history.HISTORY_BYTES
        monkeypatch.setattr(history, "HISTORY_BYTES", n_bytes)

    return bound


def test_a_full_history_stops_the_run_and_says_so(lab, qtbot, small):
    small(7_000)
    notices = []
    lab.noticed.connect(notices.append)
    for n_frames in range(len(lab.player.branch.frames), 100):
        if lab.player.at_end:
            break
        lab.player.step()
        qtbot.waitUntil(lambda n=n_frames: len(lab.player.branch.frames) > n)
    assert notices == [
        "The history has reached its limit of 1 GiB: the run stops here. Press R to start again."
    ]
    assert lab.player.at_end
    assert lab.player.frame.stop is None
    last = len(lab.player.branch.frames) - 1
    lab.player.seek(0)
    lab.player.seek(last)
    assert lab.player.position == last


def test_a_full_history_drops_branches_first(lab, qtbot, small, play_to_end):
    play_to_end(lab)
    for _ in range(2):
        lab.player.seek(6)
        lab.scatter.dropped.emit(0, 20.0, 20.0)
        qtbot.waitUntil(lambda: lab.player.position == 7)
        play_to_end(lab)
    first, second, third = lab.player.branches
    small(packed_bytes([*first.frames, *third.frames]))
    notices = []
    lab.noticed.connect(notices.append)
    lab.player.seek(len(third.frames) - 1)
    lab.scatter.dropped.emit(1, -20.0, 0.0)
    qtbot.waitUntil(lambda: bool(notices))
    assert notices[0].endswith("the oldest branch except the first was dropped.")
    assert first in lab.player.branches
    assert second not in lab.player.branches

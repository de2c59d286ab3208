"""Mean shift: by hand, compared with scikit-learn, and on degenerate points."""

import numpy as np
import pytest
from sklearn.cluster import MeanShift
from sklearn.metrics import adjusted_rand_score

from engine.clustering.frames import Phase, Stop
from engine.clustering.mean_shift import climbing
from engine.clustering.mean_shift import stepper as module
from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds, note
from engine.clustering.mean_shift.stepper import fit, mean_shift
from engine.errors import CapacityError, DataError, ParameterError
from tests.engine.clustering.made_points import blobs, normal

# All clusters are at least 16 standard deviations apart.
SPREAD = blobs(5, 60, 2, seed=16)
# The unit roundoff of float32: a sum of n terms has a relative error of at most n times this,
# in any order.
ROUNDING = 2.0**-24
FLAT, GAUSSIAN = Kernel.FLAT, Kernel.GAUSSIAN


def options(bandwidth=4.0, **rest):
    return MeanShiftOptions(bandwidth=bandwidth, **rest)


def shifted(points, data, kernel, bandwidth):
    """Shift all points once in float64, with an (N, N, D) array."""
    ways = points.astype(np.float64)[:, np.newaxis] - data
    weights = kernel.weights(np.square(ways).sum(2), bandwidth).astype(np.float64)
    return weights @ data / weights.sum(1, keepdims=True), weights.sum(1)


def by_place(modes):
    return modes[np.lexsort(modes.T)]


class TestShift:
    def test_a_flat_kernel_moves_to_the_mean_of_the_points_in_its_window(self):
        points = np.array([[0.0], [1.0], [3.0]], np.float32)
        _, first, *_ = mean_shift(points, options(2.0, kernel=FLAT))
        # 0 covers 0 and 1; 1 covers all; 3 covers 1 and 3.
        np.testing.assert_allclose(first.positions[:, 0], [0.5, 4 / 3, 2], rtol=1e-6)
        assert first.shift == pytest.approx(1.0)
        assert (first.iteration, first.phase, first.moving) == (1, Phase.SHIFT, 3)

    def test_a_gaussian_kernel_weighs_by_distance(self):
        points = np.array([[0.0], [2.0]], np.float32)
        _, first, *_ = mean_shift(points, options(1.0))
        weight = np.exp(-2.0)
        moved = 2 * weight / (1 + weight)
        np.testing.assert_allclose(first.positions[:, 0], [moved, 2 - moved], rtol=1e-5)

    @pytest.mark.parametrize("kernel", Kernel)
    @pytest.mark.parametrize("n_dims", [2, 12])
    def test_one_shift_matches_the_formula(self, kernel, n_dims):
        """One dimension is tested by hand above."""
        points = normal(len(SPREAD), n_dims)
        _, first, *_ = mean_shift(points, options(1.5, kernel=kernel))
        expected, _ = shifted(points, points.astype(np.float64), kernel, 1.5)
        most = len(points) * np.abs(points).max() * ROUNDING  # 8e-5
        np.testing.assert_allclose(first.positions, expected, rtol=0, atol=most)

    @pytest.mark.slow
    def test_only_chunks_out_of_reach_are_skipped(self, monkeypatch):
        monkeypatch.setattr(climbing, "_MAX_CHUNK", {FLAT: 64, GAUSSIAN: 64})
        points = (normal(300, 2) * (30, 1)).astype(np.float32)
        for kernel in Kernel:
            _, first, *_ = mean_shift(points, options(1.0, kernel=kernel))
            expected, _ = shifted(points, points.astype(np.float64), kernel, 1.0)
            # About 60 points are in reach of each point, at up to 100 from zero: 4e-4.
            most = 60 * np.abs(points).max() * ROUNDING
            np.testing.assert_allclose(first.positions, expected, rtol=0, atol=most)

    def test_blurring_averages_the_moved_points(self):
        frames = list(mean_shift(SPREAD, options(form=Form.BLURRING)))
        places = SPREAD.astype(np.float64)
        for frame in frames[1:4]:
            places, _ = shifted(places, places, GAUSSIAN, 4.0)
            np.testing.assert_allclose(frame.positions, places, atol=1e-3)

    def test_batches_do_not_change_the_result(self, monkeypatch):
        whole = list(mean_shift(SPREAD, options()))
        monkeypatch.setattr(climbing, "_MAX_ROWS", 64)
        monkeypatch.setattr(climbing, "_WEIGHTS_AT_ONCE", 1)
        parts = list(mean_shift(SPREAD, options()))
        assert [frame.waiting for frame in parts[1:6]] == [236, 172, 108, 44, 0]
        # Means of the 60 points of a cluster, summed in another order: 2e-4.
        most = 2 * 60 * np.abs(SPREAD).max() * ROUNDING
        np.testing.assert_allclose(parts[5].positions, whole[1].positions, rtol=0, atol=most)
        np.testing.assert_array_equal(parts[-1].labels, whole[-1].labels)
        assert parts[-1].iteration == whole[-1].iteration


class TestRun:
    def test_frames_are_start_shifts_and_merge(self):
        frames = list(mean_shift(SPREAD, options()))
        np.testing.assert_allclose(frames[0].positions, SPREAD, atol=1e-5)
        phases = [frame.phase for frame in frames]
        n_shifts = phases.count(Phase.SHIFT)
        assert phases == [Phase.START, *[Phase.SHIFT] * n_shifts, *[Phase.MERGE] * 5]
        assert (frames[0].labels == -1).all()
        assert [len(frame.centroids) for frame in frames[-5:]] == [1, 2, 3, 4, 5]
        assert (frames[-5].labels == 0).sum() == frames[-5].sizes[0] == 60
        assert frames[-1].stop is Stop.NO_SHIFT
        assert (np.diff(frames[-1].densities) <= 0).all()
        assert frames[-1].sizes.tolist() == [60] * 5

    @pytest.mark.parametrize("form", Form)
    def test_the_same_input_gives_the_same_frames(self, form):
        once, again = (list(mean_shift(SPREAD, options(form=form))) for _ in range(2))
        assert len(once) == len(again)
        for one, other in zip(once, again, strict=True):
            assert one.positions.tobytes() == other.positions.tobytes()
            assert one.labels.tobytes() == other.labels.tobytes()

    @pytest.mark.parametrize("form", Form)
    def test_fit_equals_the_last_frame(self, form):
        *_, last = mean_shift(SPREAD, options(form=form))
        found = fit(SPREAD, options(form=form))
        assert (found.iterations, found.stop) == (last.iterations, last.stop)
        np.testing.assert_array_equal(found.labels, last.labels)
        np.testing.assert_allclose(found.centroids, last.centroids, atol=1e-5)

    def test_a_limit_of_iterations_is_kept(self):
        found = fit(SPREAD, options(max_iter=2))
        assert (found.iterations, found.stop, found.converged) == (2, Stop.MAX_ITER, False)
        assert fit(SPREAD, options(max_iter=0)).labels.min() == 0

    def test_frames_cannot_be_changed(self):
        *_, last = mean_shift(SPREAD, options())
        for values in (last.positions, last.centroids, last.labels, last.sizes, last.densities):
            assert not values.flags.writeable

    def test_far_from_the_origin_the_same_clusters_are_found(self):
        near, far = fit(SPREAD, options()), fit(SPREAD + np.float32(50_000), options())
        assert adjusted_rand_score(near.labels, far.labels) == 1


@pytest.mark.slow
class TestAgainstScikitLearn:
    @pytest.mark.parametrize("bandwidth", [3.0, 6.0, 15.0])
    def test_every_point_climbs_to_the_same_modes(self, bandwidth):
        theirs = MeanShift(bandwidth=bandwidth).fit(SPREAD.astype(np.float64))
        ours = fit(SPREAD, options(bandwidth, kernel=FLAT))
        np.testing.assert_allclose(
            by_place(ours.centroids), by_place(theirs.cluster_centers_), atol=1e-3 * bandwidth
        )
        assert adjusted_rand_score(ours.labels, theirs.labels_) > 0.99

    @pytest.mark.parametrize("bandwidth", [3.0, 6.0])
    def test_bins_lead_to_the_same_modes_and_labels(self, bandwidth):
        theirs = MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(SPREAD.astype(np.float64))
        ours = fit(SPREAD, options(bandwidth, kernel=FLAT, seeds=Seeds.BINS))
        np.testing.assert_allclose(
            by_place(ours.centroids), by_place(theirs.cluster_centers_), atol=1e-3 * bandwidth
        )
        assert adjusted_rand_score(ours.labels, theirs.labels_) == 1

    @pytest.mark.parametrize("form", Form)
    @pytest.mark.parametrize("kernel", Kernel)
    def test_points_by_cells_agree_with_the_exact_form(self, monkeypatch, kernel, form):
        exact = fit(SPREAD, options(6.0, kernel=kernel, form=form))
        monkeypatch.setattr(module, "MAX_EXACT", 100)
        by_cells = fit(SPREAD, options(6.0, kernel=kernel, form=form))
        assert len(by_cells.positions) < len(SPREAD) / 2
        assert len(by_cells.centroids) == len(exact.centroids)
        assert adjusted_rand_score(exact.labels, by_cells.labels) > 0.99


def groups(apart, n_dims, n_groups=3):
    """Return groups of 60 points with a standard deviation of 1, so far apart, and their labels."""
    rng = np.random.default_rng(0)
    places = rng.normal(size=(n_groups, n_dims))
    places *= apart / np.linalg.norm(places, axis=1, keepdims=True)
    own = np.repeat(np.arange(n_groups), 60)
    points = places[own] + rng.normal(size=(len(own), n_dims)) / np.sqrt(n_dims)
    return points.astype(np.float32), own


class TestFarApart:
    @pytest.mark.parametrize("form", Form)
    @pytest.mark.parametrize("kernel", Kernel)
    def test_two_pairs_move_to_their_midpoints(self, kernel, form):
        """The pairs do not reach each other: the flat kernel needs one shift, then one of zero."""
        points = np.float32([[0], [1], [4e5], [4e5 + 1]])
        found = fit(points, options(2.0, kernel=kernel, form=form))
        assert found.converged
        assert sorted(found.centroids[:, 0]) == pytest.approx([0.5, 4e5 + 0.5], abs=0.04)
        assert found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]
        if kernel is FLAT:
            assert found.iteration == 2

    @pytest.mark.parametrize("seeds", [Seeds.POINTS, Seeds.BINS])
    @pytest.mark.parametrize("kernel", Kernel)
    def test_converged_points_stop(self, kernel, seeds):
        """In float32 a point at 1e5 would move by more than the tolerance for ever."""
        near, far = (groups(apart, 2)[0] for apart in (1e2, 1e5))
        found = fit(far, options(1.5, kernel=kernel, seeds=seeds))
        expected = fit(near, options(1.5, kernel=kernel))
        assert found.converged
        assert found.iteration < expected.iteration + 10
        if seeds is Seeds.POINTS:  # bins have other positions
            assert adjusted_rand_score(found.labels, expected.labels) == 1

    @pytest.mark.slow
    @pytest.mark.parametrize("apart", [1e3, 1e5])
    @pytest.mark.parametrize("n_dims", [5, 12, 60])
    @pytest.mark.parametrize("kernel", Kernel)
    def test_two_groups_in_more_dimensions(self, kernel, n_dims, apart):
        """From 9 dimensions on float32 products are too inexact for distances."""
        points, own = groups(apart, n_dims)
        for form in Form:
            found = fit(points, options(1.5, kernel=kernel, form=form))
            assert found.converged
            assert adjusted_rand_score(found.labels, own) == 1

    def test_float32_is_used_if_it_suffices(self):
        assert climbing.type_for(SPREAD, 4.0) is np.float32
        assert climbing.type_for(SPREAD, 1e-3) is np.float64
        assert climbing.type_for(np.float32([[100]]), 1.0) is np.float32
        assert climbing.type_for(np.full((1, 9), 100, np.float32), 1.0) is np.float64


class TestNotes:
    def test_isolated_points_are_noted(self):
        """Three of five points are farther from all others than the kernel reaches."""
        points = np.float32([[0], [1], [10], [20], [30]])
        found = fit(points, options(2.0, kernel=FLAT))
        assert (found.sizes.tolist(), found.n_alone) == ([2, 1, 1, 1], 3)
        sentence = note(found)
        assert sentence.startswith("3 of 5 points are alone in their cluster: a bandwidth of 2 is")
        assert (
            "Choose a much larger one, or a rule: the estimate, or a third of the points."
            in sentence
        )

    def test_half_of_the_points_or_fewer_are_not_noted(self):
        points = np.float32([[0], [1], [10], [20]])
        found = fit(points, options(2.0, kernel=FLAT))
        assert (found.n_alone, note(found)) == (2, "")
        assert note(fit(points[:1], options(2.0))) == ""


@pytest.mark.parametrize("kernel", Kernel)
def test_the_estimate_finds_two_groups_in_200_dimensions(kernel):
    points, own = groups(6.0, 200, 2)
    points *= np.float32(np.sqrt(200))
    found = fit(points, options(Rule.ESTIMATE, kernel=kernel))
    assert adjusted_rand_score(found.labels, own) == 1


class TestDegenerate:
    @pytest.mark.parametrize("kernel", Kernel)
    @pytest.mark.parametrize("bandwidth", [2.0, *Rule])
    def test_a_single_point_is_a_mode(self, kernel, bandwidth):
        found = fit(np.array([[3.0]], np.float32), options(bandwidth, kernel=kernel))
        assert (found.sizes.tolist(), found.labels.tolist()) == ([1], [0])
        np.testing.assert_allclose(found.centroids, [[3]])

    @pytest.mark.parametrize("seeds", Seeds)
    @pytest.mark.parametrize("bandwidth", [2.0, *Rule])
    def test_equal_points_are_one_cluster(self, seeds, bandwidth):
        points = np.full_like(SPREAD, 7)
        found = fit(points, options(bandwidth, seeds=seeds))
        assert found.sizes.tolist() == [len(points)]
        np.testing.assert_allclose(found.centroids, [[7, 7]])

    def test_a_tiny_bandwidth_makes_every_point_a_mode(self):
        points = np.arange(100, dtype=np.float32)[:, np.newaxis]
        assert fit(points, options(0.1, kernel=FLAT)).sizes.tolist() == [1] * 100

    def test_many_modes_are_shown_in_few_frames(self):
        points = np.arange(100, dtype=np.float32)[:, np.newaxis]
        frames = list(mean_shift(points, options(0.1, kernel=FLAT)))
        n_modes = [len(frame.centroids) for frame in frames if frame.phase is Phase.MERGE]
        assert n_modes[:21] == [*range(1, 21), 25]
        assert n_modes[-1] == 100
        assert len(n_modes) < 32

    def test_a_bin_whose_center_is_far_from_all_points_is_dropped(self):
        points = np.array([[0.45] * 8, [0.5 + 1e-3] * 8, [0.4] * 8], np.float32)
        with pytest.raises(ParameterError, match="larger bandwidth"):
            fit(points * 1.0, options(1.0, kernel=FLAT, seeds=Seeds.BINS))

    @pytest.mark.parametrize("bandwidth", [0.0, -1.0, np.nan, np.inf])
    def test_a_bandwidth_must_be_positive(self, bandwidth):
        with pytest.raises(ParameterError, match="bandwidth must be more than 0"):
            options(bandwidth)

    def test_a_bandwidth_below_the_precision_of_the_points_is_refused(self):
        with pytest.raises(ParameterError, match="too small"):
            fit(SPREAD, options(1e-6))

    def test_non_finite_points_are_refused(self):
        with pytest.raises(DataError, match="finite"):
            fit(np.array([[1.0], [np.nan]], np.float32), options())

    def test_too_many_points_are_refused(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_EXACT", 100)
        with pytest.raises(CapacityError, match="Start in bins"):
            fit(SPREAD, options(seeds=Seeds.POINTS))

    def test_the_blurring_form_has_no_bins(self):
        with pytest.raises(ParameterError, match="leave the bins out"):
            options(form=Form.BLURRING, seeds=Seeds.BINS)

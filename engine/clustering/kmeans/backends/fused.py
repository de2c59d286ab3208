"""k-means as one compiled program: assignment and sums in one pass, over tiles that stay in cache.

A point's label is that of the smallest |c|^2 / 2 - x.c, kept as a running minimum over the
centroids, so that no (N, K) array is made. With few dimensions the points are laid out with a
vector lane a point, and the product is written out; with many it is a matrix product a tile. While
a tile is assigned, the one before it is summed: XLA, which compiles the program, would otherwise
compute labels once more for each sum. Every core takes its part of the tiles.

These are float32. Where that may be too coarse, the second smallest score is kept as well, and a
tile with a point whose margin is within the rounding error is assigned again: by the squares of
float64 differences, between centroids that are float64 throughout. `precision` says when.

The ideas are those of scikit-learn's `_k_means_lloyd.pyx` (tiles in cache, a part for each thread)
and, for a GPU, of flash-kmeans (svg-project).

A program is compiled for a class of shapes, not for a shape: `Shape` says which.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from engine.clustering.kmeans.backends.half_steps import longest_shift
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.precision import SAMPLE, Needs, needs, rounding, score_bound
from engine.runtime.backend import tf
from engine.runtime.programs import Program

# The score of what only fills centroids up to a class.
_FAR = np.float32(3e38)
# Lanes of float64 sums: as many as rows would not stay in the cache.
_WIDE_LANES = 64
# Numbers of a vector.
_LANES = 16
# Up to this part of the rows of a tile are assigned again one by one, more of them all at once.
_FEW_ROWS = 16


class Settled(NamedTuple):
    """Where a program is, and what it returns.

    Attributes:
        done: () int32, how many times points were assigned.
        centroids: (K, D) float64, those that they were assigned to last.
        labels: For each part of the points (tiles, rows).
        before: The labels before these.
        counts: (K,) float64, how many points have each label.
        moved: (K, D) float64, where the centroids move next: to the means, if they have points.
        way_here: () float64, the longest way that one of them moved to where they are.
        way: () float64, the longest way that one moves next.
        go_on: () bool, whether there is anything left to do, for this program.
        needs: () bool each, what the next assignment needs.
    """

    done: Any
    centroids: Any
    labels: Any
    before: Any
    counts: Any
    moved: Any
    way_here: Any
    way: Any
    go_on: Any
    needs: Needs


def is_point(index: tf.Tensor, n_points: tf.Tensor, shape: Shape) -> tf.Tensor:
    """(rows,) bool, which rows of a tile do not only fill up."""
    return index * shape.n_rows + tf.range(shape.n_rows) < n_points


class _Nearest(NamedTuple):
    """The two smallest scores so far, (rows,) each, and whose the smallest is."""

    least: tf.Tensor
    label: tf.Tensor
    second: tf.Tensor

    def take(self, scores: list[tf.Tensor], first: Any, shape: Shape) -> "_Nearest":
        """Let one centroid after the other take the points that it is nearest to.

        The second smallest score is that of before, if the program is not certified.
        """
        least, label, second = self
        for index, score in enumerate(scores):
            nearer = score < least
            label = tf.where(nearer, first + index, label)
            if shape.certified:
                second = tf.minimum(second, tf.maximum(score, least))
            least = tf.where(nearer, score, least)
        return _Nearest(least, label, second)


def _written_out(tile: tf.Tensor, centroids: tf.Tensor, offsets: tf.Tensor) -> list[tf.Tensor]:
    scores = []
    for cluster in range(centroids.shape[0]):
        score = offsets[cluster]
        for dim in range(centroids.shape[1]):
            score = score - tile[dim] * centroids[cluster, dim]
        scores.append(score)
    return scores


def _assign(
    tile: tf.Tensor, centroids: tf.Tensor, offsets: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Labels of a tile, (rows,) int32; centroids from `k` on only fill up.

    If the program is certified, a point that may get the wrong one is doubtful: it has the label
    that is one too large. One array for both, which XLA computes in one go.
    """
    n_block, n_blocks = shape.n_block, shape.n_clusters // shape.n_block
    if shape.few:
        blocks = tf.reshape(centroids, (n_blocks, n_block, -1))
        of_blocks = tf.reshape(offsets, (n_blocks, n_block))

        def scores(block: Any) -> list[tf.Tensor]:
            return _written_out(tile, blocks[block], of_blocks[block])
    else:
        products = offsets[:, tf.newaxis] - tf.matmul(centroids, tile, transpose_b=True)
        products = tf.reshape(products, (n_blocks, n_block, shape.n_rows))

        def scores(block: Any) -> list[tf.Tensor]:
            return list(tf.unstack(products[block]))

    far = tf.fill((shape.n_rows,), _FAR)
    nearest = _Nearest(far, tf.zeros((shape.n_rows,), tf.int32), far)
    if n_blocks == 1:
        return _marked(nearest.take(scores(0), 0, shape), tile, shape)
    n_used = -(-k // n_block)

    def body(block: Any, nearest: _Nearest) -> tuple[Any, _Nearest]:
        return block + 1, _Nearest(*nearest).take(scores(block), block * n_block, shape)

    _, nearest = tf.while_loop(lambda block, _: block < n_used, body, (0, nearest))
    return _marked(_Nearest(*nearest), tile, shape)


def _marked(nearest: _Nearest, tile: tf.Tensor, shape: Shape) -> tf.Tensor:
    if not shape.certified:
        return nearest.label
    squares = tf.reduce_sum(tf.square(tile), 0 if shape.few else 1)
    bound = score_bound(squares, nearest.least, rounding(shape.n_dims))
    is_doubtful = nearest.second - nearest.least < bound
    return tf.where(is_doubtful, shape.n_clusters, nearest.label)


def _assign_again(tile: tf.Tensor, centroids: tf.Tensor, k: tf.Tensor, shape: Shape) -> tf.Tensor:
    """Assign a tile by the squares of float64 differences; a tie goes to the lower index."""
    tile = tf.cast(tile, tf.float64)

    def squares(cluster: Any) -> tf.Tensor:
        if not shape.few:
            return tf.reduce_sum(tf.math.squared_difference(tile, centroids[cluster]), 1)
        total = tf.zeros((shape.n_rows,), tf.float64)
        for dim in range(shape.n_dims):
            total += tf.math.squared_difference(tile[dim], centroids[cluster, dim])
        return total

    def body(cluster: Any, least: tf.Tensor, label: tf.Tensor) -> tuple[Any, ...]:
        distances = squares(cluster)
        nearer = distances < least
        return cluster + 1, tf.where(nearer, distances, least), tf.where(nearer, cluster, label)

    far = tf.fill((shape.n_rows,), tf.constant(np.inf, tf.float64))
    state = (0, far, tf.zeros((shape.n_rows,), tf.int32))
    return tf.while_loop(lambda cluster, *_: cluster < k, body, state)[2]


def _assign_rows_again(
    tile: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Assign the doubtful rows of a (rows, D) tile again, one after the other."""
    is_used, rows = tf.range(shape.n_clusters) < k, tf.range(shape.n_rows)

    def last_doubtful(labels: tf.Tensor) -> tf.Tensor:
        return tf.reduce_max(tf.where(labels == shape.n_clusters, rows, -1))

    def body(labels: tf.Tensor) -> tf.Tensor:
        row = last_doubtful(labels)
        point = tf.cast(tf.gather(tile, row), tf.float64)
        distances = tf.reduce_sum(tf.math.squared_difference(point, centroids), 1)
        distances = tf.where(is_used, distances, tf.constant(np.inf, tf.float64))
        label = tf.argmin(distances, output_type=tf.int32)
        return (tf.where(rows == row, label, labels),)

    (labels,) = tf.while_loop(lambda labels: last_doubtful(labels) >= 0, body, (labels,))
    return labels


def _decided(
    tile: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Labels of a tile, of which none is doubtful any more.

    Decided before they are summed: so labels that are the same have sums that are the same to the
    last digit, and centroids come to rest.
    """
    if not shape.certified:
        return labels

    def whole_tile() -> tf.Tensor:
        return _assign_again(tile, centroids, k, shape)

    def some_rows() -> tf.Tensor:
        return _assign_rows_again(tile, labels, centroids, k, shape)

    def again() -> tf.Tensor:
        if shape.few:
            return whole_tile()
        n_doubtful = tf.math.count_nonzero(labels == shape.n_clusters, dtype=tf.int32)
        return tf.cond(n_doubtful > shape.n_rows // _FEW_ROWS, whole_tile, some_rows)

    # Not all at once, which XLA does number by number.
    largest = tf.reduce_max(tf.reshape(labels, (-1, min(_LANES, shape.n_rows))), 0)
    return tf.cond(tf.reduce_max(largest) == shape.n_clusters, again, lambda: labels)


def _no_sums(shape: Shape) -> tf.Tensor:
    if shape.in_lanes:
        n_lanes = min(_WIDE_LANES, shape.n_rows) if shape.wide else shape.n_rows
        lanes = shape.n_clusters, shape.n_dims + 1, n_lanes
        return tf.zeros(lanes, tf.float64 if shape.wide else tf.float32)
    return tf.zeros((shape.n_clusters, shape.n_dims + 1), tf.float64)


def _add(sums: tf.Tensor, tile: tf.Tensor, labels: tf.Tensor, is_point: Any, shape: Shape) -> Any:
    """Add the points of a tile, and their number, to the sums of their clusters."""
    if shape.wide:
        tile = tf.cast(tile, tf.float64)
    if shape.in_lanes:
        own = labels[tf.newaxis] == tf.range(shape.n_clusters)[:, tf.newaxis]
        added = tf.where(own[:, tf.newaxis], tile[tf.newaxis], tf.zeros((), tile.dtype))
        if shape.wide:
            added = tf.reshape(added, (*added.shape[:2], -1, sums.shape[2]))
            added = tf.reduce_sum(added, 2)
        return sums + added
    labels = tf.where(is_point, labels, -1)
    if shape.few:
        totals = tf.math.unsorted_segment_sum(tf.transpose(tile), labels, shape.n_clusters)
    else:
        totals = tf.math.unsorted_segment_sum(tile, labels, shape.n_clusters)
        ones = tf.ones((shape.n_rows, 1), tile.dtype)
        counts = tf.math.unsorted_segment_sum(ones, labels, shape.n_clusters)
        totals = tf.concat([totals, counts], 1)
    return sums + tf.cast(totals, tf.float64)


@functools.lru_cache(maxsize=64)
def sweeping(shape: Shape) -> Any:
    """The part of a program that goes over a share of the tiles once, compiled by itself."""
    return Program(_sweeping(shape), shape)


def _sweeping(shape: Shape) -> Any:
    def sweep(
        points: Any, n_points: Any, share: Any, centroids: Any, k: Any
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Assign a share of the tiles, and sum them: labels, and (K, D + 1) sums and counts."""
        first, count = tf.unstack(share)
        is_used = tf.range(shape.n_clusters) < k
        squares = tf.reduce_sum(tf.square(centroids), 1) / 2
        offsets = tf.where(is_used, tf.cast(squares, tf.float32), _FAR)
        narrow = tf.cast(centroids, tf.float32)

        def values_of(tile: tf.Tensor) -> tf.Tensor:
            return tile[: shape.n_dims] if shape.few else tile

        def labels_of(index: Any) -> tf.Tensor:
            # After the last tile that there is, once more the last.
            tile = points[tf.minimum(first + index, points.shape[0] - 1)]
            return _assign(values_of(tile), narrow, offsets, k, shape)

        def body(index: Any, labels: Any, sums: Any, written: Any) -> tuple[Any, ...]:
            tile, own = points[first + index], is_point(first + index, n_points, shape)
            labels = _decided(values_of(tile), labels, centroids, k, shape)
            sums = _add(sums, tile, labels, own, shape)
            written = written.write(index, tf.cast(labels, shape.dtype))
            return index + 1, labels_of(index + 1), sums, written

        written = tf.TensorArray(shape.dtype, shape.n_tiles, element_shape=(shape.n_rows,))
        state = (0, labels_of(0), _no_sums(shape), written)
        _, _, sums, written = tf.while_loop(lambda index, *_: index < count, body, state)
        if shape.in_lanes:
            sums = tf.reduce_sum(tf.cast(sums, tf.float64), 2)
        return written.stack(), sums

    return sweep


class _Moved(NamedTuple):
    """What follows from the sums of an assignment: these attributes of `Settled`."""

    counts: Any
    moved: Any
    way: Any
    go_on: Any
    needs: Needs


def _moving(shape: Shape) -> Any:
    judge = _judging(shape)

    def move(
        sums: list[tf.Tensor], centroids: Any, way_here: Any, numbers: Any, reals: Any, sample: Any
    ) -> _Moved:
        """Move centroids to their means, unless they have no points, and see how to go on."""
        (_, k, _, halt), (tol, _, largest) = tf.unstack(numbers), tf.unstack(reals)
        totals = tf.add_n(sums)
        counts = totals[:, -1]
        means = tf.math.divide_no_nan(totals[:, :-1], counts[:, tf.newaxis])
        moved = tf.where(counts[:, tf.newaxis] > 0, means, centroids)
        way = longest_shift(centroids, moved)
        needed = judge(moved, k, way, sample, largest)
        is_empty = (counts == 0) & (tf.range(shape.n_clusters) < k)
        go_on = tf.reduce_any(moved != centroids) & ((way_here > tol) | (tol <= 0))
        go_on &= ~((halt > 0) & tf.reduce_any(is_empty)) & _is_enough(shape, needed)
        return _Moved(counts, moved, way, go_on, needed)

    return move


def _judging(shape: Shape) -> Any:
    def judge(centroids: Any, k: Any, way: Any, sample: Any, largest: Any) -> Needs:
        """What the assignment to centroids needs, in a program that may have all of it."""
        if shape.certified and shape.wide:  # whatever it is
            return Needs(tf.constant(True), tf.constant(True))
        return needs(centroids, k, way, sample, tf.cast(largest, tf.float32))

    return judge


def _is_enough(shape: Shape, needed: Needs) -> tf.Tensor:
    return (shape.certified | ~needed.certified) & (shape.wide | ~needed.wide)


@functools.lru_cache(maxsize=64)
def iterating(shape: Shape, laid: tuple[int, ...]) -> Any:
    """The program that assigns and moves, until there is nothing left to move.

    Args:
        shape: What it is compiled for.
        laid: The shape of the points as `layout.laid_out` gives them.

    Returns:
        A function of the points; the `layout.shares`; (K, D) float64 centroids; (4,) int32: N, how
        many centroids are no filling, how often to assign at most, and whether to
        stop where one has no points; (3,) float64: the tolerance, the way that led to the
        centroids, and the largest absolute value of the points; and (S, D) float32, some of the
        points. It returns `Settled`. It also stops where the next assignment needs more than this
        program has, which may be the first one.
    """
    alone = shape.n_parts == 1
    # A part that is compiled by itself is called anew in each iteration: 0.1 ms, if it is alone.
    sweep, move, judge = _sweeping(shape), _moving(shape), _judging(shape)
    if not alone:
        sweep, move, judge = sweeping(shape), Program(move, shape), Program(judge, shape)

    def iterate(
        points: Any, shares: Any, centroids: Any, numbers: Any, reals: Any, sample: Any
    ) -> Settled:
        (n_points, k, limit, _), (_, way, largest) = tf.unstack(numbers), tf.unstack(reals)

        def body(state: Settled) -> tuple[Settled]:
            swept = [
                sweep(points, n_points, shares[part], state.moved, k)
                for part in range(shape.n_parts)
            ]
            sums = [sums for _, sums in swept]
            moved = _Moved(*move(sums, state.moved, state.way, numbers, reals, sample))
            after = Settled(
                done=state.done + 1,
                centroids=state.moved,
                labels=[labels for labels, _ in swept],
                before=state.labels,
                way_here=state.way,
                **moved._asdict(),
            )
            return (after,)

        def is_on(state: Settled) -> tf.Tensor:
            return (state.done < limit) & state.go_on

        nothing = [tf.zeros((shape.n_tiles, shape.n_rows), shape.dtype)] * shape.n_parts
        never = tf.constant(np.inf, tf.float64)
        needed = Needs(*judge(centroids, k, never, sample, largest))
        start = Settled(
            done=0,
            centroids=centroids,
            labels=nothing,
            before=nothing,
            counts=tf.zeros(shape.n_clusters, tf.float64),
            moved=centroids,
            way_here=way,
            way=way,
            go_on=_is_enough(shape, needed),
            needs=needed,
        )
        (end,) = tf.while_loop(is_on, body, (start,), parallel_iterations=1)
        return Settled(*end)

    reals, sample = tf.TensorSpec((3,), tf.float64), (SAMPLE, shape.n_dims)
    signature = [
        *specs(shape, laid),
        tf.TensorSpec((4,), tf.int32),
        reals,
        tf.TensorSpec(sample, tf.float32),
    ]
    return Program(iterate, shape, signature, compiled=alone)


def specs(shape: Shape, laid: tuple[int, ...]) -> list[tf.TensorSpec]:
    """Of the points, the shares and the centroids, as a program takes them."""
    return [
        tf.TensorSpec(laid, tf.float32),
        tf.TensorSpec((shape.n_parts, 2), tf.int32),
        tf.TensorSpec((shape.n_clusters, shape.n_dims), tf.float64),
    ]

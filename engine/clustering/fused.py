"""k-means as one compiled program: assignment and sums in one pass, over tiles that stay in cache.

A point's label is that of the smallest |c|^2 / 2 - x.c, kept as a running minimum over the
centroids, so that no (N, K) array is made. With few dimensions the points are laid out with a
vector lane a point, and the product is written out, or |x - c|^2 where that would be too coarse;
with many it is a matrix product a tile. While a tile is assigned, the one before it is summed: XLA,
which compiles the program, would otherwise compute labels once more for each sum. Every core takes
its part of the tiles.

The ideas are those of scikit-learn's `_k_means_lloyd.pyx` (tiles in cache, a part for each thread)
and, for a GPU, of flash-kmeans (svg-project).

A program is compiled for a class of shapes, not for a shape: `Shape` says which.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from engine.backend import tf
from engine.clustering.layout import Shape
from engine.programs import Program

# The score of what only fills centroids up to a class.
_FAR = np.float32(3e38)


class Settled(NamedTuple):
    """Where a program is, and what it returns.

    Attributes:
        done: () int32, how many times points were assigned.
        centroids: (K, D) float32, those that they were assigned to last.
        labels: For each part of the points (tiles, rows).
        before: The labels before these.
        counts: (K,) float64, how many points have each label.
        moved: (K, D) float32, where the centroids move next: to the means, if they have points.
        way_here: () float32, the longest way that one of them moved to where they are.
        way: () float32, the longest way that one moves next.
        go_on: () bool, whether there is anything left to do.
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


def is_point(index: tf.Tensor, n_points: tf.Tensor, shape: Shape) -> tf.Tensor:
    """(rows,) bool, which rows of a tile do not only fill up."""
    return index * shape.n_rows + tf.range(shape.n_rows) < n_points


def _running(scores: list[tf.Tensor], least: tf.Tensor, label: tf.Tensor, first: Any) -> Any:
    """Let one centroid after the other take the points that it is nearest to."""
    for index, score in enumerate(scores):
        nearer = score < least
        label = tf.where(nearer, first + index, label)
        least = tf.where(nearer, score, least)
    return least, label


def _written_out(
    tile: tf.Tensor, centroids: tf.Tensor, offsets: tf.Tensor, exact: bool
) -> list[tf.Tensor]:
    scores = []
    for cluster in range(centroids.shape[0]):
        score = offsets[cluster]
        for dim in range(centroids.shape[1]):
            value, place = tile[dim], centroids[cluster, dim]
            if exact:
                score = score + tf.math.squared_difference(value, place)
            else:
                score = score - value * place
        scores.append(score)
    return scores


def _assign(
    tile: tf.Tensor, centroids: tf.Tensor, offsets: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Labels of a tile, (rows,) int32; centroids from `k` on only fill up."""
    nothing = tf.fill((shape.n_rows,), _FAR), tf.zeros((shape.n_rows,), tf.int32)
    n_block, n_blocks = shape.n_block, shape.n_clusters // shape.n_block
    if shape.few:
        blocks = tf.reshape(centroids, (n_blocks, n_block, -1))
        of_blocks = tf.reshape(offsets, (n_blocks, n_block))

        def scores(block: Any) -> list[tf.Tensor]:
            return _written_out(tile, blocks[block], of_blocks[block], shape.exact)
    else:
        products = offsets[:, tf.newaxis] - tf.matmul(centroids, tile, transpose_b=True)
        products = tf.reshape(products, (n_blocks, n_block, shape.n_rows))

        def scores(block: Any) -> list[tf.Tensor]:
            return list(tf.unstack(products[block]))

    if n_blocks == 1:
        return _running(scores(0), *nothing, 0)[1]
    n_used = -(-k // n_block)

    def body(block: Any, least: tf.Tensor, label: tf.Tensor) -> tuple[Any, ...]:
        return block + 1, *_running(scores(block), least, label, block * n_block)

    return tf.while_loop(lambda block, *_: block < n_used, body, (0, *nothing))[2]


def _no_sums(shape: Shape) -> tf.Tensor:
    if shape.in_lanes:
        return tf.zeros((shape.n_clusters, shape.n_dims + 1, shape.n_rows))
    return tf.zeros((shape.n_clusters, shape.n_dims + 1), tf.float64)


def _add(sums: tf.Tensor, tile: tf.Tensor, labels: tf.Tensor, is_point: Any, shape: Shape) -> Any:
    """Add the points of a tile, and their number, to the sums of their clusters."""
    if shape.in_lanes:
        own = labels[tf.newaxis] == tf.range(shape.n_clusters)[:, tf.newaxis]
        return sums + tf.where(own[:, tf.newaxis], tile[tf.newaxis], 0.0)
    labels = tf.where(is_point, labels, -1)
    if shape.few:
        rows = tf.transpose(tf.cast(tile, tf.float64) if shape.exact else tile)
        totals = tf.math.unsorted_segment_sum(rows, labels, shape.n_clusters)
    else:
        totals = tf.math.unsorted_segment_sum(tile, labels, shape.n_clusters)
        ones = tf.ones((shape.n_rows, 1))
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
        offsets = tf.where(is_used, 0.0 if shape.exact else squares, _FAR)

        def labels_of(index: Any) -> tf.Tensor:
            # After the last tile that there is, once more the last.
            tile = points[tf.minimum(first + index, points.shape[0] - 1)]
            tile = tile[: shape.n_dims] if shape.few else tile
            return _assign(tile, centroids, offsets, k, shape)

        def body(index: Any, labels: Any, sums: Any, written: Any) -> tuple[Any, ...]:
            tile, own = points[first + index], is_point(first + index, n_points, shape)
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


def _move(sums: list[tf.Tensor], centroids: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Counts, where centroids move, and the longest way; one without points stays."""
    totals = tf.add_n(sums)
    counts = totals[:, -1]
    means = tf.cast(tf.math.divide_no_nan(totals[:, :-1], counts[:, tf.newaxis]), tf.float32)
    moved = tf.where(counts[:, tf.newaxis] > 0, means, centroids)
    way = tf.sqrt(tf.reduce_max(tf.reduce_sum(tf.square(moved - centroids), 1)))
    return counts, moved, way


@functools.lru_cache(maxsize=64)
def iterating(shape: Shape, laid: tuple[int, ...]) -> Any:
    """The program that assigns and moves, until there is nothing left to move.

    Args:
        shape: What it is compiled for.
        laid: The shape of the points as `layout.laid_out` gives them.

    Returns:
        A function of the points; the `layout.shares`; (K, D) float32 centroids; (4,) int32: N, how
        many centroids are no filling, how often to assign at most, once at least, and whether to
        stop where one has no points; and (2,) float32: the tolerance, and the way that led to the
        centroids. It returns `Settled`.
    """
    alone = shape.n_parts == 1
    # A part that is compiled by itself is called anew in each iteration: 0.1 ms, if it is alone.
    sweep, move = (_sweeping(shape), _move) if alone else (sweeping(shape), Program(_move, shape))

    def iterate(points: Any, shares: Any, centroids: Any, numbers: Any, reals: Any) -> Settled:
        (n_points, k, limit, halt), (tol, way) = tf.unstack(numbers), tf.unstack(reals)

        def body(state: Settled) -> tuple[Settled]:
            swept = [
                sweep(points, n_points, shares[part], state.moved, k)
                for part in range(shape.n_parts)
            ]
            counts, moved, way = move([sums for _, sums in swept], state.moved)
            is_empty = (counts == 0) & (tf.range(shape.n_clusters) < k)
            go_on = tf.reduce_any(moved != state.moved) & ((state.way > tol) | (tol <= 0))
            go_on &= ~((halt > 0) & tf.reduce_any(is_empty))
            after = Settled(
                done=state.done + 1,
                centroids=state.moved,
                labels=[labels for labels, _ in swept],
                before=state.labels,
                counts=counts,
                moved=moved,
                way_here=state.way,
                way=way,
                go_on=go_on,
            )
            return (after,)

        def is_on(state: Settled) -> tf.Tensor:
            return (state.done < limit) & state.go_on

        nothing = [tf.zeros((shape.n_tiles, shape.n_rows), shape.dtype)] * shape.n_parts
        no_points = tf.zeros(shape.n_clusters, tf.float64)
        start = Settled(0, centroids, nothing, nothing, no_points, centroids, way, way, True)
        (end,) = tf.while_loop(is_on, body, (start,), parallel_iterations=1)
        return Settled(*end)

    reals = tf.TensorSpec((2,), tf.float32)
    signature = [*specs(shape, laid), tf.TensorSpec((4,), tf.int32), reals]
    return Program(iterate, shape, signature, compiled=alone)


def specs(shape: Shape, laid: tuple[int, ...]) -> list[tf.TensorSpec]:
    """Of the points, the shares and the centroids, as a program takes them."""
    return [
        tf.TensorSpec(laid, tf.float32),
        tf.TensorSpec((shape.n_parts, 2), tf.int32),
        tf.TensorSpec((shape.n_clusters, shape.n_dims), tf.float32),
    ]

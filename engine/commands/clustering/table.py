"""Formats the result of `cluster` as a table."""

from collections.abc import Sequence
from typing import Any

from engine.numbers import counted
from engine.plain_text import printable

_MAX_COLUMNS = 6


def cluster_table(result: dict[str, Any], own_lines: Sequence[str]) -> str:
    """Return a summary, and a line for each cluster.

    Args:
        result: The result as --json prints it.
        own_lines: The lines of the summary that only this algorithm has.
    """
    seconds = ", ".join(f"{stage} {spent:.2f}" for stage, spent in result["seconds"].items())
    lines = [
        f"{counted(result['n_points'], 'point')} in {counted(result['n_dims'], 'dimension')} from "
        f"{printable(result['source'])}",
        *own_lines,
        f"{counted(result['iterations'], 'iteration')}, stopped because {result['stopped']}",
        f"seconds: {seconds}, on {result['device']}",
        "",
    ]
    head = f"{'cluster':>7} {'points':>10}"
    if "centroids" in result:
        return "\n".join([*lines, *_rows_with_centroids(head, result)])
    sizes = [f"{index:>7} {size:>10,}" for index, size in enumerate(result["sizes"])]
    return "\n".join([*lines, head, *sizes])


def _rows_with_centroids(head: str, result: dict[str, Any]) -> list[str]:
    names = [printable(name)[:14] for name in result["columns"][:_MAX_COLUMNS]]
    hidden = len(result["columns"]) - len(names)
    more = f"  ... and {counted(hidden, 'more column')} (see --centroids)" if hidden else ""
    rows = [f"{head} " + " ".join(f"{name:>14}" for name in names) + more]
    for index, (size, row) in enumerate(zip(result["sizes"], result["centroids"], strict=True)):
        values = " ".join(f"{value:14.6g}" for value in row[: len(names)])
        rows.append(f"{index:>7} {size:>10,} {values}{'' if size else '  empty'}")
    return rows

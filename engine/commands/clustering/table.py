"""What `cluster` found, as a person reads it."""

from typing import Any

from engine.commands.clustering import mean_shift, mini_batch
from engine.plain_text import printable


def _own_lines(result: dict[str, Any]) -> list[str]:
    units = " (of standardized columns)" if result["standardized"] else ""
    batches = mini_batch.lines(result) if "batch_size" in result else []
    return [
        f"{result['n_clusters']} clusters, seeding {printable(result['seeding'])}, "
        f"seed {result['seed']}"
        f"{_best(result)}",
        *batches,
        f"inertia {result['inertia']:.6g}{units}",
    ]


def _best(result: dict[str, Any]) -> str:
    """Which seed the best of several runs has; nothing of one run."""
    if result["n_init"] == 1:
        return ""
    return f", the best of {result['n_init']} runs: seed {result['best_seed']}"


def cluster_table(result: dict[str, Any]) -> str:
    """The result as a person reads it: a summary, and a line a cluster."""
    seconds = ", ".join(f"{stage} {spent:.2f}" for stage, spent in result["seconds"].items())
    own = (_own_lines if "inertia" in result else mean_shift.lines)(result)
    lines = [
        f"{result['n_points']:,} points in {result['n_dims']} dimension"
        f"{'' if result['n_dims'] == 1 else 's'} from "
        f"{printable(result['source'])}",
        *own,
        f"{result['iterations']} iterations, stopped because {result['stopped']}",
        f"seconds: {seconds}, on {result['device']}",
        "",
    ]
    names = [printable(name)[:14] for name in result["columns"][:6]]
    hidden = len(result["columns"]) - len(names)
    more = f"  ... and {hidden} more columns (see --centroids)" if hidden else ""
    lines.append(f"{'cluster':>7} {'points':>10} " + " ".join(f"{n:>14}" for n in names) + more)
    for index, (size, row) in enumerate(zip(result["sizes"], result["centroids"], strict=True)):
        values = " ".join(f"{value:14.6g}" for value in row[: len(names)])
        lines.append(f"{index:>7} {size:>10,} {values}{'' if size else '  empty'}")
    return "\n".join(lines)

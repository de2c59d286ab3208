"""Gives damaged input to the command line: python scripts/fuzz.py [COUNT] [--seed S] [--only N].

`tests/engine/fuzzing.py` makes the cases and judges how each ends. Here they run in processes of
several hundred each, because one may crash. `--only N` repeats one case and shows it.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.engine.fuzzing import described, outcomes

_PART = 500  # cases in one process


def _part(seed: int, first: int, stop: int) -> None:
    """Run cases in this process; print which one runs, what is wrong, and how many ended how."""
    ended: Counter[str] = Counter()
    reached = first
    for number, case, outcome in outcomes(seed, _announced(first, stop)):
        reached = number
        ended[f"{case.kind} {outcome.status}"] += 1
        if outcome.wrong:
            print(described(number, case, outcome), flush=True)
    print(f"DONE {reached} {json.dumps(ended)}", flush=True)


def _announced(first: int, stop: int) -> Iterator[int]:
    for number in range(first, stop):
        print(f"AT {number}", flush=True)
        yield number


def _fuzz(seed: int, count: int) -> int:
    """Run parts in processes that may crash; returns how many cases went wrong."""
    ended: Counter[str] = Counter()
    n_wrong, first = 0, 0
    while first < count:
        stop = min(count, first + _PART)
        command = [sys.executable, __file__, "--seed", str(seed)]
        done = subprocess.run(
            [*command, "--part", str(first), str(stop)], stdout=subprocess.PIPE, text=True
        )
        lines = done.stdout.splitlines()
        found = [line for line in lines if line.startswith("FOUND")]
        last = next((line for line in lines if line.startswith("DONE")), None)
        n_wrong += len(found)
        if last:
            ended.update(json.loads(last.split(" ", 2)[2]))
            first = stop
        else:  # the process has crashed, and its counts are lost
            at = int([line for line in lines if line.startswith("AT")][-1].split()[1])
            found.append(f"CRASH {at}: the process ended with {done.returncode}")
            n_wrong, first = n_wrong + 1, at + 1
        print("\n".join([*found, f"{first:,} cases, {n_wrong} wrong"]), flush=True)
    for name, number in sorted(ended.items()):
        print(f"{name:20} {number:>7,}")
    return n_wrong


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="repeat one case, and show it")
    parser.add_argument("--part", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        _part(given.seed, *given.part)
        return 0
    if given.only is not None:
        for number, case, outcome in outcomes(given.seed, [given.only]):
            print(described(number, case, outcome), outcome, sep="\n")
        return 0
    return int(_fuzz(given.seed, given.count) > 0)


if __name__ == "__main__":
    sys.exit(_main())

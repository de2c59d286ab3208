"""Monkey testing: random input causes no error, and nothing leaks.

Here it performs a few hundred actions; `MONKEY_ACTIONS=3000 MONKEY_SEED=1` sets more, or others.
"""

import os
from collections import Counter

import pytest

from tests import waiting
from tests.app.monkey import (
    Monkey,
    counted,
    intercepted,
    reset,
    shorten_trainings,
    show_all_tabs,
)
from tests.app.shared_window import shared_window

N_ACTIONS = int(os.environ.get("MONKEY_ACTIONS", "300"))
SEED = int(os.environ.get("MONKEY_SEED", "0"))
# Allowed growth between two resets. Objects that are created once and kept are no leak: rows of
# longer tables, answers of spellers.
MAX_GROWTH = {"widgets": 60, "top levels": 5, "children": 200, "actions": 20, "items": 100}
# For histories, compiled programs and spellers; see docs/performance.md.
MAX_GROWTH_MB = 1500


@pytest.mark.slow
def test_random_input_causes_no_error_and_nothing_leaks(qapp, tmp_path, monkeypatch):
    files = tmp_path / "files"
    files.mkdir()
    with shared_window(tmp_path) as window, monkeypatch.context() as patch:
        shorten_trainings(patch)
        monkey = Monkey(window, files, SEED)
        show_all_tabs(window)
        with intercepted(monkey, patch):
            reset(monkey)
            before = counted(window)
            for _ in range(N_ACTIONS):
                waiting.start_test()
                monkey.act()
            waiting.start_test()
            reset(monkey)
        after = counted(window)
        boxes = [box for box in monkey.boxes() if box.isVisible()]
    assert monkey.bugs == [], "\n\n".join(bug for bug, _ in Counter(monkey.bugs).most_common(3))
    assert boxes == []
    assert sum(monkey.done.values()) == N_ACTIONS
    grown = {name: after[name] - before[name] for name in MAX_GROWTH}
    assert all(grown[name] <= most for name, most in MAX_GROWTH.items()), grown
    assert after["MB"] - before["MB"] <= MAX_GROWTH_MB

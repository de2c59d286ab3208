"""A monkey finds no bug, and leaves nothing behind.

It has some hundred turns here; `MONKEY_TURNS=3000 MONKEY_SEED=1` gives it more, or others.
"""

import os
from collections import Counter

import pytest

from tests import waiting
from tests.app.monkey import (
    Monkey,
    at_work,
    come_to_rest,
    counted,
    look_at_all,
    with_little_to_learn,
)
from tests.app.shared_window import shared_window

TURNS = int(os.environ.get("MONKEY_TURNS", "300"))
SEED = int(os.environ.get("MONKEY_SEED", "0"))
# Between two rests, where nothing grows but what was made once and stays: rows of tables that were
# never as long, the answers of spellers that were asked.
MOST = {"widgets": 60, "top levels": 5, "children": 200, "actions": 20, "items": 100}
# Histories, compiled programs and spellers: docs/performance.md says what they are.
MOST_MB = 1500


@pytest.mark.slow
def test_a_monkey_finds_no_bug_and_nothing_grows(qapp, tmp_path, monkeypatch):
    files = tmp_path / "files"
    files.mkdir()
    with shared_window(tmp_path) as window, monkeypatch.context() as patch:
        with_little_to_learn(patch)
        monkey = Monkey(window, files, SEED)
        look_at_all(window)
        with at_work(monkey, patch):
            come_to_rest(monkey)
            before = counted(window)
            for _ in range(TURNS):
                waiting.start_test()
                monkey.act()
            waiting.start_test()
            come_to_rest(monkey)
        after = counted(window)
        boxes = [box for box in monkey.boxes() if box.isVisible()]
    assert monkey.bugs == [], "\n\n".join(bug for bug, _ in Counter(monkey.bugs).most_common(3))
    assert boxes == []
    assert sum(monkey.done.values()) == TURNS
    grown = {name: after[name] - before[name] for name in MOST}
    assert all(grown[name] <= most for name, most in MOST.items()), grown
    assert after["MB"] - before["MB"] <= MOST_MB

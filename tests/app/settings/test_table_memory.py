"""Import options are remembered for each table, even if the file that holds them is damaged."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings.table_memory import MAX_FILES, TableMemory
from engine.data.tables.options import DECIMALS, DELIMITERS, Role, TableOptions
from engine.errors import DataError

CHOSEN = TableOptions(
    delimiter=";",
    decimal=",",
    thousands=".",
    header=False,
    skip_rows=2,
    encoding="windows-1252",
    missing=("-999", "not known"),
    roles=(("Größe", Role.CLUSTER), ("id", Role.NAME), ("", Role.LEAVE_OUT)),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tables.json"


def remembered(path, **chosen):
    memory = TableMemory(path)
    for name, options in chosen.items():
        memory.put(f"/{name}.csv", options)
    memory.save()
    return memory


def test_all_options_are_restored(path):
    remembered(path, a=CHOSEN)
    assert TableMemory(path).get("/a.csv") == CHOSEN
    assert TableMemory(path).get("/b.csv") is None


@given(
    options=st.builds(
        TableOptions,
        delimiter=st.sampled_from([None, *DELIMITERS]),
        decimal=st.sampled_from([None, *DECIMALS]),
        header=st.sampled_from([None, True, False]),
        skip_rows=st.none() | st.integers(0, 10_000),
        missing=st.lists(st.text(), unique=True).map(tuple),
        roles=st.dictionaries(st.text(), st.sampled_from(Role)).map(lambda d: tuple(d.items())),
    )
)
def test_any_options_are_restored(tmp_path_factory, options):
    path = tmp_path_factory.mktemp("memory") / "tables.json"
    remembered(path, a=options)
    assert TableMemory(path).get("/a.csv") == options


def test_default_options_differ_from_no_entry(path):
    remembered(path, a=TableOptions())
    assert TableMemory(path).get("/a.csv") == TableOptions()


def test_relative_and_absolute_paths_are_the_same_file(path, tmp_path, monkeypatch):
    memory = TableMemory(path)
    memory.put(str(tmp_path / "a.csv"), CHOSEN)
    monkeypatch.chdir(tmp_path)
    assert memory.get("a.csv") == CHOSEN


def test_only_the_newest_files_are_remembered(path):
    memory = TableMemory(path)
    for number in range(MAX_FILES + 5):
        memory.put(f"/{number}.csv", CHOSEN)
    memory.put("/3.csv", CHOSEN)
    memory.save()
    kept = TableMemory(path)
    known = [n for n in range(MAX_FILES + 5) if kept.get(f"/{n}.csv")]
    assert known == [3, *range(6, MAX_FILES + 5)]


def test_two_windows_remember_together(path):
    remembered(path, a=CHOSEN, b=CHOSEN)
    one, other = TableMemory(path), TableMemory(path)
    one.put("/a.csv", TableOptions(header=True))
    other.put("/c.csv", CHOSEN)
    one.save()
    other.save()
    assert TableMemory(path).get("/a.csv") == TableOptions(header=True)
    assert TableMemory(path).get("/b.csv") == TableMemory(path).get("/c.csv") == CHOSEN


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000])
def test_a_damaged_file_is_kept_beside_the_new_one(path, content):
    path.write_bytes(content)
    remembered(path, a=CHOSEN)
    assert TableMemory(path).get("/a.csv") == CHOSEN
    assert path.with_name("tables.json.damaged").read_bytes() == content


@pytest.mark.parametrize(
    "entry",
    [
        7,
        {"delimiter": "#"},
        {"delimiter": [","]},
        {"header": "yes"},
        {"skip_rows": True},
        {"skip_rows": 1.5},
        {"encoding": "hex"},
        {"missing": "abc"},
        {"missing": [1]},
        {"roles": {"a": "king"}},
        {"roles": {"a": []}},
        {"roles": ["a"]},
        {"new": 1},
        {"decimal": ",", "thousands": ","},
    ],
)
def test_an_entry_that_cannot_be_used_is_left_out(path, entry):
    bad, good = (os.path.normcase(os.path.abspath(name)) for name in ("/bad.csv", "/good.csv"))
    path.write_text(json.dumps({bad: entry, good: CHOSEN.as_json()}))
    memory = TableMemory(path)
    assert memory.get("/bad.csv") is None
    assert memory.get("/good.csv") == CHOSEN


def test_an_entry_too_large_to_remember_does_not_affect_the_others(path):
    huge = TableOptions(roles=tuple((f"{n:0500}", Role.NAME) for n in range(3000)))
    remembered(path, a=CHOSEN, b=huge)
    assert TableMemory(path).get("/a.csv") == CHOSEN
    assert path.stat().st_size < 2**20


def test_a_folder_that_cannot_be_written_is_one_error_message(tmp_path):
    (tmp_path / "file").touch()
    memory = TableMemory(tmp_path / "file" / "tables.json")
    memory.put("/a.csv", CHOSEN)
    with pytest.raises(DataError, match=r"tables\.json cannot be written"):
        memory.save()


def test_no_file_is_written_without_options(path):
    remembered(path)
    assert not path.exists()


def test_without_a_path_options_live_in_memory():
    memory = TableMemory()
    memory.put("/a.csv", CHOSEN)
    memory.save()
    assert memory.get("/a.csv") == CHOSEN

"""The roles of the columns of a table."""

import numpy as np
import polars as pl
import pytest

from engine.data.output.results import write_labels
from engine.data.tables.options import Role, TableOptions
from engine.data.tables.readers import read_table
from engine.data.text_tables import cells
from engine.errors import DataError
from engine.source import read_frame

TABLE = "x,word,y,kind\n1,ant,2,a\n3,bee,4,b\n,cow,5,a\n6,dog,7,b\n"


@pytest.fixture
def read(tmp_path):
    def read(text, columns=None, name="t.csv", **options):
        path = tmp_path / name
        path.write_text(text)
        return read_table(path, columns, TableOptions(**options))

    return read


def roles(dataset):
    return {each.name: each.role for each in dataset.reading.columns}


def test_names_and_classes_of_the_rows(read):
    dataset = read(TABLE)
    assert dataset.columns == ("x", "y")
    assert dataset.names == ("ant", "bee", "dog")
    assert (dataset.class_column, dataset.classes) == ("kind", ("a", "b", "b"))
    assert dataset.notes[:2] == (
        "Read as the class of each row: kind.",
        "Read as the name of each row: word.",
    )


def test_names_and_classes_are_kept_if_columns_are_chosen(read):
    dataset = read(TABLE, ["y"])
    assert dataset.names == ("ant", "bee", "cow", "dog")
    assert dataset.classes == ("a", "b", "a", "b")


def test_parquet_columns_have_names_and_classes(tmp_path):
    path = tmp_path / "t.parquet"
    kinds = pl.Series(["a", "b", None, "a", "b"], dtype=pl.Categorical)
    pl.DataFrame(
        {"": [4, 2, 7, 9, 1], "x": np.arange(5) / 3, "word": list("uvwxy"), "k": kinds}
    ).write_parquet(path)
    dataset = read_table(path)
    assert dataset.columns == ("x",)
    assert (dataset.names, dataset.classes) == (tuple("uvwxy"), ("a", "b", "", "a", "b"))
    assert read_table(path, ["x", "1"]).columns == ("x", "column 1")


INDEX = "\n".join(f"{7 * row % 23},{row * 1.5},{row % 3}" for row in range(1, 12))
ROWS = "\n".join(f"{row},{row * row}" for row in range(1, 12))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f",x,y\n{INDEX}\n", "column 1"),  # by pandas, after sorting the rows
        (f"Unnamed: 0,x,y\n{INDEX}\n", "Unnamed: 0"),
        (f"id,x,y\n{INDEX}\n", "id"),
        (f"ID,x,y\n{INDEX}\n", "ID"),
        (f"customer_id,x,y\n{INDEX}\n", "customer_id"),
        (f"PassengerId,x,y\n{INDEX}\n", "PassengerId"),
        (f"Nr.,x,y\n{INDEX}\n", "Nr."),
        (f"key,x,y\n{INDEX}\n", "key"),
        (f"Lfd. Nr.,x,y\n{INDEX}\n", "Lfd. Nr."),
        (f"Kundennummer,x,y\n{INDEX}\n", "Kundennummer"),
        (f"custid,x,y\n{INDEX}\n", "custid"),
        (f"id_client,x,y\n{INDEX}\n", "id_client"),
        (f"EAN,x,y\n{INDEX}\n", "EAN"),
        (f"station,x\n{ROWS}\n", "station"),  # 1, 2, 3 to the end
        ("zip,x\n01067,1\n10115,4\n80331,2\n10115,8\n", "zip"),
    ],
)
def test_a_row_number_is_not_clustered_unless_chosen(read, text, left):
    dataset = read(text)
    assert left not in dataset.columns
    assert left in dataset.numeric_columns
    assert dataset.notes[0].startswith(f"Not clustered, unless you choose it: {left} (it")
    assert read(text, [left, "x"]).columns == (left, "x")
    assert left in read(text, roles=((left, Role.CLUSTER),)).columns


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,5\n2,3\n3,4\n4,8\n5,1\n6,2\n",  # x may be a coordinate
        "humid,x\n3,5\n2,3\n1,4\n",
        "CO,NO,NO2\n1.5,10,3\n2,15,4\n4,22,5\n1,33,6\n",  # nitric oxide, not a row number
        "age,body mass index\n22,30\n25,41\n31,52\n",
        "Temperature,rate\n" + "".join(f"{n},{n * n}\n" for n in range(12)),
        "id,x\n1.5,5\n2.5,3\n",
        "id,x\n1,5\n1,3\n2,4\n",
        "a,b\n1,5\n2,3\n3,4\n",  # three rows are too few to decide
    ],
)
def test_possible_measurements_are_clustered(read, text):
    dataset = read(text)
    assert dataset.columns == tuple(text.split("\n")[0].split(","))
    assert dataset.notes == ()


def test_a_row_number_is_clustered_if_there_is_nothing_else(read):
    dataset = read("id\n4\n2\n9\n")
    assert dataset.columns == ("id",)
    assert dataset.notes == ("Clustered, though they may only number the rows: id.",)


def test_two_row_numbers_written_by_pandas(read):
    rows = "".join(f"{3 * n},{n},{n / 2}\n" for n in range(5))
    assert read(f"Unnamed: 0.1,Unnamed: 0,x\n{rows}").columns == ("x",)
    assert read(f"level_0,level_1,x\n{rows}").columns == ("x",)


def test_a_table_without_columns_to_cluster_is_refused(read):
    with pytest.raises(DataError, match="are left out; choose one to cluster"):
        read("x,y\n1,2\n3,4\n", roles=(("x", Role.LEAVE_OUT), ("y", Role.NAME)))


def test_few_whole_numbers_in_a_column_named_as_a_class(read):
    text = "label,x\n" + "".join(f"{row % 3},{row * 0.5}\n" for row in range(9))
    dataset = read(text)
    assert dataset.columns == ("x",)
    assert dataset.classes == tuple("012012012")
    assert dataset.notes == (
        "Not clustered, unless you choose it: label (it is the class of each row).",
    )


def test_few_distinct_words_are_classes_and_many_are_names(read):
    def found(words):
        dataset = read("x,w\n" + "".join(f"{row},{w}\n" for row, w in enumerate(words)))
        return roles(dataset)["w"]

    assert found(["a", "b", "b", "a"]) is Role.CLASS
    assert found(["a", "b", "c", "a"]) is Role.NAME
    assert found([str(n // 2) + "x" for n in range(120)]) is Role.NAME  # sixty distinct words
    assert found(["same"] * 4) is Role.LEAVE_OUT
    assert found(["a", "b", "", "a", "b", "a"]) is Role.CLASS


def test_the_first_column_of_a_role_is_used(read):
    dataset = read("u,v,x\na,k,1\nb,k,2\na,l,3\nb,l,4\n")
    assert roles(dataset) == {"u": Role.CLASS, "v": Role.LEAVE_OUT, "x": Role.CLUSTER}
    assert dataset.notes[1] == 'Left out, not numbers: v (line 2 holds "k").'


def test_chosen_roles(read):
    chosen = (("word", Role.LEAVE_OUT), ("kind", Role.NAME), ("y", Role.CLASS))
    dataset = read(TABLE, roles=chosen)
    assert dataset.columns == ("x",)
    assert (dataset.names, dataset.classes) == (("a", "b", "b"), ("2", "4", "7"))
    assert dataset.reading.options.roles == chosen


def test_impossible_roles_are_refused(read):
    with pytest.raises(DataError, match=r'"word" of .* is not numbers: line 2 holds "ant"\.$'):
        read(TABLE, roles=(("word", Role.CLUSTER),))
    with pytest.raises(DataError, match="has no column z, for which a role was chosen"):
        read(TABLE, roles=(("z", Role.NAME),))


def test_too_many_names_are_not_kept(read, monkeypatch):
    monkeypatch.setattr(cells, "MAX_NAMED", 3)
    monkeypatch.setattr("engine.data.tables.roles.MAX_NAMED", 3)
    assert read("w,x\na,1\nb,2\nc,3\n").names == ("a", "b", "c")
    assert read("w,x\na,1\nb,2\nc,3\nd,4\n").names is None


def test_names_are_written_beside_the_labels(read, tmp_path):
    write_labels(tmp_path / "l.csv", np.array([1, 0, 1]), read(TABLE))
    lines = (tmp_path / "l.csv").read_text().splitlines()
    assert lines[0].startswith("row,name,")
    assert lines[1].startswith("1,ant,")
    assert lines[3].startswith("3,cow,") or lines[3].startswith("3,,")


def test_the_whole_table_is_read_again(read):
    dataset = read("id;x;word\n1;1.200,5;ü\n\n2;NA;=1+1\n3;7;ab\n", missing=("7",))
    frame = read_frame(dataset)
    assert frame.rows() == [(1, 1200.5, "ü"), (2, None, "=1+1"), (3, 7.0, "ab")]
    assert frame.columns == ["id", "x", "word"]
    assert dataset.n_rows == frame.height == 3


def test_text_that_would_change_as_a_number_stays_text(read):
    dataset = read("zip,big,p,x,mixed\n007,12345678901234567,10%,1,1\n100,1,5%,2,a\n200,2,1%,4,3\n")
    assert read_frame(dataset).rows()[0] == ("007", "12345678901234567", 10, 1, "1")


def test_large_numbers_stay_numbers(read):
    assert read_frame(read("x,y\n1.5e20,1\n2e30,2\n"))["x"].to_list() == [1.5e20, 2e30]


def test_a_changed_file_is_not_read_again(read, tmp_path):
    dataset = read("x,y\n1,2\n3,4\n")
    (tmp_path / "t.csv").write_text("x,y\n1,2\n3,5\n")
    with pytest.raises(DataError, match="has changed since it was read; open it again"):
        read_frame(dataset)

"""The table of clusters: a row for each, and one for noise where there is some."""

import numpy as np
import pytest

from app.views.tables.cluster_table import ClusterTable


@pytest.fixture
def table(qtbot):
    made = ClusterTable()
    qtbot.addWidget(made)
    return made


def rows(table):
    return [
        tuple(table.item(row, column).text() for column in range(3))
        for row in range(table.rowCount())
    ]


def test_each_cluster_has_a_row(table):
    table.draw(np.array([1200, 3]), np.array([2.5, 0.0]))
    assert rows(table) == [("0  blue", "1,200", "2.5"), ("1  vermilion", "3", "0")]


def test_a_measure_that_is_not_known_is_a_dash(table):
    table.draw(np.array([7]), np.array([np.nan]))
    assert rows(table) == [("0  blue", "7", "–")]


def test_noise_is_the_last_row_and_goes_where_clusters_come(table):
    table.draw(np.array([7]), np.array([5]), 4)
    assert rows(table) == [("0  blue", "7", "5"), ("noise", "4", "")]
    noise = table.item(1, 0).icon().pixmap(16).toImage()
    table.draw(np.array([7, 2]), np.array([5, 1]))
    assert rows(table) == [("0  blue", "7", "5"), ("1  vermilion", "2", "1")]
    assert table.item(1, 0).icon().pixmap(16).toImage() != noise
    table.draw(np.array([7, 2]), np.array([5, 1]), 0)
    assert rows(table)[2] == ("noise", "0", "")
    table.draw(np.array([], int), np.array([]), 9)
    assert rows(table) == [("noise", "9", "")]

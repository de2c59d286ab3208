"""The tree of branches: its items, and selecting a branch."""

import pytest
from PyQt6.QtCore import Qt

from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.drawing.branches import twigs
from app.running.history import Branch
from app.theme import DARK
from app.views.curves.branch_tree import BranchTree, Twig

TWIGS = [
    Twig("From the start", -1, "10", ""),
    Twig("1 dragged", 0, "20", ""),
    Twig("2 dragged", 1, "30", ""),
    Twig("3 dragged", 0, "40", ""),
]


@pytest.fixture
def tree(qtbot):
    tree = BranchTree()
    qtbot.addWidget(tree)
    tree.resize(280, 120)
    tree.restyle(DARK)
    return tree


def texts(tree, item):
    return [item.text(0), *(texts(tree, item.child(row)) for row in range(item.childCount()))]


def test_a_single_branch_shows_no_tree(tree):
    tree.draw(TWIGS[:1], 0)
    assert tree.isHidden()


def test_each_branch_is_a_child_of_the_one_it_left(tree):
    tree.draw(TWIGS, 2)
    assert not tree.isHidden()
    assert tree.topLevelItemCount() == 1
    expected = ["From the start", ["1 dragged", ["2 dragged"]], ["3 dragged"]]
    assert texts(tree, tree.topLevelItem(0)) == expected
    assert tree.currentItem().text(0) == "2 dragged"
    assert tree.currentItem().text(1) == "30"


def test_drawing_does_not_select_a_branch(tree, qtbot):
    picked = []
    tree.picked.connect(picked.append)
    tree.draw(TWIGS, 1)
    tree.draw(TWIGS, 3)
    tree.draw(TWIGS[:2], 0)
    assert picked == []
    assert tree.currentItem().text(0) == "From the start"


def test_a_click_selects_a_branch(tree, qtbot):
    tree.draw(TWIGS, 0)
    place = tree.visualItemRect(tree.topLevelItem(0).child(1)).center()
    with qtbot.waitSignal(tree.picked) as picked:
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert picked.args == [3]


def test_arrow_keys_move_between_branches(tree, qtbot):
    tree.draw(TWIGS, 0)
    with qtbot.waitSignal(tree.picked) as picked:
        qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert picked.args == [1]


def test_the_branch_on_screen_has_the_line_style_of_its_curve(tree):
    tree.draw(TWIGS, 1)
    lit, faint = (item.icon(0).cacheKey() for item in (tree.currentItem(), tree.topLevelItem(0)))
    assert lit != faint
    tree.draw(TWIGS, 0)
    assert tree.currentItem().icon(0).cacheKey() == lit


def test_a_branch_whose_origin_was_dropped_moves_up_a_level():
    first = Branch()
    second = Branch(origin=first, name="second")
    third = Branch(origin=second, name="third")
    assert [twig.parent for twig in twigs([first, second, third], KMEANS.branch_value)] == [
        -1,
        0,
        1,
    ]
    assert [twig.parent for twig in twigs([first, third], KMEANS.branch_value)] == [-1, 0]

"""Views that do not match the form are greyed, and a line names what they show."""

import pytest
from PyQt6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.controls.busy import BusyLine
from app.views.veil import Stale, meanwhile, still_shown

OTHERS = "blobs:clusters=2,per_cluster=30,variance=20,seed=5"
NAMED = "Still shown: blobs, 120 points; now "


@pytest.fixture
def greyed(qtbot):
    """A view with a button that is disabled while it is stale, and a field that is not."""
    root, view, other = QWidget(), QWidget(), QWidget()
    root.button, root.field = QPushButton("Act"), QLineEdit()
    view.setStyleSheet("background: #c00000")
    layout = QVBoxLayout(root)
    for part in (view, other, root.button, root.field):
        layout.addWidget(part)
    root.view, root.stale = view, Stale(view, other, resting=[root.button])
    qtbot.addWidget(root)
    root.resize(400, 300)
    root.show()
    qtbot.waitExposed(root)
    return root


def test_a_stale_view_is_paler_and_named(greyed):
    before = greyed.view.grab().toImage().pixelColor(5, 5)
    greyed.stale.say(still_shown("<b>old</b>", "the new one is on its way"))
    assert greyed.stale.sentence == "Still shown: <b>old</b>; the new one is on its way."
    first, second = greyed.stale.veils
    assert first.text.text() == greyed.stale.sentence
    assert not second.text.isVisible()
    after = greyed.view.grab().toImage().pixelColor(5, 5)
    assert before.saturation() > 2 * after.saturation()
    greyed.stale.say("")
    assert greyed.view.grab().toImage().pixelColor(5, 5) == before


def test_the_veil_has_the_size_of_its_view(greyed, qtbot):
    greyed.stale.say("Still shown: old; wait.")
    greyed.resize(700, 500)
    qtbot.waitUntil(lambda: greyed.stale.veils[0].rect() == greyed.view.rect())


def test_a_view_that_is_replaced_at_once_does_not_flicker(greyed, qtbot):
    veil = greyed.stale.veils[0]
    greyed.stale.say("Still shown: old; wait.", is_brief=True)
    assert not greyed.button.isEnabled()  # it would act on the old content
    assert not veil.isVisible()
    qtbot.waitUntil(veil.isVisible)
    greyed.stale.say("Still shown: old; wait more.", is_brief=True)
    assert veil.isVisible()
    greyed.stale.say("")
    assert not veil.isVisible()
    greyed.stale.say("Still shown: old; wait.", is_brief=True)
    greyed.stale.say("Still shown: old; in vain.")
    assert veil.isVisible()


def test_a_disabled_control_gets_the_focus_back_unless_it_moved_on(greyed, qtbot):
    greyed.activateWindow()
    greyed.button.setFocus()
    greyed.stale.say("Still shown: old; wait.")
    assert not greyed.button.isEnabled()
    greyed.stale.say("")
    assert greyed.button.hasFocus()
    greyed.stale.say("Still shown: old; wait.")
    greyed.view.setFocus()
    greyed.field.clearFocus()
    greyed.stale.say("")
    assert not greyed.button.hasFocus()
    assert greyed.button.isEnabled()


def test_a_busy_line_signals_its_text_and_cancelling(qtbot):
    line, texts, cancelled = BusyLine(), [], []
    qtbot.addWidget(line)
    line.changed.connect(lambda: texts.append(line.text))
    line.cancelled.connect(lambda: cancelled.append(line.text))
    line.start("Reading <i>a</i>.csv…", lambda: None)
    line.start("Reading <i>a</i>.csv…", lambda: None)
    assert meanwhile(line.text) == "now reading <i>a</i>.csv"
    line.cancel_button.click()
    assert texts == ["Reading <i>a</i>.csv…", ""]
    assert cancelled == [""]


class TestPoints:
    def test_old_points_are_named_while_others_are_loaded(self, lab, qtbot):
        assert lab.stale.sentence == ""
        lab.open(OTHERS)
        assert lab.stale.sentence == f"{NAMED}generating points."
        assert all(veil.isVisible() for veil in lab.stale.veils[:3])
        assert len(lab.loaded.dataset.points) == 120
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.points) == 60)
        assert lab.stale.sentence == ""
        assert not any(veil.isVisible() for veil in lab.stale.veils)

    def test_old_points_are_up_to_date_again_if_others_cannot_be_read(self, lab, qtbot, tmp_path):
        lab.open(str(tmp_path / "no.csv"))
        assert lab.stale.sentence == f"{NAMED}reading no.csv."
        qtbot.waitUntil(lambda: not lab.loader.busy.text)
        assert lab.stale.sentence == ""

    def test_cancelling_resets_the_form_to_the_old_points(self, lab, qtbot):
        kind = lab.data.findChildren(QLabel)
        assert kind
        shown = []
        lab.data.show_recipe = lambda recipe: shown.append(recipe.name)
        lab.open("moons")
        lab.loader.busy.cancel_button.click()
        assert shown == ["blobs"]
        assert lab.stale.sentence == ""

    def test_the_old_plane_is_named_while_components_are_computed(self, lab, qtbot):
        lab.viewing.busy.start("Finding the principal components…", None)
        assert lab.stale.sentence == (
            "Still shown: blobs, 120 points, in the plane of x and y; "
            "now finding the principal components."
        )
        lab.viewing.busy.stop()
        assert lab.stale.sentence == ""

"""The curve of a measure: what is written at its axes."""

from app.views.curves.curve import CurveView


def test_numbers_at_the_axis_are_short_where_they_can_be_told_apart(qtbot):
    view = CurveView()
    qtbot.addWidget(view)
    axis = view.getPlotItem().getAxis("left")
    assert axis.tickStrings([1e6, 2e6], 1, 1e6) == ["1M", "2M"]
    assert axis.tickStrings([9001387, 9001388], 1, 1) == ["9,001,387", "9,001,388"]

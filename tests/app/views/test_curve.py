"""The curve of a measure: what is written at its axes."""

import pytest

from app.views.curves.curve import CurveView


def test_numbers_at_the_axis_are_short_where_they_can_be_told_apart(qtbot):
    view = CurveView()
    qtbot.addWidget(view)
    axis = view.getPlotItem().getAxis("left")
    assert axis.tickStrings([1e6, 2e6], 1, 1e6) == ["1M", "2M"]
    assert axis.tickStrings([9001387, 9001388], 1, 1) == ["9,001,387", "9,001,388"]


@pytest.mark.parametrize("low", [0.0, 12_345.1, 9_001_387.2, 9_001_000.0, 3.5e12, 1e-5])
@pytest.mark.parametrize("part", [1e-6, 1e-4, 1e-3, 0.3])
def test_no_two_ticks_are_alike(qtbot, low, part):
    view = CurveView()
    qtbot.addWidget(view)
    axis = view.getPlotItem().getAxis("left")
    levels = axis.tickValues(low, low + part * (low or 1.0), 200)
    texts = [text for spacing, values in levels for text in axis.tickStrings(values, 1, spacing)]
    assert len(set(texts)) == len(texts) > 1

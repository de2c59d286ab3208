"""Formatting numbers."""

import pytest

from app.numbers import in_millions
from app.views.curves.curve import CurveView


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (12.3456, "12.346"),
        (999_999, "999,999"),
        (1e6, "1M"),
        (6_681_734, "6.682M"),
        (49_253_582, "49.25M"),
        (999_960_000, "1000M"),
        (1_234_567_890, "1,235M"),
        (9e11, "900,000M"),
        (2e12, "2e+12"),
    ],
)
def test_large_numbers_are_written_in_millions(value, text):
    assert in_millions(value) == text


@pytest.mark.parametrize(
    ("top", "words"),
    [(3e8, {"100M", "200M", "300M"}), (3e4, {"10,000", "20,000", "30,000"}), (3, {"1", "2", "3"})],
)
def test_the_axis_of_a_curve_formats_numbers_like_the_table(qtbot, top, words):
    curve = CurveView()
    qtbot.addWidget(curve)
    axis = curve.getPlotItem().getAxis("left")
    assert set(axis.tickStrings([top / 3, 2 * top / 3, top], 1, top / 3)) == words

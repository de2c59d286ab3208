"""Damaged input ends in a result or in one error message."""

import pytest

from tests.engine import fuzzing

N_CASES = 400


@pytest.mark.slow
def test_damaged_input_ends_in_a_result_or_an_error_message():
    wrong = [
        fuzzing.described(*each) for each in fuzzing.outcomes(0, range(N_CASES)) if each[2].wrong
    ]
    assert not wrong, "\n".join(wrong)


def test_cases_are_reproducible(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for number in range(30):
        cases = [fuzzing.case_of(3, number, tmp_path / name) for name in "ab"]
        texts = [
            str(case).replace(str(tmp_path / name), "")
            for case, name in zip(cases, "ab", strict=True)
        ]
        assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ((2, "", "One.\nTwo.\n"), "2 lines of complaint"),
        ((2, "", ""), "0 lines of complaint"),
        ((3, "", "One.\n"), "status 3"),
        ((0, "\x1b[0m", ""), "characters that act on a terminal"),
        ((2, "", "Traceback (most recent call last):\n"), "a traceback"),
        ((2, "", "x" * 9_000), "9000 characters of complaint"),
    ],
)
def test_violations_are_found(outcome, words):
    assert list(fuzzing.violations(*outcome)) == [words]


def test_results_and_error_messages_are_no_violations():
    assert not list(fuzzing.violations(0, "k\t1\n2", "A note.\nAnother.\n"))
    assert not list(fuzzing.violations(2, "", "line 1: bad\nOne sentence.\n"))

"""The texts of the accuracy tab, as pure functions."""

from collections.abc import Sequence

from app.labs.accuracy.evaluations import Evaluated, Progress

EMPTY = "Nothing is evaluated yet: choose spellers on the left and press Evaluate."
HINT = "Larger points have more words behind them. Click one to see its words below."
STARTING = "Starting…"


def progress(reached: Progress) -> str:
    """Describe the progress of an evaluation."""
    place = f" ({reached.place} of {reached.n_spellers})" if reached.n_spellers > 1 else ""
    if reached.seconds_left is None:
        return f"{reached.speller}{place}: loading…"
    return (
        f"{reached.speller}{place}: {reached.n_done:,} of {reached.n_words:,} words, "
        f"about {reached.seconds_left:.0f} s left"
    )


def lacking(names: Sequence[str]) -> str:
    """List the chosen spellers that are not in the figure."""
    if not names:
        return ""
    return f" Not evaluated with this beam yet: {', '.join(names)}."


def summary(shown: Sequence[Evaluated]) -> str:
    """Give the accuracy of each speller over all words."""
    parts = []
    for each in shown:
        n_right = sum(figures.n_exact for figures in each.lengths)
        parts.append(f"{each.speller} {100 * n_right / len(each.rows):.1f} %")
    n_words = len(shown[0].rows)
    return f"Exactly right of {n_words:,} test words: {', '.join(parts)}."

"""How a command says that it cannot do what was asked."""


def assert_complaint(outcome, words):
    """Check for exit status 2 and one line on stderr that contains some words."""
    status, out, err = outcome
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert err.removesuffix("\n").isprintable()

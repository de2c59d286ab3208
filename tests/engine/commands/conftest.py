"""What the tests of several commands share."""

import functools

import pytest

from engine.spelling import library
from tests.engine.spelling.tiny import traced_once


@pytest.fixture(scope="module")
def spellers_traced_once():
    """Let commands share the spellers that they load and train: tracing takes seconds."""
    with traced_once(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", functools.cache(library.load))
        yield

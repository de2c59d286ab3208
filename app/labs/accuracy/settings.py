"""The settings of the accuracy tab."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracySettings:
    """What is evaluated.

    Attributes:
        spellers: The names of the spellers; empty for all.
    """

    spellers: tuple[str, ...] = ()

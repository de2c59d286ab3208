"""What compiled programs depend on, besides themselves: versions, the CPU and XLA's flags."""

import contextlib
import hashlib
import os
import platform
from pathlib import Path

from engine import __version__
from engine.runtime import versions


def variant() -> str:
    """Return the name of a folder for programs of these versions, this CPU and these flags.

    Raises:
        ModuleNotFoundError: The version of TensorFlow is not known.
    """
    tensorflow = versions.installed("tensorflow")
    if tensorflow is None:
        raise ModuleNotFoundError("tensorflow")
    facts = [*_cpu(), os.cpu_count(), *(_flags(name) for name in ("XLA_FLAGS", "TF_XLA_FLAGS"))]
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()[:12]
    return f"{__version__}-tensorflow-{tensorflow}-{digest}"


def _cpu() -> list[object]:
    """Return what distinguishes one CPU from another, as far as this system reports it."""
    from numpy._core._multiarray_umath import __cpu_features__ as features

    found: list[object] = [platform.machine(), platform.processor(), sorted(features.items())]
    with contextlib.suppress(OSError):  # only Linux has it
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        wanted = ("model name", "flags", "Features")
        found += sorted({line for line in text.splitlines() if line.startswith(wanted)})
    return found


def _flags(name: str) -> str:
    """Return the flags in an environment variable, or in the file it names."""
    value = os.environ.get(name, "")
    if value and not value.lstrip().startswith("-"):
        with contextlib.suppress(OSError):
            return Path(value).read_text(encoding="utf-8", errors="replace")
    return value

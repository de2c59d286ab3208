"""Looks up the installed versions of packages."""

# TensorFlow without CUDA is a package of its own, with the same files.
_OTHER_NAMES = {"tensorflow": ("tensorflow", "tensorflow-cpu")}


def installed(package: str) -> str | None:
    """Return the version of an installed package; None if it is not installed."""
    from importlib import metadata  # slow, and the window imports this file at its start

    for name in _OTHER_NAMES.get(package, (package,)):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None

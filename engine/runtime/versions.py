"""Which versions of packages are installed."""

# TensorFlow without CUDA is a package of its own, with the same files.
_OTHER_NAMES = {"tensorflow": ("tensorflow", "tensorflow-cpu")}


def installed(package: str) -> str | None:
    """The version of a package that is installed; None if it is not."""
    from importlib import metadata  # takes long, and the window imports this file at its start

    for name in _OTHER_NAMES.get(package, (package,)):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None

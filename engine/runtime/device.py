"""Starts TensorFlow, silently and only once, and reports which device computes.

Importing TensorFlow takes seconds and holds the interpreter lock for up to 0.6 s at a time, which
would freeze the window. Opening its libraries first through libc (a foreign call, which releases
the lock) and disabling the garbage collector during the import leaves gaps of 11 to 33 ms.
"""

import contextlib
import ctypes
import functools
import gc
import importlib.util
import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.runtime import program_cache
from engine.runtime.collector import uncollected

_LIBRARIES = (
    "libtensorflow_framework.so.2",
    "libtensorflow_cc.so.2",
    "python/lib_pywrap_tensorflow_common.so",
)
_WIDTH_FLAG = "--xla_cpu_prefer_vector_width"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where TensorFlow computes.

    Attributes:
        kind: CPU or GPU.
        name: The name of a GPU; the number of cores of a CPU.
        tensorflow: The version of TensorFlow.
        memory_bytes: The memory of a GPU, if TensorFlow reports it.
    """

    kind: str
    name: str
    tensorflow: str
    memory_bytes: int | None = None

    def __str__(self) -> str:
        memory = "" if self.memory_bytes is None else f", {self.memory_bytes / 2**30:.0f} GiB"
        return f"{self.kind} ({self.name}{memory})"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Suppress what C++ code writes to stderr, unless the block fails.

    TensorFlow writes before its log level takes effect, so the file descriptor has to be
    redirected. If the block raises, the text is shown: it may say why.
    """
    if sys.stderr is None:  # a window without a console
        yield
        return
    sys.stderr.flush()
    try:
        written = tempfile.TemporaryFile()  # noqa: SIM115 closed below
    except OSError:  # the disk is full; no reason to fail
        yield
        return
    kept = os.dup(2)
    with written:
        os.dup2(written.fileno(), 2)
        failed = False
        try:
            yield
        except Exception:  # Ctrl-C is no failure
            failed = True
            raise
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            if failed:
                written.seek(0)
                sys.stderr.write(written.read().decode(errors="replace"))


def _open_libraries() -> None:
    """Load TensorFlow's libraries without holding the interpreter lock; on Linux only."""
    spec = importlib.util.find_spec("tensorflow")
    if sys.platform != "linux" or spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    for name in _LIBRARIES:
        if (folder / name).exists():
            dlopen(os.fsencode(folder / name), os.RTLD_LAZY)


@functools.cache
def start() -> Device:
    """Import TensorFlow, set it up and use it once; later calls return immediately.

    Raises:
        ImportError: TensorFlow is missing or broken.
    """
    found = load()
    if found.kind == "GPU":
        with quiet():
            import tensorflow as tf

            tf.zeros([1])  # a GPU's driver prints messages at its first use
    return found


@functools.cache
def load() -> Device:
    """Import TensorFlow and set it up, but do not use it yet: a strategy has to be made first.

    Raises:
        ImportError: TensorFlow is missing or broken.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    _prefer_wide_vectors()
    _keep_keras_out_of_the_home()
    with quiet():
        _open_libraries()
        with program_cache.begin(), uncollected(), _without_keras():
            import tensorflow as tf

            tf.config.optimizer.get_jit()  # reads the environment, but initializes no device yet
            _leave_nothing_behind()
            gc.freeze()
        return _set_up(tf.config.list_physical_devices("GPU"))


@contextlib.contextmanager
def _without_keras() -> Iterator[None]:
    """Keep TensorFlow from importing Keras, a fifth of its import time, which only training needs.

    The first use of `tf.keras` imports it.
    """
    name = "keras.src.optimizers"  # TensorFlow imports this, and continues if it is missing
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _keep_keras_out_of_the_home() -> None:
    """Keep Keras, which training imports, from writing or reading `~/.keras/keras.json`.

    That file may change the dtype and the library it computes with. Keras goes on without the file
    if it cannot create the folder.
    """
    os.environ.setdefault("KERAS_HOME", os.path.join(os.devnull, "keras"))


def _leave_nothing_behind() -> None:
    """Remove the code that AutoGraph generates from the folder for temporary files.

    TensorFlow writes it there to import it. Python would put a compiled copy beside it, which is
    never removed, and the source too would remain if the process exits without running atexit.
    """
    try:
        from tensorflow.python.autograph.pyct import loader

        load_source = loader.load_source
    except (ImportError, AttributeError):  # another version of TensorFlow
        return

    def load_and_remove(*arguments: Any, **options: Any) -> Any:
        before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            module, path = load_source(*arguments, **options)
        finally:
            sys.dont_write_bytecode = before
        with contextlib.suppress(OSError):
            os.unlink(path)
        return module, path

    loader.load_source = load_and_remove


def _prefer_wide_vectors() -> None:
    """Let XLA compile for vectors of 512 bits if the CPU has them, unless the user chose a width.

    Its default is 256, with which k-means takes a third longer. It reads the flags when TensorFlow
    is imported. Flags that do not begin with a dash name a file that holds them.
    """
    flags = os.environ.get("XLA_FLAGS", "").strip()
    if not flags or (flags.startswith("-") and _WIDTH_FLAG not in flags):
        os.environ["XLA_FLAGS"] = f"{flags} {_WIDTH_FLAG}=512".lstrip()


def _set_up(gpus: list[Any]) -> Device:
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    version = str(tf.__version__)
    if not gpus:
        return Device(kind="CPU", name=f"{os.cpu_count()} cores", tensorflow=version)
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    # So that the same seed gives the same frames: no atomic sums in varying order, no TF32.
    tf.config.experimental.enable_op_determinism()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    details = tf.config.experimental.get_device_details(gpus[0])
    return Device(
        kind="GPU",
        name=str(details.get("device_name", gpus[0].name)),
        tensorflow=version,
        memory_bytes=details.get("memory_limit"),
    )


def frames() -> Generator[Device, None, None]:
    """A stepper of one frame that starts TensorFlow, for the window's engine thread."""
    yield start()

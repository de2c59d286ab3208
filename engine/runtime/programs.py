"""Functions that XLA compiles, and that later starts can find in the cache.

The cache of compiled programs (`program_cache`) identifies a program by the names in it, which
TensorFlow numbers with a counter of the process: a program would be found only if everything before
it was traced in the same order. So each program has its own counter while it is
traced.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from engine.runtime import program_cache
from engine.runtime.backend import framework_ops, tf

_NAMES = 2**20  # numbers that one tracing of a program may use

# What TensorFlow raises for a damaged file.
_DAMAGE = tf.errors.OutOfRangeError, tf.errors.DataLossError
_DAMAGE_WORDS = "Serialized cache", "Failed to parse serialized"

_own = threading.local()
# How often the cache failed. TensorFlow remembers a failed program by its name, so after a failure
# all programs, nested ones too, are traced again and get other names.
_n_recovered = 0
_n_traced: Counter[str] = Counter()
_next_of_process: Callable[[], int] | None = getattr(framework_ops, "uid", None)


class Program:
    """A function that XLA compiles for each shape of its arguments.

    Args:
        function: A function of tensors.
        key: Distinguishes it from other programs made of the same function, by shapes for example.
        signature: The signature of its arguments, if known: then it is traced immediately.
        compiled: Whether XLA compiles it; otherwise only the programs it calls are compiled.
        autograph: Whether AutoGraph converts loops and branches of Python to those of TensorFlow.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        key: object = None,
        signature: list[Any] | None = None,
        *,
        compiled: bool = True,
        autograph: bool = False,
    ) -> None:
        self._name = f"{function.__module__}.{function.__qualname__} {key}"
        self._signature = signature

        def make() -> Any:
            return tf.function(
                function, input_signature=signature, jit_compile=compiled, autograph=autograph
            )

        self._make = make
        self._trace()

    def _trace(self) -> None:
        self._n_recovered = _n_recovered
        self._traced = self._make()
        if self._signature is not None:
            # Looked up once: finding the signature again in each call would take 0.2 ms.
            with _names_of(self._name, self._signature):
                self._traced = self._traced.get_concrete_function()

    def __call__(self, *arguments: Any) -> Any:
        """Compute; once more if the cache could not be read or written."""
        global _n_recovered
        with _names_of(self._name, arguments):
            while True:
                if self._n_recovered != _n_recovered:
                    self._trace()
                try:
                    return self._traced(*arguments)
                except tf.errors.OpError as error:
                    if not program_cache.recover(str(error), _is_damage(error)):
                        raise
                    _n_recovered += 1


def _is_damage(error: Exception) -> bool:
    """Whether an error is about a damaged entry, which it does not name."""
    words = str(error)
    return isinstance(error, _DAMAGE) or any(each in words for each in _DAMAGE_WORDS)


@contextmanager
def _names_of(program: str, arguments: Any) -> Iterator[None]:
    """Number what this thread traces as belonging to a program called with these arguments."""
    outer = getattr(_own, "numbers", None)
    _own.numbers = _numbers(program, arguments)
    try:
        yield
    finally:
        _own.numbers = outer


def _numbers(program: str, arguments: Any) -> Iterator[int]:
    """Yield numbers that nothing else has; for the first tracing, the same in each process.

    Nothing runs before the first number is asked for, so calls without tracing cost nothing.
    """
    kinds = [(getattr(a, "shape", ()), getattr(a, "dtype", a)) for a in tf.nest.flatten(arguments)]
    traced = f"{program} {kinds}"
    n_traced = _n_traced[traced]
    _n_traced[traced] += 1
    digest = hashlib.blake2b(f"{traced} {n_traced}".encode(), digest_size=5).digest()
    first = int.from_bytes(digest, "big") * _NAMES
    yield from range(first, first + _NAMES)


def _next_number() -> int:
    numbers: Iterator[int] | None = getattr(_own, "numbers", None)
    if numbers is not None:
        return next(numbers)
    assert _next_of_process is not None  # otherwise this function is not installed
    return int(_next_of_process())


if _next_of_process is not None:  # not public: without it, fewer programs are found again
    # The first tracing creates the default graph, which takes a number.
    framework_ops.get_default_graph()
    framework_ops.uid = _next_number

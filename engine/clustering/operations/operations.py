"""Operations with named axes: each is one line of text and the function that computes it.

The line says which axes the output has and how it comes from earlier outputs:
`distance[cluster, point] = sum over dim of square[cluster, point, dim]`. The parameters of the
function are the names of those outputs. What is listed is what is executed: a half-step calls the
operations, or runs a table of them.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_LINE = re.compile(r"(\w+)\[([\w, ]*)\] = \S")


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a half-step.

    Attributes:
        line: The line as written: `name[axis, axis] = how`.
        compute: Computes it from earlier outputs.
        name: The name of the output.
        axes: The axes of the output, in order.
        takes: The names of its inputs: the parameters of `compute`.
    """

    line: str
    compute: Callable[..., Any]
    name: str
    axes: tuple[str, ...]
    takes: tuple[str, ...]

    def __call__(self, *inputs: Any) -> Any:
        """Compute the output from the inputs that `takes` names."""
        return self.compute(*inputs)

    def of(self, values: dict[str, Any]) -> Any:
        """Compute the output from named values."""
        return self.compute(*(values[name] for name in self.takes))


def operation(line: str) -> Callable[[Callable[..., Any]], Operation]:
    """Turn a function into an operation.

    Args:
        line: `name[axis, axis] = how`; the name may be used by later operations.
    """
    found = _LINE.match(line)
    assert found, line
    name, axes = found[1], tuple(re.findall(r"\w+", found[2]))

    def made(compute: Callable[..., Any]) -> Operation:
        return Operation(line, compute, name, axes, tuple(inspect.signature(compute).parameters))

    return made


def run(table: Sequence[Operation], **values: Any) -> Any:
    """Execute operations one after another.

    Args:
        table: The operations in order; each uses given values or the outputs of earlier ones.
        values: The given values, by name.

    Returns:
        The output of the last operation.
    """
    for each in table:
        values[each.name] = each.of(values)
    return values[table[-1].name]

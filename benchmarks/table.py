"""How figures are printed: one row a task, with its aim and whether it was met."""

from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    task: str
    figure: str
    aim: str
    is_met: bool


def markdown(rows: Iterable[Row]) -> str:
    lines = ["| task | measured | aim | |", "|---|---|---|---|"]
    lines += [f"| {row.task} | {row.figure} | {row.aim} | {'met' if row.is_met else 'missed'} |" for row in rows]
    return "\n".join(lines)

"""What a published set offers, whatever its format and its problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    """A planner's answer that an independent check has priced again.

    Attributes
    ----------
    value
        Its value as the set counts it.
    proven
        Whether the planner proved it to be the best.
    note
        A word on how it was found.
    bound
        No answer is better, as the planner proved; None where it proves nothing.
    """

    value: float
    proven: bool = False
    note: str = ""
    bound: float | None = None


class Instance(NamedTuple):
    """One published problem.

    Attributes
    ----------
    name
        Its name in the set.
    best_known
        The best published value; not a number where none is.
    is_optimal
        Whether that was proven to be the best there is.
    solve
        ``solve(limit_s, seed)`` plans it in at most so many seconds and checks the answer.
    """

    name: str
    best_known: float
    is_optimal: bool
    solve: Callable[[float, int], Answer]


class PublishedSet(NamedTuple):
    """A folder of published problems.

    Attributes
    ----------
    name
        What the command line calls it.
    source
        Who published it.
    folder
        Name of its folder among the published data.
    larger_is_better
        Whether values are to be large.
    instances
        ``instances(folder)`` reads them one by one.
    """

    name: str
    source: str
    folder: str
    larger_is_better: bool
    instances: Callable[[Path], Iterator[Instance]]

    def gap(self, value: float, best_known: float) -> float:
        """Return by which share of the best known value an answer is worse; below 0 if better."""
        worse = best_known - value if self.larger_is_better else value - best_known
        return worse / best_known

"""Which line a cross-trained person serves next, when they are free and work waits in several.

A rule is asked when somebody comes on duty or has done a piece of work; what is in hand is never
dropped for it. `own_line_first`, the default, needs no rule here: it is what people do by
themselves, their own line first, then the others in the order written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class MovingRule(Protocol):
    """Names the line that a free person serves."""

    def __call__(self, waiting: Sequence[int], people: Sequence[int]) -> int:
        """Return the place of a line in which work waits, -1 if it waits in none.

        Parameters
        ----------
        waiting
            How many wait in each line the person serves, their own first, then in the order
            written: shipments, orders, deliveries or returned lines.
        people
            How many of each line's own role are on duty.
        """
        ...


def longest_line(waiting: Sequence[int], people: Sequence[int]) -> int:
    """Serve the line with the most waiting for each person of its role; the first one on a tie.

    A role of which nobody is on duty counts as one person.

    Examples
    --------
    >>> longest_line([4, 9], [2, 3])
    1
    >>> longest_line([4, 6], [2, 3])
    0
    >>> longest_line([0, 0], [2, 3])
    -1
    """
    best, most = -1, 0.0
    for place, (number, there) in enumerate(zip(waiting, people, strict=True)):
        load = number / max(1, there)
        if load > most:
            best, most = place, load
    return best


def resolve_moving(name: str) -> MovingRule | None:
    """Return the rule of a name, None for `own_line_first`; raises KeyError for an unknown one."""
    return {"own_line_first": None, "longest_line": longest_line}[name]

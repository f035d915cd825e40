"""How fast a person works: their own speed, and what a new person still has to learn.

A pace is the seconds that a person needs for a standard second of work. New people get faster
with each piece of work they finish, in each role by itself, until they are experienced.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.scenario.schema import ROLES
from sim.scenario.schema.people import Learning


def learning_curve(learning: Learning) -> list[float]:
    """Return the time of a new person's first, second, ... piece of work / the standard time.

    De Jong's curve ``a + b * n**log2(rate)`` through ``first_factor`` at piece 1 and the standard
    time at ``experienced_after_tasks``; every piece after the last one listed takes standard time.

    References
    ----------
    Wright (1936), Factors affecting the cost of airplanes; De Jong (1957), The effects of
    increasing skill on cycle time; for order picking Grosse and Glock (2013), An experimental
    investigation of learning effects in order picking systems.

    Examples
    --------
    >>> curve = learning_curve(Learning(rate=0.8, first_factor=2.0, experienced_after_tasks=4))
    >>> [round(factor, 3) for factor in curve]  # b = 1 / (1 - 0.8**2)
    [2.0, 1.444, 1.172, 1.0]
    """
    exponent = math.log2(learning.rate)
    last = learning.experienced_after_tasks
    falls = (learning.first_factor - 1.0) / (1.0 - last**exponent)
    never = learning.first_factor - falls
    return [never + falls * n**exponent for n in range(1, last)] + [1.0]


EXPERIENCED: Sequence[float] = (1.0,)
"""The curve of people who have nothing to learn."""


class Pace:
    """The pace of one person, role by role.

    Parameters
    ----------
    own
        Seconds for a standard second of work once the person is experienced, above 0.
    curve
        Factors of the first, second, ... piece of work; the last one holds from there on.
    """

    __slots__ = ("_curve", "_done", "_last", "_own")

    def __init__(self, own: float, curve: Sequence[float]) -> None:
        self._own = own
        self._curve = curve
        self._last = len(curve) - 1
        self._done = [0] * len(ROLES)

    def now(self, role: int) -> float:
        """Return the seconds that a standard second of a role's work takes now."""
        return self._own * self._curve[min(self._done[role], self._last)]

    def finished(self, role: int) -> None:
        """Count a finished piece of work."""
        self._done[role] += 1

"""How wrong a count or a put-away comes out, from one uniform each."""

from __future__ import annotations


def units_off(uniform: float, share: float, most: int, units: int) -> int:
    """Return the units by which a count is wrong, below 0 if too few were counted.

    Parameters
    ----------
    uniform
        Luck of [0, 1).
    share
        Chance that the count is wrong.
    most
        A wrong count is 1 to ``most`` units too high or too low, all alike.
    units
        What is there; no fewer than none are counted.

    Examples
    --------
    >>> [units_off(u, 0.4, 2, 9) for u in (0.0, 0.1, 0.2, 0.3, 0.4)]
    [-1, -2, 1, 2, 0]
    """
    if uniform >= share:
        return 0
    place = int(uniform / share * 2 * most)
    return max(-(place + 1), -units) if place < most else place - most + 1


def units_lost(uniform: float, share: float, units: int) -> int:
    """Return how many of some units land on a wrong place: with chance ``share`` one to all.

    Examples
    --------
    >>> [units_lost(u, 0.4, 2) for u in (0.0, 0.1, 0.2, 0.3, 0.4)]
    [1, 1, 2, 2, 0]
    """
    return 1 + int(uniform / share * units) if uniform < share else 0

"""An independent look at a wave: all of it in stock, of the right size, as good as claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from optimize.waves.problem import Problem


class CheckError(Exception):
    """A wave that does not do what it claims."""


def priced(problem: Problem, orders: Sequence[int], aisles: Sequence[int]) -> Fraction:
    """Return the units of a wave for each of its aisles.

    Parameters
    ----------
    problem
        Orders, aisles and bounds.
    orders, aisles
        Numbers of those in the wave, each once.

    Raises
    ------
    CheckError
        If the wave is empty, names an order or aisle twice or one that is not there, is too small
        or too large, or is not in stock in its aisles.
    """
    for kind, numbers, count in (
        ("orders", orders, len(problem.orders)),
        ("aisles", aisles, len(problem.aisles)),
    ):
        twice = [number for number, times in Counter(numbers).items() if times > 1]
        unknown = [number for number in numbers if not 0 <= number < count]
        if twice or unknown or not numbers:
            raise CheckError(
                f"{len(numbers)} {kind}: {twice} come twice, {unknown} are not among the {count}"
            )
    wanted: Counter[int] = Counter()
    for number in orders:
        wanted.update(problem.orders[number])
    stock: Counter[int] = Counter()
    for number in aisles:
        stock.update(problem.aisles[number])
    for item, units in wanted.items():
        if units > stock[item]:
            raise CheckError(f"{units} units of item {item} are wanted, {stock[item]} in stock")
    total = sum(wanted.values())
    if not problem.lower <= total <= problem.upper:
        raise CheckError(f"{total} units are not within {problem.lower} to {problem.upper}")
    return Fraction(total, len(aisles))


def check(
    problem: Problem, orders: Sequence[int], aisles: Sequence[int], claimed: float, bound: float
) -> None:
    """Raise unless the wave is feasible, worth what is claimed, and not above its bound.

    Raises
    ------
    CheckError
        If the wave does not do what it claims.
    """
    ratio = float(priced(problem, orders, aisles))
    # Written so that a claim that is not a number fails as well.
    if not abs(ratio - claimed) <= 1e-9 * ratio:
        raise CheckError(f"the wave claims {claimed} units an aisle, it has {ratio}")
    if not ratio <= bound * (1 + 1e-9):
        raise CheckError(f"the wave has {ratio} units an aisle, above its bound of {bound}")

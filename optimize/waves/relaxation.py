"""A bound from the linear relaxation: orders and aisles in parts (HiGHS)."""

from __future__ import annotations

from math import floor, inf

import numpy as np

from optimize.waves.arrays import Arrays
from optimize.waves.programme import model_of

ROUNDS = 3
"""Numbers of aisles, from the fewest on, that are bounded each on its own."""
MARGIN = 1e-6
"""Share by which HiGHS may be off."""


def relaxed_bound(
    arrays: Arrays, lower: int, upper: int, fewest: int, limit_s: float | None = None
) -> float:
    """Return a bound on the units an aisle of all waves; infinite if time is over first.

    Of so many aisles a wave has whole units: the relaxation of each of the fewest numbers of aisles
    is rounded down, and the rest is bounded together.

    Parameters
    ----------
    arrays
        The problem.
    lower, upper
        Fewest and most units.
    fewest
        Fewest aisles that a wave may have, at least 1.
    limit_s
        Most seconds of each relaxation, if any.
    """
    aisles = len(arrays.aisles.first) - 1
    relaxation = _Relaxation(arrays, lower, upper, limit_s)
    bound = rest = 0.0
    for count in range(fewest, min(fewest + ROUNDS, aisles + 1)):
        exactly = relaxation.ratio(count, count)
        bound = max(bound, inf if exactly == inf else floor(exactly * count) / count)
        rest = relaxation.ratio(count + 1, aisles) if count < aisles else 0.0
        if rest <= bound:
            break
    return max(bound, rest)


class _Relaxation:
    """Columns are those of the programme, and one more, all divided by the number of aisles.

    The last is 1 / number of aisles (Charnes & Cooper 1962): the ratio becomes linear.
    """

    def __init__(self, arrays: Arrays, lower: int, upper: int, limit_s: float | None) -> None:
        from scipy.sparse import csr_array, eye_array, hstack, vstack

        self.aisles = len(arrays.aisles.first) - 1
        self.limit_s = limit_s
        model = model_of(arrays, np.arange(self.aisles), single_lines=True)
        self.orders = len(model.orders)
        units = np.concatenate((arrays.order_units[model.orders], np.zeros(self.aisles)))
        size = len(units)
        sizes = csr_array(np.array([[*-units, lower], [*units, -upper]]))
        self.gain = np.append(units, 0.0)
        self.rows = vstack(
            [
                hstack([model.rows, csr_array((model.rows.shape[0], 1))]),
                hstack([eye_array(size), csr_array(-np.ones((size, 1)))]),
                sizes,
            ],
            format="csr",
        )

    def ratio(self, fewest: int, most: int) -> float:
        """Return the best ratio with ``fewest`` to ``most`` aisles; 0 if there is none."""
        from scipy.optimize import linprog  # noqa: TID251  # a package of SciPy

        size = self.orders + self.aisles
        one = np.concatenate((np.zeros(self.orders), np.ones(self.aisles), [0.0]))
        answer = linprog(
            -self.gain,
            A_ub=self.rows,
            b_ub=np.zeros(self.rows.shape[0]),
            A_eq=one[np.newaxis],
            b_eq=np.ones(1),
            bounds=[*[(0.0, None)] * size, (1 / most, 1 / fewest)],
            method="highs",
            options={} if self.limit_s is None else {"time_limit": max(self.limit_s, 0.01)},
        )
        if answer.status == 2:
            return 0.0
        if answer.status != 0 or answer.fun is None:
            return inf
        return -float(answer.fun) * (1 + MARGIN)

"""A bound on the cost of every roster that keeps all rules."""

from __future__ import annotations

import math
import time

from optimize.rostering.activities.arrays import dual_of, groups_of
from optimize.rostering.activities.kernels.dual import BOUND, STEP, ascend
from optimize.rostering.activities.kernels.search import Fixed

FIRST_STEP = 0.03
KEEP_SHARE = 0.995
PATIENCE = 1000
STEPS_AT_ONCE = 25
ROUNDING = 1e-4
"""What sums of double-precision numbers may be wrong by, generously."""


def lower_bound(fixed: Fixed, target: float, *, steps: int, limit_s: float | None = None) -> int:
    """Return a cost that no roster which keeps all rules goes below.

    It begins with the counting bound: the fewest intervals of all people less the most cover
    without a cost. Costs are whole numbers, so the bound is rounded up.

    Parameters
    ----------
    fixed
        The problem as arrays.
    target
        Cost of a roster, or a guess above the bound: it steers the steps.
    steps
        Steps of the prices.
    limit_s
        Seconds instead of steps.
    """
    began_s = time.perf_counter()
    groups, dual = groups_of(fixed), dual_of(fixed)
    dual.numbers[STEP] = FIRST_STEP
    done = 0
    while done < steps if limit_s is None else time.perf_counter() - began_s < limit_s:
        ascend(fixed, groups, dual, target, STEPS_AT_ONCE, KEEP_SHARE, PATIENCE)
        done += STEPS_AT_ONCE
        if dual.numbers[BOUND] > target - 1.0 + ROUNDING:
            break  # the roster is proved to be the best
    return max(0, math.ceil(float(dual.numbers[BOUND]) - ROUNDING))

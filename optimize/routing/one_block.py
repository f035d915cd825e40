"""The shortest round trip in one block, its six classes as six numbers (Ratliff & Rosenthal 1983).

Operations Research 31(3), 507-521. As it stands it is interpreted, for the few walks of a scenario;
:mod:`optimize.routing.kernels.one_block` compiles it for the many of a search.

Each aisle counts by three numbers only: its first stop, its last, and its widest gap.
"""

from __future__ import annotations

from math import inf

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64] | list[float]


def shortest_in_one_block_m(
    places: int,
    at: Floats,
    first_m: Floats,
    last_m: Floats,
    gap_m: Floats,
    back_m: float,
) -> float:
    """Return the length of the shortest round trip past all places in metres.

    Parameters
    ----------
    places
        Aisles with stops and the depot, at least 1; only so many entries of the arrays count.
    at
        Metres from any line to each place along the cross-aisles, ascending.
    first_m, last_m
        Metres from the front to the first and to the last stop of each place. The depot is a stop
        at 0 (front) or ``back_m`` of its aisle. Between aisles the place has a front only:
        ``first_m`` is then -1, whatever the other two say.
    gap_m
        The widest gap between neighbouring stops of each place.
    back_m
        Metres from the front cross-aisle to that at the back.
    """
    # Shortest drawings up to a place: an odd number of stretches at both ends (odd), the front or
    # the back alone, both in one part (one), both in two parts (two), and nothing yet (none).
    odd = front = back = one = two = inf
    none = 0.0
    for place in range(places):
        if place:
            apart_m = at[place] - at[place - 1]
            odd += 2.0 * apart_m
            front, back = min(front, one) + 2.0 * apart_m, min(back, one) + 2.0 * apart_m
            one += 4.0 * apart_m
            two += 4.0 * apart_m
            none = inf
        if first_m[place] < 0.0:
            two = min(two, back)
            front = min(front, none)
            back = inf
            continue
        near_m, far_m = 2.0 * last_m[place], 2.0 * (back_m - first_m[place])
        around_m = 2.0 * (back_m - gap_m[place])
        odd, front, back, one, two = (
            min(none + back_m, odd + min(near_m, far_m, around_m),
                front + back_m, back + back_m, one + back_m, two + back_m),
            min(none, front) + near_m,
            min(none, back) + far_m,
            min(odd + back_m, one + min(near_m, far_m, around_m)),
            min(two + min(near_m, far_m, around_m), none + around_m,
                front + min(far_m, around_m), back + min(near_m, around_m)),
        )  # fmt: skip
    return min(front, back, one)

"""How people's luck falls: who misses which shift, and how fast each of them works.

A person is known by shift, role and place in it, so nobody's luck depends on how many others there
are; a higher rate of absence adds missed shifts and takes none away.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sim.orders.draws import draw
from sim.orders.streams import stream
from sim.scenario.schema.laws import Lognormal

Flags = npt.NDArray[np.bool_]


def missed_days(who: str, rate: float, days: int, *, seed: int, replication: int) -> Flags:
    """Return the days on which a person misses the shift; element d is day d - 1 of the run.

    Parameters
    ----------
    who
        Shift, role and place, for instance ``"early/pickers/3"``.
    rate
        Chance of each shift.
    days
        Days of the run; the night before them is element 0.
    """
    uniforms = stream(seed, f"people/absence/{who}", replication).random(days + 1)
    missed: Flags = uniforms < rate
    return missed


def own_paces(
    who: Iterable[str], cv: float, *, seed: int, replication: int, mean: float = 1.0
) -> list[float]:
    """Return the seconds that each person needs for a standard second of work.

    Speeds are lognormal around ``mean``: with 1 a crew of any size does as much as a standard one
    in the mean.
    """
    if cv == 0.0:
        return [1.0 / mean for _ in who]
    law = Lognormal(distribution="lognormal", mean=1.0, cv=cv)
    return [
        1.0 / (mean * float(draw(law, stream(seed, f"people/pace/{person}", replication), 1)[0]))
        for person in who
    ]

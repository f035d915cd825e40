"""Is a run long enough for its load? A busy queue forgets its start slowly, and its mean wobbles.

The time in which a queue forgets grows with 1 / (1 - load)^2. A warm-up of less than a few such
times leaves the mean too low; a window of few of them makes the replications' means skewed. Both
make a 95 per cent interval cover far less, and neither shows in the interval itself.
"""

from __future__ import annotations

import math

from sim.experiments.statistics.series import check_positive

WARM_UP_TIMES = 3.0
"""Settling times that a warm-up has to last: exp(-3) of the start's bias is left."""

WINDOW_TIMES = 1000.0
"""Settling times that all windows together have to last; t intervals of skewed means need that."""

FEWEST_REPLICATIONS = 10


def settling_orders(load: float, variability: float = 1.0) -> float:
    """Return the relaxation time of a queue, counted in orders that come in.

    Parameters
    ----------
    load
        Offered load, above 0 and below 1.
    variability
        Mean of the squared coefficients of variation of gaps and service times; 1 for M/M/c.

    Raises
    ------
    ValueError
        A load or a variability outside its range.

    References
    ----------
    Morse (1955), Stochastic properties of waiting lines: 1 / (1 - sqrt(load))^2 service times for
    M/M/1. In heavy traffic it grows in proportion to the variability, and c servers together are
    one fast one (Whitt 1989, Planning queueing simulations).

    Examples
    --------
    >>> round(settling_orders(0.5), 1), round(settling_orders(0.9)), round(settling_orders(0.95))
    (5.8, 342, 1481)
    """
    if not 0.0 < load < 1.0:
        raise ValueError(f"load: found {load}; expected above 0 and below 1: from 1 on it grows")
    check_positive(variability, "variability")
    return load * variability / (1.0 - math.sqrt(load)) ** 2


def interval_warnings(
    load: float,
    warm_up_orders: float,
    window_orders: float,
    replications: int,
    variability: float = 1.0,
) -> list[str]:
    """Return why the intervals of a run are not to be trusted; empty if they are.

    Parameters
    ----------
    load
        Largest offered load of the stations, >= 0.
    warm_up_orders, window_orders
        Orders that come in during warm-up and window of one replication, >= 0.
    replications
        Replications, >= 1.
    variability
        As in :func:`settling_orders`.
    """
    if load >= 1.0:
        warning = f"load: found {load:.2f}; from 1 on a queue only grows and has no mean"
        return [f"{warning}: add people or take work away"]
    found = []
    if replications < FEWEST_REPLICATIONS:
        found.append(
            f"replications: found {replications}; an interval needs at least "
            f"{FEWEST_REPLICATIONS} to cover what it says"
        )
    if load <= 0.0:
        return found
    settling = settling_orders(load, variability)
    if warm_up_orders < WARM_UP_TIMES * settling:
        found.append(
            f"warm-up: found {warm_up_orders:.0f} orders; at a load of {load:.2f} the start is "
            f"forgotten after about {math.ceil(WARM_UP_TIMES * settling)}: waits come out too low"
        )
    if window_orders * replications < WINDOW_TIMES * settling:
        found.append(
            f"window: found {window_orders:.0f} orders in {replications} replications; at a load "
            f"of {load:.2f} intervals need about {math.ceil(WINDOW_TIMES * settling)} orders in "
            "all: they are too narrow"
        )
    return found

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

WINDOW_TIMES = 2000.0
"""Settling times, counted while there is a line, that all windows together have to last.

The error of a t interval falls with skewness^2 / replications, and that with 1 / this number: at
2,000 about half of a per cent of coverage is lost.
"""

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
    (5.8, 342, 1482)
    """
    if not 0.0 < load < 1.0:
        raise ValueError(f"load: found {load}; expected above 0 and below 1: from 1 on it grows")
    check_positive(variability, "variability")
    return load * variability / (1.0 - math.sqrt(load)) ** 2


def chance_to_wait(load: float, servers: int) -> float:
    """Return the share of orders that wait in M/M/c: Erlang's C, by the recursion of his B.

    Parameters
    ----------
    load
        Offered load of each server, above 0 and below 1.
    servers
        c, >= 1.

    Raises
    ------
    ValueError
        A load or a number of servers outside its range.

    References
    ----------
    Erlang (1917), Solution of some problems in the theory of probabilities of significance in
    automatic telephone exchanges.

    Examples
    --------
    >>> chance_to_wait(0.5, 1), round(chance_to_wait(0.5, 6), 4)
    (0.5, 0.0991)
    """
    if not 0.0 < load < 1.0 or servers < 1:
        raise ValueError(
            f"found load {load} and {servers} servers; expected a load above 0 and below 1, and at "
            "least 1 server"
        )
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * servers * blocked / (n + load * servers * blocked)
    return blocked / (1.0 - load * (1.0 - blocked))


def window_needed_orders(load: float, servers: int = 1, variability: float = 1.0) -> int:
    """Return how many orders all windows together need for intervals of waits that cover.

    Waits are skewed the more, the fewer orders wait: many servers need more orders.

    Parameters
    ----------
    load, servers
        As in :func:`chance_to_wait`.
    variability
        As in :func:`settling_orders`.
    """
    settling = settling_orders(load, variability)
    return math.ceil(WINDOW_TIMES * settling / chance_to_wait(load, servers))


def interval_warnings(
    load: float,
    warm_up_orders: float,
    window_orders: float,
    replications: int,
    *,
    servers: int = 1,
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
    servers
        People or places of that station, >= 1.
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
    needed = window_needed_orders(load, servers, variability)
    if window_orders * replications < needed:
        found.append(
            f"window: found {window_orders:.0f} orders in {replications} replications; at a load "
            f"of {load:.2f} intervals of waits need about {needed} in all: they are too narrow"
        )
    return found

"""People of several trades: who helps whom, who moves, who is missing, what an hour ships.

The yield of a floor hour can be held against other houses: 30 lines picked and shipped an hour in
the median operation, 80 in the best.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.duty import moves_s
from sim.kpis.people_tables import DISPATCHERS, PACKERS, PICKERS, REPLENISHERS
from sim.kpis.sums import HOUR_S, exact_sum, ratio
from sim.log.facts import ROLE_NAMES

FLOOR = (PICKERS, PACKERS, DISPATCHERS, REPLENISHERS)
WORKING_DAY_H = 8.0


def lines_shipped_per_floor_hour(account: Account) -> float | None:
    """Lines of orders that left completely inside the window / paid hours of the floor.

    The floor: pickers, packers, dispatchers and replenishers, breaks and idle time included. Lines
    refused, cancelled or sent by a supplier are out.
    """
    orders = np.flatnonzero(account.window.holds(account.ends.left_s))
    short = account.ends.short
    elsewhere = np.isin(short.order, orders) & (short.gone + short.dropped > 0)
    lines = account.lines_of(orders) - np.count_nonzero(elsewhere)
    paid_h = exact_sum(account.hours.paid_s[list(FLOOR)]) / HOUR_S
    return ratio(float(lines), paid_h)


def helped_share_rate(account: Account, role: int) -> float | None:
    """Work of a role done by people of other roles / all work of that role, inside the window."""
    hours = account.hours
    return ratio(float(hours.helped_s[role]), float(hours.worked_s[role]))


def moves_per_person_day(account: Account) -> float | None:
    """Moves to work of another role / paid days of eight hours, all roles, inside the window.

    A move is counted when the work is taken up; everybody begins a shift in their own role.
    """
    moves = np.count_nonzero(account.window.holds(moves_s(account.tables)))
    return ratio(float(moves), exact_sum(account.hours.paid_s) / HOUR_S / WORKING_DAY_H)


def absence_rate(account: Account) -> float | None:
    """Missed time / planned time inside the window, all roles: missed / (missed + paid - overtime).

    Missed time is that of the facts ABSENT.
    """
    hours = account.hours
    missed_s = exact_sum(hours.absent_s)
    return ratio(missed_s, missed_s + exact_sum(hours.paid_s) - exact_sum(hours.overtime_s))


FAMILY = "work"
DEFINITIONS = (
    KpiDefinition(
        "lines_shipped_per_floor_hour",
        "lines/h",
        FAMILY,
        "lines shipped a paid hour of the floor",
        "high",
        lines_shipped_per_floor_hour,
        "nobody of the floor was paid in the window",
    ),
    *(
        KpiDefinition(
            f"helped_share_{name}_rate",
            "share",
            FAMILY,
            f"work of {name.replace('_', ' ')} done by others",
            None,
            partial(helped_share_rate, role=role),
            f"there was no work of {name.replace('_', ' ')} in the window",
        )
        for role, name in enumerate(ROLE_NAMES)
    ),
    KpiDefinition(
        "moves_per_person_day",
        "moves/day",
        FAMILY,
        "moves of a person a day",
        None,
        moves_per_person_day,
        "nobody was paid in the window",
    ),
    KpiDefinition(
        "absence_rate",
        "share",
        FAMILY,
        "planned time missed",
        "low",
        absence_rate,
        "nobody was planned in the window",
    ),
)

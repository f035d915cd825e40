"""Work: how busy people are, what an hour yields, how far a picker walks for a line."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.people_tables import PICKERS
from sim.kpis.sums import HOUR_S, exact_sum, ratio
from sim.kpis.volume import orders_shipped_in_window
from sim.log.facts import ROLE_NAMES


def utilisation_rate(account: Account, role: int) -> float | None:
    """Busy time / (paid time - breaks) of the people of a role, inside the window.

    A person counts for their own role, whatever work they do; overtime is paid time. Other work at
    stations, taken up because nothing waits, is not busy time.
    """
    hours = account.hours
    return ratio(float(hours.busy_s[role]), float(hours.paid_s[role] - hours.break_s[role]))


def lines_per_labour_hour(account: Account) -> float | None:
    """Lines picked inside the window (LINE_PICKED) / hours given to picking inside the window.

    Hours given to picking: paid hours of pickers, less what they worked for other roles, plus what
    people of other roles worked at the pick.
    """
    hours = account.hours
    lent_s = float(hours.worked_s[PICKERS]) - float(hours.busy_s[PICKERS])
    return ratio(
        float(account.tables.of_lines.lines_picked_in_window),
        (float(hours.paid_s[PICKERS]) + lent_s) / HOUR_S,
    )


def orders_per_labour_hour(account: Account) -> float | None:
    """Orders that left completely inside the window / paid hours of all roles inside the window."""
    paid_h = exact_sum(account.hours.paid_s) / HOUR_S
    return ratio(float(orders_shipped_in_window(account)), paid_h)


def tours_in_window(account: Account) -> npt.NDArray[np.int64]:
    """Return the numbers of the tours that ended inside the window."""
    return np.flatnonzero(account.window.holds(account.tables.tours["ended_s"]))


def walk_m_per_line(account: Account) -> float | None:
    """Metres walked / lines on the list, over the tours that ended inside the window."""
    tours = tours_in_window(account)
    metres = exact_sum(account.tables.tours["walk_m"][tours])
    return ratio(metres, float(account.tables.tours["lines"][tours].sum()))


def lines_per_tour(account: Account) -> float | None:
    """Lines on the list / tours, over the tours that ended inside the window."""
    tours = tours_in_window(account)
    return ratio(float(account.tables.tours["lines"][tours].sum()), float(len(tours)))


def orders_per_tour(account: Account) -> float | None:
    """Orders on the cart / tours, over the tours that ended inside the window."""
    tours = tours_in_window(account)
    return ratio(float(account.tables.tours["orders"][tours].sum()), float(len(tours)))


def overtime_share_rate(account: Account) -> float | None:
    """Paid time after the shift's end / paid time, all roles, inside the window."""
    return ratio(exact_sum(account.hours.overtime_s), exact_sum(account.hours.paid_s))


FAMILY = "work"
NOBODY = "nobody was paid in the window"
NO_TOUR = "no tour ended in the window"
DEFINITIONS = (
    *(
        KpiDefinition(
            f"utilisation_{name}_rate",
            "share",
            FAMILY,
            f"{name.replace('_', ' ')} busy",
            None,
            partial(utilisation_rate, role=role),
            f"no {name.replace('_', ' ')} were on duty in the window",
        )
        for role, name in enumerate(ROLE_NAMES)
    ),
    KpiDefinition(
        "lines_per_labour_hour",
        "lines/h",
        FAMILY,
        "lines picked a paid picker hour",
        "high",
        lines_per_labour_hour,
        "nobody picked and no pickers were on duty in the window",
    ),
    KpiDefinition(
        "orders_per_labour_hour",
        "orders/h",
        FAMILY,
        "orders shipped a paid hour",
        "high",
        orders_per_labour_hour,
        NOBODY,
    ),
    KpiDefinition("walk_m_per_line", "m", FAMILY, "walk a line", "low", walk_m_per_line, NO_TOUR),
    KpiDefinition(
        "lines_per_tour", "lines", FAMILY, "lines on a tour", None, lines_per_tour, NO_TOUR
    ),
    KpiDefinition(
        "orders_per_tour", "orders", FAMILY, "orders on a tour", None, orders_per_tour, NO_TOUR
    ),
    KpiDefinition(
        "overtime_share_rate", "share", FAMILY, "overtime", "low", overtime_share_rate, NOBODY
    ),
)

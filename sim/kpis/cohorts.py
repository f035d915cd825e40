"""Cohorts of customers: those whose first orders fell in one month, and their orders since.

All placed orders of the log count, those of the warm-up too. Guests are out, and so are customers
who are known to have ordered before the log begins. Of a history that is not known: the first order
in it counts as the first of all. In a steady base nobody is new, so it has no cohorts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.ends import NOT_PLACED

Integers = npt.NDArray[np.int64]

LEAST_DAYS_BY_MONTH = 60
"""Shorter runs are told week by week, from the first day on."""
WEEK_DAYS = 7


@dataclass(frozen=True)
class Cohort:
    """Customers whose first order fell in one period.

    Parameters
    ----------
    start
        First day of the period, ISO; of a month its first.
    customers
        How many they are.
    orders, active
        Their orders in this period, the next one, ... up to the last, and how many of them ordered
        at all. The last period may be cut short by the end of the run.
    """

    start: str
    customers: int
    orders: tuple[int, ...]
    active: tuple[int, ...]


@dataclass(frozen=True)
class CohortTable:
    """The cohorts of a log, the first one first, by ``period``; empty without known customers."""

    period: Literal["month", "week"]
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True)
class FirstOrders:
    """The first order of each customer who is not known from before the log, by customer."""

    customer: Integers
    order: Integers


def tells_who_is_new(account: Account) -> bool:
    """Tell whether the log shows first orders: not those of a base that was there before."""
    return account.demand.acquired_s is not None or account.scenario.orders.source == "history"


def first_orders(account: Account) -> FirstOrders:
    """Return who was new, and their first order."""
    demand = account.demand
    order = account.first_of_customer
    if not tells_who_is_new(account):
        order = order[:0]
    customer = demand.customer[order].astype(np.int64)
    if demand.acquired_s is not None:
        new = demand.acquired_s[customer] >= 0.0
        customer, order = customer[new], order[new]
    return FirstOrders(customer, order)


def orders_of_new(account: Account, first: FirstOrders) -> tuple[Integers, Integers]:
    """Return all placed orders of new customers, and for each the place of its customer."""
    demand = account.demand
    place = np.full(int(demand.customer.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[first.customer] = np.arange(len(first.customer))
    placed = np.flatnonzero((account.ends.state != NOT_PLACED) & (demand.customer >= 0))
    of = place[demand.customer[placed]]
    return placed[of >= 0], of[of >= 0]


def cohort_table(account: Account) -> CohortTable:
    """Return the cohorts by calendar month, or by week in a log of less than 60 days."""
    run = account.scenario.run
    days = run.warm_up_days + run.horizon_days + run.cool_down_days
    period: Literal["month", "week"] = "month" if days >= LEAST_DAYS_BY_MONTH else "week"
    first = first_orders(account)
    if not len(first.customer):
        return CohortTable(period, ())
    order, of = orders_of_new(account, first)
    number = _periods(account, period)
    start = number[first.order]
    after = number[order] - start[of]
    cohort = start - start.min()
    width = int(number[order].max() - start.min()) + 1
    shape = (int(cohort.max()) + 1, width)
    orders, active = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(orders, (cohort[of], after), 1)
    once = np.unique(of * width + after)
    np.add.at(active, (cohort[once // width], once % width), 1)
    customers = np.bincount(cohort, minlength=shape[0])
    return CohortTable(
        period,
        tuple(
            Cohort(
                _first_day(account, period, int(start.min()) + row),
                int(customers[row]),
                tuple(orders[row, : width - row].tolist()),
                tuple(active[row, : width - row].tolist()),
            )
            for row in range(shape[0])
        ),
    )


def _periods(account: Account, period: str) -> Integers:
    """Return the number of the month or week in which each order of the book is placed."""
    day = (account.demand.placed_s // 86_400.0).astype(np.int64)
    if period == "week":
        return day // WEEK_DAYS
    date = np.datetime64(account.scenario.run.start_date, "D") + day
    months: Integers = date.astype("datetime64[M]").astype(np.int64)
    return months


def _first_day(account: Account, period: str, number: int) -> str:
    if period == "month":
        return str(np.datetime64(number, "M").astype("datetime64[D]"))
    start = np.datetime64(account.scenario.run.start_date, "D")
    return str(start + np.timedelta64(WEEK_DAYS * number, "D"))

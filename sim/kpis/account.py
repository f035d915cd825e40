"""What a KPI reads: the tables of a run, the scenario's prices, and who belongs to the cohort.

The cohort is the orders placed inside the measured window. Whatever is asked more than once is
worked out once and kept.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.kpis.duty import Hours, hours_of_roles
from sim.kpis.ends import CANCELLED, DELIVERED, NOT_PLACED, Ends, find_ends
from sim.kpis.lead_parts import ClockTimes, clock_times
from sim.kpis.station_tables import Visits
from sim.kpis.sums import DAY_S, YEAR_S
from sim.kpis.tables import Tables
from sim.log.facts import CancelReason
from sim.scenario.schema import Scenario

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Account:
    """Tables and scenario of one replication, as KPI functions read them.

    Parameters
    ----------
    tables
        The folded log; nothing may be added to it any more.
    scenario
        Prices, wages and boxes.
    """

    def __init__(self, tables: Tables, scenario: Scenario) -> None:
        self.tables = tables
        self.scenario = scenario
        self.window = tables.window
        self.demand = tables.demand

    @property
    def days(self) -> float:
        """Length of the window in days."""
        return self.window.length_s / DAY_S

    @property
    def years(self) -> float:
        """Length of the window in years of 365 days."""
        return self.window.length_s / YEAR_S

    @cached_property
    def ends(self) -> Ends:
        """How every order ended."""
        return find_ends(self.tables)

    @cached_property
    def hours(self) -> Hours:
        """Paid, break, busy and overtime seconds of each role inside the window."""
        return hours_of_roles(self.tables, self.window.start_s, self.window.end_s)

    @cached_property
    def cohort(self) -> Integers:
        """Numbers of the orders placed inside the window, ascending."""
        first = self.tables.first_order
        placed = self.ends.state[first : self.tables.end_order] != NOT_PLACED
        orders: Integers = np.flatnonzero(placed) + first
        return orders

    @cached_property
    def first_of_customer(self) -> Integers:
        """First placed order of each customer of the log, by customer; guests are out."""
        placed = np.flatnonzero((self.ends.state != NOT_PLACED) & (self.demand.customer >= 0))
        _, at = np.unique(self.demand.customer[placed], return_index=True)
        first: Integers = placed[at]
        return first

    @cached_property
    def delivered(self) -> Integers:
        """Orders of the cohort that were delivered completely."""
        delivered: Integers = self.cohort[self.ends.state[self.cohort] == DELIVERED]
        return delivered

    @cached_property
    def shipped(self) -> Integers:
        """Orders of the cohort of which everything left."""
        shipped: Integers = self.cohort[self.ends.shipped[self.cohort]]
        return shipped

    @cached_property
    def reached_stock(self) -> Integers:
        """Orders of the cohort for which stock was asked: paid, or answered with a shortage."""
        paid = ~np.isnan(self.tables.orders["paid_s"][self.cohort])
        asked = np.isin(self.cohort, self.ends.short.order)
        reached: Integers = self.cohort[paid | asked]
        return reached

    @cached_property
    def times(self) -> ClockTimes:
        """Clock times of the last leg of each delivered order of the cohort."""
        return clock_times(self.tables, self.delivered, self.ends.last_leg[self.delivered])

    @cached_property
    def visits(self) -> Visits:
        """Visits of shipments to stations."""
        return self.tables.of_stations.visits()

    @cached_property
    def order_of_leg(self) -> npt.NDArray[np.int32]:
        """Order of each shipment number."""
        order = np.arange(self.tables.shipments.size, dtype=np.int32)
        order[self.tables.legs["shipment"]] = self.tables.legs["order"]
        return order

    @cached_property
    def cohort_legs(self) -> Integers:
        """Shipments of the cohort's orders, replacements included."""
        legs: Integers = np.flatnonzero(self.tables.cohort_order(self.order_of_leg))
        return legs

    def lines_of(self, orders: Integers) -> int:
        """Return the number of order lines of some orders."""
        first = self.demand.first_line
        return int(np.sum(first[orders + 1] - first[orders], dtype=np.int64))

    def cancelled_for(self, *reasons: CancelReason) -> int:
        """Return how many orders of the cohort were cancelled for some reasons."""
        reason = self.ends.cancel_reason[self.cohort]
        codes = [int(r) for r in reasons]
        here = self.ends.state[self.cohort] == CANCELLED
        return int(np.count_nonzero(here & np.isin(reason, codes)))

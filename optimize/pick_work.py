"""What picking comes to: metres, minutes, tours and lines an hour, by the scenario's own times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf

from sim.scenario.schema import Scenario, law_mean
from sim.warehouse.layout import Layout

MINUTE_S, HOUR_S = 60.0, 3600.0


@dataclass(frozen=True)
class TourLoad:
    """What is on one cart.

    Parameters
    ----------
    walk_m
        Metres of its round trip.
    stops
        Location of each line.
    units
        Units of goods.
    orders
        Orders that share the cart.
    """

    walk_m: float
    stops: tuple[int, ...]
    units: int
    orders: int


@dataclass(frozen=True)
class Work:
    """What tours come to together.

    Parameters
    ----------
    tours, lines
        How many.
    walk_m
        Metres.
    work_s
        Seconds of set-up, walk, and work at the places.
    """

    tours: int
    lines: int
    walk_m: float
    work_s: float

    @property
    def minutes(self) -> float:
        """Minutes of work."""
        return self.work_s / MINUTE_S

    @property
    def lines_per_h(self) -> float:
        """Lines picked in an hour of picking; infinite where nothing takes time."""
        return self.lines * HOUR_S / self.work_s if self.work_s else inf


def work_of(tours: Iterable[TourLoad], scenario: Scenario, layout: Layout) -> Work:
    """Return what tours come to.

    Set-up, walk, and for each line its search, its way up and its scan, for each unit the take;
    a line's search is the mean of its law, and nothing of it is found short or put right.
    A packer's sorting after the tour is no work of pickers.

    Parameters
    ----------
    tours
        What is on each cart.
    scenario
        Times and walking speed.
    layout
        The floor, for the ways up.
    """
    picking, scan = scenario.picking, scenario.picking.scan
    line_s = law_mean(picking.search_s) + (scan.s_per_scan if scan.of == "lines" else 0.0)
    unit_s = picking.take_s_per_unit + (scan.s_per_scan if scan.of == "units" else 0.0)
    sort_s = picking.sort_s_per_line if picking.sorting == "while_picking" else 0.0
    access_s = layout.access_s
    every = list(tours)
    seconds: list[float] = []
    for tour in every:
        at_each_line_s = line_s + (sort_s if tour.orders > 1 else 0.0)
        seconds += [
            picking.tour_setup_s,
            tour.walk_m / scenario.warehouse.walk_speed_m_per_s,
            at_each_line_s * len(tour.stops),
            unit_s * tour.units,
        ]
        if access_s is not None:
            seconds += [access_s[stop] for stop in tour.stops]
    return Work(
        len(every),
        sum(len(tour.stops) for tour in every),
        fsum(tour.walk_m for tour in every),
        fsum(seconds),
    )

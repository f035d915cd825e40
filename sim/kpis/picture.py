"""The picture of a replication: every curve and table that the report draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.kpis.account import Account
from sim.kpis.boxes import boxes_used, step_minutes
from sim.kpis.cohorts import CohortTable, cohort_table
from sim.kpis.in_process import InProcess, work_in_process
from sim.kpis.money import money_steps_eur
from sim.kpis.series import (
    Curve,
    ErrorRow,
    Floats,
    Integers,
    WeekBand,
    click_to_ship_curve,
    errors_by_cause,
    lead_time_curve,
    parts_stack,
    picks_by_location,
    queue_by_hour,
    returns_by_reason,
    sales_and_returns_by_category,
    stockouts_by_answer,
    utilisation_by_hour,
)
from sim.kpis.stations import StationRow, station_rows
from sim.kpis.trucks import CutOff, cut_offs
from sim.log.facts import ROLE_NAMES


@dataclass(frozen=True)
class Picture:
    """Curves and tables of one replication; see :mod:`sim.kpis.series`, :mod:`sim.kpis.trucks`.

    Parameters
    ----------
    lead_time, click_to_ship
        Distribution curves.
    parts
        Mean hours by part of the lead time, of all orders and of the slowest tenth.
    queues
        Role to the length of its line over the week.
    utilisation
        Shape (roles, 7, 24).
    picks
        Lines picked by location.
    errors, returns, stockouts
        Errors by cause, units by reason, (lines, units) by answer.
    cut_offs
        Promised and missed trucks by service and truck time.
    boxes
        (Parcels, litres of void) by box, the smallest first.
    packing_minutes
        Minutes of packing work by step.
    cohorts
        Customers by their first order; see :mod:`sim.kpis.cohorts`.
    categories
        (Units sold, units returned) by category.
    money_eur
        Steps from the money charged to the margin.
    in_process
        Work in process over warm-up and window; see :mod:`sim.kpis.in_process`.
    stations
        What happened at each station, in the order of the scenario.
    """

    lead_time: Curve
    click_to_ship: Curve
    parts: dict[str, dict[str, float]]
    queues: dict[str, WeekBand]
    utilisation: Floats
    picks: Integers
    errors: list[ErrorRow]
    returns: dict[str, int]
    stockouts: dict[str, tuple[int, int]]
    cut_offs: list[CutOff]
    boxes: dict[str, tuple[int, float]]
    packing_minutes: dict[str, float]
    cohorts: CohortTable
    categories: dict[str, tuple[int, int]] = field(default_factory=dict)
    money_eur: dict[str, float] = field(default_factory=dict)
    in_process: InProcess = field(default_factory=InProcess)
    stations: dict[str, StationRow] = field(default_factory=dict)


def picture(account: Account, location_of_sku: Sequence[int], locations: int) -> Picture:
    """Draw the picture of a replication.

    Parameters
    ----------
    account
        The folded log with its scenario.
    location_of_sku
        Location by SKU.
    locations
        Locations of the floor.
    """
    return Picture(
        lead_time_curve(account),
        click_to_ship_curve(account),
        parts_stack(account),
        {name: queue_by_hour(account, role) for role, name in enumerate(ROLE_NAMES)},
        utilisation_by_hour(account),
        picks_by_location(account, np.asarray(location_of_sku, dtype=np.int64), locations),
        errors_by_cause(account),
        returns_by_reason(account),
        stockouts_by_answer(account),
        cut_offs(account),
        boxes_used(account),
        step_minutes(account),
        cohort_table(account),
        categories=sales_and_returns_by_category(account),
        money_eur=money_steps_eur(account),
        in_process=work_in_process(account),
        stations=station_rows(account),
    )

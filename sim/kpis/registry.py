"""The list of all KPIs, and the one function that computes them."""

from __future__ import annotations

from sim.kpis import (
    accuracy,
    boxes,
    customers,
    entry,
    inbound,
    lead_time,
    money,
    payment,
    people,
    pick_faces,
    picking,
    promise,
    records,
    replenishment,
    return_costs,
    returns,
    stations,
    stock,
    stockouts,
    trucks,
    volume,
    work,
)
from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.tables import Tables
from sim.scenario.schema import Scenario

FAMILIES = (
    *(volume, lead_time, entry, payment, promise, trucks, accuracy, returns, return_costs),
    *(customers, stock, stockouts, replenishment, records, inbound, pick_faces, picking, boxes),
    *(stations, work, people, money),
)

KPIS: dict[str, KpiDefinition] = {
    definition.name: definition for family in FAMILIES for definition in family.DEFINITIONS
}
"""Every KPI by name, in the order in which tables show them."""


def compute(tables: Tables, scenario: Scenario) -> dict[str, float | None]:
    """Return every KPI of a replication; None where it is undefined.

    ``KPIS[name].undefined`` says when that is so.

    Parameters
    ----------
    tables
        The folded log, complete.
    scenario
        Prices, wages, boxes and carrier services of the run.
    """
    return kpis_of(Account(tables, scenario))


def kpis_of(account: Account) -> dict[str, float | None]:
    """Return every KPI of an account that has other readers too; see :func:`compute`."""
    return {name: definition.function(account) for name, definition in KPIS.items()}

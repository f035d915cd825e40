"""What a returned unit costs, and what was paid back for goods that never came."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.money import returns_eur, wages_eur_per_h
from sim.kpis.returns import FAMILY, cohort_returns, units_returned, units_returned_window
from sim.kpis.sums import HOUR_S, exact_sum, ratio
from sim.log.facts import ROLE_NAMES

RETURNS_CLERKS = ROLE_NAMES.index("returns_clerks")


def desk_eur(account: Account) -> float:
    """Return the wages of the work that is done by returns clerks inside the window, EUR."""
    busy_s = float(account.hours.busy_s[RETURNS_CLERKS])
    return busy_s / HOUR_S * float(wages_eur_per_h(account)[RETURNS_CLERKS])


def write_off_eur(account: Account) -> float:
    """Return what the cohort's returns lost in value, EUR.

    Purchase cost of units scrapped or sold off - what these brought in + material of refurbishing.
    """
    tables, rows = account.tables, cohort_returns(account)
    table = tables.returns
    gone = (table["scrapped_units"][rows] + table["sold_off_units"][rows]).astype(np.int64)
    cost_cents = tables.catalogue.cost_cents[tables.of_lines.sku_of(table["line"][rows])]
    lost = int(np.sum(gone * cost_cents)) + int(table["material_cents"][rows].sum())
    return (lost - int(table["proceeds_cents"][rows].sum())) / 100.0


PARTS = {"carriage": returns_eur, "write_off": write_off_eur}


def cost_of_return_part_per_unit_eur(account: Account, part: str) -> float | None:
    """One part of the cost of a returned unit, EUR.

    Carriage back, and value lost (purchase cost of units scrapped or sold off - what these brought
    in + material of refurbishing): of the cohort / units_returned. Desk: wages of the time that
    returns clerks work inside the window / units received back inside it. Idle time, overtime
    supplements and the work of clerks are out, and so are the way there and lost revenue.
    """
    if part == "desk":
        return ratio(desk_eur(account), units_returned_window(account))
    return ratio(PARTS[part](account), units_returned(account))


def cost_of_return_per_unit_eur(account: Account) -> float | None:
    """Cost of a returned unit, EUR: the sum of its parts (see cost_of_return_carriage_...)."""
    parts = [cost_of_return_part_per_unit_eur(account, part) for part in (*PARTS, "desk")]
    known = [part for part in parts if part is not None]
    return exact_sum(np.array(known)) if len(known) == len(parts) else None


def refunded_never_came_eur(account: Account) -> float:
    """Money given back for goods of the cohort that never came, EUR.

    In: lines refunded and RETURN_NEVER_CAME: the price of refunds at the request. Exchanges sent
    in advance are out.
    """
    table = account.tables.returns
    rows = cohort_returns(account) & ~np.isnan(table["never_came_s"])
    return int(table["refunded_cents"][rows].sum()) / 100.0


NOTHING_CAME = "nothing of the cohort came back, or nothing inside the window"
DEFINITIONS = (
    KpiDefinition(
        "cost_of_return_per_unit_eur",
        "EUR",
        FAMILY,
        "cost of a returned unit",
        "low",
        cost_of_return_per_unit_eur,
        NOTHING_CAME,
    ),
    *(
        KpiDefinition(
            f"cost_of_return_{part}_per_unit_eur",
            "EUR",
            FAMILY,
            f"cost of a returned unit: {title}",
            "low",
            partial(cost_of_return_part_per_unit_eur, part=part),
            NOTHING_CAME,
        )
        for part, title in (
            ("carriage", "carriage back"),
            ("desk", "work of returns clerks"),
            ("write_off", "value lost"),
        )
    ),
    KpiDefinition(
        "refunded_never_came_eur",
        "EUR",
        FAMILY,
        "paid back, never came",
        "low",
        refunded_never_came_eur,
    ),
)

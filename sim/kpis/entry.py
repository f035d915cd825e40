"""Order entry: how many mistakes are made, who finds them, and what one costs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import HOUR_S, exact_sum, ratio
from sim.log.facts import EntryFault, ReturnReason
from sim.scenario.schema import law_mean

Integers = npt.NDArray[np.int64]


def mistakes(account: Account) -> int:
    """Return the mistakes made in the cohort: lines typed wrong and wrong addresses."""
    rows = account.tables.entry_faults
    return int(np.count_nonzero(account.tables.cohort_order(rows["order"])))


def entry_errors_per_1000_lines(account: Account) -> float | None:
    """Mistakes of entry (ENTRY_FAULT) / lines of the cohort's orders x 1000.

    In: wrong SKUs, wrong quantities and wrong addresses, whoever finds them.
    """
    return ratio(1000.0 * mistakes(account), float(account.lines_of(account.cohort)))


def seen_at_packing(account: Account) -> int:
    """Return the lines of the cohort that a packer saw to be typed wrong."""
    tables = account.tables
    return int(np.count_nonzero(tables.cohort_line(tables.form_found["line"])))


def orders_with_a_detour(account: Account) -> int:
    """Return the orders of the cohort of which a parcel went to a wrong door."""
    order = account.tables.corrected_addresses["order"]
    return len(np.unique(order[account.tables.cohort_order(order)]))


def lines_claimed(account: Account) -> int:
    """Return the lines of the cohort typed wrong to the end for which the customer came back."""
    tables = account.tables
    faults = tables.entry_faults
    wrong = faults["line"][faults["fault"] != int(EntryFault.WRONG_ADDRESS)]
    wrong = np.setdiff1d(wrong, tables.entry_mended["line"])
    wrong = np.setdiff1d(wrong, tables.form_found["line"])
    wrong = wrong[tables.cohort_line(wrong)]
    own_fault = tables.returns["reason"] >= int(ReturnReason.WRONG_ITEM)
    return int(np.count_nonzero(np.isin(wrong, tables.returns["line"][own_fault])))


def entry_errors_found_at_packing_rate(account: Account) -> float | None:
    """Mistakes that a packer saw on the order form (ENTRY_FAULT_FOUND) / mistakes made.

    In: the cohort, addresses too; those that the confirmation showed are counted by
    entry_errors_found_rate. The shares of confirmation, packing, carrier and door leave what nobody
    found or claimed, and what was never sent.
    """
    return ratio(float(seen_at_packing(account)), float(mistakes(account)))


def entry_errors_found_by_carrier_rate(account: Account) -> float | None:
    """Orders of which a parcel went to a wrong door (ADDRESS_CORRECTED) / mistakes made."""
    return ratio(float(orders_with_a_detour(account)), float(mistakes(account)))


def entry_errors_found_at_door_rate(account: Account) -> float | None:
    """Lines that arrived as typed, wrong, and were claimed (RETURN_ASKED) / mistakes made."""
    return ratio(float(lines_claimed(account)), float(mistakes(account)))


def address_corrections_eur(account: Account) -> float:
    """Carriers' surcharges on parcels that went to a wrong door, EUR, of the cohort's orders."""
    tables = account.tables
    rows = tables.corrected_addresses
    legs = rows["shipment"][tables.cohort_order(rows["order"])]
    parcels = len(legs) + int(np.count_nonzero(np.isin(tables.extra_boxes["shipment"], legs)))
    return parcels * account.scenario.entry.address_correction_eur


def mending_s(account: Account) -> float:
    """Return the clerks' standard seconds to mend the cohort's orders, wherever they were found."""
    tables = account.tables
    mended, aside = tables.entry_mended, tables.put_aside
    at_once_s = mended["seconds"][tables.cohort_order(mended["order"])]
    later_s = aside["seconds"][tables.cohort_order(account.order_of_leg[aside["shipment"]])]
    return exact_sum(at_once_s) + exact_sum(later_s)


def entry_returns_eur(account: Account) -> float:
    """Return what the cohort's claims of lines typed wrong cost, EUR.

    Carriage of what came back, its inspection at the mean of its law (and the walk to the shelf),
    and what was scrapped at purchase cost.
    """
    tables, scenario = account.tables, account.scenario
    returns, rules = tables.returns, scenario.returns
    rows = np.flatnonzero(
        (returns["reason"] == int(ReturnReason.ENTRY_ERROR)) & tables.cohort_line(returns["line"])
    )
    received = int(np.count_nonzero(~np.isnan(returns["received_s"][rows])))
    restocked = int(np.count_nonzero(returns["restocked_units"][rows]))
    work_s = received * law_mean(rules.inspect_s) + restocked * rules.restock_s
    wage = scenario.people.eur_per_hour.returns_clerks
    cost_cents = tables.catalogue.cost_cents[tables.of_lines.sku_of(returns["line"][rows])]
    scrapped = int(np.sum(returns["scrapped_units"][rows] * cost_cents.astype(np.int64)))
    return received * rules.carriage_eur + work_s / HOUR_S * wage + scrapped / 100.0


def entry_errors_eur(account: Account) -> float:
    """Return what the cohort's mistakes of entry cost, EUR."""
    wage = account.scenario.people.eur_per_hour.clerks
    parts = (
        mending_s(account) / HOUR_S * wage,
        address_corrections_eur(account),
        entry_returns_eur(account),
    )
    return exact_sum(np.array(parts))


def entry_error_cost_eur(account: Account) -> float | None:
    """Cost of a mistake of entry, EUR: cost of all of them / mistakes made, of the cohort.

    Cost = clerks' minutes to mend (at the confirmation, or when a packer has seen it) x wage
    + carriers' surcharge for wrong addresses + for claims of lines typed wrong: carriage back,
    minutes of inspection x wage (at the mean of inspect_s), goods scrapped at purchase cost. Out:
    the second pick and packing, the price given back, and the customer's next order.
    """
    return ratio(entry_errors_eur(account), float(mistakes(account)))


def entry_error_cost_per_order_eur(account: Account) -> float | None:
    """Cost of all mistakes of entry / orders of the cohort, EUR; see entry_error_cost_eur.

    It is a part of labour, carriage, returns and goods, and not added to them once more.
    """
    return ratio(entry_errors_eur(account), float(len(account.cohort)))


FAMILY = "entry"
NO_ORDER = "no order was placed in the window"
NO_MISTAKE = "no mistake of entry was made in the cohort"
DEFINITIONS = (
    KpiDefinition("entry_errors_per_1000_lines", "", FAMILY, "mistakes in 1,000 lines", "low",
                  entry_errors_per_1000_lines, NO_ORDER),
    KpiDefinition("entry_errors_found_at_packing_rate", "share", FAMILY, "found by the packer",
                  None, entry_errors_found_at_packing_rate, NO_MISTAKE),
    KpiDefinition("entry_errors_found_by_carrier_rate", "share", FAMILY, "found by the carrier",
                  "low", entry_errors_found_by_carrier_rate, NO_MISTAKE),
    KpiDefinition("entry_errors_found_at_door_rate", "share", FAMILY, "found by the customer",
                  "low", entry_errors_found_at_door_rate, NO_MISTAKE),
    KpiDefinition("entry_error_cost_eur", "EUR", FAMILY, "cost of a mistake", "low",
                  entry_error_cost_eur, NO_MISTAKE),
    KpiDefinition("entry_error_cost_per_order_eur", "EUR", FAMILY, "cost of mistakes, per order",
                  "low", entry_error_cost_per_order_eur, NO_ORDER),
)  # fmt: skip

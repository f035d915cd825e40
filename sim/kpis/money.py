"""Money: what an order costs, what it brings, and what is given back.

Labour is paid for the window; goods, boxes, carriage and refunds are those of the cohort,
followed to their end. In a steady house both speak of the same orders.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.entry import address_corrections_eur
from sim.kpis.payment import written_off_eur
from sim.kpis.records import shrinkage_eur
from sim.kpis.returns import cohort_returns
from sim.kpis.shipment_tables import DROPSHIP_LEG
from sim.kpis.stock_costs import stock_eur
from sim.kpis.sums import HOUR_S, exact_sum, ratio
from sim.kpis.volume import orders_shipped_in_window
from sim.log.facts import ROLE_NAMES
from sim.warehouse.demand_classes import stockout_class_of_sku

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def wages_eur_per_h(account: Account) -> Floats:
    """Return the wage of each role."""
    wages = account.scenario.people.eur_per_hour
    return np.array([float(getattr(wages, name)) for name in ROLE_NAMES])


def labour_eur(account: Account) -> float:
    """Wages of the window without overtime, EUR: regular paid hours times wage, over roles.

    Breaks and idle time are paid.
    """
    regular_s = account.hours.paid_s - account.hours.overtime_s
    return exact_sum(regular_s * wages_eur_per_h(account)) / HOUR_S


def overtime_eur(account: Account) -> float:
    """Wages of overtime inside the window, EUR: its hours times wage times factor."""
    factor = account.scenario.people.overtime_factor
    return exact_sum(account.hours.overtime_s * wages_eur_per_h(account)) / HOUR_S * factor


def absence_eur(account: Account) -> float:
    """Wages of missed shifts inside the window, EUR: their hours times wage; 0 if not paid."""
    if not account.scenario.people.absence_paid:
        return 0.0
    return exact_sum(account.hours.absent_s * wages_eur_per_h(account)) / HOUR_S


def parcels(account: Account) -> tuple[Integers, Floats]:
    """Return box number and void (ml) of every parcel of the cohort, replacements included."""
    shipments, extra = account.tables.shipments, account.tables.extra_boxes
    legs = account.cohort_legs[shipments["box"][account.cohort_legs] >= 0]
    more = account.tables.cohort_order(account.order_of_leg[extra["shipment"]])
    box = np.concatenate([shipments["box"][legs], extra["box"][more]]).astype(np.int64)
    void_ml = np.concatenate(
        [shipments["void_ml"][legs].astype(np.float64), extra["void_ml"][more]]
    )
    return box, void_ml


def boxes_eur(account: Account) -> float:
    """Boxes and void fill of the cohort's parcels, EUR: box price + litres of void times price."""
    box, void_ml = parcels(account)
    packing = account.scenario.packing
    prices = np.array([box.price_eur for box in account.scenario.packing.boxes_by_volume])
    counts = np.bincount(box, minlength=len(prices))
    fill = exact_sum(void_ml) / 1000.0 * packing.void_fill_eur_per_l
    return exact_sum(counts[: len(prices)] * prices) + fill


def own_departures(account: Account) -> Integers:
    """Return the shipments of the cohort that left the house with a carrier."""
    shipments, legs = account.tables.shipments, account.cohort_legs
    left = ~np.isnan(shipments["handed_over_s"][legs])
    own = (shipments["flags"][legs] & DROPSHIP_LEG) == 0
    departures: Integers = legs[left & own]
    return departures


def carriage_eur(account: Account) -> float:
    """Carriage to customers, EUR: parcels times their price + billed kg times the price of one.

    Surcharges for wrong addresses are added.

    In: everything of the cohort that left with a carrier, replacements too. Out: dropship legs (the
    supplier's charge holds their carriage).
    """
    shipments = account.tables.shipments
    legs = own_departures(account)
    services = list(account.scenario.shipping.services.values())
    parcel = np.array([s.price_eur for s in services])
    per_kg = np.array([s.price_eur_per_kg for s in services])
    service = shipments["service"][legs].astype(np.int64)
    count = np.ones(shipments.size, dtype=np.int64)
    np.add.at(count, account.tables.extra_boxes["shipment"], 1)
    grams = shipments["billed_g"][legs].astype(np.float64)
    surcharges_eur = address_corrections_eur(account)
    return exact_sum(count[legs] * parcel[service] + grams / 1000.0 * per_kg[service]) + (
        surcharges_eur
    )


def returns_eur(account: Account) -> float:
    """Carriage of the cohort's returns, EUR: price times lines received back."""
    received = ~np.isnan(account.tables.returns["received_s"][cohort_returns(account)])
    return float(np.count_nonzero(received)) * account.scenario.returns.carriage_eur


def refurbishing_eur(account: Account) -> float:
    """Material for refurbishing the cohort's returns, EUR (REFURBISHED)."""
    return int(account.tables.returns["material_cents"][cohort_returns(account)].sum()) / 100.0


def sold_off_eur(account: Account) -> float:
    """What the cohort's returns brought in as scrap or second-hand, EUR (SCRAPPED, SOLD_OFF)."""
    return int(account.tables.returns["proceeds_cents"][cohort_returns(account)].sum()) / 100.0


def dropship_eur(account: Account) -> float:
    """Suppliers' extra charge on the units they sent, EUR: share times sales price, cohort.

    The share is that of the SKU's class (stockouts.by_class), else that of all.
    """
    short, tables = account.ends.short, account.tables
    here = tables.cohort_line(short.line) & (short.dropped > 0)
    here &= account.ends.cancel_reason[short.order] == 0
    line = short.line[here]
    cents = short.dropped[here] * tables.of_lines.price_cents()[line]
    rules = account.scenario.stockouts
    classes = list(rules.by_class.values())
    if all(each.dropship_cost_share is None for each in classes):
        return int(np.sum(cents)) * rules.dropship_cost_share / 100.0
    own = [each.dropship_cost_share for each in classes]
    usual = rules.dropship_cost_share
    table = np.array([*(usual if share is None else share for share in own), usual])
    of_sku = stockout_class_of_sku(tables.catalogue, classes, account.scenario.warehouse.abc)
    return exact_sum(cents * table[of_sku[tables.of_lines.sku_of(line)]]) / 100.0


def goods_eur(account: Account) -> float:
    """Purchase cost of the goods that went out for the cohort and did not come back, EUR.

    Units picked and not put back (replacements and exchanges too) + units sent by suppliers - units
    restocked.
    """
    tables, short = account.tables, account.ends.short
    cost_cents = tables.catalogue.cost_cents.astype(np.int64)

    def cost(line: Integers, units: Integers) -> int:
        return int(np.sum(units * cost_cents[tables.of_lines.sku_of(line)]))

    lines = np.arange(tables.of_lines.first_line, tables.of_lines.end_line)
    cents = cost(lines, tables.lines["out_units"][lines])
    sent = tables.of_lines.exchange_picks
    of_cohort = tables.cohort_line(sent["line"])
    cents += int(np.sum(sent["units"][of_cohort] * cost_cents[sent["sku"][of_cohort]]))
    here = tables.cohort_line(short.line) & (account.ends.cancel_reason[short.order] == 0)
    cents += cost(short.line[here], short.dropped[here])
    rows = cohort_returns(account)
    cents -= cost(tables.returns["line"][rows], tables.returns["restocked_units"][rows])
    return cents / 100.0


def revenue_cents(account: Account) -> int:
    """Return the money captured or invoiced for the cohort's orders, cents."""
    return int(account.tables.orders["captured_cents"][account.cohort].sum())


def refunds_cents(account: Account) -> int:
    """Return the money given back for the cohort's orders, cents."""
    return int(account.tables.returns["refunded_cents"][cohort_returns(account)].sum())


def revenue_eur(account: Account) -> float:
    """Money charged for the cohort's orders, EUR (CAPTURED, INVOICED)."""
    return revenue_cents(account) / 100.0


def refunds_eur(account: Account) -> float:
    """Money given back for the cohort's orders, EUR (REFUNDED); credit notes are in."""
    return refunds_cents(account) / 100.0


def net_revenue_eur(account: Account) -> float:
    """Captured and invoiced money - refunds of the cohort's orders, EUR."""
    return (revenue_cents(account) - refunds_cents(account)) / 100.0


def costs_eur(account: Account) -> dict[str, float]:
    """Return all that is taken off the net revenue, EUR, by name.

    Labour, overtime and absence are wages of the window, as are what stock costs beside the goods
    (holding, ordering, shortage, suppliers' premium) and what vanished from the shelf; the rest is
    the cohort's. Rent, payment fees and overheads are not in the model.
    """
    return {
        "goods": goods_eur(account),
        "labour": labour_eur(account),
        "overtime": overtime_eur(account),
        "missed shifts": absence_eur(account),
        "boxes": boxes_eur(account),
        "carriage": carriage_eur(account),
        "carriage of returns": returns_eur(account),
        "refurbishing": refurbishing_eur(account),
        "suppliers' charge": dropship_eur(account),
        "stock": stock_eur(account),
        "shrinkage": shrinkage_eur(account),
        "invoices never paid": written_off_eur(account),
    }


def margin_eur(account: Account) -> float:
    """Net revenue + what was sold off - goods and all costs (see costs_eur), EUR."""
    earned = (net_revenue_eur(account), sold_off_eur(account))
    costs = costs_eur(account).values()
    return exact_sum(np.array([*earned, *(-cost for cost in costs)]))


def margin_per_order_eur(account: Account) -> float | None:
    """Margin / orders placed in the window, EUR: what an order is worth to the house."""
    return ratio(margin_eur(account), float(len(account.cohort)))


def money_steps_eur(account: Account) -> dict[str, float]:
    """Return the way from the money charged to the margin: what comes in, and below 0 what goes."""
    return {
        "money charged": revenue_eur(account),
        "money given back": -refunds_eur(account),
        "returns sold off": sold_off_eur(account),
        **{name: -cost for name, cost in costs_eur(account).items()},
    }


COSTS_OF_WINDOW = {
    "labour": labour_eur,
    "overtime": overtime_eur,
    "absence": absence_eur,
    "stock": stock_eur,
}
COSTS_OF_COHORT = {
    "boxes": boxes_eur,
    "carriage": carriage_eur,
    "returns": returns_eur,
    "refurbishing": refurbishing_eur,
    "dropship": dropship_eur,
}


def cost_part_per_order_eur(account: Account, part: str) -> float | None:
    """One part of the cost of an order, EUR.

    Labour, overtime, paid absence and stock (holding, ordering, shortage, suppliers' premium): of
    the window / orders that left inside it. Boxes, carriage, returns, refurbishing, dropship
    charge: of the cohort / orders of the cohort that left. Goods are out.
    """
    if part in COSTS_OF_WINDOW:
        return ratio(COSTS_OF_WINDOW[part](account), float(orders_shipped_in_window(account)))
    return ratio(COSTS_OF_COHORT[part](account), float(len(account.shipped)))


def cost_per_order_eur(account: Account) -> float | None:
    """Cost of fulfilling an order, EUR: the sum of its parts (see cost_part_per_order_eur)."""
    parts = [
        cost_part_per_order_eur(account, part) for part in (*COSTS_OF_WINDOW, *COSTS_OF_COHORT)
    ]
    known = [part for part in parts if part is not None]
    return exact_sum(np.array(known)) if len(known) == len(parts) else None


def void_share_rate(account: Account) -> float | None:
    """Void inside the cohort's parcels / inside volume of their boxes."""
    box, void_ml = parcels(account)
    volume_ml = np.array([box.volume_ml for box in account.scenario.packing.boxes_by_volume])
    return ratio(exact_sum(void_ml), exact_sum(volume_ml[box]))


def billed_kg_per_order(account: Account) -> float | None:
    """Kilograms billed by carriers for the cohort / orders of the cohort that left."""
    grams = account.tables.shipments["billed_g"][own_departures(account)].astype(np.float64)
    return ratio(exact_sum(grams) / 1000.0, float(len(account.shipped)))


def boxes_per_order(account: Account) -> float | None:
    """Parcels packed for the cohort, replacements too / orders of the cohort that left."""
    return ratio(float(len(parcels(account)[0])), float(len(account.shipped)))


FAMILY = "money"
NOTHING_LEFT = "no order left in the window, or none of the cohort"
PART_TITLES = {
    "labour": "labour",
    "overtime": "overtime",
    "absence": "missed shifts",
    "stock": "holding, ordering, lacking",
    "boxes": "boxes and filling",
    "carriage": "carriage",
    "returns": "carriage of returns",
    "refurbishing": "material of refurbishing",
    "dropship": "suppliers' charge",
}
DEFINITIONS = (
    KpiDefinition(
        "cost_per_order_eur",
        "EUR",
        FAMILY,
        "cost of an order",
        "low",
        cost_per_order_eur,
        NOTHING_LEFT,
    ),
    *(
        KpiDefinition(
            f"cost_{part}_per_order_eur",
            "EUR",
            FAMILY,
            f"cost of an order: {title}",
            "low",
            partial(cost_part_per_order_eur, part=part),
            NOTHING_LEFT,
        )
        for part, title in PART_TITLES.items()
    ),
    KpiDefinition("revenue_eur", "EUR", FAMILY, "money charged", "high", revenue_eur),
    KpiDefinition("refunds_eur", "EUR", FAMILY, "money given back", "low", refunds_eur),
    KpiDefinition("net_revenue_eur", "EUR", FAMILY, "net revenue", "high", net_revenue_eur),
    KpiDefinition("sold_off_eur", "EUR", FAMILY, "returns sold off", "high", sold_off_eur),
    KpiDefinition("goods_eur", "EUR", FAMILY, "goods at purchase cost", None, goods_eur),
    KpiDefinition("margin_eur", "EUR", FAMILY, "margin", "high", margin_eur),
    KpiDefinition(
        "margin_per_order_eur",
        "EUR",
        FAMILY,
        "margin of an order",
        "high",
        margin_per_order_eur,
        "no order was placed in the window",
    ),
    KpiDefinition(
        "void_share_rate",
        "share",
        FAMILY,
        "void in parcels",
        "low",
        void_share_rate,
        "no parcel of the cohort was packed",
    ),
    KpiDefinition(
        "billed_kg_per_order",
        "kg",
        FAMILY,
        "billed weight of an order",
        "low",
        billed_kg_per_order,
        "no order of the cohort left",
    ),
    KpiDefinition(
        "boxes_per_order",
        "boxes",
        FAMILY,
        "boxes of an order",
        "low",
        boxes_per_order,
        "no order of the cohort left",
    ),
)

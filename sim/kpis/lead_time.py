"""Lead time: from the click to the door, and what the time was spent on."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.lead_parts import PARTS
from sim.kpis.sums import HOUR_S, in_units, mean, quantile

Floats = npt.NDArray[np.float64]
QUANTILES = (50, 90, 95, 99)


def ship_times_s(account: Account) -> Floats:
    """Return click to ship of each shipped order of the cohort, s."""
    left_s = account.ends.left_s[account.shipped]
    return np.asarray(left_s - account.demand.placed_s[account.shipped], dtype=np.float64)


def order_lead_time_mean_h(account: Account) -> float | None:
    """Mean order lead time, h: last leg's DELIVERED - PLACED.

    In: orders of the cohort that were delivered. Out: cancelled and open orders, replacements.
    """
    return in_units(mean(account.times.lead_s), HOUR_S)


def order_lead_time_quantile_h(account: Account, percent: int) -> float | None:
    """Percentile of the order lead time, h: what ``percent`` % of the orders did not exceed.

    An observed value, no interpolation. In and out as for the mean.
    """
    return in_units(quantile(account.times.lead_s, percent / 100), HOUR_S)


def click_to_ship_mean_h(account: Account) -> float | None:
    """Mean time from the click until the last leg left, h: HANDED_OVER - PLACED.

    A leg sent by a supplier leaves with SENT_BY_SUPPLIER.

    In: orders of the cohort of which everything left. Out: cancelled and open orders, replacements.
    """
    return in_units(mean(ship_times_s(account)), HOUR_S)


def click_to_ship_quantile_h(account: Account, percent: int) -> float | None:
    """Percentile of click to ship, h. In and out as for the mean."""
    return in_units(quantile(ship_times_s(account), percent / 100), HOUR_S)


def part_mean_h(account: Account, part: str) -> float | None:
    """Mean of one part of the order lead time, h, over the delivered orders of the cohort.

    The parts are those of the leg that arrived last and add up to the lead time of each order:
    wait_entry ENTERED - PLACED (the clerk's typing is in it); wait_payment PAID - ENTERED;
    wait_stock ALLOCATED - PAID; wait_release RELEASED - ALLOCATED; wait_pick until PICK_STARTED;
    walk and pick until PICKED (of several zones: of the one that ends last; the wait for an aisle
    is in pick); consolidate what was picked waits for the rest, for sorting or for the put wall;
    stations from the pick to the end of extra work at stations;
    wait_pack until PACK_STARTED; pack until PACKED; wait_carrier until HANDED_OVER (line at the
    label desk, labelling, waiting for the truck); transit until DELIVERED. A further pass adds to
    wait_pick, walk and pick, and after REWORK to wait_pack and pack.
    """
    return in_units(mean(account.times.part_s(part)), HOUR_S)


FAMILY = "lead time"
NO_DELIVERY = "no order of the cohort was delivered"
NO_SHIPMENT = "no order of the cohort was shipped"
TITLES = {
    "wait_entry": "waiting for entry and entry",
    "wait_payment": "waiting for payment",
    "wait_stock": "waiting for stock",
    "wait_release": "waiting for release",
    "wait_pick": "waiting for a picker",
    "walk": "walking",
    "pick": "picking",
    "consolidate": "waiting for the rest, sorting",
    "stations": "extra work at stations, waits included",
    "wait_pack": "waiting for a packer",
    "pack": "packing",
    "wait_carrier": "label and truck",
    "transit": "in transit",
}
DEFINITIONS = (
    KpiDefinition(
        "order_lead_time_mean_h",
        "h",
        FAMILY,
        "click to door, mean",
        "low",
        order_lead_time_mean_h,
        NO_DELIVERY,
    ),
    *(
        KpiDefinition(
            f"order_lead_time_p{p}_h",
            "h",
            FAMILY,
            f"click to door, {p} % within",
            "low",
            partial(order_lead_time_quantile_h, percent=p),
            NO_DELIVERY,
        )
        for p in QUANTILES
    ),
    KpiDefinition(
        "click_to_ship_mean_h",
        "h",
        FAMILY,
        "click to truck, mean",
        "low",
        click_to_ship_mean_h,
        NO_SHIPMENT,
    ),
    *(
        KpiDefinition(
            f"click_to_ship_p{p}_h",
            "h",
            FAMILY,
            f"click to truck, {p} % within",
            "low",
            partial(click_to_ship_quantile_h, percent=p),
            NO_SHIPMENT,
        )
        for p in QUANTILES
    ),
    *(
        KpiDefinition(
            f"{part}_mean_h",
            "h",
            FAMILY,
            TITLES[part],
            "low",
            partial(part_mean_h, part=part),
            NO_DELIVERY,
        )
        for part in PARTS
    ),
)

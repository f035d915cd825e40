"""Trucks: which cut-offs were met, where parcels were that missed theirs, how full trucks were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.promise import SLACK_S
from sim.kpis.shipment_tables import BACKORDER_LEG, DROPSHIP_LEG
from sim.kpis.sums import DAY_S, HOUR_S, in_units, mean, ratio
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CAUSES = (
    "not entered",
    "not paid",
    "waiting for stock",
    "waiting for release",
    "waiting for a picker",
    "being picked",
    "waiting for a packer",
    "being packed",
    "waiting for its label",
    "truck full",
)
"""Where a shipment can be when its truck leaves without it, in the order of an order's life."""

STEP_BEFORE = (
    (0,),
    (Fact.ENTERED,),
    (Fact.PAID,),
    (Fact.ALLOCATED,),
    (Fact.RELEASED, Fact.REJOINED, Fact.REWORK),
    (Fact.PICK_STARTED, Fact.PART_PICKED),
    (Fact.PICKED, Fact.CONSOLIDATED, Fact.STATIONS_PASSED),
    (Fact.PACK_STARTED,),
    (Fact.PACKED,),
    (Fact.LABELLED,),
)
"""The last step behind it, for each cause."""

CAUSE_OF_STEP = np.zeros(256, dtype=np.int64)
for _cause, _steps in enumerate(STEP_BEFORE):
    CAUSE_OF_STEP[list(_steps)] = _cause


@dataclass(frozen=True)
class Promised:
    """Shipments that were promised a truck and left, or whose truck left before the log ends.

    One element a shipment: its number, the promised truck, s, the number of its service, and
    whether the truck left without it.
    """

    shipment: Integers
    truck_s: Floats
    service: Integers
    missed: Flags


def promised(account: Account) -> Promised:
    """Return the shipments of the cohort that count for :func:`cut_offs_met_rate`."""
    legs = np.concatenate([_own_shipments(account), _backordered_rests(account)])
    service = _services(account, legs)
    truck_s = account.tables.of_trucks.promised_to(legs)
    left_s = account.tables.shipments["handed_over_s"][legs]
    has_trucks = [not s.continuous for s in account.scenario.shipping.services.values()]
    counted = np.array(has_trucks)[service] & ~np.isnan(truck_s)
    counted &= ~np.isnan(left_s) | (truck_s < account.tables.last_s)
    missed = ~(left_s <= truck_s + SLACK_S)
    return Promised(legs[counted], truck_s[counted], service[counted], missed[counted])


def _own_shipments(account: Account) -> Integers:
    """Return the shipments that carry the order's own number and leave from the house."""
    ends, tables = account.ends, account.tables
    all_by_supplier = np.zeros(account.demand.orders, dtype=np.bool_)
    all_by_supplier[ends.short.order[ends.short.dropped > 0]] = True
    split_off = tables.legs["order"][tables.legs["kind"] == DROPSHIP_LEG]
    all_by_supplier[split_off] = False
    orders = account.cohort
    flags = tables.shipments["flags"][orders]
    kept = ends.own[orders] & (ends.cancel_reason[orders] == 0) & ~all_by_supplier[orders]
    own: Integers = orders[kept & ((flags & DROPSHIP_LEG) == 0)]
    return own


def _backordered_rests(account: Account) -> Integers:
    legs = account.tables.legs
    order = legs["order"]
    kept = account.ends.further & (legs["kind"] == BACKORDER_LEG)
    kept &= account.tables.cohort_order(order) & (account.ends.cancel_reason[order] == 0)
    rests: Integers = legs["shipment"][kept].astype(np.int64)
    return rests


def _services(account: Account, legs: Integers) -> Integers:
    """Return the number of the service of each shipment: that of its channel."""
    scenario, demand = account.scenario, account.demand
    names = list(scenario.shipping.services)
    channels = [scenario.orders.channels.get(name) for name in demand.channels]
    of_channel = np.array([names.index(c.service) if c else 0 for c in channels] or [0])
    return of_channel[demand.channel[account.order_of_leg[legs]]]


def cut_offs_met_rate(account: Account) -> float | None:
    """Share of shipments that were handed over by the truck promised to them.

    The own shipment of an order is held to the truck promised at the click (PROMISED), also if it
    was put on backorder since; a backordered rest to the last promise made for it
    (BACKORDER_PROMISED). In: shipments of the cohort's orders that left, and those whose truck left
    before the log ends. Out: cancelled orders, rests that were given up, replacements, what the
    supplier sends, services without trucks.
    """
    found = promised(account)
    met = np.count_nonzero(~found.missed)
    return ratio(float(met), float(len(found.missed)))


@dataclass(frozen=True)
class CutOff:
    """One truck time of a service: shipments promised to it, and where those were that missed it.

    Parameters
    ----------
    service
        Name of the service.
    pickup
        Clock time of the truck.
    promised
        Shipments.
    missed
        Cause to shipments, in the order of :data:`CAUSES`; only causes that happened.
    """

    service: str
    pickup: str
    promised: int
    missed: dict[str, int]


def cut_offs(account: Account) -> list[CutOff]:
    """Return the truck times of the services' promises, services in the order of the scenario."""
    return list(_cut_offs(account, promised(account)))


def _cut_offs(account: Account, found: Promised) -> Iterator[CutOff]:
    minute = np.rint(found.truck_s % DAY_S / 60.0).astype(np.int64)
    cause = CAUSE_OF_STEP[account.tables.of_trucks.steps["step"][found.shipment]]
    rest = (found.shipment >= account.demand.orders) & (cause < CAUSES.index("waiting for stock"))
    cause[rest] = CAUSES.index("waiting for stock")  # it was entered and paid with its order
    for number, name in enumerate(account.scenario.shipping.services):
        for time in np.unique(minute[found.service == number]).tolist():
            here = (found.service == number) & (minute == time)
            counts = np.bincount(cause[here & found.missed], minlength=len(CAUSES))
            yield CutOff(
                name,
                f"{time // 60:02d}:{time % 60:02d}",
                int(np.count_nonzero(here)),
                {c: n for c, n in zip(CAUSES, counts.tolist(), strict=True) if n},
            )


def truck_fill_rate(account: Account) -> float | None:
    """Parcels on the trucks that left / parcels they had room for, all trucks of the window.

    In: services with `truck_capacity_parcels` (TRUCK_LEFT); empty trucks, and parcels of whatever
    order.
    """
    trucks = account.tables.of_trucks.trucks
    room = _room_by_service(account)
    here = account.window.holds(trucks["time_s"])
    room_there = room[trucks["service"][here]]
    parcels = trucks["parcels"][here][room_there > 0]
    return ratio(float(np.sum(parcels)), float(np.sum(room_there)))


def _room_by_service(account: Account) -> Integers:
    """Return the room of each service's trucks in parcels; 0 where they are not limited."""
    services = account.scenario.shipping.services.values()
    return np.array([service.truck_capacity_parcels or 0 for service in services], dtype=np.int64)


def left_behind_parcels_per_day(account: Account) -> float | None:
    """Parcels that a truck of the window left behind for want of room, a day.

    One that is left by two trucks counts twice. In: services whose trucks can be full (TRUCK_LEFT).
    """
    if not any(service.is_limited for service in account.scenario.shipping.services.values()):
        return None
    trucks = account.tables.of_trucks.trucks
    here = account.window.holds(trucks["time_s"])
    return float(np.sum(trucks["left_behind"][here])) / account.days


def told_lag_mean_h(account: Account, fact: Fact) -> float | None:
    """Mean time from the hand-over of a shipment until its channels or customer are told, h.

    MARKED_SHIPPED or TRACKING_SENT less HANDED_OVER (SENT_BY_SUPPLIER where the supplier ships).
    In: shipments of the cohort's orders; replacements get a mail, too.
    """
    told = account.tables.of_trucks.told
    rows = told["fact"] == int(fact)
    legs = told["shipment"][rows]
    mine = account.tables.cohort_order(account.order_of_leg[legs])
    left_s = account.tables.shipments["handed_over_s"][legs[mine]]
    return in_units(mean(told["time_s"][rows][mine] - left_s), HOUR_S)


FAMILY = "trucks"
DEFINITIONS = (
    KpiDefinition(
        "cut_offs_met_rate",
        "share",
        FAMILY,
        "shipments on the promised truck",
        "high",
        cut_offs_met_rate,
        "no shipment of the cohort was promised a truck that has left",
    ),
    KpiDefinition(
        "truck_fill_rate",
        "share",
        FAMILY,
        "room of trucks that was used",
        None,
        truck_fill_rate,
        "no truck with a capacity in parcels left in the window",
    ),
    KpiDefinition(
        "left_behind_parcels_per_day",
        "parcels/day",
        FAMILY,
        "left behind by full trucks",
        "low",
        left_behind_parcels_per_day,
        "trucks have no capacity",
    ),
    KpiDefinition(
        "marked_shipped_lag_mean_h",
        "h",
        FAMILY,
        "truck to marked as shipped",
        "low",
        partial(told_lag_mean_h, fact=Fact.MARKED_SHIPPED),
        "no shipment of the cohort was marked",
    ),
    KpiDefinition(
        "tracking_mail_lag_mean_h",
        "h",
        FAMILY,
        "truck to tracking mail",
        "low",
        partial(told_lag_mean_h, fact=Fact.TRACKING_SENT),
        "no customer of the cohort got a tracking mail",
    ),
)

"""Seconds of work by role apart from picking: what an order, a delivery, a return comes to.

Means of the scenario's own laws. What only a run can tell is left out: goods that are out of stock,
returns because of late parcels, goods sent again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.opening import demand_rates, levels
from sim.engine.setting import Setting
from sim.experiments.explain.start_up import renewals, units_until_first_order
from sim.orders.baskets import Baskets
from sim.policies.face_levels import face_levels
from sim.scenario.checks.stock import receives
from sim.scenario.schema import Scenario, law_mean

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OrderSize:
    """Mean of an order: lines, units, units that are fragile, lines that come back.

    ``apart_zones`` and ``apart_lines`` are the zones and lines of orders that lie in several zones,
    over all orders.
    """

    lines: float
    units: float
    fragile: float
    returned: float
    apart_zones: float
    apart_lines: float


def order_size(setting: Setting, baskets: Baskets) -> OrderSize:
    """Return the mean order: by the laws where all channels share them, else of the sample.

    Cut laws, and baskets with more lines than SKUs, are a little smaller than their law says.
    """
    scenario, catalogue = setting.scenario, setting.catalogue
    orders = len(baskets.first_line) - 1
    lines, units = len(baskets.sku) / orders, float(baskets.units.sum()) / orders
    section = scenario.orders
    alike = all(not c.lines_per_order and not c.units_per_line for c in section.channels.values())
    if setting.demand is None and alike:
        exact = law_mean(section.lines_per_order)
        if exact <= catalogue.count:
            lines, units = exact, exact * law_mean(section.units_per_line)
    total_units = max(1.0, float(baskets.units.sum()))
    fragile = float(baskets.units[catalogue.fragile[baskets.sku]].sum()) / total_units
    back = float(catalogue.return_rate[baskets.sku].mean()) if len(baskets.sku) else 0.0
    weights = [section.channel_per_day(name) for name in section.channels]
    factors = [channel.return_factor for channel in section.channels.values()]
    factor = float(np.average(factors, weights=weights)) if sum(weights) else 1.0
    returned = lines * min(1.0, back * factor)
    return OrderSize(lines, units, units * fragile, returned, *_apart(setting, baskets))


def _apart(setting: Setting, baskets: Baskets) -> tuple[float, float]:
    """Return zones and lines of the sample's orders that lie in several zones, over its orders."""
    if setting.scenario.picking.method == "whole_orders":
        return 0.0, 0.0
    orders, lines = len(baskets.first_line) - 1, np.diff(baskets.first_line)
    zone_of = np.asarray(setting.layout.zone_of)
    zone = zone_of[np.asarray(setting.location_of_sku)[baskets.sku]]
    count = len(setting.layout.zone_names)
    pairs = np.unique(np.repeat(np.arange(orders), lines) * count + zone)
    zones = np.bincount(pairs // count, minlength=orders)
    return float(zones[zones > 1].sum()) / orders, float(lines[zones > 1].sum()) / orders


def typing_s(scenario: Scenario, channel: str) -> float:
    """Return a clerk's seconds on an order of a channel, mending and fraud checks included."""
    declared = scenario.orders.channels.get(channel)
    entry, payment = scenario.entry, scenario.payment
    manual = declared is not None and declared.entry == "manual"
    seconds = payment.fraud_hold_share * law_mean(payment.fraud_check_s)
    if declared is not None and manual:
        seconds += law_mean(declared.entry_time_s or entry.time_s)
    own = declared.entry_errors if declared else None
    rate = entry.error_rate_per_line if manual else entry.automated_error_rate_per_line
    if own and (own.wrong_sku_rate is not None or own.wrong_quantity_rate is not None):
        rate = (own.wrong_sku_rate or 0.0) + (own.wrong_quantity_rate or 0.0)
    address = entry.wrong_address_rate if manual else 0.0
    if own and own.wrong_address_rate is not None:
        address = own.wrong_address_rate
    lines = law_mean((declared and declared.lines_per_order) or scenario.orders.lines_per_order)
    faulty = 1.0 - (1.0 - address) * math.pow(1.0 - min(1.0, rate), lines)
    return seconds + faulty * entry.found_at_payment_share * law_mean(entry.mend_time_s)


def packing_s(scenario: Scenario, size: OrderSize) -> float:
    """Return a packer's seconds on an order, second passes and the put wall included."""
    packing, picking = scenario.packing, scenario.picking
    missed_by_scan = 1.0 - (picking.scan.detects if picking.scan.of != "nothing" else 0.0)
    wrong = picking.wrong_line_rate * missed_by_scan * packing.check_detects
    again = 1.0 - math.pow(1.0 - wrong, size.lines)
    if packing.time_s is not None:
        seconds = law_mean(packing.time_s) * (1.0 + again)
    elif packing.steps is not None:
        steps = packing.steps.values()
        a_parcel_s = sum(step.s_per_parcel for step in steps)
        wrapped = size.fragile if packing.protect_fragile else 0.0
        seconds = a_parcel_s * (1.0 + again)
        seconds += sum(
            step.s_per_line * size.lines
            + step.s_per_unit * size.units
            + step.s_per_fragile_unit * wrapped
            for step in steps
        )
    else:
        wrap_s = packing.fragile_extra_s * size.fragile if packing.protect_fragile else 0.0
        seconds = packing.base_s * (1.0 + again) + packing.per_unit_s * size.units + wrap_s
    if picking.method == "parallel_zones":
        seconds += picking.zones.consolidate_s_per_zone * size.apart_zones
        seconds += picking.zones.consolidate_s_per_line * size.apart_lines
    if picking.sorting == "after" and picking.batching != "single" and picking.batch_max_orders > 1:
        seconds += picking.sort_s_per_line * size.lines
    return seconds


def labelling_s(scenario: Scenario) -> float:
    """Return a dispatcher's seconds on an order."""
    return law_mean(scenario.packing.label_s)


def marking_s(scenario: Scenario) -> float:
    """Return the seconds to mark an order shipped by hand in its channels, mean over channels."""
    shipping, channels = scenario.shipping, scenario.orders.channels
    if shipping.mark_shipped != "manual":
        return 0.0
    rates = {name: scenario.orders.channel_per_day(name) for name in channels}
    listed = sum(rates[name] * channel.listed_in for name, channel in channels.items())
    return law_mean(shipping.mark_shipped_s) * listed / max(sum(rates.values()), 1e-300)


def receiving_s(setting: Setting, days_of_demand: Floats) -> Floats:
    """Return the receivers' seconds of all purchase orders until some points in time.

    A purchase order brings S - s units, or Q, and half a customer's order that took the position
    below s; base stock brings what each customer took. Shape as ``days_of_demand``: mean days of
    demand until each point, ascending from 0; when the goods come, is left out.
    """
    scenario = setting.scenario
    if not receives(scenario):
        return np.zeros(len(days_of_demand))
    per_day, squares = demand_rates(setting)
    rules = scenario.inbound
    overshoot = np.divide(squares, per_day, out=np.ones_like(per_day), where=per_day > 0.0)
    at = levels(setting)
    lots = np.array([lot or up_to - point for point, up_to, lot in at], dtype=np.float64)
    whole_lots = np.array([lot > 0 for _, _, lot in at])
    bought = np.maximum(1.0, lots + np.where(whole_lots, 0.0, (overshoot - 1.0) / 2.0))
    orders = renewals(per_day, squares, units_until_first_order(setting), bought, days_of_demand)
    parts = 1.0 + scenario.stock.partial_receipt_share
    if rules.process == "in_one_go":
        in_one_go: Floats = orders.sum(axis=0) * parts * scenario.stock.receive_s_per_order
        return in_one_go
    a_unit_s = rules.unload_s_per_unit + rules.check_s_per_unit + rules.put_away_s_per_unit
    litres = bought * setting.catalogue.volume_ml / 1000.0
    trips = np.ceil(litres / rules.put_away_trip_l) * rules.put_away_s_per_trip
    each = parts * (rules.unload_s_per_delivery + trips) + bought * a_unit_s
    seconds: Floats = each @ orders
    return seconds


@dataclass(frozen=True)
class ReturnWork:
    """Seconds for an order that is shipped: of sound goods, and of goods that arrived wrong."""

    sound_s: float
    claimed_s: float
    authorise_s: float
    authorise_claimed_s: float


def return_s(scenario: Scenario, size: OrderSize) -> ReturnWork:
    """Return the seconds at the returns desk and of authorising, for an order that is shipped."""
    rules, packing = scenario.returns, scenario.packing
    wrong = scenario.picking.wrong_line_rate * (1.0 - packing.check_detects)
    claims = size.lines * (wrong + packing.damage_rate) * rules.error_claim_share
    by_clerk = rules.authorisation == "clerk"
    a_look_s = law_mean(rules.authorise_s) if by_clerk else 0.0
    allowed = 1.0 - (rules.refuse_share if by_clerk else 0.0)
    sent = 1.0 - rules.never_sent_share
    sound = rules.restockable_share
    mended = (1.0 - sound) * rules.refurbish_share
    again = mended if rules.refurbished_to == "shelf" else 0.0
    each_s = law_mean(rules.inspect_s) + rules.restock_s * (sound + again)
    each_s += mended * law_mean(rules.refurbish_s)
    return ReturnWork(
        size.returned * allowed * sent * each_s,
        claims * sent * each_s,
        size.returned * a_look_s,
        claims * a_look_s,
    )


def counting_s_per_day(setting: Setting) -> float:
    """Return the seconds a day of the counts that come round by the calendar, walks only."""
    records, warehouse = setting.scenario.records, setting.scenario.warehouse
    every = records.count_every_days
    if not records.counts:
        return 0.0
    a, b = warehouse.abc.a_share, warehouse.abc.b_share
    shares = ((a, every.a), (b, every.b), (max(0.0, 1.0 - a - b), every.c))
    a_day = sum(share / days for share, days in shares if days)
    return a_day * setting.catalogue.count * records.count_s_per_sku


def topping_up_s(setting: Setting, days_of_demand: Floats) -> Floats:
    """Return the replenishers' seconds until some points in time; faces are full at the start.

    A face that is down to its least is filled up: a top-up brings what is between its levels, and
    half a customer's order beyond. Shapes as in :func:`receiving_s`.
    """
    faces = setting.scenario.pick_faces
    if not faces.used or setting.scenario.stock.unlimited:
        return np.zeros(len(days_of_demand))
    per_day, squares = demand_rates(setting)
    between = np.ones(len(per_day))
    for sku, (mean, ml) in enumerate(
        zip(per_day.tolist(), setting.catalogue.volume_ml.tolist(), strict=True)
    ):
        if mean > 0.0:
            level = face_levels(
                mean,
                ml,
                min_days=faces.min_days,
                max_days=faces.max_days,
                face_volume_ml=faces.face_volume_l * 1000.0,
            )
            between[sku] = level.most - level.least
    overshoot = np.divide(squares, per_day, out=np.ones_like(per_day), where=per_day > 0.0)
    brought = between + (overshoot - 1.0) / 2.0
    top_ups = renewals(per_day, squares, between, brought, days_of_demand)
    seconds: Floats = (faces.top_up_s + brought * faces.top_up_s_per_unit) @ top_ups
    return seconds

"""Boxes and benches: what carriers bill, boxes that were out, the work of the steps.

The void inside the boxes and what they cost stand with the money (:mod:`sim.kpis.money`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.money import own_departures, parcels
from sim.kpis.sums import HOUR_S, exact_sum, in_units, mean, ratio
from sim.log.facts import BoxDoubt

Integers = npt.NDArray[np.int64]

WEIGHED_ALIKE = 1e-6
"""The log holds billed grams in single precision."""
MINUTE_S = 60.0


def billed_kg_per_parcel(account: Account) -> float | None:
    """Kilograms billed by carriers for the cohort / parcels they were billed for."""
    legs = own_departures(account)
    extra = account.tables.extra_boxes["shipment"]
    count = len(legs) + int(np.count_nonzero(np.isin(extra, legs)))
    grams = account.tables.shipments["billed_g"][legs].astype(np.float64)
    return ratio(exact_sum(grams) / 1000.0, float(count))


def volumetric_share_rate(account: Account) -> float | None:
    """Shipments billed by their volume / shipments, of the cohort's orders that left as one.

    By volume: more grams were billed than the goods weigh. Orders that left in several shipments or
    had a replacement are out: the log does not say which line was in which of them.
    """
    legs = own_departures(account)
    alone = legs[(legs < account.demand.orders) & ~np.isin(legs, account.tables.legs["order"])]
    billed_g = account.tables.shipments["billed_g"][alone].astype(np.float64)
    by_volume = billed_g > _goods_g(account)[alone] * (1.0 + WEIGHED_ALIKE)
    return ratio(float(np.count_nonzero(by_volume)), float(len(alone)))


def _goods_g(account: Account) -> npt.NDArray[np.float64]:
    """Return the weight of the goods that each order gets, g."""
    tables, short = account.tables, account.ends.short
    units = tables.of_lines.units_as_typed()
    units[short.line] -= short.gone
    line = np.arange(account.demand.lines)
    weight_g = tables.catalogue.weight_g[tables.of_lines.sku_of(line)] * units
    order = tables.order_of_line(line)
    grams = np.bincount(order, weights=weight_g, minlength=account.demand.orders)
    return grams.astype(np.float64)


def packed_legs(account: Account) -> Integers:
    """Return the shipments of the cohort that were packed."""
    legs = account.cohort_legs
    packed: Integers = legs[account.tables.shipments["box"][legs] >= 0]
    return packed


def _share_of_packed(account: Account, shipment: npt.NDArray[np.int32]) -> float | None:
    """Return the share of the cohort's packed shipments that are among some shipments."""
    packed = packed_legs(account)
    return ratio(float(np.count_nonzero(np.isin(packed, shipment))), float(len(packed)))


def _can_run_out(account: Account) -> bool:
    packing = account.scenario.packing
    return packing.labels is not None or any(box.stock for box in packing.boxes.values())


def box_substitution_rate(account: Account) -> float | None:
    """Shipments that got another box, for the one wanted was out / packed, of the cohort."""
    outs = account.tables.of_packing.box_outs
    other = (outs["got"] >= 0) & (outs["got"] != outs["wanted"])
    return _share_of_packed(account, outs["shipment"][other]) if _can_run_out(account) else None


def box_wait_rate(account: Account) -> float | None:
    """Shipments that waited for a box or a label / shipments packed, of the cohort."""
    outs = account.tables.of_packing.box_outs
    waits = outs["shipment"][outs["got"] < 0]
    return _share_of_packed(account, waits) if _can_run_out(account) else None


def wait_box_mean_h(account: Account) -> float | None:
    """Mean wait for a box or a label of the cohort's shipments that waited for one, hours.

    From BOX_OUT without a box to BOX_OUT with one; waits that had not ended are out. A wait for a
    box is in ``pack`` of the lead time, a wait for a label in ``wait_carrier``.
    """
    outs = account.tables.of_packing.box_outs
    # of one shipment the rows stand in the order of time: where it begins to wait, then what it got
    by_shipment = np.argsort(outs["shipment"], kind="stable")
    shipment, time_s, got = (outs[name][by_shipment] for name in ("shipment", "time_s", "got"))
    ended = (got[:-1] < 0) & (shipment[1:] == shipment[:-1])
    ended &= account.tables.cohort_order(account.order_of_leg[shipment[:-1]])
    return in_units(mean(np.diff(time_s)[ended]), HOUR_S)


def _doubted_rate(account: Account, doubt: BoxDoubt) -> float | None:
    if account.scenario.packing.box_rule == "volume":
        return None
    doubts = account.tables.of_packing.box_doubts
    return _share_of_packed(account, doubts["shipment"][doubts["doubt"] == int(doubt)])


def box_not_proved_rate(account: Account) -> float | None:
    """Shipments whose search ended before a smaller box was ruled out / packed, of the cohort."""
    return _doubted_rate(account, BoxDoubt.NOT_PROVED)


def oversize_rate(account: Account) -> float | None:
    """Shipments with a unit that fits into no box / shipments packed, of the cohort."""
    return _doubted_rate(account, BoxDoubt.OVERSIZE)


def benches_full_rate(account: Account) -> float | None:
    """Shipments that came to the packers while every bench was taken / packed, of the cohort.

    Where there are as many benches as packers, it is the packers who are all busy then.
    """
    if account.scenario.packing.benches is None:
        return None
    return _share_of_packed(account, account.tables.of_packing.benches_full["shipment"])


def boxes_used(account: Account) -> dict[str, tuple[int, float]]:
    """Return the parcels of the cohort and the litres of void in them, by the name of the box."""
    box, void_ml = parcels(account)
    names = {id(each): name for name, each in account.scenario.packing.boxes.items()}
    return {
        names[id(each)]: (
            int(np.count_nonzero(box == number)),
            exact_sum(void_ml[box == number]) / 1000.0,
        )
        for number, each in enumerate(account.scenario.packing.boxes_by_volume)
    }


def step_minutes(account: Account) -> dict[str, float]:
    """Return the minutes of packing work that the cohort's parcels, lines and units ask for.

    By the seconds of the scenario, without the spread around them; units as they left the shelf.
    Nothing where one law gives the whole time.
    """
    tables, packing = account.tables, account.scenario.packing
    if packing.time_s is not None:
        return {}
    lines = np.arange(tables.of_lines.first_line, tables.of_lines.end_line)
    units = tables.lines["out_units"][lines]
    fragile = units[tables.catalogue.fragile[tables.of_lines.sku_of(lines)]]
    again = int(np.count_nonzero(np.isin(tables.reworks["shipment"], account.cohort_legs)))
    many, few = len(parcels(account)[0]) + again, len(packed_legs(account)) + again
    a_line, a_unit = int(np.count_nonzero(units)), int(units.sum())
    to_wrap = int(fragile.sum()) if packing.protect_fragile else 0
    if packing.steps is None:
        seconds = {
            "each shipment": packing.base_s * few,
            "each unit": packing.per_unit_s * a_unit,
            "each fragile unit": packing.fragile_extra_s * to_wrap,
        }
    else:
        seconds = {
            name: step.s_per_parcel * many
            + step.s_per_line * a_line
            + step.s_per_unit * a_unit
            + step.s_per_fragile_unit * to_wrap
            for name, step in packing.steps.items()
        }
    return {name: work_s / MINUTE_S for name, work_s in seconds.items()}


FAMILY = "packing"
NOTHING_PACKED = "no shipment of the cohort was packed"
NEVER_OUT = f"boxes and labels never run out, or {NOTHING_PACKED}"
BY_VOLUME = f"boxes are chosen by volume and weight alone, or {NOTHING_PACKED}"
DEFINITIONS = (
    KpiDefinition(
        "billed_kg_per_parcel",
        "kg",
        FAMILY,
        "billed weight of a parcel",
        "low",
        billed_kg_per_parcel,
        "no parcel of the cohort left with a carrier",
    ),
    KpiDefinition(
        "volumetric_share_rate",
        "share",
        FAMILY,
        "shipments billed by volume",
        "low",
        volumetric_share_rate,
        "no order of the cohort left in one shipment",
    ),
    KpiDefinition(
        "box_substitution_rate",
        "share",
        FAMILY,
        "another box, for the right one was out",
        "low",
        box_substitution_rate,
        NEVER_OUT,
    ),
    KpiDefinition(
        "box_wait_rate",
        "share",
        FAMILY,
        "waited for a box or a label",
        "low",
        box_wait_rate,
        NEVER_OUT,
    ),
    KpiDefinition(
        "wait_box_mean_h",
        "h",
        FAMILY,
        "wait for a box or a label, of those that waited",
        "low",
        wait_box_mean_h,
        "no shipment of the cohort waited for a box or a label",
    ),
    KpiDefinition(
        "box_not_proved_rate",
        "share",
        FAMILY,
        "box not proved to be the smallest",
        "low",
        box_not_proved_rate,
        BY_VOLUME,
    ),
    KpiDefinition(
        "oversize_rate",
        "share",
        FAMILY,
        "shipments with a unit that no box holds",
        "low",
        oversize_rate,
        BY_VOLUME,
    ),
    KpiDefinition(
        "benches_full_rate",
        "share",
        FAMILY,
        "came to the packers while all benches were taken",
        "low",
        benches_full_rate,
        f"there are as many benches as needed, or {NOTHING_PACKED}",
    ),
)

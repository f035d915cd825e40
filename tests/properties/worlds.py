"""Small random warehouses: every feature is on in some of them, many at once in most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from sim.scenario.checks import run_checks
from sim.scenario.schema import ROLES, WEEKDAYS, Scenario
from sim.scenario.schema.stockouts import StockoutsSection
from tests.properties.chance import law, laws, rates
from tests.properties.floors import warehouses, ways_to_pick
from tests.properties.stations import needed, stations

SHIFTS = [("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00"), ("00:00", "24:00")]
EVERY_DAY = list(WEEKDAYS)
ANSWERS = ["backorder", "backorder", "turn_away", "dropship", "backorder", "dropship"]
CONTINUOUS = {"continuous": True, "promised_transit_days": 1.0}
OWN_WAYS: dict[str, Any] = {
    "lines_per_order": {"distribution": "geometric", "mean": 3.0, "max": 8},
    "units_per_line": {"distribution": "geometric", "mean": 2.0},
    "hour_of_week_profile": [float(hour % 5) for hour in range(168)],
    "monthly_profile": [1.5] * 12,
    "category_weights": {"all": 1.0},
    "return_factor": 2.0,
    "promised_transit_days": 0.5,
    "pay_later_share": 0.5,
    "entry_errors": {"wrong_sku_rate": 0.2, "wrong_address_rate": 0.1},
}
BOXES: dict[str, dict[str, Any]] = {
    "small": {"length_mm": 200, "width_mm": 150, "height_mm": 100, "max_weight_kg": 2.0},
    "large": {"length_mm": 600, "width_mm": 400, "height_mm": 300},
}


@st.composite
def _channels(draw: st.DrawFn, *, unlimited: bool, own_rates: bool) -> dict[str, Any]:
    late = {"share": draw(rates(0.0, 0.5)), "delay_h": draw(laws(1.0, 8.0))}
    phone = {
        "share": 0.4,
        "entry": "manual",
        "late_submission": late,
        "service": draw(st.sampled_from(["standard", "express"])),
        "priority": draw(st.integers(0, 2)),
        "listed_in": draw(st.integers(1, 3)),
        **({} if unlimited else {"sync_min": draw(st.sampled_from([None, None, 0.0, 90.0]))}),
    }
    channels: dict[str, dict[str, Any]] = {"web": {"share": 0.6}, "phone": phone}
    if not draw(st.booleans()):
        channels = {"web": {}}
    for channel in channels.values():
        channel.update(draw(st.sampled_from([{}, OWN_WAYS])))
    if own_rates and draw(st.booleans()):
        for channel in channels.values():
            channel.update({"share": None, "per_day": draw(rates(20.0, 60.0))})
            together = {"distribution": "geometric", "mean": 3.0, "max": 6}
            channel["orders_at_once"] = draw(st.sampled_from([None, together]))
    return channels


def _rate_and_channels(per_day: int, channels: dict[str, Any], *, lives: bool) -> dict[str, Any]:
    """Return orders a day by share, nothing but the channels' own rates, or shares of no rate.

    ``lives``: orders come from customers, and channels have shares of them.
    """
    no_rate = lives or any("per_day" in channel for channel in channels.values())
    return {"channels": channels} if no_rate else {"per_day": float(per_day), "channels": channels}


@st.composite
def _staff(draw: st.DrawFn) -> dict[str, Any]:
    """Everybody on the first shift, fewer on the others; some with breaks at odd times."""
    staff: dict[str, Any] = {}
    names = draw(st.lists(st.sampled_from(SHIFTS), min_size=1, max_size=3, unique=True))
    for number, (start, end) in enumerate(names):
        heads = {role: draw(st.integers(number == 0, 2)) for role in ROLES}
        meals = draw(
            st.sampled_from([{}, {"meal": (4, 30.0)}, {"tea": (1, 7.5), "meal": (5, 45.0)}])
        )
        hour = int(start[:2])
        staff[f"shift{number}"] = {
            "days": draw(st.sampled_from([EVERY_DAY, EVERY_DAY[:5], ["mon", "wed"]])),
            "start": start,
            "end": end,
            "breaks": {
                name: {"start": f"{(hour + after) % 24:02d}:00", "minutes": length}
                for name, (after, length) in meals.items()
            },
            **heads,
            "new_people": draw(st.sampled_from([False, False, True])),
            "by_day": draw(st.sampled_from([{}, {"mon": {"pickers": 3, "packers": 0}}])),
            "by_date": draw(st.sampled_from([{}, {"2026-01-07": {"packers": 3, "breaks": {}}}])),
        }
    return staff


@st.composite
def _people(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "at_shift_end": draw(st.sampled_from(["finish", "hand_over", "preempt_resume"])),
        "cross_training": draw(
            st.sampled_from(
                [
                    {},
                    {"packers": ["pickers"]},
                    {"pickers": ["packers", "dispatchers"], "dispatchers": ["pickers"]},
                    {role: [r for r in ROLES if r != role] for role in ROLES},
                ]
            )
        ),
        "closed_dates": draw(st.sampled_from([[], ["2026-01-06"]])),
        "moving": draw(st.sampled_from(["own_line_first", "longest_line"])),
        "absence_rate": draw(rates(0.0, 0.0, 0.3)),
        "absence_paid": draw(st.booleans()),
        "overtime_max_min": draw(rates(0.0, 0.0, 20.0, 120.0)),
        "pace": draw(rates(0.8, 1.0, 1.0, 1.3)),
        "pace_cv": draw(rates(0.0, 0.0, 0.3)),
        "learning": {"experienced_after_tasks": draw(st.sampled_from([5, 200]))},
    }


@st.composite
def _stock(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "unlimited": draw(rates(0, 0, 0, 1)) == 1,
        "service_level": draw(rates(0.01, 0.3, 0.9)),
        "order_days": draw(rates(0.2, 1.0, 7.0)),
        "opening": draw(st.sampled_from(["full", "mid_cycle"])),
        "lead_time_days": draw(laws(0.3, 2.0)),
        "receive_s_per_order": draw(rates(0.0, 900.0)),
        "partial_receipt_share": draw(rates(0.0, 0.5, 1.0)),
        "partial_first_share": draw(rates(0.1, 0.7)),
        "partial_rest_days": draw(st.one_of(laws(0.2, 1.0), st.just(law("deterministic", 0.0)))),
        "sync_min": draw(rates(0.0, 0.0, 60.0, 720.0)),
    }


@st.composite
def _buying(draw: st.DrawFn, stockouts: StockoutsSection) -> dict[str, Any]:
    """Return how stock is bought: as usual in half of the worlds, else by any policy and review."""
    if draw(st.booleans()):
        return {}
    policy = draw(st.sampled_from(["s_S", "r_Q", "base_stock"]))
    levels: dict[str, Any] = {}
    if policy == "base_stock":
        levels = draw(st.sampled_from([{}, {"order_up_to": 0}, {"order_up_to": 6}]))
    else:
        point = draw(st.sampled_from([None, -3, 0, 4]))
        levels = {"reorder_point": point}
        if policy == "r_Q":
            levels["order_quantity"] = draw(st.sampled_from([None, 1, 7]))
        elif draw(st.booleans()):
            levels["order_up_to"] = 9
    periodic = {
        "review": "periodic",
        "review_days": draw(st.integers(1, 2)),
        "review_time": draw(st.sampled_from(["00:00", "08:00", "24:00"])),
    }
    eoq = {"order_size": "eoq", "order_cost_eur": 3.0, "holding_cost_rate_per_year": 0.25}
    sized = policy == "base_stock" or "order_up_to" in levels or levels.get("order_quantity")
    slow = {"categories": ["all"], "value_share": 0.5, "service_level": 0.2, "order_days": 0.5}
    return {
        "policy": policy,
        **levels,
        **draw(st.sampled_from([{}, periodic])),
        **({} if sized else draw(st.sampled_from([{}, eoq]))),
        "max_outstanding": draw(st.sampled_from([None, None, 1, 2])),
        "one_lot_per_order": policy == "r_Q" and draw(st.booleans()),
        "opening_units": draw(st.sampled_from([None, 0, 5])),
        "service_measure": (
            "cycle" if policy == "base_stock" else draw(st.sampled_from(["cycle", "fill_rate"]))
        ),
        "opening": "mid_cycle",
        "orders_cross": draw(st.booleans()),
        "classes": draw(st.sampled_from([{}, {"slow": slow}])),
        "lost_cost_eur_per_unit": (
            0.0 if stockouts.answers == ("dropship",) else draw(rates(0.0, 2.5))
        ),
    }


@st.composite
def _suppliers(draw: st.DrawFn, stockouts: StockoutsSection) -> dict[str, Any]:
    """Return nobody by name in half of the worlds, else two with their own terms and a fast one."""
    if draw(st.booleans()):
        return {}
    suppliers: dict[str, Any] = {
        name: {
            "share": draw(rates(0.3, 1.0)),
            "lead_time_days": draw(st.one_of(st.none(), laws(0.1, 1.0))),
            "orders_cross": draw(st.sampled_from([None, True, False])),
            "partial_receipt_share": draw(st.sampled_from([None, 0.0, 0.5])),
            "min_order_units": draw(st.sampled_from([1, 8])),
            "min_order_eur": draw(rates(0.0, 100.0)),
            "pack_units": draw(st.sampled_from([1, 6])),
            "price_factor": draw(rates(0.9, 1.0, 1.2)),
            "order_cost_eur": draw(rates(0.0, 5.0)),
        }
        for name in ("near", "far")
    }
    if draw(st.booleans()):
        suppliers["fast"] = {
            "use": "emergency",
            "lead_time_days": draw(laws(0.05, 0.2)),
            "price_factor": 1.3,
            "pack_units": draw(st.sampled_from([1, 3])),
            "emergency_point": draw(st.sampled_from([-1, 2])) if stockouts.somebody_waits else 0,
            "emergency_days": draw(rates(0.0, 0.5)),
        }
    return suppliers


@st.composite
def _room(draw: st.DrawFn) -> dict[str, Any]:
    """Room in a truck: in half of the worlds for all, else for some parcels or kilograms."""
    kind = draw(st.sampled_from(["all", "all", "parcels", "kg"]))
    if kind == "all":
        return {}
    return {f"truck_capacity_{kind}": draw(st.sampled_from([3, 20]))}


@st.composite
def _packing_work(draw: st.DrawFn) -> dict[str, Any]:
    """Return the packing time by a law, by steps or as usual, at few benches or at many."""
    steps: dict[str, Any] = {
        "fetch": {"s_per_parcel": 30.0},
        "check": {"s_per_line": 5.0, "s_per_unit": 8.0},
    }
    works: list[dict[str, Any]] = [
        {},
        {"steps": steps},
        {"time_s": law("deterministic", 0.0)},
        {"time_s": law("gamma", 120.0)},
    ]
    return {
        "benches": draw(st.sampled_from([None, None, 1, 2])),
        **draw(st.sampled_from(works)),
    }


@st.composite
def _boxes(draw: st.DrawFn) -> dict[str, Any]:
    """Return a box set with or without a stock, and the rule that chooses from it."""
    stock = {
        "units": draw(st.sampled_from([0, 5, 60])),
        "reorder_point": draw(st.sampled_from([0, 20])),
        "reorder_units": draw(st.sampled_from([1, 50])),
        "lead_time_days": draw(laws(0.3)),
    }
    runs_out = draw(st.sampled_from([(), (), ("small",), ("small", "large"), ("labels",)]))
    boxes = {
        name: {**box, "stock": stock if name in runs_out else None} for name, box in BOXES.items()
    }
    return {
        "boxes": draw(st.sampled_from([boxes, {"small": boxes["small"]}])),
        "labels": stock if "labels" in runs_out else None,
        "box_rule": draw(st.sampled_from(["volume", "volume_and_sides", "exact_fit"])),
        "billed_volume": draw(st.sampled_from(["goods", "boxes"])),
    }


@st.composite
def _release(draw: st.DrawFn, full_batch: int) -> dict[str, Any]:
    policy = draw(st.sampled_from(["waveless", "interval", "cut_off_wave", "wip_limit"]))
    sequences = ["first_come", "due_time", "priority"]
    return {
        "policy": policy,
        "sequence": "first_come" if policy == "waveless" else draw(st.sampled_from(sequences)),
        "interval_min": 90.0,
        "lead_min": draw(rates(45.0, 240.0)),
        "waves_before_truck": draw(st.integers(1, 3)),
        "wip_max_shipments": max(full_batch, draw(st.sampled_from([1, 5, 40]))),
    }


@st.composite
def _telling(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "note_trucks": draw(st.booleans()),
        "mark_shipped": draw(st.sampled_from(["off", "automated", "manual"])),
        "mark_shipped_by": draw(st.sampled_from(["clerks", "dispatchers"])),
        "mark_shipped_s": draw(laws(30.0)),
        "tracking_mail": draw(st.booleans()),
        "tracking_mail_share": draw(rates(0.5, 1.0)),
        "tracking_mail_lag_min": draw(rates(0.0, 20.0)),
        "tracking_mail_every_min": draw(st.sampled_from([None, 60.0])),
    }


@st.composite
def _inbound(draw: st.DrawFn) -> dict[str, Any]:
    """Deliveries in one go in half of the worlds, else over few doors or many."""
    if draw(st.booleans()):
        return {}
    start, end = draw(st.sampled_from([("00:00", "24:00"), ("06:00", "14:00"), ("22:00", "06:00")]))
    return {
        "process": "step_by_step",
        "dock_doors": draw(st.sampled_from([None, 1, 3])),
        "hours": {
            "days": draw(st.sampled_from([EVERY_DAY, ["mon", "tue", "thu"]])),
            "start": start,
            "end": end,
        },
        "unload_s_per_delivery": draw(rates(0.0, 1200.0)),
        "unload_s_per_unit": draw(rates(0.0, 5.0)),
        "check_s_per_unit": draw(rates(0.0, 5.0)),
        "put_away_trip_l": draw(rates(2.0, 400.0)),
        "put_away_s_per_unit": draw(rates(0.0, 10.0)),
    }


@st.composite
def _pick_faces(draw: st.DrawFn) -> dict[str, Any]:
    """Faces so small that many are found empty."""
    return {
        "used": True,
        "max_days": draw(rates(0.3, 2.0)),
        "min_days": draw(rates(0.0, 0.2)),
        "face_volume_l": draw(rates(2.0, 120.0)),
        "top_up_s": draw(rates(0.0, 900.0)),
        "top_up_s_per_unit": draw(rates(0.0, 20.0)),
        "emergency_top_up": draw(st.booleans()),
    }


@st.composite
def _records(draw: st.DrawFn, kinds: Sequence[str]) -> dict[str, Any]:
    """Books that are right, that part from the shelf in every way, or in some ways."""
    kind = draw(st.sampled_from(kinds))
    if kind == "right":
        return {}
    every_way = {
        "opening_wrong_share": 0.3,
        "shrinkage_units_per_sku_day": 3.0,
        "misput_receipt_share": 0.7,
        "miscount_receipt_share": 0.5,
        "miscount_return_share": 0.5,
    }
    drift = {key: draw(rates(value, 0.0)) for key, value in every_way.items()}
    days = {"a": 0.3, "b": 2.0, "c": draw(st.sampled_from([None, 1.0]))}
    counted = kind == "every_way" or draw(st.booleans())
    return {
        **(every_way if kind == "every_way" else drift),
        "miscount_max_units": draw(st.sampled_from([1, 5])),
        "count_every_days": days if counted else {},
        "count_when_zero": draw(st.booleans()),
        "counted_by": draw(st.sampled_from(["receivers", "replenishers", "clerks"])),
        "count_s_per_sku": draw(rates(0.0, 60.0)),
        "count_s_per_unit": draw(rates(0.0, 2.0)),
        "count_wrong_share": draw(rates(0.0, 0.3)) if counted else 0.0,
    }


@st.composite
def _later_money(draw: st.DrawFn) -> dict[str, Any]:
    """Return rejections, authorisations that expire soon, and orders on account."""
    return {
        "fraud_hold_share": 0.2,
        "fraud_reject_share": draw(rates(0.0, 0.5)),
        "decline_rate": draw(rates(0.3, 0.7)),
        "authorisation_days": draw(st.sampled_from([0.01, 0.1, 0.5, None])),
        "pay_later_share": draw(rates(0.0, 0.4)),
        "pay_later_days": draw(laws(0.5, 5.0)),
        "bad_debt_share": draw(rates(0.0, 0.3)),
        "write_off_days": draw(rates(1.0, 6.0)),
    }


@st.composite
def _customers(draw: st.DrawFn) -> dict[str, Any]:
    """Return a steady base in half of the worlds, else customers who come and drop out."""
    harsh = {
        **dict.fromkeys(("late", "wrong_item", "stockout", "turned_away", "slow_refund"), 0.6),
        "very_late": 0.9,
        "very_late_days": 2.0,
        "carried_over_share": 0.5,
    }
    experience = draw(st.sampled_from([{}, {}, harsh]))
    refund = {"slow_refund_days": draw(rates(1.0, 7.0))}
    if draw(st.booleans()):
        base = {"orders_per_year": draw(rates(3.0, 600.0))}
        return {**base, **refund, "experience": experience}
    opening = draw(st.sampled_from([0, 30, 60]))
    return {
        "law": "bg_nbd",
        "r": draw(rates(0.5, 2.0)),
        "alpha_weeks": draw(rates(0.1, 0.3)),
        "a": draw(rates(0.3, 1.0)),
        "b": 2.0,
        "opening_customers": opening,
        "opening_age_weeks": draw(rates(0.0, 1.0)) if opening else 0.0,
        "new_per_day": draw(rates(10.0, 20.0)),
        "new_days": draw(st.sampled_from([None, 1.0])),
        **refund,
        "experience": experience,
        "drop_out": draw(st.sampled_from([{}, {"late": 0.8, "wrong_item": 0.0}])),
    }


@st.composite
def _categories(draw: st.DrawFn) -> dict[str, Any]:
    """One family of goods, or two of which one comes back in its own way."""
    category = {"return_rate": draw(rates(0.0, 0.1, 0.6)), "fragile_share": 0.3}
    if draw(st.booleans()):
        return {"all": category}
    own = {
        "return_reasons": draw(st.sampled_from([None, {"fit": 0.9, "changed_mind": 0.0}])),
        "return_lag_days": draw(st.sampled_from([None, law("exponential", 1.0)])),
        "return_inspect_s": draw(st.sampled_from([None, law("deterministic", 60.0)])),
    }
    return {"all": {**category, "share": 0.5}, "fitted": {**category, **own, "share": 0.5}}


@st.composite
def _returns(draw: st.DrawFn) -> dict[str, Any]:
    """Returns as they are by default in some worlds, with everything that can be done in others."""
    rules: dict[str, Any] = {
        "replace_share": draw(rates(0.0, 0.5, 1.0)),
        "lag_days": draw(laws(2.0)),
        "late_return_extra": draw(rates(0.0, 0.5)),
        "restockable_share": draw(rates(0.0, 0.7)),
    }
    return rules if draw(st.booleans()) else rules | draw(_desk())


@st.composite
def _desk(draw: st.DrawFn) -> dict[str, Any]:
    """Refusals, exchanges, early refunds, the cart and refurbishing, many at once."""
    some_days = st.one_of(laws(1.0), st.just(law("deterministic", 0.0)))
    rules: dict[str, Any] = {
        "part_of_line_share": draw(rates(0.0, 0.7)),
        "window_days": draw(st.sampled_from([None, 1.0, 4.0])),
        "refund_when": draw(st.sampled_from(["inspection", "scan", "request"])),
        "never_sent_share": draw(rates(0.0, 0.2)),
        "exchange_share": draw(rates(0.5, 1.0, 0.0)),
        "refurbish_share": draw(rates(0.5, 1.0, 0.0)),
        "restock": draw(st.sampled_from(["cart", "cart", "at_once"])),
        "restockable_share": draw(rates(0.4, 0.9)),
        "scrap_value_share": draw(rates(0.0, 0.1)),
        "way_back_days": draw(some_days),
        "refund_days": draw(some_days),
    }
    if draw(st.sampled_from([True, True, False])):
        rules |= {
            "authorisation": "clerk",
            "authorised_by": draw(st.sampled_from(["clerks", "returns_clerks"])),
            "refuse_share": draw(rates(0.2, 0.5)),
        }
    if rules["restock"] == "cart":
        rules |= {
            "restock_cart_units": draw(st.sampled_from([1, 4, 40])),
            "restock_round_at": draw(st.sampled_from(["00:00", "10:30"])),
        }
    if rules["exchange_share"]:
        rules["exchange_when"] = draw(st.sampled_from(["inspection", "request"]))
    if rules["refund_when"] == "inspection":
        rules["deduction_share"] = draw(rates(0.0, 0.3))
    if rules["never_sent_share"]:
        rules["label_valid_days"] = draw(rates(0.0, 5.0))
    if rules["refurbish_share"]:
        rules |= {
            "refurbish_days": draw(some_days),
            "refurbished_to": draw(st.sampled_from(["second_hand", "shelf"])),
        }
    return rules


@st.composite
def _follow_up(draw: st.DrawFn) -> dict[str, Any]:
    """Contacts that lead to orders in half of the worlds with contacts."""
    share = draw(rates(0.0, 0.7, 0.7))
    leads = draw(rates(0.0, 0.8)) if share else 0.0
    cross_sell = {"cross_sell_days": draw(laws(1.0, 2.0)), "cross_sell_share": leads}
    return {
        "share": share,
        "after_days": draw(rates(0.0, 2.0)),
        **(cross_sell if leads else {}),
    }


@st.composite
def _stockouts(draw: st.DrawFn, *, unlimited: bool) -> dict[str, Any]:
    """One answer for all SKUs in half of the worlds, else one by class; rules for who waits."""
    mixed = draw(st.booleans())
    answers = [*ANSWERS, "substitute", "ask_customer"] if mixed else ANSWERS
    stockouts: dict[str, Any] = {
        "answer": draw(st.sampled_from(answers)),
        "split": draw(st.booleans()),
        "patience_days": draw(laws(0.1, 0.5, 10.0)),
        "dropship_error_rate": draw(rates(0.0, 0.3)),
    }
    if mixed:
        for name, which in (("best", {"abc": ["A"]}), ("rest", {"categories": ["all"]})):
            stockouts.setdefault("by_class", {})[name] = {
                **which,
                "answer": draw(st.sampled_from([None, *answers])),
                "split": draw(st.booleans()),
                "dropship_error_rate": draw(st.sampled_from([None, 0.5])),
            }
    given = StockoutsSection.model_validate(stockouts).answers
    if {"substitute", "ask_customer"} & set(given):
        stockouts["otherwise"] = draw(st.sampled_from(ANSWERS[1:]))
    if "substitute" in given:
        stockouts["substitute_accept_share"] = draw(rates(0.3, 1.0))
    if "ask_customer" in given:
        stockouts["reactions"] = {"elsewhere": 1.0, "substitute": 2.0, "wait": 2.0, "drop": 1.0}
    given = StockoutsSection.model_validate(stockouts).answers
    if unlimited or "backorder" not in given:
        return {"stockouts": stockouts}
    stockouts["repromise"] = draw(st.booleans())
    if stockouts["repromise"]:
        stockouts["cancel_on_slip_share"] = draw(rates(0.0, 0.3))
    if draw(st.booleans()):
        return {"stockouts": stockouts}
    rule = draw(st.sampled_from(["first_come", "priority", "fair_share"]))
    allocation = {"rule": rule, "no_overtaking": draw(st.booleans())}
    return {"stockouts": stockouts, "allocation": allocation}


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return a checked scenario of two or three days with up to 600 orders."""
    pickups = [["18:00"], ["09:00", "12:30", "16:45"]]
    service = {
        "pickups": draw(st.sampled_from(pickups)),
        "pickups_by_day": draw(st.sampled_from([{}, {"sat": ["10:00"], "wed": []}])),
        "order_cut_off_by_day": draw(st.sampled_from([{}, {"tue": "08:00"}])),
        **draw(_room()),
        "days": draw(st.sampled_from([EVERY_DAY, EVERY_DAY[:5], ["tue"]])),
        "transit_days": draw(laws(0.5, 2.0)),
        "promised_transit_days": draw(rates(0.0, 1.0, 3.0)),
    }
    promotion = {"date": "2026-01-06", "days": 1, "factor": 2.0}
    evening = {**promotion, "hours": {"start": "18:00", "end": "22:00"}, "channels": ["web"]}
    floor, staff, stock = draw(warehouses()), draw(_staff()), draw(_stock())
    missing, suppliers = draw(_stockouts(unlimited=stock["unlimited"])), {}
    if not stock["unlimited"]:
        answers = StockoutsSection.model_validate(missing["stockouts"])
        stock |= draw(_buying(answers))
        suppliers = draw(_suppliers(answers))
    picking = draw(ways_to_pick(floor, staff, unlimited=stock["unlimited"]))
    customers = draw(_customers())
    world = Scenario.model_validate(
        {
            "name": "world",
            "run": {
                "warm_up_days": 0.0,
                "horizon_days": draw(rates(2.0, 3.0)),
                "cool_down_days": 0.0,
                "follow_up_days": draw(rates(120.0, 120.0, 120.0, 4.0)),
                "seed": draw(st.integers(0, 2**31)),
            },
            "orders": {
                **_rate_and_channels(
                    draw(st.integers(30, 150)),
                    draw(_channels(unlimited=stock["unlimited"], own_rates="law" not in customers)),
                    lives="law" in customers,
                ),
                "lines_per_order": {"distribution": "one_plus_poisson", "mean_extra": 1.2},
                "day_cv": 0.0 if customers.get("law") else draw(rates(0.0, 0.5)),
                "units_per_line": {"distribution": "geometric", "mean": draw(rates(1.0, 1.8))},
                "promotions": draw(st.sampled_from([{}, {"sale": promotion}, {"sale": evening}])),
            },
            "customers": customers,
            "items": {
                "count": draw(st.sampled_from([3, 20, 80])),
                "categories": draw(_categories()),
            },
            "entry": {
                "error_rate_per_line": draw(rates(0.0, 0.2)),
                "automated_error_rate_per_line": draw(rates(0.0, 0.05)),
                "wrong_address_rate": draw(rates(0.0, 0.2)),
                "found_at_payment_share": draw(rates(0.0, 0.5)),
                "found_at_packing_share": draw(rates(0.0, 0.0, 0.5, 1.0)),
                "address_correction_eur": draw(rates(0.0, 15.0)),
            },
            "payment": {
                "instant_share": draw(rates(0.3, 1.0)),
                "decline_rate": draw(rates(0.0, 0.3)),
                "fraud_hold_share": draw(rates(0.0, 0.2)),
                "retries": draw(st.integers(0, 3)),
                **draw(st.one_of(st.just({}), _later_money())),
            },
            "stock": stock,
            "suppliers": suppliers,
            "inbound": {} if stock["unlimited"] else draw(_inbound()),
            "pick_faces": {} if stock["unlimited"] else draw(st.one_of(st.just({}), _pick_faces())),
            **missing,
            "release": draw(_release(picking["batch_min_orders"])),
            "warehouse": floor,
            "picking": picking,
            "packing": {
                **draw(_packing_work()),
                **draw(_boxes()),
                "check_detects": draw(rates(0.0, 0.3, 0.9)),
                "label_s": draw(st.sampled_from([law("deterministic", 0.0), law("gamma", 60.0)])),
                "protect_fragile": draw(st.booleans()),
                "damage_rate": draw(rates(0.0, 0.1)),
            },
            "shipping": {
                "services": {
                    "standard": draw(st.sampled_from([service, CONTINUOUS])),
                    "express": {**service, "pickups": ["11:00"], "order_cut_off": "10:00"},
                },
                **draw(_telling()),
            },
            "follow_up": draw(_follow_up()),
            "returns": draw(_returns()),
            "people": draw(_people()),
            "staff": staff,
        }
    )
    if not (world.stock.unlimited or world.pick_faces.used):
        world = _with_records(world, draw(_records(["right", "every_way", "some_ways"])))
    if draw(st.booleans()):
        world = _with_stations(world, draw(stations(tuple(world.orders.channels))))
    found = list(run_checks(world))
    assert not found, f"a planner could not write this world: {found}"
    return world


def _with_stations(world: Scenario, found: dict[str, Any]) -> Scenario:
    """Return a world with such stations, and specialists for them on shifts that have any."""
    plan = world.model_dump()
    plan["stations"] = found
    for shift in plan["staff"].values():
        if shift["specialists"]:
            shift["specialists"] = needed(found)
    return Scenario.model_validate(plan)


def _with_records(world: Scenario, records: dict[str, Any]) -> Scenario:
    """Return a world with such books; where they drift, no place lacks units by chance."""
    plan = world.model_dump()
    plan["records"] = records
    if records:
        plan["picking"]["short_picks"]["share_of_lines"] = 0.0
    return Scenario.model_validate(plan)


@st.composite
def scenarios_with_drift(draw: st.DrawFn) -> Scenario:
    """Return such a scenario whose books part from the shelf."""
    plan = draw(scenarios()).model_dump()
    plan["stock"]["unlimited"] = False
    plan["pick_faces"] = {}
    records = draw(_records(["every_way", "some_ways"]))
    return _with_records(Scenario.model_validate(plan), records)


@st.composite
def scenarios_that_ask_anew(draw: st.DrawFn) -> Scenario:
    """Return such a scenario where goods are waited for longer than most authorisations hold."""
    plan = draw(scenarios()).model_dump()
    plan["payment"].update(draw(_later_money()))
    plan["payment"]["authorisation_days"] = draw(rates(0.01, 0.1))
    plan["stock"].update(unlimited=False, service_level=0.01, order_days=0.2)
    plan["stockouts"]["answer"] = "backorder"
    return Scenario.model_validate(plan)


@st.composite
def scenarios_with_pick_faces(draw: st.DrawFn) -> Scenario:
    """Return such a scenario whose pickers reach only what lies on small faces."""
    world = draw(scenarios())
    faces = draw(_pick_faces())
    short_picks = {"share_of_lines": draw(rates(0.0, 0.1))}
    plan = world.model_dump()
    plan["pick_faces"] = faces
    plan["records"] = {}
    plan["stock"]["unlimited"] = False
    plan["picking"]["short_picks"] = short_picks
    return Scenario.model_validate(plan)


@st.composite
def scenarios_with_returns(draw: st.DrawFn) -> Scenario:
    """Return such a scenario in which more than half of the goods come back, in every way."""
    world = draw(scenarios())
    rules = {"lag_days": law("exponential", 2.0), **draw(_desk())}
    plan = world.model_dump()
    for category in plan["items"]["categories"].values():
        category["return_rate"] = 0.6
    plan["returns"] = rules
    return Scenario.model_validate(plan)


@st.composite
def scenarios_with_stations(draw: st.DrawFn) -> Scenario:
    """Return such a scenario with stations."""
    world = draw(scenarios())
    return _with_stations(world, draw(stations(tuple(world.orders.channels))))

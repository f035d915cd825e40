"""Small random warehouses: every feature is on in some of them, many at once in most."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sim.scenario.checks import run_checks
from sim.scenario.schema import ROLES, WEEKDAYS, Scenario
from tests.properties.chance import law, laws, rates
from tests.properties.floors import warehouses, ways_to_pick

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
def _channels(draw: st.DrawFn) -> dict[str, Any]:
    late = {"share": draw(rates(0.0, 0.5)), "delay_h": draw(laws(1.0, 8.0))}
    phone = {
        "share": 0.4,
        "entry": "manual",
        "late_submission": late,
        "service": draw(st.sampled_from(["standard", "express"])),
        "priority": draw(st.integers(0, 2)),
        "listed_in": draw(st.integers(1, 3)),
    }
    channels: dict[str, dict[str, Any]] = {"web": {"share": 0.6}, "phone": phone}
    if not draw(st.booleans()):
        channels = {"web": {}}
    for channel in channels.values():
        channel.update(draw(st.sampled_from([{}, OWN_WAYS])))
    if draw(st.booleans()):
        for channel in channels.values():
            channel.update({"share": None, "per_day": draw(rates(20.0, 60.0))})
    return channels


def _rate_and_channels(per_day: int, channels: dict[str, Any]) -> dict[str, Any]:
    """Return orders a day by share, or nothing but the channels' own rates."""
    own = any("per_day" in channel for channel in channels.values())
    return {"channels": channels} if own else {"per_day": float(per_day), "channels": channels}


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
    category = {"return_rate": draw(rates(0.0, 0.1, 0.6)), "fragile_share": 0.3}
    floor, staff, stock = draw(warehouses()), draw(_staff()), draw(_stock())
    picking = draw(ways_to_pick(floor, staff, unlimited=stock["unlimited"]))
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
                **_rate_and_channels(draw(st.integers(30, 150)), draw(_channels())),
                "lines_per_order": {"distribution": "one_plus_poisson", "mean_extra": 1.2},
                "units_per_line": {"distribution": "geometric", "mean": draw(rates(1.0, 1.8))},
                "promotions": draw(st.sampled_from([{}, {"sale": promotion}, {"sale": evening}])),
            },
            "customers": {"orders_per_year": draw(rates(3.0, 600.0))},
            "items": {
                "count": draw(st.sampled_from([3, 20, 80])),
                "categories": {"all": category},
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
            "inbound": {} if stock["unlimited"] else draw(_inbound()),
            "pick_faces": {} if stock["unlimited"] else draw(st.one_of(st.just({}), _pick_faces())),
            "stockouts": {
                "answer": draw(st.sampled_from(ANSWERS)),
                "split": draw(st.booleans()),
                "patience_days": draw(laws(0.1, 0.5, 10.0)),
                "dropship_error_rate": draw(rates(0.0, 0.3)),
            },
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
            "follow_up": {"share": draw(rates(0.0, 0.7)), "after_days": draw(rates(0.0, 2.0))},
            "returns": {
                "replace_share": draw(rates(0.0, 0.5, 1.0)),
                "lag_days": draw(laws(2.0)),
                "late_return_extra": draw(rates(0.0, 0.5)),
                "restockable_share": draw(rates(0.0, 0.7)),
            },
            "people": draw(_people()),
            "staff": staff,
        }
    )
    found = list(run_checks(world))
    assert not found, f"a planner could not write this world: {found}"
    return world


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
    plan["stock"]["unlimited"] = False
    plan["picking"]["short_picks"] = short_picks
    return Scenario.model_validate(plan)

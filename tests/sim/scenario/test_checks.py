"""Rules that span several keys: each is broken once, and says so at its key."""

from __future__ import annotations

from typing import Any

import pytest

from sim.policies.batching import BATCHING, PLANNER_RULES
from sim.policies.release import RELEASE
from sim.policies.routing import ROUTING, resolve_routing
from sim.scenario import checks
from sim.scenario.checks import floor
from sim.scenario.schema import ROLES, Scenario
from sim.warehouse.layout import RectangularLayout

LAW = {"distribution": "empirical", "values": [1.0, 2.0], "weights": [1.0]}
BOX = {"width_mm": 200, "height_mm": 100}
ALWAYS_60 = {"distribution": "deterministic", "value": 60.0}
COHORT = {"law": "bg_nbd", "opening_customers": 5}
ALWAYS = {"start": "06:00", "end": "14:00"}

FROM_A_FILE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"blocks": 2}, "warehouse.layout.blocks"),
    ({}, {"one_way": True}, "warehouse.layout.one_way"),
    ({}, {"levels": 2}, "warehouse.layout.levels"),
    ({}, {"access_s_per_level": [1.0]}, "warehouse.layout.access_s_per_level"),
    ({"zones": 2}, {}, "warehouse.zones"),
]


def services(**service: Any) -> dict[str, Any]:
    """Return the section of one carrier service."""
    return {"shipping": {"services": {"standard": service}}}


PICKERS = {"pickers": {"role": "pickers", "contract": "full", "at_most": 1}}
TWO_PICKERS = {name: {"crew": "pickers"} for name in ("anna", "ben")}

BROKEN: list[tuple[dict[str, Any], str]] = [
    (
        {"labour": {"contracts": {"full": {"hours_min": 41.0}}}},
        "labour.contracts.full.hours_min",
    ),
    (
        {"labour": {"contracts": {"full": {"lengths_h": [7.0]}}}},
        "labour.contracts.full.lengths_h",
    ),
    (
        {"labour": {"shifts": {"night": {"start": "20:00", "last_start": "02:00"}}}},
        "labour.shifts.night.last_start",
    ),
    (
        {"labour": {"shifts": {"any": {"lengths_h": [6.0], "break_play_min": 165}}}},
        "labour.shifts.any.break_play_min",
    ),
    ({"labour": {"crews": {"a": {"role": "pickers", "contract": "x"}}}}, "labour.crews.a.contract"),
    (
        {
            "labour": {
                "crews": {"a": {"role": "pickers", "contract": "full", "at_least": 3, "at_most": 2}}
            }
        },
        "labour.crews.a.at_least",
    ),
    ({"labour": {"people": {"anna": {"crew": "x"}}}}, "labour.people.anna.crew"),
    ({"labour": {"crews": PICKERS, "people": TWO_PICKERS}}, "labour.crews.pickers.at_most"),
    (
        {
            "labour": {
                "crews": PICKERS,
                "people": {"anna": {"crew": "pickers", "wishes": {"w": {}}}},
            }
        },
        "labour.people.anna.wishes.w",
    ),
    ({"orders": {"channels": {"web": {"share": 0.5}}}}, "orders.channels"),
    ({"items": {"categories": {"a": {"share": 0.4}}}}, "items.categories"),
    ({"orders": {"hourly_profile": [0.0] * 24}}, "orders.hourly_profile"),
    ({"orders": {"channels": {"web": {"service": "air"}}}}, "orders.channels.web.service"),
    ({"picking": {"search_s": LAW}}, "picking.search_s"),
    (
        {"picking": {"search_s": {"distribution": "uniform", "low": 5.0, "high": 2.0}}},
        "picking.search_s",
    ),
    (
        {"orders": {"units_per_line": {"distribution": "deterministic", "value": 1.5}}},
        "orders.units_per_line",
    ),
    ({"picking": {"batching": "first-come"}}, "picking.batching"),
    ({"picking": {"routing": "s-shape"}}, "picking.routing"),
    ({"warehouse": {"layout": {"locations_file": "floor.csv"}}}, "picking.routing"),
    (
        {"warehouse": {"layout": {"one_way": True}}, "picking": {"routing": "return"}},
        "picking.routing",
    ),
    ({"warehouse": {"layout": {"blocks": 5}}, "picking": {"routing": "exact"}}, "picking.routing"),
    (
        {
            "warehouse": {"layout": {"blocks": 5, "one_way": True}},
            "picking": {"routing": "exact"},
        },
        "picking.routing",
    ),
    ({"warehouse": {"layout": {"levels": 3}}}, "warehouse.layout.access_s_per_level"),
    (
        {"warehouse": {"layout": {"access_s_per_level": [0.0, 8.0]}}},
        "warehouse.layout.access_s_per_level",
    ),
    (
        {"warehouse": {"layout": {"blocks": 4, "positions_per_side": 3}}},
        "warehouse.layout.blocks",
    ),
    ({"warehouse": {"layout": {"aisles": 1, "one_way": True}}}, "warehouse.layout.one_way"),
    ({"warehouse": {"zones": 13}}, "warehouse.zones"),
    ({"warehouse": {"abc": {"a_share": 0.6, "b_share": 0.5}}}, "warehouse.abc"),
    *(
        (
            {
                "warehouse": {**wide, "layout": {"locations_file": "floor.csv", **plan}},
                "picking": {"routing": "nearest"},
            },
            path,
        )
        for wide, plan, path in FROM_A_FILE
    ),
    ({"release": {"policy": "waves"}}, "release.policy"),
    ({"release": {"sequence": "priority"}}, "release.sequence"),
    (
        {"release": {"policy": "cut_off_wave"}, **services(continuous=True)},
        "release.policy",
    ),
    (
        services(days=["mon"], pickups_by_day={"mon": []}),
        "shipping.services.standard.pickups_by_day",
    ),
    (
        services(order_cut_off_by_day={"sun": "10:00"}),
        "shipping.services.standard.order_cut_off_by_day.sun",
    ),
    (
        services(continuous=True, truck_capacity_kg=500.0),
        "shipping.services.standard.continuous",
    ),
    (
        {
            "release": {"policy": "wip_limit", "wip_max_shipments": 3},
            "picking": {"batch_min_orders": 4},
        },
        "picking.batch_min_orders",
    ),
    ({"picking": {"tour_time_s": ALWAYS_60, "scan": {"of": "units"}}}, "picking.scan.of"),
    ({"packing": {"box_rule": "exact"}}, "packing.box_rule"),
    (
        {"packing": {"box_rule": "exact_fit", "boxes": {"hall": {**BOX, "length_mm": 10_001}}}},
        "packing.boxes.hall",
    ),
    (
        {"packing": {"steps": {"close": {"s_per_parcel": 9.0}}, "time_s": ALWAYS_60}},
        "packing.steps",
    ),
    (
        {"staff": {"early": {**ALWAYS, "breaks": {"meal": {"start": "13:45", "minutes": 30}}}}},
        "staff.early.breaks.meal",
    ),
    ({"staff": {"early": {**ALWAYS, "pickers": 0}}}, "staff"),
    ({"inbound": {"dock_doors": 2}}, "inbound.dock_doors"),
    ({"inbound": {"hours": {"start": "06:00"}}}, "inbound.hours"),
    (
        {"inbound": {"process": "step_by_step"}, "stock": {"unlimited": True}},
        "inbound.process",
    ),
    ({"pick_faces": {"used": True}, "stock": {"unlimited": True}}, "pick_faces.used"),
    ({"pick_faces": {"used": True, "min_days": 2.0}}, "pick_faces.min_days"),
    ({"pick_faces": {"used": True}}, "staff"),
    ({"staff": {"early": {**ALWAYS, "by_day": {"sun": {"pickers": 2}}}}}, "staff.early.by_day.sun"),
    (
        {
            "staff": {"early": {**ALWAYS, "by_date": {"2026-11-27": {"pickers": 2}}}},
            "people": {"closed_dates": ["2026-11-27"]},
        },
        "staff.early.by_date.2026-11-27",
    ),
    (
        {
            "staff": {
                "early": {
                    **ALWAYS,
                    "breaks": {"meal": {"start": "10:00", "minutes": 30}},
                    "by_day": {"mon": {"end": "10:00"}},
                }
            }
        },
        "staff.early.by_day.mon.breaks.meal",
    ),
    ({"targets": {"cost_per_order_eur": {}}}, "targets.cost_per_order_eur"),
    ({"run": {"replications": 100_000}}, "run.budget_orders"),
    ({"stock": {"unlimited": True, "policy": "r_Q"}}, "stock.policy"),
    ({"stock": {"unlimited": True}, "suppliers": {"a": {}}}, "suppliers"),
    ({"stock": {"order_quantity": 5}}, "stock.order_quantity"),
    ({"stock": {"policy": "r_Q", "order_up_to": 5}}, "stock.order_up_to"),
    ({"stock": {"policy": "base_stock", "reorder_point": 5}}, "stock.reorder_point"),
    ({"stock": {"reorder_point": 5, "order_up_to": 5}}, "stock.order_up_to"),
    ({"stock": {"order_size": "eoq"}}, "stock.order_size"),
    (
        {"stock": {"policy": "base_stock", "service_measure": "fill_rate"}},
        "stock.service_measure",
    ),
    ({"stock": {"review_days": 2}}, "stock.review_days"),
    ({"stock": {"opening": "full", "opening_units": 3}}, "stock.opening"),
    ({"stock": {"costs_counted": "at_day_end"}}, "stock.costs_counted"),
    (
        {"stock": {"shortage_cost_eur_per_unit_day": 1.0}, "stockouts": {"answer": "dropship"}},
        "stock.shortage_cost_eur_per_unit_day",
    ),
    (
        {"stock": {"lost_cost_eur_per_unit": 1.0}, "stockouts": {"answer": "dropship"}},
        "stock.lost_cost_eur_per_unit",
    ),
    ({"stock": {"classes": {"A": {"categories": ["gold"]}}}}, "stock.classes.A.categories"),
    ({"stock": {"classes": {"A": {}, "B": {"service_level": 0.9}}}}, "stock.classes.B"),
    ({"stock": {"classes": {"A": {"order_quantity": 4}}}}, "stock.classes.A.order_quantity"),
    ({"suppliers": {"a": {"use": "emergency"}}}, "suppliers"),
    ({"suppliers": {"a": {"share": 0.0}}}, "suppliers"),
    ({"suppliers": {"a": {"categories": ["gold"]}}}, "suppliers.a.categories"),
    ({"suppliers": {"a": {"emergency_days": 3.0}}}, "suppliers.a.emergency_days"),
    ({"suppliers": {"a": {}, "b": {"use": "emergency", "share": 0.5}}}, "suppliers.b.share"),
    (
        {"suppliers": {"a": {}, "b": {"use": "emergency"}}, "stockouts": {"answer": "turn_away"}},
        "suppliers.b.emergency_point",
    ),
    ({"customers": {"r": 0.5}}, "customers.r"),
    ({"customers": {"opening_customers": 5}}, "customers.opening_customers"),
    ({"customers": {"drop_out": {"late": 0.1}}}, "customers.drop_out.late"),
    ({"customers": {**COHORT, "rate_shape": 2.0}}, "customers.rate_shape"),
    ({"customers": {**COHORT, "orders_per_year": 2.0}}, "customers.orders_per_year"),
    ({"customers": COHORT, "orders": {"per_day": 50.0}}, "orders.per_day"),
    ({"customers": COHORT, "orders": {"day_cv": 0.2}}, "orders.day_cv"),
    ({"customers": COHORT, "orders": {"source": "history"}}, "customers.law"),
    ({"customers": {"law": "bg_nbd"}}, "customers.law"),
    (
        {"customers": COHORT, "orders": {"channels": {"web": {"per_day": 30.0}}}},
        "orders.channels.web.per_day",
    ),
    ({"customers": {"law": "bg_nbd", "new_per_day": 1e6}}, "run.budget_orders"),
    ({"customers": {**COHORT, "new_days": 3.0}}, "customers.new_days"),
    (
        {"customers": {"law": "bg_nbd", "new_per_day": 1.0, "opening_age_weeks": 3.0}},
        "customers.opening_age_weeks",
    ),
    (
        {"customers": {"experience": {"very_late_days": 5.0}}},
        "customers.experience.very_late_days",
    ),
    (
        {"follow_up": {"cross_sell_share": 0.1, "share": 0.0}},
        "follow_up.cross_sell_share",
    ),
    (
        {"follow_up": {"cross_sell_share": 0.1}, "orders": {"source": "history"}},
        "follow_up.cross_sell_share",
    ),
    (
        {"follow_up": {"cross_sell_days": {"distribution": "exponential", "mean": 21.0}}},
        "follow_up.cross_sell_days",
    ),
]


@pytest.mark.parametrize(("keys", "path"), BROKEN, ids=[path for _, path in BROKEN])
def test_a_broken_rule_is_found_at_its_key(keys: dict[str, Any], path: str) -> None:
    """Each rule names the key that breaks it, what was found and what is expected."""
    scenario = Scenario.model_validate({"name": "x", **keys})

    findings = list(checks.run_checks(scenario))

    assert path in [finding[0] for finding in findings]
    assert all(found and expected for _, found, expected, _ in findings)


def test_the_default_scenario_breaks_no_rule() -> None:
    """A scenario that says nothing but its name can be played."""
    assert list(checks.run_checks(Scenario(name="x"))) == []


def test_extra_people_on_a_date_do_their_role_s_work() -> None:
    """A role with heads on some date alone has somebody to do it."""
    staff = {"early": {**ALWAYS, "pickers": 0, "by_date": {"2026-11-27": {"pickers": 2}}}}
    scenario = Scenario.model_validate({"name": "x", "staff": staff})

    found = [found for _, found, _, _ in checks.run_checks(scenario)]

    assert "no packers on any shift" in found
    assert "no pickers on any shift" not in found


def test_checks_know_every_built_in_rule() -> None:
    """The names that the checks accept are the names of the rules, and say which need aisles."""
    planner = {"exact", "ortools"}
    named = {*floor.AISLE_ROUTING, *floor.ANY_FLOOR_ROUTING}
    needs_aisles = {name for name, rule in ROUTING.items() if rule.needs_aisles}

    assert named - planner == set(ROUTING)
    assert set(floor.AISLE_ROUTING) - planner == needs_aisles
    assert set(floor.BATCHING_RULES) == {*BATCHING, *PLANNER_RULES}
    assert set(floor.RELEASE_RULES) == set(RELEASE)


@pytest.mark.parametrize(
    "plan",
    [{"blocks": 4}, {"one_way": True}, {"blocks": 5}, {"blocks": 2, "one_way": True}],
    ids=str,
)
def test_the_check_and_the_rules_refuse_the_same(plan: dict[str, Any]) -> None:
    """A built-in rule is a finding on just those floors on which it cannot be made."""
    layout = RectangularLayout(12, 45, **plan)
    for rule in (*floor.AISLE_ROUTING, *floor.ANY_FLOOR_ROUTING):
        keys = {"name": "x", "warehouse": {"layout": plan}, "picking": {"routing": rule}}
        findings = list(checks.run_checks(Scenario.model_validate(keys)))
        if findings:
            with pytest.raises(ValueError, match=f"'{rule}'"):
                resolve_routing(rule, layout)
        else:
            assert resolve_routing(rule, layout).name == rule


def test_who_is_trained_by_somebody_trained_is_not_trained() -> None:
    """Clerks who may pick do not pack because pickers may: nobody packs here."""
    staff = {"day": {**ALWAYS, **dict.fromkeys(ROLES, 1), "pickers": 0, "packers": 0}}
    trained = {"clerks": ["pickers"], "pickers": ["packers"]}
    scenario = Scenario.model_validate(
        {"name": "x", "staff": staff, "people": {"cross_training": trained}}
    )

    assert [found for _, found, *_ in checks.run_checks(scenario)] == ["no packers on any shift"]


def test_pick_faces_are_kept_full_by_replenishers_or_by_others_trained_for_it() -> None:
    """Nobody on the default shifts tops faces up; pickers who are trained for it will do."""
    faces = {"name": "x", "pick_faces": {"used": True}}
    trained = faces | {"people": {"cross_training": {"pickers": ["replenishers"]}}}

    alone = list(checks.run_checks(Scenario.model_validate(faces)))

    assert [found for _, found, *_ in alone] == ["no replenishers on any shift"]
    assert list(checks.run_checks(Scenario.model_validate(trained))) == []


@pytest.mark.parametrize(
    ("sections", "needed"),
    [
        ({"stock": {"receive_s_per_order": 0.0}}, False),
        ({"stock": {"receive_s_per_order": 1.0}}, True),
        ({"stock": {"receive_s_per_order": 0.0}, "inbound": {"process": "step_by_step"}}, True),
    ],
)
def test_receivers_are_needed_where_deliveries_are_work(
    sections: dict[str, Any], needed: bool
) -> None:
    """In one go it is stock.receive_s_per_order that counts, step by step the times of inbound."""
    staff = {"day": {**ALWAYS, "pickers": 1, "packers": 1, "dispatchers": 1, "clerks": 1,
                     "returns_clerks": 1}}  # fmt: skip
    scenario = Scenario.model_validate({"name": "x", "staff": staff, **sections})

    found = [text for _, text, *_ in checks.run_checks(scenario)]

    assert ("no receivers on any shift" in found) == needed


@pytest.mark.parametrize(
    ("how", "missing"), [("off", False), ("automated", False), ("manual", True)]
)
def test_marking_by_hand_needs_its_people(how: str, missing: bool) -> None:
    """Dispatchers who have no labels to print are needed if they mark parcels as shipped."""
    keys = {
        "shipping": {"mark_shipped": how, "mark_shipped_by": "dispatchers"},
        "packing": {"label_s": {"distribution": "deterministic", "value": 0.0}},
        "staff": {"early": {**ALWAYS, **dict.fromkeys(ROLES, 1), "dispatchers": 0}},
    }
    scenario = Scenario.model_validate({"name": "x", **keys})

    findings = list(checks.run_checks(scenario))

    assert [found for _, found, _, _ in findings] == ["no dispatchers on any shift"] * missing

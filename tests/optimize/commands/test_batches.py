"""``warelab optimize batches``: planned carts hold the day's orders, walk less, and are a plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from optimize.batching.day import DayOrder, as_they_come, planned, walked
from optimize.batching.problem import Order
from optimize.commands.day import PickedDay, as_walked, orders_of, orders_of_file
from optimize.order_file import FiledOrder
from optimize.pick_lists import pick_lists
from optimize.plan import read_plan
from sim.engine.floor import zone_floors
from sim.engine.setting import cart_of
from sim.log.facts import Fact
from sim.policies.batching import Cart
from sim.warehouse.layout import RectangularLayout
from tests.sim.commands.calling import called
from tests.sim.engine.playing import Record, record
from tests.sim.experiments.small import small, small_file

JUDGED_NOT = ("--replications", "0", "-q")
ORDERS = "order,location,units,due\n" + "".join(
    f"{name},{place},1,1{n}:00\n"
    for n, (name, place) in enumerate(
        [("A", 0), ("B", 79), ("C", 1), ("D", 78), ("E", 0), ("F", 77)]
    )
)


@pytest.fixture(scope="module", params=["whole_orders", "parallel_zones"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """One replication of the small scenario, picked whole and by zones."""
    settings = ["picking.batch_max_orders=3"]
    if request.param != "whole_orders":
        settings += ["warehouse.zones=2", f"picking.method={request.param}"]
    return record(small(tmp_path_factory.mktemp("small"), *settings).scenario)


def test_the_orders_of_a_day_are_those_that_were_picked(played: Record) -> None:
    """Tours hold as many orders, lines and units as the log says, and walk its metres."""
    lists = pick_lists(played.log, played.book.demand.sku.tolist(), played.setting.location_of_sku)
    day = PickedDay(lists, "all", played.book)
    kept = as_walked(played.setting, lists)
    assert kept == lists
    orders, carts = orders_of(played.setting, day, kept)
    ended = {row.subject: row for row in played.rows(Fact.TOUR_ENDED)}
    assert [len(cart) for cart in carts] == [ended[one.tour].other for one in lists]
    assert sum(len(each.order.stops) for each in orders) == played.count(Fact.LINE_PICKED)
    floors = zone_floors(played.setting)
    today = walked(floors, orders, carts, batching="first_come", routing="s_shape")
    assert list(today.walk_m) == [ended[one.tour].value for one in lists]


@pytest.mark.parametrize("method", ["first_come", "savings", "ruin_recreate"])
def test_planned_carts_hold_every_order_once(played: Record, method: Any) -> None:
    """A partition within the cart's limits, each cart in one zone, priced by the routing rule."""
    lists = pick_lists(played.log, played.book.demand.sku.tolist(), played.setting.location_of_sku)
    orders, _ = orders_of(played.setting, PickedDay(lists, "all", played.book), lists)
    floors, cart = zone_floors(played.setting), cart_of(played.setting.scenario.picking)
    way = planned(floors, orders, cart, method=method, routing="exact", iterations=500)
    assert sorted(one for batch in way.batches for one in batch) == list(range(len(orders)))
    for batch in way.batches:
        assert len(batch) <= cart.orders
        assert len({orders[one].zone for one in batch}) == 1
        assert len(batch) == 1 or sum(orders[one].order.volume_ml for one in batch) <= (
            cart.volume_ml * (1 + 1e-9)
        )
    again = walked(floors, orders, way.batches, batching=method, routing="exact")
    assert way.walk_m == again.walk_m


def test_a_search_walks_no_more_than_it_began_with(played: Record) -> None:
    """First come is never better than savings here, savings never better than the search."""
    lists = pick_lists(played.log, played.book.demand.sku.tolist(), played.setting.location_of_sku)
    orders, _ = orders_of(played.setting, PickedDay(lists, "all", played.book), lists)
    floors, cart = zone_floors(played.setting), cart_of(played.setting.scenario.picking)
    come, saved, searched = (
        planned(floors, orders, cart, method=method, routing="s_shape", iterations=2000).cost_m
        for method in ("first_come", "savings", "ruin_recreate")
    )
    assert searched <= saved + 1e-6 <= come + 1e-6


def test_a_rule_serves_a_line_that_waits_from_the_start() -> None:
    """First come fills carts in order; all orders of a zone stay in it."""
    floor = RectangularLayout(2, 5)
    orders = [DayOrder(str(n), n % 2, Order((n,), 1)) for n in range(7)]
    way = as_they_come(
        [floor, floor], orders, Cart(3, 1e6), batching="first_come", routing="s_shape"
    )
    assert way.batches == ((0, 2, 4), (6,), (1, 3, 5))


def test_an_order_of_a_file_is_split_by_zone(played: Record) -> None:
    """Its parts hold its lines, each in one zone."""
    filed = FiledOrder("A", [0, 79, 1], 6, 60.0, 6.0, due="12:00")
    parts = orders_of_file(played.setting, [filed])
    assert sorted(stop for part in parts for stop in part.order.stops) == [0, 1, 79]
    assert sum(part.order.items for part in parts) == 6
    assert all(part.due == "12:00" for part in parts)
    zones = played.setting.scenario.warehouse.zones
    assert len(parts) == (1 if zones == 1 else 2)


def test_batches_are_planned_judged_written_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fewer metres and more lines an hour, on the same orders; the plan is taken by a run."""
    path, plan, drawn = small_file(tmp_path), tmp_path / "plan.yaml", tmp_path / "cart.svg"
    answer = called(
        capsys, "optimize", "batches", path, "--write", plan, "--picture", drawn,
        "--replications", "2", "--jobs", "1", "--json", "-q",
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    document = json.loads(answer.out)
    figures = document["figures"]
    assert figures["planned_m"] <= figures["savings_m"] <= figures["first_come_m"]
    assert figures["planned_m"] < figures["today_m"]
    assert figures["planned_lines_per_h"] > figures["today_lines_per_h"]
    assert document["judged"]["picking_accuracy_lines_rate"]["verdict"] == "identical"
    assert {"order_lead_time_p95_h", "rate_of_return", "lines_per_labour_hour",
            "cost_per_order_eur"} <= document["judged"].keys()  # fmt: skip

    rows = read_plan(plan).lists["batches"]
    assert sum(len(row["orders"]) for row in rows) == figures["orders"]
    assert sum(row["planned_m"] for row in rows) == pytest.approx(figures["planned_m"])
    assert read_plan(plan).overlay["picking"]["batching"] == "ruin_recreate"

    root = ET.fromstring(drawn.read_text(encoding="utf-8"))  # noqa: S314  # just written
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_the_plan_does_not_change_from_run_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice the same bytes on the terminal, in the picture and in the plan."""
    path, seen = small_file(tmp_path), []
    plan, drawn = tmp_path / "plan.yaml", tmp_path / "cart.svg"
    for _ in range(2):
        answer = called(
            capsys, "optimize", "batches", path, "--write", plan, "--picture", drawn, *JUDGED_NOT
        )
        seen.append((answer.out, plan.read_bytes(), drawn.read_bytes()))
    assert seen[0] == seen[1]
    assert "planned with the whole day known" in seen[0][0]


def test_orders_may_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Six orders in two corners on carts for three: each corner is walked to once."""
    file, plan = tmp_path / "orders.csv", tmp_path / "plan.yaml"
    file.write_text(ORDERS, encoding="utf-8")
    answer = called(
        capsys, "optimize", "batches", small_file(tmp_path), "--orders", file, "--write", plan,
        "--set", "picking.batch_max_orders=3", "--routing", "s_shape", "--json", *JUDGED_NOT,
    )  # fmt: skip
    assert answer.code == 0
    figures = json.loads(answer.out)["figures"]
    assert figures["today_tours"] == 2
    assert (figures["status"], figures["bound_m"]) == ("optimal", figures["planned_m"])
    rows = read_plan(plan).lists["batches"]
    assert [row["orders"] for row in rows] == [["A", "C", "E"], ["B", "D", "F"]]
    assert [row["due"] for row in rows] == ["10:00", "11:00"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--day", "300"), "nothing was picked on "),
        (("--routing", "by_moon"), "unknown routing rule 'by_moon'"),
        (("--day", "1", "--orders", "x.csv"), "give one"),
        (("--orders", "nowhere.csv"), "nowhere.csv"),
        (("--picture", "nowhere/cart.svg"), "the picture cannot be written"),
    ],
)
def test_what_cannot_be_planned_is_said(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and a message, no traceback."""
    answer = called(capsys, "optimize", "batches", small_file(tmp_path), *words, *JUDGED_NOT)
    assert answer.code == 2
    assert said in answer.err


def test_routes_take_lists_from_a_file_and_draw_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lists of a file are planned as those of a day, with minutes, a proof and a picture."""
    file, drawn = tmp_path / "lists.csv", tmp_path / "walk.svg"
    rows = (line.rpartition(",")[0] for line in ORDERS.splitlines())  # without due
    file.write_text("\n".join(rows).replace("order", "list"), encoding="utf-8")
    answer = called(
        capsys, "optimize", "routes", small_file(tmp_path), "--lists", file, "--picture", drawn,
        "--json", *JUDGED_NOT,
    )  # fmt: skip
    assert answer.code == 0
    figures = json.loads(answer.out)["figures"]
    assert (figures["lists"], figures["lines"], figures["status"]) == (6, 6, "optimal")
    assert figures["bound_m"] == figures["planned_m"] <= figures["today_m"]
    assert figures["planned_lines_per_h"] >= figures["today_lines_per_h"]
    assert ET.fromstring(drawn.read_text(encoding="utf-8")).tag.endswith("svg")  # noqa: S314

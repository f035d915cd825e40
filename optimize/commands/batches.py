"""``warelab optimize batches``: a day's orders on today's carts and on planned ones."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optimize.commands.judging import Request, deliver, plan_options
from optimize.commands.picture import Walk, picture_option, write_picture
from sim.commands.options import with_run_settings

if TYPE_CHECKING:
    from optimize.batching.day import DayOrder, Way
    from optimize.pick_work import Work
    from optimize.plan import Plan
    from sim.engine.setting import Setting
    from sim.scenario.loading import LoadedScenario

SHOWN_BATCHES = 8
MAX_PLANNED_VALUES = 12_000
"""Values of batches written to a plan file, which must stay readable as a scenario file."""
LEAST_ROUNDS, ROUNDS_AN_ORDER = 20_000, 25
"""Rounds of the search where nobody says; a day of 2,000 orders then takes a minute or so."""
WHOLE_DAY = (
    "planned with the whole day known: a rule that sees only what waits when a picker is free",
    "(picking.batching in the scenario) has less to choose from; the simulation says what it saves",
)


@dataclass(frozen=True)
class Day:
    """Orders, how they are picked today, and how they could be.

    Parameters
    ----------
    words
        Which day.
    orders
        Its orders.
    ways
        Today first, the plan last.
    works
        What each way comes to.
    rounds
        Rounds of the search; None: as many as the solver takes.
    """

    words: str
    orders: Sequence[DayOrder]
    ways: Sequence[Way]
    works: Sequence[Work]
    rounds: int | None


@click.command()
@plan_options
@click.option(
    "--day", type=click.IntRange(min=1), help="Day of the measured window.  [default: the busiest]"
)
@click.option("--orders", "orders_file", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.csv", help="Orders of your own in place of a simulated day: columns "
              "order, units, location or sku; if wanted release, due.")  # fmt: skip
@click.option("--routing", help="Rule by which planned batches are walked.  "
              "[default: exact where it fits the floor, else the scenario's]")  # fmt: skip
@click.option("--iterations", type=click.IntRange(min=1),
              help="Rounds of the search.  [default: 25 an order, at least 20000]")  # fmt: skip
@picture_option
@click.option("--all", "show_all", is_flag=True, help="Print every batch.")
def batches(
    scenario: str,
    settings: tuple[str, ...],
    seed: int | None,
    write_to: Path | None,
    replications: int,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    day: int | None,
    orders_file: Path | None,
    routing: str | None,
    iterations: int | None,
    picture: Path | None,
    show_all: bool,
) -> None:
    """Plan which orders of SCENARIO's day share a cart, so that carts walk few metres."""
    from sim.engine.setting import prepare
    from sim.scenario.loading import load

    if day is not None and orders_file is not None:
        raise click.UsageError("--day names a simulated day, --orders replaces it; give one")
    words = with_run_settings(settings, seed, None)
    request = Request(scenario, words, write_to, replications, jobs, as_json, quiet)
    loaded = load(scenario, settings=words)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    found = _day(setting, day, orders_file, routing, iterations)
    lines = _lines(found, show_all)
    if picture is not None:
        _draw(picture, setting, found)
        lines.append(f"picture {picture}")
    chosen = [] if routing is None else ["--routing", routing]
    chosen += [] if day is None else ["--day", str(day)]
    chosen += [] if orders_file is None else ["--orders", str(orders_file)]
    chosen += [] if iterations is None else ["--iterations", str(iterations)]
    sets = [word for one in words for word in ("--set", one)]
    command = shlex.join(["warelab", "optimize", "batches", scenario, *chosen, *sets])
    deliver(request, _plan(loaded, found, command), lines)


def _day(
    setting: Setting,
    number: int | None,
    file: Path | None,
    routing: str | None,
    iterations: int | None,
) -> Day:
    """Return the day as it is picked today and as planned."""
    from optimize.batching.day import as_they_come, planned, walked
    from optimize.batching.partition import MOST_ORDERS
    from optimize.commands.day import as_walked, orders_of, orders_of_file, picked_day
    from optimize.order_file import read_orders
    from sim.engine.floor import zone_floors
    from sim.engine.setting import cart_of

    picking, floors = setting.scenario.picking, zone_floors(setting)
    cart = cart_of(picking)
    by, today_by = _routing(setting, routing), picking.routing
    if file is not None:
        filed = read_orders(file, setting.layout, setting.catalogue, setting.location_of_sku)
        orders, words = orders_of_file(setting, filed), str(file)
        today = as_they_come(floors, orders, cart, batching=picking.batching, routing=today_by)
    else:
        picked = picked_day(setting, number)
        lists = as_walked(setting, picked.lists)
        if not lists:
            raise click.UsageError(f"nothing was picked on {picked.words}; choose another --day")
        orders, carts = orders_of(setting, picked, lists)
        words = picked.words
        today = walked(floors, orders, carts, batching=picking.batching, routing=today_by)
    rounds = iterations
    if rounds is None and len(orders) > MOST_ORDERS:  # fewer are proved, not searched
        rounds = max(LEAST_ROUNDS, ROUNDS_AN_ORDER * len(orders))
    ways = [
        today,
        walked(floors, orders, today.batches, batching=picking.batching, routing=by),
        planned(floors, orders, cart, method="first_come", routing=by),
        planned(floors, orders, cart, method="savings", routing=by),
        planned(
            floors, orders, cart, method="ruin_recreate", routing=by,
            seed=setting.scenario.run.seed, iterations=rounds,
        ),
    ]  # fmt: skip
    return Day(words, orders, ways, [_work(setting, orders, way) for way in ways], rounds)


def _routing(setting: Setting, asked: str | None) -> str:
    """Return the rule by which planned batches are walked."""
    from optimize.routing.exact import not_exact
    from sim.policies.routing import resolve_routing
    from sim.warehouse.layout import RectangularLayout

    layout = setting.layout
    if asked is None:
        fits = isinstance(layout, RectangularLayout) and not_exact(layout) is None
        return "exact" if fits else setting.scenario.picking.routing
    try:
        resolve_routing(asked, layout)
    except ValueError as unknown:
        raise click.BadParameter(str(unknown), param_hint="--routing") from None
    return asked


def _work(setting: Setting, orders: Sequence[DayOrder], way: Way) -> Work:
    from optimize.batching.day import stops_of
    from optimize.pick_work import TourLoad, work_of

    tours = (
        TourLoad(
            metres,
            stops_of(orders, batch),
            sum(orders[number].order.items for number in batch),
            len(batch),
        )
        for batch, metres in zip(way.batches, way.walk_m, strict=True)
    )
    return work_of(tours, setting.scenario, setting.layout)


def _lines(day: Day, show_all: bool) -> list[str]:
    """Return what the terminal shows of the day."""
    from sim.report.tables import aligned

    plan = day.ways[-1]
    shown = list(zip(plan.batches, plan.walk_m, strict=True))
    count = len(shown)
    shown = shown if show_all else shown[:SHOWN_BATCHES]
    lines = [
        f"{len(day.orders)} orders with {day.works[0].lines} lines of {day.words}",
        "",
        *aligned(_way_rows(day), (False, False, True, True, True, True, True)),
        "",
        *([_bound_words(plan)] if plan.bound_m is not None else []),
        *WHOLE_DAY,
        "",
        *aligned(_batch_rows(day.orders, shown), (True, True, True, True, False)),
    ]
    if len(shown) < count:
        lines.append(f"... and {count - len(shown)} more batches (--all shows them)")
    return lines


def _bound_words(plan: Way) -> str:
    return (
        f"no batches walk less than {plan.bound_m:,.0f} m; the plan is at most "
        f"{100.0 * (plan.gap or 0.0):.1f} % of its metres above that"
    )


def _way_rows(day: Day) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("batches", "routing", "tours", "metres", "minutes", "lines/h", "against today")
    ]
    today_m = day.works[0].walk_m
    names = ["as today", "as today", "first_come, full carts", "savings", "ruin_recreate (planned)"]
    for name, way, work in zip(names, day.ways, day.works, strict=True):
        against = f"{100.0 * (work.walk_m / today_m - 1.0):+.1f} %" if today_m else "-"
        rows.append(
            (name, way.routing, f"{work.tours}", f"{work.walk_m:,.0f}", f"{work.minutes:,.0f}",
             f"{work.lines_per_h:.1f}", against)
        )  # fmt: skip
    return rows


def _batch_rows(
    orders: Sequence[DayOrder], shown: Sequence[tuple[tuple[int, ...], float]]
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("batch", "orders", "lines", "metres", "first")]
    for number, (batch, metres) in enumerate(shown):
        lines = sum(len(orders[one].order.stops) for one in batch)
        first = orders[batch[0]].name
        rows.append((str(number), str(len(batch)), str(lines), f"{metres:.1f}", first))
    return rows


def _draw(path: Path, setting: Setting, day: Day) -> None:
    """Draw today's longest walk, and the planned cart that its largest order is on."""
    from sim.engine.floor import zone_floors

    today, plan = day.ways[0], day.ways[-1]
    place = max(range(len(today.walk_m)), key=lambda one: (today.walk_m[one], -one))
    lines_of = [len(one.order.stops) for one in day.orders]
    largest = max(today.batches[place], key=lambda order: (lines_of[order], -order))
    there = next(one for one, batch in enumerate(plan.batches) if largest in batch)

    def walk(name: str, way: Way, one: int) -> Walk:
        loads = tuple(day.orders[order].order.stops for order in way.batches[one])
        words = f"{name}: {len(loads)} orders, {sum(map(len, loads))} lines"
        return Walk(f"{words}, {way.walk_m[one]:,.0f} m by {way.routing}", way.routing, loads)

    write_picture(
        path, zone_floors(setting)[day.orders[largest].zone], walk("today", today, place),
        walk("planned", plan, there), f"The cart with {day.orders[largest].name}, before and after",
    )  # fmt: skip


def _plan(loaded: LoadedScenario, day: Day, command: str) -> Plan:
    from optimize.plan import Plan

    today, plan = day.works[0], day.works[-1]
    way = day.ways[-1]
    picking = {**loaded.resolved["picking"], "routing": way.routing, "batching": way.batching}
    written = _rows(loaded, day)
    return Plan(
        kind="batches",
        scenario=loaded.scenario.name,
        made_by=command,
        figures={
            "day": day.words,
            "orders": len(day.orders),
            "lines": today.lines,
            "batches_written": len(written),
            "today_tours": today.tours,
            "today_m": today.walk_m,
            "today_min": today.minutes,
            "today_lines_per_h": today.lines_per_h,
            "first_come_m": day.works[2].walk_m,
            "savings_m": day.works[3].walk_m,
            "planned_tours": plan.tours,
            "planned_m": plan.walk_m,
            "planned_min": plan.minutes,
            "planned_lines_per_h": plan.lines_per_h,
            "bound_m": way.bound_m,
            "gap_share": way.gap,
            "status": way.status,
            "rounds": day.rounds,
            "seed": loaded.scenario.run.seed,
            "whole_day_known": True,
        },
        overlay={"picking": picking},
        lists={"batches": written},
    )


def _rows(loaded: LoadedScenario, day: Day) -> list[dict[str, Any]]:
    """Return the first batches with their orders and visits, as many as a plan file can hold."""
    from optimize.batching.day import stops_of
    from sim.engine.floor import zone_floors
    from sim.engine.setting import prepare
    from sim.policies.routing import resolve_routing

    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    way = day.ways[-1]
    rules = [resolve_routing(way.routing, floor) for floor in zone_floors(setting)]
    rows: list[dict[str, Any]] = []
    values = 0
    for number, (batch, metres) in enumerate(zip(way.batches, way.walk_m, strict=True)):
        orders = [day.orders[one] for one in batch]
        visits = rules[orders[0].zone].visit_order(stops_of(day.orders, batch))
        dues = sorted(order.due for order in orders if order.due)
        values += len(batch) + len(visits) + 7
        if values > MAX_PLANNED_VALUES:
            break
        rows.append(
            {
                "batch": number,
                "zone": orders[0].zone,
                "planned_m": metres,
                **({"due": dues[0]} if dues else {}),
                "orders": [order.name for order in orders],
                "visit_locations": list(visits),
            }
        )
    return rows

"""``warelab optimize routes``: a simulated day's pick lists, today's way and the shortest way."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimize.commands.judging import EXIT_NO_PLAN, Request, deliver, plan_options
from sim.commands.options import with_run_settings

if TYPE_CHECKING:
    from optimize.pick_lists import PickList
    from optimize.plan import Plan
    from optimize.routing.day import DayPlan, PlannedList
    from sim.engine.setting import Setting
    from sim.scenario.loading import LoadedScenario

SHOWN_LISTS = 8
MAX_PLANNED_STOPS = 12_000
"""Stops written to a plan file, which must stay readable as a scenario file: 20,000 values."""


@click.command()
@plan_options
@click.option(
    "--day", type=click.IntRange(min=1), help="Day of the measured window.  [default: the busiest]"
)
@click.option("--race", "race_lists", type=click.IntRange(min=0), default=0, metavar="N",
              help="Solve the first N lists by OR-Tools too; show gap and time.")  # fmt: skip
@click.option("--all", "show_all", is_flag=True, help="Print every list.")
def routes(
    scenario: str,
    settings: tuple[str, ...],
    seed: int | None,
    write_to: Path | None,
    replications: int,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    day: int | None,
    race_lists: int,
    show_all: bool,
) -> None:
    """Plan the walks of SCENARIO's pick lists: exact in aisles, OR-Tools on a free-form floor."""
    from optimize.solver import SolverError
    from sim.engine.setting import prepare
    from sim.scenario.loading import load

    words = with_run_settings(settings, seed, None)
    request = Request(scenario, words, write_to, replications, jobs, as_json, quiet)
    loaded = load(scenario, settings=words)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    lists, date_words = _lists(setting, day)
    if not lists:
        raise click.UsageError(f"nothing was picked on {date_words}; choose another --day")
    try:
        planned, left_out = _as_walked(_planned(setting, lists), lists)
        if not planned.lists:
            raise click.UsageError(f"no walk of {date_words} is known to its last stop")
        lines = _lines(setting, planned, date_words, show_all)
        if left_out:
            lines.append(f"left out: {left_out} lists with places that pickers left empty-handed")
        if race_lists and planned.method == "exact":
            lines += _race_lines(setting, lists[:race_lists])
    except SolverError as error:
        click.echo(f"no plan: {error}", err=True)
        raise click.exceptions.Exit(EXIT_NO_PLAN) from None
    command = shlex.join(["warelab", "optimize", "routes", scenario, *_set_words(words)])
    deliver(request, _plan(loaded, planned, command, date_words), lines)


def _set_words(settings: list[str]) -> list[str]:
    return [word for setting in settings for word in ("--set", setting)]


def _lists(setting: Setting, day: int | None) -> tuple[list[PickList], str]:
    """Play the first replication and return the lists of the day, and its date."""
    import datetime

    from optimize.judge import simulated_log
    from optimize.pick_lists import DAY_S, busiest_day, of_day, pick_lists
    from sim.log.event_log import join
    from sim.orders.generated import order_book

    book = order_book(setting.scenario, setting.catalogue, 0, setting.demand)
    found = pick_lists(
        join(simulated_log(setting, 0)), book.demand.sku.tolist(), setting.location_of_sku
    )
    run = setting.scenario.run
    first_s = run.warm_up_days * DAY_S
    last_s = first_s + run.horizon_days * DAY_S
    number = busiest_day(found, first_s, last_s) if day is None else int(first_s // DAY_S) + day - 1
    date = datetime.date.fromisoformat(run.start_date) + datetime.timedelta(days=number)
    return of_day(found, number), f"{date:%A} {date.isoformat()}"


def _planned(setting: Setting, lists: list[PickList]) -> DayPlan:
    """Plan the lists of each zone from where its pickers drop their carts."""
    from optimize.routing.day import DayPlan, plan_day
    from sim.engine.floor import zone_floors

    floors = zone_floors(setting)
    zone_of = setting.layout.zone_of if len(floors) > 1 else [0] * setting.layout.locations
    planned: list[PlannedList] = []
    method = ""
    for zone, floor in enumerate(floors):
        here = [one for one in lists if one.stops and zone_of[one.stops[0]] == zone]
        stops = [(one.tour, one.stops) for one in here]
        if stops:
            of_zone = plan_day(floor, stops, setting.scenario.picking.routing)
            planned += of_zone.lists
            method = of_zone.method
    return DayPlan(tuple(sorted(planned, key=lambda one: one.tour)), method)


def _as_walked(planned: DayPlan, lists: list[PickList]) -> tuple[DayPlan, int]:
    """Leave out the lists on which pickers also walked to places that they left empty-handed.

    The log does not name these places, so the list is not the whole walk.
    """
    from optimize.routing.day import TOLERANCE_M, DayPlan

    walked_m = {one.tour: one.walked_m for one in lists}
    if not any(walked_m.values()):  # a law stands for the walk
        return planned, 0
    kept = [one for one in planned.lists if abs(one.today_m - walked_m[one.tour]) <= TOLERANCE_M]
    return DayPlan(tuple(kept), planned.method), len(lists) - len(kept)


def _lines(setting: Setting, planned: DayPlan, date_words: str, show_all: bool) -> list[str]:
    """Return what the terminal shows of the day."""
    from sim.report.tables import aligned

    stops = sum(len(one.stops) for one in planned.lists)
    shown = planned.lists if show_all else planned.lists[:SHOWN_LISTS]
    count = len(planned.lists)
    lines = [
        f"{count} pick lists with {stops} lines of {date_words}, routed by {planned.method}",
        "",
        *aligned(_ways(planned, setting.scenario.picking.routing), (False, True, True)),
        f"lists on which a rule is shorter than the plan: {len(planned.beaten_by)}",
        "",
        *aligned(_list_rows(shown), (True,) * 5),
    ]
    if len(shown) < count:
        lines.append(f"... and {count - len(shown)} more lists (--all shows them)")
    return lines


def _ways(planned: DayPlan, today: str) -> list[tuple[str, ...]]:
    """Return one row for each way to walk the day, the plan last."""
    rules = planned.lists[0].by_rule_m
    metres = {f"{rule} (today)" if rule == today else rule: planned.rule_m(rule) for rule in rules}
    if today not in rules:
        metres[f"{today} (today)"] = planned.today_m
    metres["planned"] = planned.planned_m
    rows = [_row(way, metres[way], planned.planned_m) for way in metres]
    return [("way", "metres", "against the plan"), *rows]


def _list_rows(shown: Sequence[PlannedList]) -> list[tuple[str, ...]]:
    """Return one row for each list."""
    rows: list[tuple[str, ...]] = [("tour", "lines", "today m", "planned m", "saved")]
    for one in shown:
        saved = 1.0 - one.planned_m / one.today_m if one.today_m else 0.0
        metres = (f"{one.today_m:.1f}", f"{one.planned_m:.1f}")
        rows.append((str(one.tour), str(len(one.stops)), *metres, f"{100 * saved:.1f} %"))
    return rows


def _row(name: str, metres: float, best: float) -> tuple[str, str, str]:
    return name, f"{metres:,.0f}", f"{100.0 * (metres / best - 1.0):+.1f} %" if best else "-"


def _race_lines(setting: Setting, lists: list[PickList]) -> list[str]:
    from optimize.routing.day import race

    found = race(setting.layout, [(one.tour, one.stops) for one in lists])
    words = (
        f"OR-Tools on the first {found.lists} lists: as short as the exact way on {found.optimal}, "
        f"mean gap {100 * found.mean_gap:.2f} %, largest {100 * found.max_gap:.2f} %; "
        f"{1000 * found.ortools_s / found.lists:.1f} ms a list against "
        f"{1000 * found.exact_s / found.lists:.2f} ms"
    )
    return ["", words]


def _plan(loaded: LoadedScenario, planned: DayPlan, command: str, date_words: str) -> Plan:
    from optimize.plan import Plan

    picking = {**loaded.resolved["picking"], "routing": planned.method}
    written = _first_lists(planned)
    return Plan(
        kind="routes",
        scenario=loaded.scenario.name,
        made_by=command,
        figures={
            "day": date_words,
            "lists": len(planned.lists),
            "lists_written": len(written),
            "lines": sum(len(one.stops) for one in planned.lists),
            "today_m": planned.today_m,
            "planned_m": planned.planned_m,
            "proven_shortest": planned.method == "exact",
        },
        overlay={"picking": picking},
        lists={
            "routes": [
                {
                    "tour": one.tour,
                    "today_m": one.today_m,
                    "planned_m": one.planned_m,
                    "visit_locations": list(one.order),
                }
                for one in written
            ]
        },
    )


def _first_lists(planned: DayPlan) -> list[PlannedList]:
    """Return the first lists of the day, as many as a plan file can hold."""
    written: list[PlannedList] = []
    stops = 0
    for one in planned.lists:
        stops += len(one.order) + 4
        if stops > MAX_PLANNED_STOPS:
            break
        written.append(one)
    return written

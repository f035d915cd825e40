"""``warelab optimize routes``: a simulated day's pick lists, today's way and the shortest way."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimize.commands.day import zones_of_stops
from optimize.commands.judging import EXIT_NO_PLAN, Request, deliver, plan_options
from optimize.commands.picture import Walk, picture_option, write_picture
from sim.commands.options import with_run_settings

if TYPE_CHECKING:
    from optimize.pick_lists import PickList
    from optimize.pick_work import Work
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
@click.option("--lists", "lists_file", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.csv", help="Pick lists of your own in place of a simulated day: "
              "columns list, units, location or sku.")  # fmt: skip
@picture_option
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
    lists_file: Path | None,
    picture: Path | None,
    race_lists: int,
    show_all: bool,
) -> None:
    """Plan the walks of SCENARIO's pick lists: exact in aisles, OR-Tools on a free-form floor."""
    from optimize.solver import SolverError
    from sim.engine.setting import prepare
    from sim.scenario.loading import load

    if day is not None and lists_file is not None:
        raise click.UsageError("--day names a simulated day, --lists replaces it; give one")
    words = with_run_settings(settings, seed, None)
    request = Request(scenario, words, write_to, replications, jobs, as_json, quiet)
    loaded = load(scenario, settings=words)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    given = _given_lists(setting, day, lists_file)
    try:
        planned = _planned(setting, given.lists)
        found = Routed(given, planned, *_works(setting, given, planned))
        lines = _lines(setting, found, show_all)
        if race_lists and planned.method == "exact":
            lines += _race_lines(setting, given.lists[:race_lists])
    except SolverError as error:
        click.echo(f"no plan: {error}", err=True)
        raise click.exceptions.Exit(EXIT_NO_PLAN) from None
    if picture is not None:
        _draw(picture, setting, planned)
        lines.append(f"picture {picture}")
    chosen = [] if day is None else ["--day", str(day)]
    chosen += [] if lists_file is None else ["--lists", str(lists_file)]
    command = shlex.join(["warelab", "optimize", "routes", scenario, *chosen, *_set_words(words)])
    deliver(request, _plan(loaded, found, command), lines)


@dataclass(frozen=True)
class GivenLists:
    """The lists that are planned.

    Parameters
    ----------
    lists
        The lists; those of a file are numbered from 0.
    words
        Which day, or which file.
    units
        Units on each list.
    left_out
        Lists whose walk is not known to its last stop.
    """

    lists: list[PickList]
    words: str
    units: list[int]
    left_out: int = 0


@dataclass(frozen=True)
class Routed:
    """Lists, their plan, and what both ways come to."""

    given: GivenLists
    planned: DayPlan
    today: Work
    plan: Work


def _given_lists(setting: Setting, day: int | None, file: Path | None) -> GivenLists:
    """Return the lists of a simulated day or of a file."""
    from optimize.commands.day import as_walked, orders_of_file, picked_day, units_of
    from optimize.order_file import read_orders
    from optimize.pick_lists import PickList

    if file is not None:
        filed = read_orders(
            file, setting.layout, setting.catalogue, setting.location_of_sku, key="list"
        )
        parts = orders_of_file(setting, filed)
        lists = [PickList(n, 0.0, part.order.stops, 0.0) for n, part in enumerate(parts)]
        return GivenLists(lists, str(file), [part.order.items for part in parts])
    picked = picked_day(setting, day)
    if not picked.lists:
        raise click.UsageError(f"nothing was picked on {picked.words}; choose another --day")
    kept = as_walked(setting, picked.lists)
    if not kept:
        raise click.UsageError(f"no walk of {picked.words} is known to its last stop")
    units = [units_of(picked, one) for one in kept]
    return GivenLists(kept, picked.words, units, len(picked.lists) - len(kept))


def _works(setting: Setting, given: GivenLists, planned: DayPlan) -> tuple[Work, Work]:
    """Return what the lists come to today and as planned, without the sorting of their orders."""
    from optimize.pick_work import TourLoad, work_of

    units = dict(zip((one.tour for one in given.lists), given.units, strict=True))
    today, plan = (
        work_of(
            (
                TourLoad(one.today_m if is_today else one.planned_m, one.stops, units[one.tour], 1)
                for one in planned.lists
            ),
            setting.scenario,
            setting.layout,
        )
        for is_today in (True, False)
    )
    return today, plan


def _set_words(settings: list[str]) -> list[str]:
    return [word for setting in settings for word in ("--set", setting)]


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


def _lines(setting: Setting, found: Routed, show_all: bool) -> list[str]:
    """Return what the terminal shows of the day."""
    from sim.report.tables import aligned

    planned = found.planned
    shown = planned.lists if show_all else planned.lists[:SHOWN_LISTS]
    count = len(planned.lists)
    lines = [
        f"{count} pick lists with {found.today.lines} lines of {found.given.words}, routed by "
        + planned.method,
        "",
        *aligned(_ways(planned, setting.scenario.picking.routing), (False, True, True)),
        f"lists on which a rule is shorter than the plan: {len(planned.beaten_by)}",
        f"minutes: {found.today.minutes:,.0f} today, {found.plan.minutes:,.0f} planned",
        f"lines/h: {found.today.lines_per_h:.1f} today, {found.plan.lines_per_h:.1f} planned",
        "",
        *aligned(_list_rows(shown), (True,) * 5),
    ]
    if len(shown) < count:
        lines.append(f"... and {count - len(shown)} more lists (--all shows them)")
    if found.given.left_out:
        lines.append(
            f"left out: {found.given.left_out} lists with places that pickers left empty-handed"
        )
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


def _draw(path: Path, setting: Setting, planned: DayPlan) -> None:
    """Draw the list on which the plan saves most metres."""
    from sim.engine.floor import zone_floors

    one = max(planned.lists, key=lambda each: (each.today_m - each.planned_m, -each.tour))
    zone = zones_of_stops(setting)[one.stops[0]]
    today = setting.scenario.picking.routing
    walks = (
        Walk(f"{name}: {len(one.stops)} lines, {metres:,.0f} m by {by}", by, (one.stops,))
        for name, metres, by in (
            ("today", one.today_m, today), ("planned", one.planned_m, planned.method),
        )
    )  # fmt: skip
    before, after = walks
    floor = zone_floors(setting)[zone]
    write_picture(path, floor, before, after, f"List {one.tour}, walked in two ways")


def _plan(loaded: LoadedScenario, found: Routed, command: str) -> Plan:
    from optimize.plan import Plan

    planned = found.planned
    picking = {**loaded.resolved["picking"], "routing": planned.method}
    written = _first_lists(planned)
    proved = planned.method == "exact"
    return Plan(
        kind="routes",
        scenario=loaded.scenario.name,
        made_by=command,
        figures={
            "day": found.given.words,
            "lists": len(planned.lists),
            "lists_written": len(written),
            "lines": found.today.lines,
            "today_m": planned.today_m,
            "today_min": found.today.minutes,
            "today_lines_per_h": found.today.lines_per_h,
            "planned_m": planned.planned_m,
            "planned_min": found.plan.minutes,
            "planned_lines_per_h": found.plan.lines_per_h,
            "proven_shortest": proved,
            "status": "optimal" if proved else "feasible",
            "bound_m": planned.planned_m if proved else None,
            "seed": 0,
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

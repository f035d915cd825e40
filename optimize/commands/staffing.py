"""``warelab optimize staffing``: from simulated work to the cheapest roster with a promise."""

from __future__ import annotations

import datetime
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimize.commands.judging import EXIT_NO_PLAN, Request, deliver, plan_options
from sim.commands.options import with_run_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimize.judge.points import Step
    from optimize.judge.promise import Promise
    from optimize.workload import Floats, Workload
    from sim.engine.setting import Setting
    from sim.scenario.schema import Scenario

FIRST_MEASURED = 1_000_000
"""Work is measured on replications from this number on; the judge plays others."""

out_file = partial(click.Path, dir_okay=False, path_type=Path)


@click.command()
@plan_options
@click.option(
    "--measure", type=click.IntRange(min=1), default=3, show_default=True, metavar="N",
    help="Replications on which the work is measured.",
)  # fmt: skip
@click.option(
    "--events", type=click.Path(dir_okay=False, path_type=Path), default=None,
    metavar="FILE.parquet",
    help="Take the work from this event log, of a run or of a real house, instead.",
)  # fmt: skip
@click.option(
    "--promise", "promises", multiple=True, metavar="KPI>=X",
    help="What the roster must keep, e.g. 'on_time_ship_rate>=0.8'; again for more. "
         "[default: the scenario's targets on trucks met and lead time]",
)  # fmt: skip
@click.option(
    "--budget", type=click.IntRange(min=0), default=160, show_default=True, metavar="N",
    help="Replications that the search may play; 0 stops at the requirement.",
)  # fmt: skip
@click.option(
    "--fresh", type=click.IntRange(min=0), default=0, show_default=True, metavar="N",
    help="Fresh replications on which the chosen, the required and today's roster are held "
         "against each other.",
)  # fmt: skip
@click.option(
    "--stress", type=click.IntRange(min=0), default=3, show_default=True, metavar="N",
    help="Replications of a peak day, of missing people and of a slow week; 0 for none.",
)  # fmt: skip
@click.option("--report", type=out_file(), metavar="FILE.html", help="Write the plan as a page.")
@click.option("--csv", "csv_file", type=out_file(), metavar="FILE.csv", help="Write the roster.")
@click.option("--ics", type=out_file(), metavar="FILE.ics", help="Write the roster as a calendar.")
@click.option(
    "--monday", type=click.DateTime(["%Y-%m-%d"]), default=None, metavar="DATE",
    help="First day of the week in roster and calendar.  [default: the first of the window]",
)  # fmt: skip
@click.option(
    "--weeks", type=click.IntRange(1, 520), default=1, show_default=True,
    help="Weeks of the calendar.",
)  # fmt: skip
def staffing(
    scenario: str,
    settings: tuple[str, ...],
    seed: int | None,
    write_to: Path | None,
    replications: int,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    measure: int,
    events: Path | None,
    promises: tuple[str, ...],
    budget: int,
    fresh: int,
    stress: int,
    report: Path | None,
    csv_file: Path | None,
    ics: Path | None,
    monday: datetime.datetime | None,
    weeks: int,
) -> None:
    """Plan the cheapest roster for SCENARIO's work that keeps its promise and the labour rules."""
    from optimize.commands.roster import Asked, Roster
    from optimize.commands.roster_files import check_day, write_files
    from optimize.commands.roster_lines import lines, plan_of
    from optimize.solver import SolverError
    from optimize.workload import workload_of_log
    from sim.engine.setting import prepare
    from sim.experiments.run import default_jobs
    from sim.scenario.loading import load

    first_day = check_day(monday)
    words = with_run_settings(settings, seed, None)
    request = Request(scenario, words, write_to, replications, jobs, as_json, quiet)
    loaded = load(scenario, settings=words)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    promise = _promise(loaded.scenario, promises)
    measured = (
        _measured(setting, measure, quiet)
        if events is None
        else workload_of_log(events, loaded.scenario.run)
    )
    work = _planned_work(loaded.scenario, measured)
    asked = Asked(
        setting, work, promise, budget, fresh, jobs or default_jobs(), None if quiet else _heard
    )
    try:
        found = Roster.planned(asked)
    except SolverError as error:
        click.echo(f"no plan: {error}", err=True)
        raise click.exceptions.Exit(EXIT_NO_PLAN) from None
    again = [word for setting in words for word in ("--set", setting)]
    again += [word for each in promises for word in ("--promise", each)]
    again += [] if events is None else ["--events", str(events)]
    command = shlex.join(["warelab", "optimize", "staffing", scenario, *again])
    plan = plan_of(loaded.scenario, found, command)
    under = found.under_stress(request.scenario, words, plan, stress) if stress else None
    deliver(request, plan, lines(found, under))
    write_files(found, under, plan, report, csv_file, ics, first_day, weeks, quiet=as_json)


def _promise(scenario: Scenario, promises: Sequence[str]) -> Promise | None:
    """Return what is promised; None where neither the command nor the scenario says anything."""
    from optimize.judge.promise import STEERED, parsed, promise_of

    if promises:
        try:
            return parsed(promises)
        except ValueError as error:
            raise click.UsageError(f"--promise: {error}") from None
    named = [name for name in STEERED if name in scenario.targets]
    return promise_of(scenario.targets, named) if named else None


def _heard(step: Step) -> None:
    """Say on stderr what the search has just done."""
    cost = "" if step.cost_cents is None else f"{step.cost_cents / 100:>10,.0f} EUR"
    means = "  ".join(f"{mean:.4g}" for mean in step.means)
    kept = {True: "kept", False: "missed", None: ""}[step.kept]
    line = (
        f"{step.played:>5} played  {step.kind:<11} {cost:>14}  {means:<16} {kept:<6} {step.words}"
    )
    click.echo(line.rstrip(), err=True)


def _measured(setting: Setting, count: int, quiet: bool) -> Workload:
    """Play replications that the judge will not see, and return their work by quarter-hour."""
    from optimize.judge import simulated_log
    from optimize.workload import pooled, work_per_slot
    from sim.commands.options import progress

    found = []
    with progress(count, "measuring work", quiet) as ticker:
        for number in range(count):
            found.append(
                work_per_slot(simulated_log(setting, FIRST_MEASURED + number), setting.scenario.run)
            )
            ticker.at(0, number + 1.0)
    return pooled(found)


def _planned_work(scenario: Scenario, work: Workload) -> Workload:
    """Return the work of roles that somebody can do; the others are said on stderr."""
    from optimize.staffing.labour import planned_roles

    roles = planned_roles(scenario)
    own: dict[str, Floats] = {}
    for role, seconds in work.work_s.items():
        if role in roles:
            own[role] = seconds
        elif seconds.any():
            words = f"not planned: {role} have no crew, and nobody is trained for their work"
            click.echo(f"{words}; who does it today keeps today's shifts", err=True)
    return replace(work, work_s=own)

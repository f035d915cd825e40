"""``warelab optimize staffing``: from simulated work to the cheapest roster that does it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimize.commands.judging import EXIT_NO_PLAN, Request, deliver, plan_options
from sim.commands.options import with_run_settings

if TYPE_CHECKING:
    from optimize.plan import Plan
    from optimize.staffing.problem import Problem, Result
    from optimize.staffing.roster import Roster
    from optimize.workload import Floats, Workload
    from sim.engine.setting import Setting
    from sim.scenario.loading import LoadedScenario
    from sim.scenario.schema import Scenario

FIRST_MEASURED = 1_000_000
"""Work is measured on replications from this number on; the judge plays others."""


@click.command()
@plan_options
@click.option(
    "--measure", type=click.IntRange(min=1), default=3, show_default=True, metavar="N",
    help="Replications on which the work is measured.",
)  # fmt: skip
@click.option(
    "--effort", type=click.FloatRange(min=0.1), default=10.0, show_default=True,
    help="Search effort, deterministic seconds of the solver.",
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
    effort: float,
) -> None:
    """Plan the cheapest roster for SCENARIO's work that keeps the labour rules."""
    from optimize.solver import SolverError
    from optimize.staffing.check import check_people
    from optimize.staffing.requirement import staffing_problem
    from optimize.staffing.roster import roster
    from optimize.staffing.solve import solve
    from sim.engine.setting import prepare
    from sim.scenario.loading import load

    words = with_run_settings(settings, seed, None)
    request = Request(scenario, words, write_to, replications, jobs, as_json, quiet)
    loaded = load(scenario, settings=words)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    work = _measured(setting, measure, quiet)
    try:
        own = _roles_with_people(loaded.scenario, work)
        problem = staffing_problem(loaded.scenario, own, work.task_s)
        result = solve(problem, deterministic_limit_s=effort)
    except SolverError as error:
        click.echo(f"no plan: {error}", err=True)
        raise click.exceptions.Exit(EXIT_NO_PLAN) from None
    dealt = roster(problem, result)
    check_people(problem, result, dealt)
    words = [word for setting in words for word in ("--set", setting)]
    command = shlex.join(["warelab", "optimize", "staffing", scenario, *words])
    plan = _plan(loaded, problem, result, dealt, command)
    deliver(request, plan, _lines(loaded.scenario, problem, result, dealt, work))


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


def _roles_with_people(scenario: Scenario, work: Workload) -> dict[str, Floats]:
    """Return the work of roles with people of their own; the cross-trained do the others'."""
    own = {}
    for role, seconds in work.work_s.items():
        if any(shift.most_heads(role) for shift in scenario.staff.values()):
            own[role] = seconds
        elif seconds.any():
            click.echo(f"not planned: {role} have no shift, others do their work", err=True)
    return own


def _today(scenario: Scenario) -> tuple[dict[str, float], int]:
    """Return today's paid hours by role and wages of a week without special dates in cents."""
    from sim.scenario.schema import ROLES, clock_s

    hours = dict.fromkeys(ROLES, 0.0)
    for shift in scenario.staff.values():
        for day in map(shift.on_weekday, shift.days):
            length = ((clock_s(day.end) - clock_s(day.start)) % 86_400 or 86_400) / 3600.0
            for role in ROLES:
                hours[role] += getattr(day, role) * length
    wages = scenario.people.eur_per_hour
    return hours, sum(round(hours[role] * getattr(wages, role) * 100) for role in ROLES)


def _planned_hours(result: Result) -> dict[str, float]:
    from optimize.staffing.problem import SLOTS_AN_HOUR

    hours: dict[str, float] = {}
    for team in result.teams:
        paid = team.people * len(team.days) * team.template.length / SLOTS_AN_HOUR
        hours[team.role] = hours.get(team.role, 0.0) + paid
    return hours


def _lines(
    scenario: Scenario, problem: Problem, result: Result, dealt: Roster, work: Workload
) -> list[str]:
    """Return what the terminal shows of the plan."""
    from sim.report.tables import aligned

    hours, cents = _today(scenario)
    planned = _planned_hours(result)
    rows = [("role", "work h a week", "most needed", "paid h today", "paid h planned")]
    for need in problem.needs:
        week_h = float(work.work_s[need.role].sum(axis=1).mean()) / 3600.0
        rows.append(
            (
                need.role,
                f"{week_h:.1f}",
                str(max(need.heads)),
                f"{hours[need.role]:.0f}",
                f"{planned.get(need.role, 0.0):.0f}",
            )
        )
    head = f"a week's roster: {len(dealt.people)} people in {len(result.teams)} teams"
    return [
        f"{head}, {result.status}, proven gap {100 * result.gap:.2f} %",
        "",
        *aligned(rows, (False, True, True, True, True)),
        "",
        _wages_line(cents, result),
        _bound_line(result),
    ]


def _wages_line(today_cents: int, result: Result) -> str:
    today, planned = today_cents / 100, result.wage_cents / 100
    change = 100 * (planned / today - 1) if today else 0.0
    return f"wages a week  today {today:,.0f} EUR   planned {planned:,.0f} EUR ({change:+.1f} %)"


def _bound_line(result: Result) -> str:
    cost, bound = result.cost_cents / 100, result.bound_cents / 100
    words = "wages and the extra for single days"
    return f"minimised     {cost:,.0f} EUR ({words}); no plan is cheaper than {bound:,.0f} EUR"


def _plan(
    loaded: LoadedScenario, problem: Problem, result: Result, dealt: Roster, command: str
) -> Plan:
    from optimize.plan import Plan
    from optimize.staffing.roster import roster_rows, staff_section

    _, cents = _today(loaded.scenario)
    roles = [need.role for need in problem.needs]
    return Plan(
        kind="staffing",
        scenario=loaded.scenario.name,
        made_by=command,
        figures={
            "people": len(dealt.people),
            "wages_today_eur": cents / 100,
            "wages_planned_eur": result.wage_cents / 100,
            "minimised_eur": result.cost_cents / 100,
            "minimised_bound_eur": result.bound_cents / 100,
            "gap_share": result.gap,
            "status": result.status,
        },
        overlay={"staff": staff_section(result, loaded.scenario.staff, roles)},
        lists={"roster": roster_rows(dealt)},
    )

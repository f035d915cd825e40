"""Files of a roster: the page, the CSV, the calendar."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from optimize.commands.roster import Roster
from optimize.commands.roster_page import roster_page
from optimize.judge.stress import Stood
from optimize.plan import Plan
from optimize.staffing.named.calendar import calendar
from optimize.staffing.named.rows import csv_week
from sim.report.plan_page import plan_page_html
from sim.scenario.schema import Scenario
from sim.whole_file import write_whole


def check_day(monday: datetime.datetime | None) -> datetime.date | None:
    """Return the date of a Monday, or None; say so if it is another weekday."""
    if monday is not None and monday.weekday():
        near = monday.date() - datetime.timedelta(days=monday.weekday())
        raise click.UsageError(
            f"--monday: {monday:%Y-%m-%d} is a {monday:%A}; the Monday before it is {near}"
        )
    return None if monday is None else monday.date()


def first_monday(scenario: Scenario) -> datetime.date:
    """Return the first Monday of the measured window."""
    first = datetime.date.fromisoformat(scenario.run.start_date)
    first += datetime.timedelta(days=round(scenario.run.warm_up_days))
    return first + datetime.timedelta(days=-first.weekday() % 7)


def write_files(
    found: Roster,
    under: Mapping[str, Sequence[Stood]] | None,
    plan: Plan,
    report: Path | None,
    csv_file: Path | None,
    ics: Path | None,
    monday: datetime.date | None,
    weeks: int,
    *,
    quiet: bool,
) -> None:
    """Write what was asked for, each file whole or not at all.

    Raises
    ------
    click.UsageError
        If one cannot be written.
    """
    day = monday or first_monday(found.asked.scenario)
    files: tuple[tuple[Path | None, Callable[[], str]], ...] = (
        (report, lambda: plan_page_html(roster_page(found, under, plan.made_by))),
        (csv_file, lambda: csv_week(found.named, day)),
        (ics, lambda: calendar(found.named, day, weeks=weeks)),
    )
    for path, text in files:
        if path is None:
            continue
        try:
            write_whole(path, text().encode())
        except OSError as error:
            raise click.UsageError(f"{path}: cannot be written: {error.strerror}") from None
        if not quiet:
            click.echo(f"wrote   {path}")

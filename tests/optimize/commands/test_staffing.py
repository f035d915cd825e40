"""``warelab optimize staffing``: a roster that is a plan, a page, a CSV and a calendar."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from optimize.judge.presence import week_wage_cents
from optimize.plan import read_plan
from sim.scenario.loading import load
from tests.sim.commands.calling import called, started
from tests.sim.experiments.small import small_file

WEEK = ("--set", "run.horizon_days=7", "--set", "orders.per_day=120")
QUIET = ("--replications", "0", "--stress", "0", "--measure", "2", "--jobs", "1", "-q")
PROMISE = ("--promise", "order_lead_time_p95_h<=150")


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A search on the small scenario with all its files, and what the terminal said."""
    folder = tmp_path_factory.mktemp("roster")
    file = small_file(folder)
    words = (
        "optimize", "staffing", str(file), *WEEK, *QUIET, *PROMISE,
        "--budget", "80", "--fresh", "2", "--monday", "2026-11-23", "--weeks", "2",
        "--write", str(folder / "plan.yaml"), "--report", str(folder / "plan.html"),
        "--csv", str(folder / "plan.csv"), "--ics", str(folder / "plan.ics"),
    )  # fmt: skip
    done = started(*words, folder=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.mark.slow
def test_the_plan_costs_what_it_says_and_a_scenario_takes_it(
    searched: tuple[Path, str],
) -> None:
    """The staff section is worth its wages, no more than the requirement, and can be loaded."""
    folder, _ = searched
    plan = read_plan(folder / "plan.yaml")
    path = json.dumps(str(folder / "plan.yaml"))
    taken = load(str(folder / "small.yaml"), settings=[f"plan={path}"]).scenario
    wages = week_wage_cents(plan.overlay["staff"], taken.people.eur_per_hour)
    assert wages == round(100 * plan.figures["wages_planned_eur"])
    assert plan.figures["wages_planned_eur"] <= plan.figures["wages_required_eur"]
    assert list(taken.staff) == list(plan.overlay["staff"])
    assert plan.lists["search"][0]["kind"] == "start"
    assert plan.lists["search"][-1]["kind"] == "end"


@pytest.mark.slow
def test_csv_and_calendar_hold_every_duty(searched: tuple[Path, str]) -> None:
    """As many duties in both as the staff section has, and the same paid hours."""
    folder, _ = searched
    staff = read_plan(folder / "plan.yaml").overlay["staff"]
    with (folder / "plan.csv").open(newline="") as sheet:
        rows = list(csv.DictReader(sheet))
    heads = sum(
        count * len(shift["days"])
        for shift in staff.values()
        for count in shift.values()
        if isinstance(count, int)
    )
    assert len(rows) == heads
    assert (folder / "plan.ics").read_bytes().count(b"BEGIN:VEVENT") == heads
    assert {row["day"] for row in rows} <= {f"2026-11-{day}" for day in range(23, 30)}


@pytest.mark.slow
def test_the_page_says_what_was_found(searched: tuple[Path, str]) -> None:
    """One file, no scripts: promise, frontier, week, people, steps."""
    folder, out = searched
    page = (folder / "plan.html").read_text()
    for anchor in ("promise", "hours", "fresh", "week", "people", "steps", "repeat"):
        assert f'<section id="{anchor}">' in page
    assert "<script" not in page
    assert "on 2 fresh replications" in out
    assert "hour to buy first" in out or "no single hour more" in out


def test_without_a_budget_the_requirement_is_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is searched: chosen and required cost the same, and nothing is certified."""
    code, out, _ = called(
        capsys,
        "optimize",
        "staffing",
        str(small_file(tmp_path)),
        *WEEK,
        *QUIET,
        "--budget",
        "0",
        "--json",
    )
    figures = json.loads(out)["figures"]
    assert code == 0
    assert figures["wages_planned_eur"] == figures["wages_required_eur"]
    assert "promise_status" not in figures


def test_the_bound_counts_those_who_are_not_planned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With crews of pickers alone the others keep today's shifts, in the wages and the bound."""
    crews = {"crew": {"role": "pickers", "contract": "full", "at_most": 9}}
    code, out, err = called(
        capsys, "optimize", "staffing", str(small_file(tmp_path)), *WEEK, *QUIET,
        "--budget", "0", "--json", "--set", f"labour.crews={json.dumps(crews)}",
    )  # fmt: skip
    figures = json.loads(out)["figures"]
    assert code == 0
    assert "not planned: packers" in err
    wages = figures["wages_planned_eur"]
    assert 0.99 * wages <= figures["tours_bound_eur"] <= wages


def test_rules_that_cannot_hold_together_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody must be there on Sunday night, when the house is closed: exit 4, both named."""
    least = {"night": {"role": "pickers", "days": ["sun"], "start": "22:00", "end": "23:00"}}
    code, out, err = called(
        capsys, "optimize", "staffing", str(small_file(tmp_path)), *WEEK, *QUIET,
        "--set", f"labour.least={json.dumps(least)}",
    )  # fmt: skip
    assert code == 4
    assert out == ""
    assert "cannot hold together" in err
    assert "sun 22:00" in err


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--promise", "on_time_ship_rate=0.8"), "is no bound"),
        (("--promise", "on_time>=0.8"), "which is no KPI"),
        (("--promise", "on_time_ship_rate>=x"), "is no bound"),
        (("--monday", "2026-11-24"), "the Monday before it is 2026-11-23"),
    ],
)
def test_words_that_make_no_sense_are_refused(
    words: tuple[str, ...], found: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and what was expected, before anything is played."""
    code, _, err = called(
        capsys, "optimize", "staffing", str(small_file(tmp_path)), *WEEK, *QUIET, *words
    )
    assert code == 2
    assert found in err

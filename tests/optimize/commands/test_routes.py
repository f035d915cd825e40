"""``warelab optimize routes``: no rule beats the exact way, and the plan is a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimize.pick_lists import pick_lists
from optimize.plan import read_plan
from optimize.routing.day import TOLERANCE_M, plan_day, race
from sim.policies.routing import ROUTING, resolve_routing
from tests.sim.commands.calling import called
from tests.sim.engine.playing import Record, record
from tests.sim.experiments.small import small, small_file

ACCURACY = ("picking_accuracy_lines_rate", "shipped_accuracy_orders_rate")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """One replication of the small scenario."""
    return record(small(tmp_path_factory.mktemp("small")).scenario)


@pytest.fixture(scope="module")
def lists(played: Record) -> list[tuple[int, tuple[int, ...]]]:
    """The pick lists of its three days."""
    found = pick_lists(played.log, played.book.demand.sku.tolist(), played.setting.location_of_sku)
    return [(one.tour, one.stops) for one in found]


@pytest.mark.parametrize("today", sorted(ROUTING))
def test_no_rule_is_shorter_than_the_plan(
    played: Record, lists: list[tuple[int, tuple[int, ...]]], today: str
) -> None:
    """On every list the planned way is at most as long as each rule's, whatever is done today."""
    layout = played.setting.layout
    planned = plan_day(layout, lists, today)
    assert planned.method == "exact"
    assert planned.beaten_by == []
    exact = resolve_routing("exact", layout)
    for one in planned.lists:
        assert set(one.by_rule_m) == set(ROUTING)
        assert one.today_m == pytest.approx(one.by_rule_m[today])
        assert all(one.planned_m <= metres + TOLERANCE_M for metres in one.by_rule_m.values())
        assert sorted(one.order) == sorted(set(one.stops))
        assert exact.length_m(list(one.stops)) == pytest.approx(one.planned_m)
    assert planned.planned_m <= planned.rule_m(today) + TOLERANCE_M


def test_ortools_is_never_shorter_than_exact(
    played: Record, lists: list[tuple[int, tuple[int, ...]]]
) -> None:
    """In the race OR-Tools has gaps of at least 0 against the exact way."""
    found = race(played.setting.layout, lists[:4])
    assert found.lists == 4
    assert 0 <= found.optimal <= 4
    assert -1e-9 <= found.mean_gap <= found.max_gap


def test_routes_are_planned_judged_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan file holds every list, a run takes it, and accuracy is identical under it."""
    path, plan = small_file(tmp_path), tmp_path / "plan.yaml"
    answer = called(
        capsys, "optimize", "routes", path, "--write", plan, "--replications", "2", "--jobs", "1",
        "--json", "-q",
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    document = json.loads(answer.out)
    figures = document["figures"]
    assert figures["planned_m"] < figures["today_m"]
    assert figures["proven_shortest"] is True
    for name in ACCURACY:
        judged = document["judged"][name]
        assert judged["today"] == judged["plan"]
        assert (judged["difference"], judged["verdict"]) == (0.0, "identical")
    assert document["judged"]["walk_m_per_line"]["difference"] < 0.0

    rows = read_plan(plan).lists["routes"]
    assert len(rows) == figures["lists"]
    assert sum(row["planned_m"] for row in rows) == pytest.approx(figures["planned_m"])

    results = tmp_path / "results"
    run = called(
        capsys, "run", path, "--set", f"plan={plan}", "-q", "--json", "--jobs", "1", "--no-report",
        "--results", results,
    )  # fmt: skip
    assert run.code == 0
    walk = json.loads(run.out)["kpis"]["walk_m_per_line"]["mean"]
    assert walk == document["judged"]["walk_m_per_line"]["plan"]


def test_the_terminal_shows_every_rule_and_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One row a rule, the plan at +0.0 %, no rule shorter, then the simulation's verdict."""
    answer = called(
        capsys, "optimize", "routes", small_file(tmp_path), "--replications", "2", "--jobs", "1",
        "-q",
    )  # fmt: skip
    assert answer.code == 0
    lines = answer.out.splitlines()
    rows = {line.split()[0]: line for line in lines if line.endswith(" %")}
    assert set(ROUTING) <= rows.keys()
    assert "s_shape (today)" in rows["s_shape"]
    assert rows["planned"].endswith(" +0.0 %")
    assert "lists on which a rule is shorter than the plan: 0" in lines
    assert "the simulation's verdict, 2 replications on the same orders:" in lines


def test_nothing_is_judged_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--replications 0 plans and judges nothing; a day without picks ends with 2."""
    words = ("--replications", "0", "-q", "--json")
    answer = called(capsys, "optimize", "routes", small_file(tmp_path), *words)
    assert answer.code == 0
    assert "judged" not in json.loads(answer.out)
    answer = called(capsys, "optimize", "routes", small_file(tmp_path), "--day", "300", *words)
    assert (answer.code, answer.out) == (2, "")
    assert "nothing was picked on " in answer.err


def test_a_bad_scenario_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario with a problem ends with 2 and its place, and no plan file appears."""
    path, plan = small_file(tmp_path, "picknig: {}\n"), tmp_path / "plan.yaml"
    answer = called(capsys, "optimize", "routes", path, "--write", plan)
    assert (answer.code, answer.out) == (2, "")
    assert "picknig" in answer.err
    assert not plan.exists()


def test_a_plan_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan for a folder that is not there ends with 2 and a message, not with a traceback."""
    plan = tmp_path / "nowhere" / "plan.yaml"
    answer = called(
        capsys, "optimize", "routes", small_file(tmp_path), "--write", plan, "--replications", "0"
    )
    assert answer.code == 2
    assert "cannot be written" in answer.err

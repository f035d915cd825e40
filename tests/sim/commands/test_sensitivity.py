"""``warelab sensitivity`` on the command line."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path

import pytest

from tests.sim.commands.calling import called
from tests.sim.experiments.small import small_file

DIALS = ("--dial", "staff.late.pickers=1:3", "--dial", "people.eur_per_hour.packers=10:30")
KPIS = ("--kpi", "wait_pick_mean_h", "--kpi", "cost_per_order_eur")
BUSY = ("--set", "orders.per_day=100", "--set", "picking.search_s.mean=60")
FEW = (
    *BUSY,
    "--set",
    "run.warm_up_days=0",
    "--set",
    "run.horizon_days=1",
    "--replications",
    "2",
    "-q",
)


def test_wages_cost_and_take_no_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dial that does nothing to a KPI has exactly 0, on the same orders; two processes write the
    same bytes; the second call plays nothing.
    """
    file, results, chart = small_file(tmp_path), tmp_path / "results", tmp_path / "chart.svg"
    answers, points = [], []
    for jobs in ("1", "2"):
        points.append(tmp_path / f"{jobs}.csv")
        words = ("sensitivity", file, *DIALS, *KPIS, *FEW, "--trajectories", "4", "--json")
        kept = ("--no-cache",) if jobs == "2" else ("--results", results)
        answers.append(called(capsys, *words, "--jobs", jobs, "--csv", points[-1], *kept))
    again = ("sensitivity", file, *DIALS, *KPIS, *FEW[:-1], "--trajectories", "4", "--jobs", "1")
    table = called(capsys, *again, "--results", results, "--format", "md", "--chart", chart)

    assert [answer.code for answer in answers] == [0, 0]
    assert answers[0].out == answers[1].out
    assert points[0].read_bytes() == points[1].read_bytes()
    found = json.loads(answers[0].out)
    time = found["kpis"]["wait_pick_mean_h"]["dials"]["people.eur_per_hour.packers"]
    assert (time["mu_star"], time["mu_star_ci95"], time["mu_star_of_luck"]) == (
        0.0,
        [0.0, 0.0],
        0.0,
    )
    cost = found["kpis"]["cost_per_order_eur"]["dials"]["people.eur_per_hour.packers"]
    assert cost["mu"] == cost["mu_star"] > 0.0
    assert cost["beyond_luck"]
    rows = list(csv.DictReader(points[0].read_text(encoding="utf-8").splitlines()))
    assert len(rows) == found["points"] < found["design_points"] == 12
    assert f"{2 * len(rows)} replications taken from {results}, 0 played" in table.err
    assert "people.eur\\_per\\_hour.packers does nothing to wait\\_pick\\_mean" in table.out
    assert chart.read_text(encoding="utf-8").startswith("<svg")


def test_shares_of_the_variance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sobol's shares of wages alone are 1: what does nothing has no part."""
    file = small_file(tmp_path)
    dials = (*DIALS[2:], "--dial", "people.eur_per_hour.receivers=20:20.0001")
    words = ("--method", "sobol", "--base-samples", "16", "--jobs", "1", "--no-cache", "--json")
    one = ("--set", "run.warm_up_days=0", "--set", "run.horizon_days=1", "--replications", "1")
    chart = tmp_path / "chart.svg"

    answer = called(capsys, "sensitivity", file, *dials, *KPIS, *one, *words, "--chart", chart)

    found = json.loads(answer.out)["kpis"]
    shares = found["cost_per_order_eur"]["dials"]
    assert list(shares) == ["people.eur_per_hour.packers", "people.eur_per_hour.receivers"]
    assert shares["people.eur_per_hour.packers"]["total"] == pytest.approx(1.0, abs=0.3)
    assert shares["people.eur_per_hour.receivers"]["total"] < 1e-6
    says = found["wait_pick_mean_h"]["says"]
    assert "not known from 1 replication" in found["cost_per_order_eur"]["says"][-1]
    assert says == ["Nothing moves wait_pick_mean_h: it is the same at all points."]
    assert chart.read_text(encoding="utf-8").startswith("<svg")


def test_everything_wrong_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys, ranges, KPIs and sizes; exit code 2."""
    wrong = ("staff.late.pickers=5:2", "staff.late.pikers=1:2", "run.seed=1:2", "orders.per_day=7")
    dials = [word for dial in wrong for word in ("--dial", dial)]

    answer = called(
        capsys, "sensitivity", small_file(tmp_path), *dials, "--kpi", "cost_per_ordr",
        "--trajectories", "1",
    )  # fmt: skip

    assert (answer.code, answer.out) == (2, "")
    example = "for example staff.late.packers=2:6 or picking.search_s.mean=5:15"
    keys = answer.err.partition("'pikers'; ")[2].partition("\n")[0]
    assert keys.startswith("expected one of")
    assert keys.endswith("did you mean pickers")
    shared = "expected a key that leaves orders and replications shared"
    assert answer.err.splitlines() == [
        "--kpi: found 'cost_per_ordr'; expected a KPI; did you mean cost_per_order_eur",
        "--dial staff.late.pickers=5:2: found 5 to 2; expected LOW below HIGH",
        f"--dial run.seed=1:2: found the key run.seed; {shared}",
        f"--dial orders.per_day=7: found no KEY=LOW:HIGH; expected KEY=LOW:HIGH; {example}",
        f"--set staff.late.pikers=1: staff.late.pikers: found the unknown key 'pikers'; {keys}",
        "--trajectories: found 1; expected at least 4, 10 to 50 are usual",
        "6 problems in 6 files",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*DIALS[:2], "--dial", "staff.late.pickers=2:4"), "found the key twice"),
        (("--dial", "staff.late.pickers=0.5:2"), "staff.late.pickers: found 0.5"),
        (("--dial", "orders.per_day=a:2"), "found 'a:2'; expected two numbers"),
        (("--dial", "orders.per_day=nan:2"), "expected two numbers parted by a colon"),
        (("--dial", "staff.late=1:2"), "staff.late: found"),
        (("--dial", "picking.routing=1:2"), "picking.routing: found"),
        (("--dial", "orders.per_day=100:100.00001"), "a range of at least 1e-06"),
        ((*DIALS, "--second-order"), "--second-order: found Morris; expected --method sobol"),
        ((*DIALS, "--base-samples", "64"), "--base-samples goes with --method sobol"),
        ((*DIALS, "--method", "sobol", "--trajectories", "4"), "--trajectories goes with --method"),
        ((*DIALS, "--method", "sobol", "--base-samples", "100"), "as 64 or 128"),
        ((*DIALS, "--method", "sobol", "--base-samples", "4096"), "found 16,384 points"),
        ((*DIALS, "--json", "--format", "md"), "only one of them"),
    ],
)
def test_bad_words_are_answered_before_anything_is_played(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and what is wrong."""
    answer = called(capsys, "sensitivity", small_file(tmp_path), *words, *KPIS, "--no-cache")

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_pairs_need_salib(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra it is named, and nothing is played."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    words = (*DIALS, *KPIS, "--method", "sobol", "--second-order")
    answer = called(capsys, "sensitivity", small_file(tmp_path), *words)

    assert (answer.code, answer.out) == (2, "")
    assert "pip install 'warelab[sensitivity]'" in answer.err


def test_an_undefined_kpi_is_named_with_its_point(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mean of nothing has no influence: which KPI, where, what to do."""
    kpi = ("--kpi", "truck_fill_rate")
    words = ("--trajectories", "4", "--jobs", "1", "--no-cache")

    answer = called(capsys, "sensitivity", small_file(tmp_path), *DIALS, *kpi, *FEW, *words)

    assert (answer.code, answer.out) == (2, "")
    assert "found truck_fill_rate undefined in replication 0 at" in answer.err

"""``warelab sweep`` on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.api import sweep
from sim.experiments.sweep.choose import Rule
from tests.sim.commands.calling import called

QUEUE = """\
name: queue
extends: baseline
run: {warm_up_days: 0, horizon_days: 1, cool_down_days: 0}
orders: {per_day: 100}
items: {count: 60}
warehouse: {layout: {aisles: 4, positions_per_side: 10}}
picking: {batching: single, search_s: {distribution: exponential, mean: 240}}
targets:
  order_lead_time_p95_h: {at_most: 1000}
  on_time_ship_rate: null
  picking_accuracy_lines_rate: null
  rate_of_return: null
"""
VARIED = ("--vary", "staff.late.pickers=1,5", "--vary", "staff.early.pickers=1,5")
RULE = ("--kpi", "wait_pick_mean_h", "--smallest", "1", "--replications", "4", "-q")


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """A picking line that one person cannot keep up with."""
    path = tmp_path / "queue.yaml"
    path.write_text(QUEUE, encoding="utf-8")
    return path


def test_more_people_wait_less_for_any_number_of_processes(
    queue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cell with most pickers waits least; two processes write the same bytes; the second call
    plays nothing.
    """
    files = [tmp_path / f"{jobs}.csv" for jobs in (1, 2)]
    results = tmp_path / "results"
    for jobs, file in enumerate(files, start=1):
        kept = ("--no-cache",) if jobs == 2 else ("--results", results)
        words = ("sweep", queue, *VARIED, *RULE, "--jobs", str(jobs), "--csv", file, *kept)
        assert called(capsys, *words, "--format", "json").code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    rows = list(csv.DictReader(files[0].read_text(encoding="utf-8").splitlines()))
    assert [row["verdict"] == "best" for row in rows] == [False, False, False, True]
    waits = [float(row["mean"]) for row in rows]
    assert waits[0] > max(waits[1:3]) >= min(waits[1:3]) > waits[3]

    again = ("sweep", queue, *VARIED, *RULE[:-1], "--jobs", "1", "--results", results)
    chart = tmp_path / "sweep.svg"
    answer = called(capsys, *again, "--csv", files[1], "--format", "md", "--chart", chart)
    total = sum(int(row["n"]) for row in rows)
    assert answer.err.splitlines()[-1] == f"{total} replications taken from {results}, 0 played"
    assert files[0].read_bytes() == files[1].read_bytes()
    assert answer.out.count("\n| ") == 6
    assert chart.read_text(encoding="utf-8").startswith("<svg")


def test_the_frame_says_what_the_document_says(
    queue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exact values in JSON and in the notebook's frame."""
    varied = ("--vary", "staff.late.pickers=1,5", "--budget", "5", "--no-cache", "--jobs", "1")
    answer = called(capsys, "sweep", queue, *varied, "--format", "json", "-q")
    document = json.loads(answer.out)
    found = sweep(str(queue), {"staff.late.pickers": [1, 5]}, rule=Rule(document["kpi"], budget=5))
    assert document["method"] == "ocba"
    assert document["promise"] == found.promise
    assert [cell["mean"] for cell in document["cells"]] == found.cells["mean"].tolist()
    assert found.cells["staff.late.pickers"].tolist() == [1, 5]
    assert sum(cell["replications"] for cell in document["cells"]) == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--vary", "staff.late.pickers=x,1", "--vary", "picking.batch_max_orders=0,1"), "2 prob"),
        ((*VARIED, "--kpi", "cost_per_ordr"), "did you mean cost_per_order_eur"),
        ((*VARIED, "--smallest", "much"), "--smallest: found 'much'"),
        ((*VARIED, "--smallest", "-1"), "--smallest: found '-1'"),
        (
            (*VARIED, "--replications", "9", "--max-replications", "8"),
            "--max-replications: found 8",
        ),
        ((*VARIED, "--replications", "9", "--budget", "80"), "--budget goes with neither"),
        ((*VARIED, "--budget", "7"), "--budget: found 7 replications; expected at least 8"),
    ],
)
def test_bad_words_are_answered_before_anything_is_played(
    words: tuple[str, ...], said: str, queue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and what is wrong."""
    answer = called(capsys, "sweep", queue, *words, "--no-cache")
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_no_cell_meets_the_targets(queue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """None is chosen, and the exit code says that a target was missed."""
    words = ("--set", "targets.order_lead_time_p95_h.at_most=0", "--replications", "2", "-q")
    answer = called(capsys, "sweep", queue, *VARIED[:2], *words, "--no-cache", "--jobs", "1")
    assert answer.code == 3
    assert "No cell meets the targets" in answer.out
    junit = (*words, "--no-cache", "--jobs", "1", "--format", "junit")
    answer = called(capsys, "sweep", queue, *VARIED[:2], *junit)
    assert answer.code == 3
    assert answer.out.count("<failure") == 2

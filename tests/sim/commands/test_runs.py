"""``warelab list``, ``show`` and ``report`` on finished and unfinished runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.experiments.run_folder import whole_folder
from sim.kpis import KPIS
from sim.scenario.paths import bundled_scenarios
from tests.sim.commands.calling import called
from tests.sim.experiments.small import small_file


@pytest.fixture
def results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A results folder with one finished run, whose report is still to be written."""
    folder = tmp_path / "results"
    scenario = small_file(tmp_path)
    called(capsys, "run", scenario, "-q", "--no-report", "--jobs", "1", "--results", folder)
    return folder


def test_list_names_scenarios_and_finished_runs(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """List gives every bundled scenario and the finished run with its lead time."""
    (folder,) = (results / "small").iterdir()
    document = json.loads((folder / "kpis.json").read_text(encoding="utf-8"))
    median_h = document["kpis"]["order_lead_time_p50_h"]["mean"]
    answer = called(capsys, "list", "--results", results, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == {
        "scenarios": list(bundled_scenarios()),
        "runs": [{"folder": str(folder), "scenario": "small", "lead_time_p50_h": median_h}],
    }
    shown = called(capsys, "list", "--results", results).out.splitlines()
    assert shown[0] == "bundled scenarios: " + ", ".join(bundled_scenarios())
    assert shown[1:] == [f"{folder}  lead time p50 {median_h:.1f} h"]


def test_unfinished_folders_are_not_listed(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that is just being written is in no list, whatever lies in its folder already."""
    before = called(capsys, "list", "--results", results, "--json").out
    (finished,) = (results / "small").iterdir()
    with whole_folder(results / "small" / "123456789abc") as unfinished:
        for file in finished.iterdir():
            (unfinished / file.name).write_bytes(file.read_bytes())
        assert called(capsys, "list", "--results", results, "--json").out == before
    listed = json.loads(called(capsys, "list", "--results", results, "--json").out)
    assert len(listed["runs"]) == 2


def test_an_empty_results_folder_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without runs, list says so."""
    answer = called(capsys, "list", "--results", tmp_path)
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == f"no finished runs in {tmp_path}"


def test_show_prints_the_kpis_of_a_run(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Show prints each defined KPI of a finished run, and with --json its document."""
    (folder,) = (results / "small").iterdir()
    document = json.loads((folder / "kpis.json").read_text(encoding="utf-8"))
    answer = called(capsys, "show", folder, "--json")
    assert answer.code == 0
    assert json.loads(answer.out) == document
    rows = called(capsys, "show", folder).out.splitlines()[3:]
    defined = [name for name, kpi in document["kpis"].items() if kpi["mean"] is not None]
    assert len(rows) == len(defined) > 30
    for name, row in zip(defined, rows, strict=True):
        assert row.startswith(KPIS[name].title)


@pytest.mark.parametrize("content", [None, "", "[1, 2]", "{no json"])
def test_show_refuses_what_is_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """A folder without a readable kpis.json ends with 2 and a message."""
    if content is not None:
        (tmp_path / "kpis.json").write_text(content, encoding="utf-8")
    answer = called(capsys, "show", tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "Error: " in answer.err


def test_report_is_written_anew(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Report plays the run again from its own folder, finds its numbers, and writes the page."""
    (folder,) = (results / "small").iterdir()
    answer = called(capsys, "report", folder, "-q", "--jobs", "1")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"{folder / 'report.html'}\n"
    assert "small" in (folder / "report.html").read_text(encoding="utf-8")


def test_report_says_when_the_numbers_differ(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """If playing again gives other numbers than the manifest's, report says so on stderr."""
    (folder,) = (results / "small").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["digest"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    answer = called(capsys, "report", folder, "-q", "--jobs", "1")
    assert answer.code == 0
    assert answer.err.startswith("note: the numbers differ")

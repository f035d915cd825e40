"""``warelab check``, ``schema`` and ``doctor``: what can be said without playing anything."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from sim.scenario.paths import bundled_scenarios
from tests.sim.commands.calling import called
from tests.sim.experiments.small import small_file


def test_check_says_the_problems_of_all_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two bad files: each problem of both with its file, line and column, exit code 2."""
    first = tmp_path / "first.yaml"
    first.write_text("name: first\nordres: {}\nitems: {count: -1}\n", encoding="utf-8")
    second = tmp_path / "second.yaml"
    second.write_text("name: second\npicking:\n  routing: s_shap\n", encoding="utf-8")
    answer = called(capsys, "check", first, second)
    assert (answer.code, answer.out) == (2, "")
    for place in (f"{first}:2:1: ", f"{first}:3:16: items.count: ", f"{second}:3:12: "):
        assert place in answer.err
    assert answer.err.splitlines()[-1] == "3 problems in 2 files"


@pytest.mark.parametrize("command", ["check", "run", "compare"])
def test_a_target_that_is_no_kpi_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped target is said with its line and the nearest KPI, before anything is played."""
    path = tmp_path / "typo.yaml"
    lines = ("name: typo", "extends: small.yaml", "targets:", "  oversal_rate: {at_most: 0.1}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    small_file(tmp_path)
    words = (path, path) if command == "compare" else (path,)
    answer = called(capsys, command, *words)
    assert (answer.code, answer.out) == (2, "")
    assert f"{path}:4:1: targets.oversal_rate: found no KPI named 'oversal_rate'" in answer.err
    assert "did you mean oversale_rate" in answer.err
    assert answer.err.endswith("1 problem in 1 file\n")
    answer = called(capsys, "check", tmp_path / "small.yaml", "--set", "targets.x={at_most: 1}")
    assert answer.code == 2
    assert answer.err.startswith("--set: targets.x: found no KPI named 'x'")


def test_check_gives_problems_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the same problems are a document on stdout, and the exit code is 2 still."""
    path = tmp_path / "first.yaml"
    path.write_text("name: first\nitems: {count: -1}\n", encoding="utf-8")
    answer = called(capsys, "check", path, "--json")
    assert (answer.code, answer.err) == (2, "")
    (problem,) = json.loads(answer.out)["problems"]
    assert (problem["file"], problem["line"], problem["path"]) == (str(path), 2, "items.count")


def test_check_gives_good_scenarios_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good file gives no problems and the resolved scenario, settings worked in."""
    answer = called(capsys, "check", small_file(tmp_path), "--json", "--set", "orders.per_day=17")
    assert answer.code == 0
    document = json.loads(answer.out)
    assert document["problems"] == []
    assert document["scenarios"][0]["orders"]["per_day"] == 17


def test_check_shows_where_values_come_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--show prints each value with the file and line, the setting or the default behind it."""
    path = small_file(tmp_path)
    answer = called(capsys, "check", path, "--show", "--set", "run.seed=3")
    lines = answer.out.splitlines()
    assert "run.seed: 3  # --set" in lines
    assert f"orders.per_day: 40.0  # {path}:4" in lines
    assert "run.follow_up_days: 120.0  # default" in lines
    assert lines[-1] == "small: no problems"


def test_every_bundled_scenario_is_without_problems(capsys: pytest.CaptureFixture[str]) -> None:
    """All bundled scenarios pass the check together."""
    names = list(bundled_scenarios())
    answer = called(capsys, "check", *names)
    assert answer.code == 0
    assert len(answer.out.splitlines()) == len(names) > 5


def test_schema_is_json_and_names_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    """Schema prints one JSON document that requires the name only."""
    answer = called(capsys, "schema")
    assert (answer.code, answer.err) == (0, "")
    document = json.loads(answer.out)
    assert document["required"] == ["name"]
    assert {"orders", "staff", "targets"} <= document["properties"].keys()


def test_doctor_knows_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    """Doctor gives the true versions of Python and SimPy, as JSON and as text."""
    answer = called(capsys, "doctor", "--json")
    assert answer.code == 0
    facts = json.loads(answer.out)
    assert facts["python"] == platform.python_version()
    assert facts["packages"]["simpy"] == version("simpy")
    assert facts["processors"] >= 1
    text = called(capsys, "doctor").out
    assert f"simpy              {version('simpy')}\n" in text


def test_doctor_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing package ends with 2 and its name."""
    monkeypatch.setattr("sim.commands.doctor.PACKAGES", ("simpy", "no-such-package-here"))
    answer = called(capsys, "doctor")
    assert answer.code == 2
    assert "missing: no-such-package-here" in answer.err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The help lists each command with its summary."""
    answer = called(capsys, "--help")
    assert answer.code == 0
    for name in ("run", "check", "compare", "optimize", "list", "show", "report", "doctor"):
        assert f"\n  {name} " in answer.out

"""``warelab explain``, and what ``warelab run`` says of roles that cannot keep up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sim.commands.calling import called
from tests.sim.experiments.small import small_file

TOO_FEW = "picking.time_s={distribution: deterministic, value: 3600}"


def test_nothing_is_played_to_say_who_limits_a_house(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is played to say who limits a house."""
    monkeypatch.setattr("sim.engine.model.play", None)
    answer = called(capsys, "explain", small_file(tmp_path), "--json")
    assert answer.code == 0
    document = json.loads(answer.out)
    assert document["bottleneck"] in document["roles"]
    assert document["roles"]["pickers"]["verdict"] == "stable"
    assert len(document["roles"]["pickers"]["utilisation_by_hour_of_week"]) == 168


def test_it_speaks_markdown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It speaks markdown."""
    answer = called(capsys, "explain", small_file(tmp_path), "--format", "md")
    assert answer.out.startswith("## small: 280 orders a week")


def test_what_was_played_is_taken_from_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time nothing is played, and the answer is the same."""
    words = ("explain", small_file(tmp_path), "--played", "--replications", "2", "--jobs", "1",
             "--json", "--results", tmp_path / "results",
             "--set", "run.horizon_days=1")  # fmt: skip
    first = called(capsys, *words)
    assert first.code == 0
    assert first.err == ""
    monkeypatch.setattr("sim.experiments.replication.play_replication", None)
    again = called(capsys, *words)
    assert again.out == first.out
    lines = again.err.splitlines()
    assert len(lines) == len(json.loads(first.out)["played"]["levers"]) + 1
    assert all(line.startswith("2 of 2 replications taken from ") for line in lines)
    assert called(capsys, *words, "--quiet").err == ""


def test_a_run_says_who_cannot_keep_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run says who cannot keep up."""
    words = ("run", small_file(tmp_path), "--no-report", "--no-cache", "--results", tmp_path,
             "--replications", "1", "--set", "run.horizon_days=1")  # fmt: skip
    assert "note:" not in called(capsys, *words).err
    answer = called(capsys, *words, "--set", TOO_FEW)
    notes = [line for line in answer.err.splitlines() if line.startswith("note:")]
    assert len(notes) == 1
    assert notes[0].startswith("note: pickers have ")
    assert notes[0].endswith("lines will grow as long as the run lasts")

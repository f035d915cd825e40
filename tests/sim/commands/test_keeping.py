"""``warelab run`` and ``merge`` keep replications: resume, cache, shards, and what stops a run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from sim.engine import setting as engine_setting
from sim.engine.setting import Setting, prepare
from sim.experiments import workers
from tests.sim.commands.calling import PROGRAM, called, program_environment, started
from tests.sim.experiments.small import small_file
from tests.sim.experiments.test_workers import Deadly, attempts, work

END_S = 5.0
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The small scenario's file."""
    return small_file(tmp_path)


def files_of(results: Path) -> Mapping[str, bytes]:
    """Return the bytes of all files of the run folders, by path below the results folder."""
    return {
        str(path.relative_to(results)): path.read_bytes()
        for path in sorted((results / "small").rglob("*"))
        if path.is_file()
    }


def store_in(results: Path) -> Path:
    """Return the one store file of a results folder."""
    (path,) = (results / ".replications").glob("*.sqlite")
    return path


def ran(capsys: Capture, scenario: Path, results: Path, *words: str) -> str:
    """Run in one process, without report, and return what was said on stderr."""
    answer = called(
        capsys, "run", scenario, "--results", results, "--jobs", "1", "--no-report", *words
    )
    assert answer.code == 0
    return answer.err


def test_a_second_run_takes_what_the_first_has_kept(
    scenario: Path, tmp_path: Path, capsys: Capture
) -> None:
    """It says so in one line, and all files are those of runs that took nothing, byte by byte."""
    anew, results = tmp_path / "anew", tmp_path / "results"
    ran(capsys, scenario, anew, "--no-cache", "--replications", "3")
    ran(capsys, scenario, results, "--replications", "2")

    said = ran(capsys, scenario, results, "--replications", "3")

    line = f"2 of 3 replications taken from {store_in(results)}\n"
    assert said == line + "writing the run folder\n"
    assert files_of(anew).items() <= files_of(results).items()
    assert not (anew / ".replications").exists()
    assert ran(capsys, scenario, results, "--replications", "3", "-q") == ""
    assert files_of(anew).items() <= files_of(results).items()


def test_one_replication_alone_is_played_for_its_orders(
    scenario: Path, tmp_path: Path, capsys: Capture
) -> None:
    """A replication kept without rows of orders is played again where it is the first one."""
    anew, results = tmp_path / "anew", tmp_path / "results"
    ran(capsys, scenario, anew, "--no-cache", "--replication", "1")
    ran(capsys, scenario, results, "--replications", "2")

    assert "taken" not in ran(capsys, scenario, results, "--replication", "1")
    assert "1 of 1" in ran(capsys, scenario, results, "--replication", "1")
    assert files_of(anew).items() <= files_of(results).items()


def test_resume_refuses_to_begin(scenario: Path, tmp_path: Path, capsys: Capture) -> None:
    """--resume goes on where something is kept; where nothing is, it ends with 2 and plays none."""
    results = tmp_path / "results"
    ran(capsys, scenario, results, "--replications", "1")

    assert "1 of 2 replications taken" in ran(capsys, scenario, results, "--resume")
    answer = called(capsys, "run", scenario, "--resume", "--seed", "1", "--results", results)
    assert answer.code == 2
    assert "nothing of this run is kept" in answer.err
    assert len(list((results / ".replications").iterdir())) == 1


def test_shards_are_merged_to_the_run_itself(
    scenario: Path, tmp_path: Path, capsys: Capture
) -> None:
    """Two shards of five replications make the folder of a run of five, byte by byte."""
    five = ("--replications", "5")
    ran(capsys, scenario, tmp_path / "alone", "--no-cache", *five)
    for share in ("1/2", "2/2"):
        ran(capsys, scenario, tmp_path / share[0], "--shard", share, *five)
        assert not (tmp_path / share[0] / "small").exists()
    merged = tmp_path / "merged"

    words = ("merge", scenario, *five, "--results", merged, "--no-report")
    first = called(capsys, *words, tmp_path / "2")
    both = called(capsys, *words, tmp_path / "1", store_in(tmp_path / "2"))

    assert first.code == 2
    assert "3 of 5 replications are in no shard: 0, 2, 4; " in first.err
    assert both.code == 0
    assert files_of(merged) == files_of(tmp_path / "alone")


@pytest.mark.parametrize("share", ["0/2", "3/2", "2", "a/b", "1/0"])
def test_what_is_no_shard_is_refused(scenario: Path, capsys: Capture, share: str) -> None:
    """A shard that cannot be ends with 2 and says what is expected."""
    answer = called(capsys, "run", scenario, "--shard", share)

    assert (answer.code, answer.out) == (2, "")
    assert f"--shard: found '{share}'; expected" in answer.err


def test_other_settings_are_another_run(scenario: Path, tmp_path: Path, capsys: Capture) -> None:
    """A merge of shards of another seed ends with 2 and names the place."""
    ran(capsys, scenario, tmp_path / "1", "--shard", "1/1", "--seed", "1")

    answer = called(capsys, "merge", scenario, tmp_path / "1", "--results", tmp_path / "merged")
    file = called(capsys, "merge", scenario, store_in(tmp_path / "1"), "--results", tmp_path / "m")

    assert (answer.code, file.code) == (2, 2)
    assert f"{tmp_path / '1'}: nothing is kept of small" in answer.err
    assert file.err.endswith("keeps replications of something else: other scenario\n")


def test_a_guilty_replication_is_set_aside_and_said(
    scenario: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 and its number after three tries; the others are kept, and the way on is said."""
    notes = tmp_path / "notes"
    notes.mkdir()

    def deadly(*words: object) -> Setting:
        usual = prepare(*words)  # type: ignore[arg-type]  # as it is called
        values = {field.name: getattr(usual, field.name) for field in fields(usual)}
        return Deadly(**values, deaths={1: 99}, notes=notes)

    monkeypatch.setattr(engine_setting, "prepare", deadly)
    monkeypatch.setattr(workers, "_work", work)
    results = tmp_path / "results"

    answer = called(
        capsys, "run", scenario, "--jobs", "2", "--replications", "4", "--results", results
    )

    assert (answer.code, answer.out) == (1, "")
    assert f"3 of 4 replications are kept in {store_in(results)}; the same command" in answer.err
    assert "replication 1: its process ended 3 times" in answer.err
    assert "--replication 1" in answer.err
    assert len(attempts(notes, 1)) == 3
    assert not (results / "small").exists()

    monkeypatch.undo()
    assert "3 of 4 replications taken" in ran(capsys, scenario, results, "--replications", "4")


LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from sim.cli import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="file sizes are limited by POSIX")
def test_a_disk_that_takes_no_more_ends_the_run(
    scenario: Path, tmp_path: Path, capsys: Capture
) -> None:
    """Exit code 2 with path and mend; with room again the same command ends with the same files."""
    words = ["run", str(scenario), "--jobs", "1", "--no-report", "--replications", "8"]
    results = tmp_path / "results"

    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, "100000", *words, "--results", str(results)],
        cwd=tmp_path, env=program_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert f"{store_in(results)}: " in ended.stderr
    assert "make room and give the same command again" in ended.stderr
    assert "of 8 replications are kept in" in ended.stderr
    assert not (results / "small").exists()
    assert "of 8 replications taken" in ran(capsys, scenario, results, "--replications", "8")
    ran(capsys, scenario, tmp_path / "anew", "--no-cache", "--replications", "8")
    assert files_of(results) == files_of(tmp_path / "anew")


def test_a_results_folder_that_takes_no_store_is_said_before_playing(
    scenario: Path, tmp_path: Path, capsys: Capture
) -> None:
    """Exit code 2 at once, with the place and the ways out."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    answer = called(capsys, "run", scenario, "--results", tmp_path / "file" / "results")

    assert (answer.code, answer.out) == (2, "")
    assert "the store of replications cannot be written" in answer.err
    assert "--no-cache" in answer.err


def test_two_runs_at_once_play_each_replication_once(scenario: Path, tmp_path: Path) -> None:
    """Of two equal commands the second waits, then takes all; both end well, nothing is torn."""
    words = [*PROGRAM, "run", str(scenario), "--jobs", "1", "--no-report", "--replications", "6"]
    both = [
        subprocess.Popen(
            words, cwd=tmp_path, env=program_environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [run.communicate()[1] for run in both]

    assert [run.returncode for run in both] == [0, 0]
    assert sum("6 of 6 replications taken" in err for err in said) == 1
    assert len(list((tmp_path / "results" / "small").iterdir())) == 1
    assert json.loads(next((tmp_path / "results").glob("small/*/kpis.json")).read_text())


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_ctrl_c_keeps_what_is_finished(scenario: Path, tmp_path: Path) -> None:
    """Exit code 130 within seconds, the number kept is said, and --resume goes on from there."""
    words = ["run", str(scenario), "--no-report", "--replications"]
    run = subprocess.Popen(
        [*PROGRAM, *words, "2000", "--jobs", "2"],
        cwd=tmp_path, env=program_environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    log = tmp_path / "results" / ".replications"
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        if sum(path.stat().st_size for path in log.glob("*-wal")) > 100_000:
            break
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=END_S)

    assert (run.returncode, out) == (130, "")
    kept, ended = (line for line in err.splitlines() if line)
    assert "of 2000 replications are kept in " in kept
    assert ended == "interrupted"
    assert int(kept.split()[0]) > 0
    again = started(*words, "3", "--resume", "--jobs", "1", folder=tmp_path)
    assert again.returncode == 0
    assert "replications taken from" in again.stderr
    shutil.rmtree(tmp_path / "results")

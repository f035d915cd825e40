"""Replications on a Dask cluster: the same numbers, and a worker's death loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.cli import main
from sim.engine.setting import prepare
from sim.errors import ClusterError, WorkerDied
from sim.experiments import run, workers
from sim.experiments.replication import play_replication
from tests.sim.experiments.dask_cluster import cluster, free_port
from tests.sim.experiments.small import small, small_file
from tests.sim.experiments.test_workers import Deadly, attempts, deadly, dying

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from sim.commands.options import executor_of, jobs_of
from sim.experiments import cluster as there

__all__ = ["deadly"]


SUITE = """\
name: two
seed: 7
replications: 2
main_kpi: walk_m_per_line
kpis: {walk_m_per_line: 1%}
scenarios: {shop: {scenario: small.yaml}}
policies: {today: {}, exact: {picking.routing: exact}}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of two workers with a thread each."""
    with cluster(tmp_path_factory.mktemp("dask"), workers=2) as found:
        yield found


def test_a_cluster_changes_nothing(tmp_path: Path, address: str) -> None:
    """Every number of every replication is that of a run in one process, rows of orders too."""
    loaded = small(tmp_path)
    setting = prepare(loaded.scenario, loaded.external_files)
    assert jobs_of(None, address) == 2
    played = workers.outcomes(setting, range(4), jobs=2, executor=executor_of(address))
    alone = workers.outcomes(setting, range(4))
    assert [one.digest for one in played] == [one.digest for one in alone]
    rows = [[one.orders is not None for one in found] for found in (played, alone)]
    assert rows[0] == rows[1] == [True, False, False, False]


def test_two_settings_at_once_do_not_mix(tmp_path: Path, address: str) -> None:
    """Runs that share the workers play each its own setting."""
    settings = []
    for seed in (1, 2):
        loaded = small(tmp_path, f"run.seed={seed}")
        settings.append(prepare(loaded.scenario, loaded.external_files))
    pools = [there.ClusterWorkers(setting, address=address) for setting in settings]
    futures = [pool.submit(workers._work, number, False) for number in range(2) for pool in pools]
    found = [future.result(timeout=60).digest for future in futures]
    for pool in pools:
        pool.shutdown()
    alone = [play_replication(one, n).digest for n in range(2) for one in settings]
    assert found == alone


def test_a_worker_killed_in_the_middle_loses_nothing(deadly: Deadly, address: str) -> None:
    """After a kill every replication is there, each with the numbers of an undisturbed run."""
    setting = dying(deadly, {1: 1})
    played = workers.outcomes(setting, range(4), jobs=2, executor=executor_of(address))
    assert len(attempts(deadly.notes, 1)) == 2
    undisturbed = [play_replication(deadly, number).digest for number in range(4)]
    assert [outcome.digest for outcome in played] == undisturbed


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "{file}", "{file}", "--replications", "2", "-q"),
        (
            "sweep",
            "{file}",
            "--vary",
            "staff.early.pickers=2,3",
            "--budget",
            "6",
            "--no-cache",
            "-q",
        ),
        ("bench", "{suite}", "--no-cache", "-q", "--json"),
    ],
    ids=["compare", "sweep", "bench"],
)
def test_commands_say_the_same_from_a_cluster(
    words: tuple[str, ...],
    tmp_path: Path,
    address: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Comparisons and cells of a sweep or a suite are those of one process."""
    places = {"file": str(small_file(tmp_path)), "suite": str(tmp_path / "suite.yaml")}
    Path(places["suite"]).write_text(SUITE, encoding="utf-8")
    said = []
    for where in (["--jobs", "1"], ["--cluster", address]):
        with pytest.raises(SystemExit) as ended:
            main([*(word.format(**places) for word in words), *where])
        said.append((ended.value.code, capsys.readouterr().out))
    assert said[0] == said[1]
    assert said[0][1]


@pytest.mark.slow
def test_the_guilty_replication_is_named(deadly: Deadly, address: str) -> None:
    """One that kills its worker again and again is set aside, the others are finished."""
    heard: list[int] = []
    with pytest.raises(WorkerDied, match=r"^replication 2: its process ended 3 times"):
        workers.outcomes(
            dying(deadly, {2: 99}),
            range(4),
            jobs=2,
            done=lambda outcome: heard.append(outcome.replication),
            executor=executor_of(address),
        )
    assert sorted(heard) == [0, 1, 3]
    assert len(attempts(deadly.notes, 2)) == 3


def test_another_program_is_refused_by_name(
    deadly: Deadly, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers with another version of a library are named, before anything is played."""
    older = {**run.versions(), "numpy": "0.1"}
    monkeypatch.setattr(run, "versions", lambda: older)
    with pytest.raises(ClusterError, match=r"worker tcp://127\.0\.0\.1:\d+: numpy .*, here 0\.1"):
        there.ClusterWorkers(deadly, address=address)
    assert attempts(deadly.notes, 0) == []


def test_nobody_at_the_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong address ends with words and code 2, and nothing is played here instead."""
    monkeypatch.setattr(there, "ANSWER_S", 0.5)
    wrong = f"tcp://127.0.0.1:{free_port()}"
    words = ["run", str(small_file(tmp_path)), "--results", str(tmp_path), "--cluster", wrong]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert f"--cluster {wrong}: no Dask scheduler answers" in said.err
    assert "`dask scheduler` starts one" in said.err
    assert said.out == ""

"""A replication depends on the scenario, the seed and its number, and on nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from sim.commands.run import reload
from sim.engine.setting import prepare
from sim.experiments.replication import digest
from sim.experiments.run import Run, execute, run_key
from sim.experiments.run_folder import write_run
from sim.experiments.shards import open_store
from sim.experiments.workers import WorkerProcesses, outcomes
from sim.scenario.loading import load
from tests.sim.experiments.small import small, small_file

HISTORY = """\
order_id,order_ts,sku,qty
1,2026-03-02 09:10,A,1
1,2026-03-02 09:10,B,2
2,2026-03-02 11:55,A,3
3,2026-03-03 08:01,C,1
4,2026-03-04 16:30,B,1
"""


def test_workers_change_nothing(tmp_path: Path) -> None:
    """One process and two give the same digest."""
    loaded = small(tmp_path)
    runs = [execute(loaded, replications=range(3), jobs=jobs) for jobs in (1, 2)]
    assert runs[0].digest == runs[1].digest
    assert [o.replication for o in runs[1].outcomes] == [0, 1, 2]


@pytest.mark.slow
def test_no_way_of_playing_changes_anything(tmp_path: Path) -> None:
    """One digest: in turn, in reverse, 1, 2 and 4 workers, spawned or from a fork server, kept."""
    loaded = small(tmp_path, "orders.per_day=10")
    numbers = range(6)
    in_turn = execute(loaded, replications=numbers)

    def digest_with(*, jobs: int, start: str, order: Sequence[int] = numbers) -> str:
        played = execute(
            loaded, replications=order, jobs=jobs, executor=partial(WorkerProcesses, start=start)
        )
        ascending = sorted(played.outcomes, key=lambda outcome: outcome.replication)
        return Run(loaded, played.setting, ascending).digest

    found = {
        digest_with(jobs=1, start="spawn", order=numbers[::-1]),
        digest_with(jobs=2, start="spawn", order=numbers[::-1]),
        digest_with(jobs=4, start="spawn"),
        digest_with(jobs=2, start="forkserver"),
        digest_with(jobs=4, start="forkserver", order=numbers[::-1]),
    }
    for _ in range(2):  # played and kept, then taken
        with open_store(tmp_path / "results", loaded) as store:
            found.add(execute(loaded, replications=numbers, store=store).digest)

    assert found == {in_turn.digest}


def test_order_and_company_change_nothing(tmp_path: Path) -> None:
    """Replication 1 has the same numbers first, last or alone; different ones differ."""
    loaded = small(tmp_path)
    setting = prepare(loaded.scenario, loaded.external_files)
    orders = ([0, 1, 2], [2, 0, 1], [1])
    found = [outcomes(setting, order) for order in orders]
    for order, played in zip(orders, found, strict=True):
        assert [outcome.replication for outcome in played] == order
        for outcome in played:
            assert outcome.kpis == found[0][outcome.replication].kpis
    assert len({outcome.digest for outcome in found[0]}) == 3


def test_the_seed_changes_everything(tmp_path: Path) -> None:
    """Another seed gives other orders."""
    digests = {
        execute(small(tmp_path, f"run.seed={seed}"), replications=[0]).digest for seed in (1, 2)
    }
    assert len(digests) == 2


def test_a_run_is_played_again_from_its_folder(tmp_path: Path) -> None:
    """Manifest and scenario.yaml of a run give the same key and the same digest."""
    loaded = small(tmp_path, "picking.routing=largest_gap", "run.seed=77")
    folder = write_run(execute(loaded), tmp_path / "results", "warelab run small.yaml")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    again = execute(reload(folder), replications=manifest["parameters"]["replications"])
    assert again.digest == manifest["digest"]
    assert again.key == manifest["run_key"]
    assert again.scenario == loaded.scenario


def test_a_run_of_a_history_is_played_again_from_its_folder(tmp_path: Path) -> None:
    """A data file is found again, whatever its folder is called."""
    folder = tmp_path / "my data: #1 = 'new', {a}"
    folder.mkdir()
    (folder / "orders.csv").write_text(HISTORY, encoding="utf-8")
    text = small_file(folder).read_text(encoding="utf-8")
    text = text.replace("{per_day: 40}", "{source: history, file: orders.csv}")
    path = folder / "history.yaml"
    path.write_text(text, encoding="utf-8")
    played = execute(load(path))
    written = write_run(played, tmp_path / "results", "warelab run history.yaml")
    assert execute(reload(written)).digest == played.digest


def test_the_key_knows_what_the_numbers_depend_on(tmp_path: Path) -> None:
    """Seed, settings and replications change the key of a run; its title's file does not."""
    key = run_key(small(tmp_path), [0, 1])
    assert run_key(small(tmp_path), [0, 1]) == key
    assert run_key(load(small_file(tmp_path, name="copy.yaml")), [0, 1]) == key
    others = [
        run_key(small(tmp_path), [0, 2]),
        run_key(small(tmp_path, "run.seed=1"), [0, 1]),
        run_key(small(tmp_path, "staff.late.packers=2"), [0, 1]),
    ]
    assert len({key, *others}) == 4


@pytest.mark.parametrize("value", [0.1 + 0.2, -0.0, 1e-320])
def test_a_digest_sees_the_last_bit(value: float) -> None:
    """Numbers that differ in one bit have different digests, and nothing is not nought."""
    exact = digest({"a": value})
    assert exact == digest({"a": value})
    assert len({exact, digest({"a": round(value, 12)}), digest({"a": None})}) == 3 - (value == 0.0)


def test_an_undefined_kpi_is_in_the_digest() -> None:
    """Nothing, nought and minus nought are three digests; so are other names."""
    values = ({"a": None}, {"a": 0.0}, {"a": -0.0}, {"b": 0.0})
    assert len({digest(value) for value in values}) == 4

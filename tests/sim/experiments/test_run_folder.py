"""The run folder: its documents, and that it appears whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.experiments.run import Run, execute
from sim.experiments.run_folder import folder_of, whole_folder, write_run
from sim.kpis import KPIS
from sim.kpis.estimates import t_quantile
from sim.scenario.loading import load
from tests.sim.commands.calling import program_environment
from tests.sim.experiments.small import small

COMMAND = "warelab run small.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three replications of the small scenario."""
    return execute(small(tmp_path_factory.mktemp("small")), replications=range(3))


def documents(folder: Path) -> dict[str, Any]:
    """Return the JSON documents of a run folder by file name."""
    return {
        path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")
    }


def test_kpis_json_has_the_shape_of_the_design(run: Run, tmp_path: Path) -> None:
    """Every KPI has mean, interval, deviation, count and unit; targets and balance are said."""
    document = documents(write_run(run, tmp_path, COMMAND))["kpis.json"]
    assert list(document)[:7] == [
        "schema_version",
        "scenario",
        "engine",
        "kpis",
        "targets",
        "stability",
        "balance",
    ]
    assert (document["schema_version"], document["scenario"]) == (1, "small")
    assert document["engine"] == "simpy"
    assert list(document["kpis"]) == list(KPIS)
    for name, kpi in document["kpis"].items():
        assert kpi["unit"] == KPIS[name].unit
        if kpi["mean"] is None:
            assert (kpi["n"], kpi["ci95"], kpi["sd"]) == (0, None, None)
            assert kpi["reason"]
            continue
        assert list(kpi) == ["mean", "ci95", "sd", "n", "unit"]
        if kpi["n"] == 1:
            assert (kpi["ci95"], kpi["sd"]) == (None, None)
            continue
        lo, hi = kpi["ci95"]
        half = t_quantile(0.975, kpi["n"] - 1) * kpi["sd"] / kpi["n"] ** 0.5
        assert lo == pytest.approx(kpi["mean"] - half)
        assert hi == pytest.approx(kpi["mean"] + half)
    assert [target["kpi"] for target in document["targets"]] == ["order_lead_time_p95_h"]
    assert len(document["balance"]) == 3
    assert all(" placed = " in line for line in document["balance"])


def test_documents_are_strict_json(run: Run, tmp_path: Path) -> None:
    """No document holds NaN or Infinity, which JSON does not know."""
    folder = write_run(run, tmp_path, COMMAND)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for path in folder.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def test_replications_csv_holds_every_number_exactly(run: Run, tmp_path: Path) -> None:
    """One row for each replication and KPI, read back to the last bit, empty where undefined."""
    with (write_run(run, tmp_path, COMMAND) / "replications.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * len(KPIS)
    for row in rows:
        value = run.outcomes[int(row["replication"])].kpis[row["kpi"]]
        assert (float(row["value"]) if row["value"] else None) == value
        assert row["unit"] == KPIS[row["kpi"]].unit


def test_cohorts_csv_holds_every_order_of_new_customers(tmp_path: Path) -> None:
    """A row for each replication, cohort and period since; together all placed orders."""
    won = ("customers.law=bg_nbd", "customers.new_per_day=30", "orders.per_day=1000")
    run = execute(small(tmp_path, *won), replications=range(2))
    with (write_run(run, tmp_path, COMMAND) / "cohorts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for outcome in run.outcomes:
        mine = [row for row in rows if int(row["replication"]) == outcome.replication]
        placed = outcome.balance.split(" placed", maxsplit=1)[0].split()[-1]
        assert sum(int(row["orders"]) for row in mine) == int(placed.replace(",", ""))
        for row in mine:
            assert int(row["active"]) <= int(row["customers"])
            assert row["after"] != "0" or row["active"] == row["customers"]


def test_orders_parquet_has_one_row_an_order(run: Run, tmp_path: Path) -> None:
    """The orders of the first replication are there, in the order in which they were placed."""
    import pandas as pd

    frame = pd.read_parquet(write_run(run, tmp_path, COMMAND) / "orders.parquet")
    placed = run.outcomes[0].balance.split(" placed", maxsplit=1)[0].split()[-1]
    assert len(frame) == int(placed.replace(",", ""))
    assert "order" in frame.columns


def test_scenario_yaml_is_the_whole_scenario(run: Run, tmp_path: Path) -> None:
    """The scenario of the folder has no base file, and loads to the very scenario played."""
    path = write_run(run, tmp_path, COMMAND) / "scenario.yaml"
    again = load(path)
    assert again.read_files == (path,)
    assert again.resolved == run.loaded.resolved


def test_the_manifest_says_what_is_needed_to_play_again(run: Run, tmp_path: Path) -> None:
    """Software, scenario, replications, command and environment are in the manifest."""
    document = documents(write_run(run, tmp_path, COMMAND))["manifest.json"]
    assert document["parameters"] == {
        "scenario": run.loaded.resolved,
        "replications": [0, 1, 2],
        "command": COMMAND,
    }
    assert document["software"].keys() >= {"warelab", "simpy", "numpy"}
    assert document["digest"] == run.digest
    assert document["run_key"].startswith(folder_of(run, tmp_path).name)


def test_the_same_run_has_the_same_folder(run: Run, tmp_path: Path) -> None:
    """Written twice, a run has one folder with the same bytes."""
    first = write_run(run, tmp_path, COMMAND)
    bytes_before = {path.name: path.read_bytes() for path in first.iterdir()}
    assert write_run(run, tmp_path, COMMAND) == first
    assert {path.name: path.read_bytes() for path in first.iterdir()} == bytes_before
    assert list(tmp_path.glob("*/*")) == [first]


def test_a_failure_while_writing_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """If a file cannot be written, the files before it go away and no folder appears."""

    def disk_full(folder: Path) -> None:
        assert (folder / "kpis.json").is_file()
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_run(run, tmp_path, COMMAND, further=disk_full)
    assert list(tmp_path.glob("*/*")) == []


def test_a_failure_leaves_the_older_run_alone(run: Run, tmp_path: Path) -> None:
    """If writing a run anew fails, or is interrupted, the run of before is as it was."""
    folder = write_run(run, tmp_path, COMMAND)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_run(run, tmp_path, COMMAND, further=interrupted)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.glob("*/*")) == [folder]


def test_a_failure_between_the_names_brings_the_older_run_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the new folder cannot take the name, the old one has it again."""
    target = tmp_path / "small" / "run"
    with whole_folder(target) as folder:
        (folder / "file").write_text("old", encoding="utf-8")
    replace = Path.replace

    def only_the_old(self: Path, other: Path) -> Path:
        if (self / "file").read_text(encoding="utf-8") == "new":
            raise OSError(5, "Input/output error")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", only_the_old)
    with pytest.raises(OSError, match="Input/output"), whole_folder(target) as folder:
        (folder / "file").write_text("new", encoding="utf-8")
    assert (target / "file").read_text(encoding="utf-8") == "old"
    assert list(target.parent.iterdir()) == [target]


def test_a_killed_writer_leaves_no_run(tmp_path: Path) -> None:
    """A process that is killed while it writes leaves a hidden folder at most, never a run."""
    target = tmp_path / "small" / "run"
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from sim.experiments.run_folder import whole_folder\n"
        "with whole_folder(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'manifest.json').write_text('{}')\n"
        "    os._exit(9)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(target)], env=program_environment(), check=False
    )
    assert ended.returncode == 9
    assert not target.exists()
    assert all(path.name.startswith(".") for path in target.parent.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_everybody_may_read_a_run(tmp_path: Path) -> None:
    """A finished folder is readable for all, not only for who made it."""
    with whole_folder(tmp_path / "small" / "run") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "small" / "run").stat().st_mode & 0o777 == 0o755

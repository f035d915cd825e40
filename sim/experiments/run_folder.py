"""The run folder ``results/<scenario>/<run>/``: it appears whole or not at all."""

from __future__ import annotations

import csv
import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.experiments.run import SCHEMA_VERSION, Run, code_digest, versions
from sim.experiments.verdict import verdict_of
from sim.kpis import KPIS

KEY_CHARACTERS = 12


def folder_of(run: Run, results: Path) -> Path:
    """Return the folder of a run: the same run has the same folder."""
    return results / run.scenario.name / run.key[:KEY_CHARACTERS]


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write to; it takes the target's name only when everything is written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield unfinished
        unfinished.chmod(0o755)
        _take_the_name(unfinished, target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _take_the_name(unfinished: Path, target: Path) -> None:
    if not target.exists():
        unfinished.replace(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.replace(old / "run")
    try:
        unfinished.replace(target)
    except BaseException:
        (old / "run").replace(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def write_run(
    run: Run,
    results: Path,
    command: str,
    *,
    further: Callable[[Path], None] | None = None,
) -> Path:
    """Write the folder of a run and return its path.

    Parameters
    ----------
    run
        A finished run.
    results
        The results folder.
    command
        Command line that repeats the run.
    further
        Called with the unfinished folder, to add files (report, events).
    """
    target = folder_of(run, results)
    with whole_folder(target) as folder:
        _write_json(folder / "manifest.json", manifest(run, command))
        write_scenario(folder / "scenario.yaml", run)
        _write_json(folder / "kpis.json", kpis_document(run))
        _write_replications(folder / "replications.csv", run)
        _write_cohorts(folder / "cohorts.csv", run)
        _write_orders(folder / "orders.parquet", run)
        if further is not None:
            further(folder)
    return target


def manifest(run: Run, command: str) -> dict[str, Any]:
    """Return what is needed to play the run again: software, parameters, environment."""
    return {
        "schema_version": SCHEMA_VERSION,
        "software": {**versions(), "code": code_digest()},
        "parameters": {
            "scenario": run.loaded.resolved,
            "replications": [outcome.replication for outcome in run.outcomes],
            "command": command,
        },
        "environment": {"python": platform.python_version(), "system": platform.system(),
                        "machine": platform.machine(),
                        "files": {k: str(p) for k, p in run.loaded.external_files.items()}},
        "run_key": run.key,
        "digest": run.digest,
    }  # fmt: skip


def kpis_document(run: Run) -> dict[str, Any]:
    """Return the KPIs with intervals, targets and balance, ready for JSON."""
    kpis: dict[str, Any] = {}
    for name, found in run.estimates.items():
        unit = KPIS[name].unit
        if found is None:
            reason = KPIS[name].undefined
            kpis[name] = {"mean": None, "ci95": None, "sd": None, "n": 0, "unit": unit,
                          "reason": reason}  # fmt: skip
        else:
            ci95 = None if found.lo is None else [found.lo, found.hi]
            kpis[name] = {"mean": found.mean, "ci95": ci95, "sd": found.sd, "n": found.n,
                          "unit": unit}  # fmt: skip
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": run.scenario.name,
        "engine": "simpy",
        "kpis": kpis,
        "targets": [
            {"kpi": t.kpi, "bound": t.bound, "verdict": t.verdict, "sure": t.sure}
            for t in run.targets
        ],
        "stability": verdict_of(run).document(),
        "balance": [outcome.balance for outcome in run.outcomes],
        "digest": run.digest,
    }


def write_scenario(path: Path, run: Run) -> None:
    """Write the resolved scenario, every value spelled out; JSON is YAML 1.2."""
    text = json.dumps(run.loaded.resolved, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(f"# The whole scenario of this run.\n{text}\n", encoding="utf-8")


def _write_json(path: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _write_replications(path: Path, run: Run) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["replication", "kpi", "value", "unit"])
        for outcome in run.outcomes:
            for name, value in outcome.kpis.items():
                shown = "" if value is None else repr(float(value))
                writer.writerow([outcome.replication, name, shown, KPIS[name].unit])


def _write_cohorts(path: Path, run: Run) -> None:
    """Write customers by first order: one row a replication, cohort and period since."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["replication", "cohort", "period", "after", "customers", "active", "orders"]
        )
        for outcome in run.outcomes:
            table = outcome.picture.cohorts
            for cohort in table.cohorts:
                for after, (active, orders) in enumerate(
                    zip(cohort.active, cohort.orders, strict=True)
                ):
                    row = (cohort.customers, active, orders)
                    writer.writerow([outcome.replication, cohort.start, table.period, after, *row])


def _write_orders(path: Path, run: Run) -> None:
    """Write one row for each order of the first replication."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for outcome in run.outcomes:
        if outcome.orders is not None:
            columns = {name: pa.array(column) for name, column in outcome.orders.items()}
            pq.write_table(pa.table(columns), path, compression="zstd")
            return

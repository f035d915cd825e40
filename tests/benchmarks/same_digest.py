"""One digest however it is played: ``python -m tests.benchmarks.same_digest --python PATH ...``.

All KPIs of all replications of a scenario, exact to the last bit, in turn and in reverse, with one
worker and several, spawned and from a fork server, in shards, taken from a store, on a Dask cluster
of two workers with two threads, with other hash seeds, and by every other interpreter that is
named with ``--python``: each brings its own Python and NumPy. It needs all that a run needs, not
warelab itself. The exit code is 1 if anything differs, and what differs is named.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from sim.engine.setting import Setting
from sim.experiments.replication import Outcome, digest
from sim.experiments.run import Run, execute, versions
from sim.experiments.shards import open_store, shard_named
from sim.experiments.workers import WorkerProcesses
from sim.scenario.loading import LoadedScenario, load

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("run.horizon_days=2", "run.warm_up_days=0", "orders.per_day=150")
KPIs = list[dict[str, float | None]]


def main() -> int:
    """Play the scenario in every way and say whether all gave the same."""
    asked = _asked()
    loaded = load(asked.scenario, settings=[*SHORT, *asked.settings])
    numbers = range(asked.replications)
    if asked.alone:
        json.dump(_answer(execute(loaded, replications=numbers)), sys.stdout)
        return 0
    first: KPIs | None = None
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        ways = [*_here(loaded, numbers, Path(folder)), *_others(asked)]
        for name, play in ways:
            began = time.monotonic()
            extra, kpis = play()
            first = first or kpis
            same = _run_digest(kpis) == _run_digest(first)
            differing += not same
            words = f"{name}{extra}"
            print(f"{words:<58} {_run_digest(kpis)[:16]}  {time.monotonic() - began:5.1f} s")
            if not same:
                print(f"    differs in {_differences(first, kpis)}")
    if importlib.util.find_spec("distributed") is None:
        print("not played: Dask (the extra `cluster` is not installed)")
    if not asked.pythons:
        print("not played: another Python, another NumPy (none given with --python)")
    print(f"{len(ways)} ways, {differing} with another digest")
    return 1 if differing else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="One digest however a scenario is played.")
    parser.add_argument("scenario", nargs="?", default="baseline")
    parser.add_argument("--set", dest="settings", action="append", default=[])
    parser.add_argument("--replications", type=int, default=6)
    parser.add_argument("--python", dest="pythons", action="append", default=[], metavar="PATH")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


Way = tuple[str, Callable[[], tuple[str, KPIs]]]


def _here(loaded: LoadedScenario, numbers: Sequence[int], folder: Path) -> Iterator[Way]:
    """Yield the ways of this interpreter."""
    backwards = numbers[::-1]

    def play(
        order: Sequence[int], jobs: int, executor: Callable[[Setting, int], Executor]
    ) -> tuple[str, KPIs]:
        return "", _kpis(execute(loaded, replications=order, jobs=jobs, executor=executor).outcomes)

    def spawned(order: Sequence[int], jobs: int, start: str) -> Way:
        direction = "in reverse" if order == backwards else "in turn"
        words = f"{jobs} workers, {start}, {direction}"
        return words, partial(play, order, jobs, partial(WorkerProcesses, start=start))

    versions_here = f" (Python {platform.python_version()}, NumPy {versions()['numpy']})"
    yield f"in turn{versions_here}", partial(play, numbers, 1, WorkerProcesses)
    yield "in reverse", partial(play, backwards, 1, WorkerProcesses)
    yield "1 worker, spawn", partial(play, numbers, 2, _one_process)
    yield spawned(numbers, 2, "spawn")
    yield spawned(backwards, 2, "spawn")
    yield spawned(numbers, 4, "spawn")
    if os.name == "posix":
        yield spawned(numbers, 2, "forkserver")
        yield spawned(backwards, 4, "forkserver")
    yield "three shards, each kept and taken again", partial(_in_shards, loaded, numbers, folder)
    if importlib.util.find_spec("distributed") is not None:
        yield "Dask, 2 workers x 2 threads", partial(_on_dask, loaded, numbers, folder)


def _one_process(setting: Setting, _: int) -> WorkerProcesses:
    return WorkerProcesses(setting, 1)


def _in_shards(loaded: LoadedScenario, numbers: Sequence[int], folder: Path) -> tuple[str, KPIs]:
    found: list[Outcome] = []
    for words in ("1/3", "2/3", "3/3"):
        shard = shard_named(words)
        share = shard.of(numbers)
        with open_store(folder / f"shard-{words[0]}", loaded) as store:
            execute(loaded, replications=share, store=store)
        with open_store(folder / f"shard-{words[0]}", loaded) as store:
            if store.missing(share, share[0]):
                raise RuntimeError("a store has not kept what was played")
            found += execute(loaded, replications=share, store=store).outcomes
    return "", _kpis(found)


def _on_dask(loaded: LoadedScenario, numbers: Sequence[int], folder: Path) -> tuple[str, KPIs]:
    from sim.commands.options import executor_of
    from tests.sim.experiments.dask_cluster import cluster

    with cluster(folder, workers=2, threads=2) as address:
        run = execute(loaded, replications=numbers, jobs=4, executor=executor_of(address))
    return "", _kpis(run.outcomes)


def _others(asked: argparse.Namespace) -> Iterator[Way]:
    """Yield the ways that need a process of their own from the beginning."""
    words = [asked.scenario, "--replications", str(asked.replications)]
    for setting in asked.settings:
        words += ["--set", setting]
    for seed in ("0", "1"):
        yield f"PYTHONHASHSEED={seed}", partial(_process, sys.executable, words, seed)
    for python in asked.pythons:
        yield "another interpreter", partial(_process, python, words, "random")


def _process(python: str, words: Sequence[str], hash_seed: str) -> tuple[str, KPIs]:
    command = [python, "-m", "tests.benchmarks.same_digest", "--alone", *words]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    answer = json.loads(done.stdout)
    kpis = [
        {name: None if text is None else float.fromhex(text) for name, text in one.items()}
        for one in answer["kpis"]
    ]
    return ("" if python == sys.executable else f" ({answer['versions']})"), kpis


def _answer(run: Run) -> dict[str, Any]:
    found = versions()
    words = f"Python {platform.python_version()}, NumPy {found['numpy']}, SciPy {found['scipy']}"
    kpis = [
        {name: None if value is None else float(value).hex() for name, value in one.items()}
        for one in _kpis(run.outcomes)
    ]
    return {"versions": words, "kpis": kpis}


def _kpis(outcomes: Sequence[Outcome]) -> KPIs:
    return [one.kpis for one in sorted(outcomes, key=lambda one: one.replication)]


def _run_digest(kpis: KPIs) -> str:
    """Return one digest of all replications' KPIs."""
    joined = {f"{number} {name}": one[name] for number, one in enumerate(kpis) for name in one}
    return digest(joined)


def _differences(first: KPIs, second: KPIs) -> str:
    names = {
        name: (one[name], two.get(name))
        for one, two in zip(first, second, strict=True)
        for name in one
        if digest({"": one[name]}) != digest({"": two.get(name)})
    }
    shown = [f"{name}: {one!r}, {two!r}" for name, (one, two) in list(names.items())[:6]]
    return f"{len(names)} KPIs; " + "; ".join(shown)


if __name__ == "__main__":
    sys.exit(main())

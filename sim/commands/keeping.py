"""Keeps replications while a command plays them, and says what was taken and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.experiments.cells import Cells, OneOf
    from sim.experiments.shards import Shard
    from sim.experiments.store import Store
    from sim.scenario.loading import LoadedScenario


def aloud(line: str) -> None:
    """Say a line on stderr."""
    click.echo(line, err=True)


@contextmanager
def keeping_cells(
    cells: Sequence[OneOf],
    kpis: Iterable[str],
    results: Path | None,
    *,
    total: int,
    words: str,
    jobs: int | None,
    cluster: str | None,
    quiet: bool,
) -> Iterator[Cells[OneOf]]:
    """Hold the replications of many cells, and say what need not be played; None keeps none.

    A bar shows under ``words`` how many of ``total`` are there.

    Of each replication only ``kpis`` and those of the cells' targets can be looked at.

    Raises
    ------
    click.UsageError
        The options of the workers do not go together.
    """
    from sim.commands.options import executor_of, jobs_of, progress
    from sim.errors import ClusterError, StoreError, WorkerDied
    from sim.experiments.cells import Cells

    at_once, executor = jobs_of(jobs, cluster), executor_of(cluster)
    with (
        progress(total, words, quiet) as ticker,
        Cells(
            cells, kpis, jobs=at_once, executor=executor, results=results, say=aloud,
            done=ticker.step,
        ) as played,
    ):  # fmt: skip
        try:
            yield played
        except (KeyboardInterrupt, WorkerDied, StoreError, ClusterError):
            if results and (here := played.taken + played.played):
                aloud(
                    f"{here} replications are kept in {results}; "
                    "the same command goes on from there"
                )
            raise
    if played.taken and not quiet:
        aloud(f"{played.taken} replications taken from {results}, {played.played} played")


@contextmanager
def keeping(
    results: Path,
    loaded: LoadedScenario,
    replications: Sequence[int],
    shard: Shard | None,
    *,
    cache: bool,
    resume: bool,
    quiet: bool,
) -> Iterator[Store | None]:
    """Hold the store of a scenario's replications; with ``cache`` off there is none.

    Raises
    ------
    click.UsageError
        A run is to be resumed of which nothing is kept.
    StoreError
        The store cannot be used.
    """
    if not cache:
        yield None
        return
    from sim.errors import ClusterError, StoreError, WorkerDied
    from sim.experiments.shards import open_store

    share = list(replications) if shard is None else shard.of(replications)
    with open_store(results, loaded, shard, say=aloud) as store:

        def kept() -> int:
            return len(share) - len(store.missing(share, replications[0]))

        there = kept()
        if resume and not there:
            raise click.UsageError(
                f"--resume: nothing of this run is kept in {store.path}; other settings, data, "
                "program, libraries or --results make it another run; without --resume it begins"
            )
        if there and not quiet:
            aloud(f"{there} of {len(share)} replications taken from {store.path}")
        try:
            yield store
        except (KeyboardInterrupt, WorkerDied, StoreError, ClusterError, click.UsageError):
            if here := kept():
                aloud(
                    f"{here} of {len(share)} replications are kept in {store.path}; "
                    "the same command goes on from there"
                )
            raise

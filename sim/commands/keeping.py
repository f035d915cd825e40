"""Keeps replications while a command plays them, and says what was taken and what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.experiments.shards import Shard
    from sim.experiments.store import Store
    from sim.scenario.loading import LoadedScenario


def aloud(line: str) -> None:
    """Say a line on stderr."""
    click.echo(line, err=True)


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

"""Replications of many scenarios, the cells: taken from their stores or played, one pool for all.

The same numbers for any number of processes; nothing is played twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from sim.engine.setting import Setting, prepare
from sim.errors import WorkerDied
from sim.experiments.lasting_pool import LastingPool
from sim.experiments.replication import Outcome, play_replication
from sim.experiments.shards import open_store, store_file
from sim.experiments.store import Store
from sim.experiments.supervisor import TRIES, supervised
from sim.experiments.workers import WorkerProcesses
from sim.scenario.loading import LoadedScenario

OPEN_STORES = 64
SETTINGS_AT_HAND = 32
_CELLS_APART = 1 << 32

Values = Mapping[str, float | None]
"""KPI name to value in one replication."""


class Cell(Protocol):
    """A scenario among many."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def loaded(self) -> LoadedScenario:
        """The checked scenario."""
        ...


class Played(Protocol):
    """What of :class:`Cells` those need who look at them."""

    def known(self, cell: int) -> list[Values]:
        """Return the KPIs of a cell's replications so far."""
        ...

    def need(self, wanted: Sequence[tuple[int, int]]) -> None:
        """See that cells have so many replications."""
        ...


class UndefinedKpi(ValueError):
    """A KPI that is looked at is undefined in a replication."""


OneOf = TypeVar("OneOf", bound=Cell)


class Cells(Generic[OneOf]):
    """What is known of the cells; to be closed, as processes and stores hang on it.

    Parameters
    ----------
    cells
        The cells, numbered from 0.
    kpis
        The KPIs that are looked at, beside those of the cells' targets; all others are forgotten,
        as those of thousands of cells would fill the memory.
    jobs
        Processes, >= 1.
    results
        Folder in which the replications are kept; None keeps none.
    say
        Told of stores that are waited for or damaged.
    done
        Called with 1 after each replication played or taken.
    executor
        Starts the workers; as in :func:`sim.experiments.workers.outcomes`.
    """

    def __init__(
        self,
        cells: Sequence[OneOf],
        kpis: Iterable[str],
        *,
        jobs: int = 1,
        results: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
        done: Callable[[int], None] = lambda _: None,
        executor: Callable[[Setting, int], Executor] = WorkerProcesses,
    ) -> None:
        self.cells = cells
        self.taken, self.played = 0, 0
        self._kpis = tuple(dict.fromkeys(kpis))
        self._jobs, self._results, self._say, self._done = jobs, results, say, done
        self._known: list[dict[int, Values]] = [{} for _ in cells]
        self._files: dict[int, Path] = {}
        self._stores: OrderedDict[Path, Store] = OrderedDict()
        self._settings: OrderedDict[int, Setting] = OrderedDict()
        self._executor = executor
        self._pool: LastingPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.end(at_once=error is not None)
        for store in self._stores.values():
            store.close()

    def known(self, cell: int) -> list[Values]:
        """Return the KPIs looked at of a cell's replications so far, from 0 on."""
        return [self._known[cell][number] for number in range(len(self._known[cell]))]

    def need(self, wanted: Iterable[tuple[int, int]]) -> None:
        """See that replications are known.

        Parameters
        ----------
        wanted
            Pairs of cell and number of replications that it must have.

        Raises
        ------
        BalanceError, StoreError, WorkerDied
            As :func:`sim.experiments.run.execute`.
        """
        tasks: list[int] = []
        for cell, count in wanted:
            lacking = [r for r in range(count) if r not in self._known[cell]]
            kept = self._store(cell).read(lacking) if self._results and lacking else {}
            for outcome in kept.values():
                self._note(cell, outcome)
            self.taken += len(kept)
            tasks += [cell * _CELLS_APART + r for r in lacking if r not in kept]
        for cell, outcome in self._outcomes(tasks):
            if self._results:
                self._store(cell).add(outcome)
            self._note(cell, outcome)
            self.played += 1

    def _note(self, cell: int, outcome: Outcome) -> None:
        targets = self.cells[cell].loaded.scenario.targets
        kept = {kpi: outcome.kpis[kpi] for kpi in (*self._kpis, *targets)}
        self._known[cell][outcome.replication] = kept
        self._done(1)

    def _store(self, cell: int) -> Store:
        """Return the open store of a cell; only so many are held at a time.

        Cells that are the same scenario share one: a second lock of a file would never be given.
        """
        results, loaded = self._results or Path(), self.cells[cell].loaded
        if cell not in self._files:
            self._files[cell] = store_file(results, loaded)
        file = self._files[cell]
        if file not in self._stores:
            if len(self._stores) >= OPEN_STORES:
                self._stores.popitem(last=False)[1].close()
            self._stores[file] = open_store(results, loaded, say=self._say)
        self._stores.move_to_end(file)
        return self._stores[file]

    def _setting(self, cell: int) -> Setting:
        """Return the prepared setting of a cell; the latest ones are at hand."""
        if cell not in self._settings:
            if len(self._settings) >= SETTINGS_AT_HAND:
                self._settings.popitem(last=False)
            loaded = self.cells[cell].loaded
            self._settings[cell] = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
        return self._settings[cell]

    def _outcomes(self, tasks: list[int]) -> Iterator[tuple[int, Outcome]]:
        if self._jobs <= 1:
            for task in tasks:
                cell, number = divmod(task, _CELLS_APART)
                yield cell, play_replication(self._setting(cell), number)
            return
        if not tasks:
            return
        if self._pool is None:
            first = self._setting(tasks[0] // _CELLS_APART)
            self._pool = LastingPool(partial(self._executor, first, self._jobs))
        pool = self._pool

        def submit(executor: Executor, task: int) -> Future[tuple[int, Outcome]]:
            cell, number = divmod(task, _CELLS_APART)
            played: Future[Outcome] = executor.submit(play_replication, self._setting(cell), number)
            return _with_cell(cell, played)

        try:
            yield from supervised(tasks, submit, pool.executor, workers=self._jobs)
        except WorkerDied as died:
            pairs = [divmod(task, _CELLS_APART) for task in died.replications]
            for cell, number in pairs:
                self._say(f"replication {number} of cell {self.cells[cell].name}:")
            raise WorkerDied([number for _, number in pairs], TRIES) from None


def _with_cell(cell: int, played: Future[Outcome]) -> Future[tuple[int, Outcome]]:
    """Return a future of the outcome that also says of which cell it is."""
    both: Future[tuple[int, Outcome]] = Future()
    both.set_running_or_notify_cancel()

    def pass_on(future: Future[Outcome]) -> None:
        error = future.exception()
        if error is not None:
            both.set_exception(error)
        else:
            both.set_result((cell, future.result()))

    played.add_done_callback(pass_on)
    return both

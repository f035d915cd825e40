"""Replications over several processes: the same numbers for any number of workers.

Workers get the setting once. One that dies takes nothing with it but the replications in hand,
which are played again; see :mod:`sim.experiments.supervisor`.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shutil
import signal
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import partial
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

from sim.engine.setting import Setting
from sim.errors import StoreError
from sim.experiments.outcome_bytes import from_bytes, to_bytes
from sim.experiments.replication import Outcome, play_replication
from sim.experiments.supervisor import TASKS_A_WORKER, supervised
from sim.experiments.worker_folder import worker_folder

_PARENT_DEATH_SIGNAL = 1
_LET_GO_S = 5.0
_SETTINGS_KEPT = 64
"""On file beyond those in hand: a worker may be slow to read its own."""

_setting: ContextVar[Setting] = ContextVar("setting")
"""Of the process; or of the thread, where several runs share a process."""


class Processes(ProcessPoolExecutor):
    """Processes that leave Ctrl-C to their parent, and end with it or when they are told to.

    Parameters
    ----------
    processes
        How many.
    start
        How they are started: ``spawn`` or ``forkserver``.
    setting
        File of the setting that they are given; None for none.
    """

    def __init__(
        self, processes: int, *, start: str = "spawn", setting: Path | None = None
    ) -> None:
        super().__init__(
            max_workers=processes,
            mp_context=multiprocessing.get_context(start),
            initializer=_begin,
            initargs=(setting,),
        )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes go; with ``cancel_futures`` those at work are killed."""
        # The executor has no public way to kill its workers before Python 3.14.
        processes = list((self._processes or {}).values())
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        for process in processes:
            if cancel_futures:
                process.kill()
        for process in processes:
            process.join(timeout=_LET_GO_S if wait or cancel_futures else 0.0)


@dataclass(frozen=True)
class _OnFile:
    """A setting that is read where it is needed, in place of a long message."""

    file: Path

    def read(self) -> Setting:
        """Return the setting; the last one read is at hand."""
        if not _read or _read[0][0] != self.file:
            found: Setting = ForkingPickler.loads(self.file.read_bytes())
            _read[:] = [(self.file, found)]
        return _read[0][1]


_read: list[tuple[Path, Setting]] = []


class WorkerProcesses(Processes):
    """Processes that know a setting.

    Setting and outcomes go by file in a private folder, and only short messages through pipes. A
    process that is killed in the middle of a long message leaves half of it there, and the executor
    would read on, or write on, for ever; short messages are written whole or not at all.

    Parameters
    ----------
    setting
        What they play.
    processes
        How many.
    start
        How they are started: ``spawn`` or ``forkserver``.
    """

    def __init__(self, setting: Setting, processes: int, *, start: str = "spawn") -> None:
        self._folder = worker_folder()
        file = self._folder / "setting"
        file.write_bytes(ForkingPickler.dumps(setting))
        super().__init__(processes, start=start, setting=file)
        self._given_out = 0
        self._most_on_file = TASKS_A_WORKER * processes + _SETTINGS_KEPT
        self._on_file: OrderedDict[int, tuple[Setting, _OnFile]] = OrderedDict()

    def submit(  # type: ignore[override]  # of all tasks those that give an outcome
        self, task: Callable[..., Outcome], /, *words: object
    ) -> Future[Outcome]:
        """Give out a task that returns an outcome."""
        self._given_out += 1
        file = self._folder / str(self._given_out)
        short = [self._by_file(word) if isinstance(word, Setting) else word for word in words]
        written = super().submit(_written, file, task, *short)
        outcome: Future[Outcome] = Future()
        outcome.set_running_or_notify_cancel()
        written.add_done_callback(partial(_hand_over, file, outcome))
        return outcome

    def _by_file(self, setting: Setting) -> _OnFile:
        """Return where a setting stands; it is written once, while it is among the latest."""
        known = self._on_file.get(id(setting))
        if known is None:  # what is held here cannot lend its id to another
            while len(self._on_file) >= self._most_on_file:
                self._on_file.popitem(last=False)[1][1].file.unlink(missing_ok=True)
            known = setting, _OnFile(self._folder / f"setting-{self._given_out}")
            known[1].file.write_bytes(ForkingPickler.dumps(setting))
            self._on_file[id(setting)] = known
        self._on_file.move_to_end(id(setting))
        return known[1]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes go, as :class:`Processes` do, and their folder with them."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        shutil.rmtree(self._folder, ignore_errors=True)


def _written(file: Path, task: Callable[..., Outcome], /, *words: object) -> None:
    """Do a task and write its outcome to a file; runs in the worker."""
    outcome = task(*(word.read() if isinstance(word, _OnFile) else word for word in words))
    try:
        file.write_bytes(to_bytes(outcome))
    except OSError as error:
        raise StoreError(
            f"{file}: {error.strerror}: an outcome cannot be handed over; make room there, or name "
            "another folder for temporary files (TMPDIR)"
        ) from None


def _hand_over(file: Path, outcome: Future[Outcome], written: Future[None]) -> None:
    """Pass on what a worker has written, or why it has not."""
    try:
        written.result()
        found = from_bytes(file.read_bytes())
        file.unlink()
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is the caller's
        outcome.set_exception(error)
    else:
        outcome.set_result(found)


def outcomes(
    setting: Setting,
    replications: Iterable[int],
    *,
    jobs: int = 1,
    keep_orders_of: int | None = 0,
    done: Callable[[Outcome], None] | None = None,
    progress: Callable[[int, float], None] | None = None,
    executor: Callable[[Setting, int], Executor] = WorkerProcesses,
) -> list[Outcome]:
    """Play replications and return their outcomes in the order asked for.

    Parameters
    ----------
    setting
        Scenario, catalogue, floor.
    replications
        Numbers of the replications.
    jobs
        Processes; 1 plays them here.
    keep_orders_of
        The replication of which a row for each order is kept, None for none.
    done
        Called with each outcome as it comes in, in no certain order.
    progress
        Called with the replication and the share of its simulated time; only for ``jobs=1``.
    executor
        Starts what plays them if ``jobs`` > 1: workers that were given the setting by
        :func:`_begin` or :func:`with_setting`, any number of processes or machines.

    Raises
    ------
    BalanceError
        The accounts of a replication do not add up.
    WorkerDied
        A replication ended its process three times (out of memory, for instance); ``done`` heard
        of all others before.
    """
    wanted = list(replications)
    found: dict[int, Outcome] = {}
    source = (
        _here(setting, wanted, keep_orders_of, progress)
        if jobs <= 1
        else _spread(setting, wanted, jobs, keep_orders_of, executor)
    )
    for outcome in source:
        found[outcome.replication] = outcome
        if done is not None:
            done(outcome)
    return [found[replication] for replication in wanted]


def _here(
    setting: Setting,
    wanted: list[int],
    keep_orders_of: int | None,
    progress: Callable[[int, float], None] | None,
) -> Iterator[Outcome]:
    for replication in wanted:

        def tick(share: float, number: int = replication) -> None:
            if progress is not None:
                progress(number, share)

        yield play_replication(
            setting,
            replication,
            keep_orders=replication == keep_orders_of,
            progress=tick if progress is not None else None,
        )


def _spread(
    setting: Setting,
    wanted: list[int],
    jobs: int,
    keep_orders_of: int | None,
    executor: Callable[[Setting, int], Executor],
) -> Iterator[Outcome]:
    def submit(pool: Executor, number: int) -> Future[Outcome]:
        return pool.submit(_work, number, number == keep_orders_of)

    return supervised(wanted, submit, partial(executor, setting), workers=jobs)


def _begin(setting: Path | None) -> None:
    """Prepare a worker: it leaves Ctrl-C to the parent and dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform.startswith("linux"):
        # A fork server ends with the first process, and its workers with it.
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            os._exit(1)
    if setting is not None:
        _setting.set(ForkingPickler.loads(setting.read_bytes()))


def _work(replication: int, keep_orders: bool) -> Outcome:
    return play_replication(_setting.get(), replication, keep_orders=keep_orders)


def with_setting(setting: Setting, task: Callable[..., Outcome], /, *words: object) -> Outcome:
    """Do a task that reads the setting, which other threads may have another of."""
    context = copy_context()
    context.run(_setting.set, setting)
    return context.run(task, *words)

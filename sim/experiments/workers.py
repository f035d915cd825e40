"""Replications over several processes: the same numbers for any number of workers.

Workers get the setting once. One that dies takes nothing with it but the replications in hand,
which are then played one by one; a replication that ends its process three times ends the run.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from sim.engine.setting import Setting
from sim.errors import WorkerDied
from sim.experiments.replication import Outcome, play_replication

TRIES = 3
_PARENT_DEATH_SIGNAL = 1

_setting: Setting | None = None


def outcomes(
    setting: Setting,
    replications: Iterable[int],
    *,
    jobs: int = 1,
    keep_orders_of: int | None = 0,
    done: Callable[[Outcome], None] | None = None,
    progress: Callable[[int, float], None] | None = None,
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

    Raises
    ------
    BalanceError
        The accounts of a replication do not add up.
    WorkerDied
        A replication ended its process three times (out of memory, for instance).
    """
    wanted = list(replications)
    found: dict[int, Outcome] = {}
    source = (
        _here(setting, wanted, keep_orders_of, progress)
        if jobs <= 1 or len(wanted) <= 1
        else _spread(setting, wanted, jobs, keep_orders_of)
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
    setting: Setting, wanted: list[int], jobs: int, keep_orders_of: int | None
) -> Iterator[Outcome]:
    """Give replications out; after a death play those in hand one by one, then go on."""
    waiting = deque(wanted)
    while waiting:
        in_hand = yield from _round(setting, waiting, jobs, keep_orders_of)
        for replication in in_hand:
            yield from _one_by_itself(setting, replication, keep_orders_of)


def _one_by_itself(
    setting: Setting, replication: int, keep_orders_of: int | None
) -> Iterator[Outcome]:
    """Play a replication that was in hand when a process died: nobody else can kill it now."""
    for _ in range(TRIES - 1):
        if not (yield from _round(setting, deque([replication]), 1, keep_orders_of)):
            return
    raise WorkerDied(
        f"replication {replication}: its process ended {TRIES} times (out of memory?); "
        "play it alone with --replication"
    )


def _round(
    setting: Setting, waiting: deque[int], jobs: int, keep_orders_of: int | None
) -> Generator[Outcome, None, list[int]]:
    """Play what waits until all is done or a process dies; return what was in hand then."""
    pool = ProcessPoolExecutor(
        max_workers=min(jobs, len(waiting)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(setting, os.getpid()),
    )
    in_hand: dict[Future[Outcome], int] = {}
    try:
        while waiting or in_hand:
            while waiting and len(in_hand) < jobs:
                number = waiting[0]
                with _ctrl_c_held():
                    in_hand[pool.submit(_work, number, number == keep_orders_of)] = number
                waiting.popleft()
            wait(in_hand, return_when=FIRST_COMPLETED)
            ready = [future for future in in_hand if future.done()]
            for future in sorted(ready, key=lambda one: one.exception() is not None):
                outcome = future.result()
                del in_hand[future]
                yield outcome
    except BrokenProcessPool:
        pass
    finally:
        _end(pool)
    return list(in_hand.values())


@contextmanager
def _ctrl_c_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers start; it is raised when they have what they need.

    The mask is inherited, so workers never hear Ctrl-C, not even in their imports. The handler is
    there because another thread of a library may still take the signal for the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    masks = hasattr(signal, "pthread_sigmask")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) if masks else set()
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


def _end(pool: ProcessPoolExecutor) -> None:
    """Let the workers go; kill those still at work (only after an error or Ctrl-C)."""
    # The executor has no public way to kill its workers before Python 3.14.
    workers = list((pool._processes or {}).values())  # noqa: SLF001  # see above
    busy = bool(pool._pending_work_items)  # noqa: SLF001  # see above
    pool.shutdown(wait=False, cancel_futures=True)
    if busy or sys.exc_info()[0] is not None:
        for worker in workers:
            worker.kill()
    for worker in workers:
        worker.join(timeout=5.0)


def _begin(setting: Setting, parent: int) -> None:
    """Prepare a worker: it leaves Ctrl-C to the parent and dies with it."""
    global _setting  # noqa: PLW0603  # a worker process gets its one setting once
    _setting = setting
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _work(replication: int, keep_orders: bool) -> Outcome:
    if _setting is None:
        raise RuntimeError("the worker was not prepared")
    return play_replication(_setting, replication, keep_orders=keep_orders)

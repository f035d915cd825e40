"""Gets tasks done by an executor whose workers may die.

Any :class:`concurrent.futures.Executor` will do. When a worker's death breaks it, a new one is
started, what was in hand is tried again by itself, and a task that ends its worker three times is
set aside: the others are finished first, then the guilty ones are named.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TypeVar

from sim.errors import WorkerDied
from sim.experiments.interrupts import ctrl_c_held

TRIES = 3
TASKS_A_WORKER = 2
"""Given out at once: the next lies ready."""
GUILTY_AT_MOST = 3
"""So many tasks are set aside; then something else is wrong than a task, and the work ends."""

Done = TypeVar("Done")


def supervised(
    tasks: Iterable[int],
    submit: Callable[[Executor, int], Future[Done]],
    executor: Callable[[int], Executor],
    *,
    workers: int,
) -> Iterator[Done]:
    """Give tasks to workers and yield their results as they come in.

    Parameters
    ----------
    tasks
        Numbers of the tasks, each once.
    submit
        Hands a task to an executor.
    executor
        Starts an executor with so many workers. Its ``shutdown(cancel_futures=True)`` ends workers
        that are still busy.
    workers
        Workers, >= 1.

    Raises
    ------
    WorkerDied
        A task ended its worker three times; everything else was yielded before, unless three tasks
        did so.
    """
    waiting = deque(tasks)
    tries: Counter[int] = Counter()
    guilty: list[int] = []
    while waiting:
        suspects = deque((yield from _round(waiting, submit, executor, workers)))
        tries.update(suspects)
        while suspects:  # one at a time: nobody else can end their worker now
            killers = yield from _round(suspects, submit, executor, 1)
            tries.update(killers)
            guilty += [task for task in killers if tries[task] >= TRIES]
            suspects.extendleft(task for task in killers if tries[task] < TRIES)
            if len(guilty) >= GUILTY_AT_MOST:
                raise WorkerDied(sorted(guilty), TRIES)
    if guilty:
        raise WorkerDied(sorted(guilty), TRIES)


def _round(
    waiting: deque[int],
    submit: Callable[[Executor, int], Future[Done]],
    executor: Callable[[int], Executor],
    workers: int,
) -> Generator[Done, None, list[int]]:
    """Do what waits until all is done or a worker dies; return what was being done then."""
    pool: Executor | None = None
    in_hand: dict[Future[Done], int] = {}
    offered: list[int] = []
    ended_well = False
    # Whoever works has the next task lying ready; he who works alone has none, and is the guilty.
    at_most = TASKS_A_WORKER * workers if workers > 1 else 1
    try:
        with ctrl_c_held():
            pool = executor(min(workers, len(waiting)))
        while waiting or in_hand:
            while waiting and len(in_hand) < at_most:
                offered = [waiting.popleft()]
                with ctrl_c_held():
                    future = submit(pool, offered[0])
                    in_hand[future] = offered.pop()
            wait(in_hand, return_when=FIRST_COMPLETED)
            ready = [future for future in in_hand if future.done()]
            for one in sorted(ready, key=lambda future: future.exception() is not None):
                result = one.result()
                del in_hand[one]
                yield result
        ended_well = True
    except (BrokenExecutor, ConnectionError):
        pass  # a connection is cut where a worker dies before it has heard all
    finally:
        if pool is not None:
            with ctrl_c_held():
                pool.shutdown(wait=ended_well, cancel_futures=not ended_well)
    left = [*in_hand.values(), *offered]
    # Tasks are begun in the order in which they were given out: the rest lay ready and is innocent.
    waiting.extendleft(reversed(left[workers:]))
    return left[:workers]

"""The supervisor with executors of all kinds: any will do, and a death costs only the dead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from sim.errors import WorkerDied
from sim.experiments.supervisor import supervised


class Mortal(Executor):
    """An executor that does a task at once, and breaks for good when a task is deadly."""

    def __init__(self, dies: Callable[[int], bool]) -> None:
        self._dies = dies
        self._broken = False

    def submit(self, task: Callable[..., int], /, *words: int) -> Future[int]:  # type: ignore[override]
        """Do the task, or break."""
        future: Future[int] = Future()
        self._broken = self._broken or self._dies(words[0])
        if self._broken:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(task(*words))
        return future


def square(number: int) -> int:
    """Return the square."""
    return number * number


def submit(pool: Executor, number: int) -> Future[int]:
    """Give out a square."""
    return pool.submit(square, number)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_any_executor_will_do(workers: int) -> None:
    """Threads do every task once."""
    found = list(supervised(range(20), submit, ThreadPoolExecutor, workers=workers))

    assert sorted(found) == [number * number for number in range(20)]


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_task_that_dies_less_than_three_times_is_done(deaths: int) -> None:
    """Every task is done once although each of three broke its executor."""
    tries: Counter[int] = Counter()

    def dies(number: int) -> bool:
        tries[number] += 1
        return number in {0, 3, 7} and tries[number] <= deaths

    found = list(supervised(range(8), submit, lambda _: Mortal(dies), workers=2))

    assert sorted(found) == [number * number for number in range(8)]


def test_a_guilty_task_is_named_when_all_others_are_done() -> None:
    """Task 3 breaks its executor three times and is named; each other one was done once."""
    found: list[int] = []
    tries: Counter[int] = Counter()

    def dies(number: int) -> bool:
        tries[number] += 1
        return number == 3

    results = supervised(range(8), submit, lambda _: Mortal(dies), workers=2)
    with pytest.raises(WorkerDied, match=r"^replication 3: its process ended 3 times") as ended:
        found.extend(results)

    assert sorted(found) == [number * number for number in range(8) if number != 3]
    assert ended.value.replications == (3,)
    assert tries[3] == 3


def test_where_every_task_dies_the_work_ends() -> None:
    """After three guilty tasks something else is wrong: a thousand are not tried three times."""
    tries: Counter[int] = Counter()

    def dies(number: int) -> bool:
        tries[number] += 1
        return True

    with pytest.raises(WorkerDied) as ended:
        list(supervised(range(1000), submit, lambda _: Mortal(dies), workers=2))

    assert len(ended.value.replications) == 3
    assert sum(tries.values()) < 20

"""Workers that outlast a round of work: the next round finds them warm."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class LastingPool:
    """One pool of workers for many rounds of work; a broken one is replaced.

    Parameters
    ----------
    start
        Starts the workers.
    """

    def __init__(self, start: Callable[[], Executor]) -> None:
        self._start = start
        self._inner: Executor | None = None

    def executor(self, _: int) -> Executor:
        """Return a door to the pool that is open; processes start as they are needed."""
        if self._inner is None:
            self._inner = self._start()
        return _Door(self)

    def give(self, task: Callable[..., Any], words: tuple[Any, ...]) -> Future[Any]:
        """Give out a task.

        Raises
        ------
        RuntimeError
            No door to the pool has been opened since it ended.
        """
        if self._inner is None:
            raise RuntimeError("the pool has ended")
        return self._inner.submit(task, *words)

    def end(self, *, at_once: bool) -> None:
        """Let the processes go; those at work are killed if it must be at once."""
        if self._inner is not None:
            self._inner.shutdown(wait=not at_once, cancel_futures=at_once)
            self._inner = None


class _Door(Executor):
    """What a round of work sees of the pool: leaving it in peace does not end the processes."""

    def __init__(self, pool: LastingPool) -> None:
        self._pool = pool

    def submit(self, task: Callable[..., Any], /, *words: Any) -> Future[Any]:  # type: ignore[override]  # noqa: ANN401
        """Give out a task."""
        return self._pool.give(task, words)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """End the processes only where they cannot go on."""
        if cancel_futures:
            self._pool.end(at_once=True)

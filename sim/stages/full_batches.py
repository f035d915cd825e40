"""Full batches: a tour begins once enough orders wait for it, or one of them long enough."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.lines import Job
from sim.clock.process import LeanProcess, Wake

if TYPE_CHECKING:
    from sim.stages.order import PickTask
    from sim.stages.picking import PickLine


class FullBatches:
    """Stands between pickers and their line, and shows them work only when a tour may begin.

    Parameters
    ----------
    line
        The waiting line.
    env
        The clock.
    least
        Orders that make a tour, at least 2.
    longest_wait_s
        After so long an order's tour begins, full or not.

    Attributes
    ----------
    waiting
        What pickers see: 0 while nothing may begin.
    """

    def __init__(
        self, line: PickLine, env: simpy.Environment, least: int, longest_wait_s: float
    ) -> None:
        self._line = line
        self._env = env
        self._least = least
        self._longest_wait_s = longest_wait_s
        self._overdue: dict[Wake, bool] = {}
        self._overdue_now = 0
        self.waiting = 0

    def joined(self, task: PickTask) -> None:
        """Count a task in, and look at it again when it has waited long enough."""
        assert task.picked is not None
        self._overdue[task.picked] = False
        self._count()
        LeanProcess(self._patience(task.picked))

    def _patience(self, picked: Wake) -> Generator[simpy.Event, Any, None]:
        yield self._env.timeout(self._longest_wait_s)
        if picked in self._overdue:
            self._overdue[picked] = True
            self._overdue_now += 1
            self._count()
            self._line.house.staff.wake(self._line.number)

    def left(self, task: PickTask) -> None:
        """Count a task out that goes on a tour."""
        assert task.picked is not None
        self._overdue_now -= self._overdue.pop(task.picked)

    def _count(self) -> None:
        line = self._line
        tours = line.waiting - line.dropped
        may_begin = tours >= self._least or self._overdue_now > 0
        self.waiting = line.dropped + (tours if may_begin else 0)

    def next_job(self, now_s: float) -> Job:
        """Let the line make its next tour."""
        job = self._line.next_job(now_s)
        self._count()
        return job

    def put_back(self, job: Job, now_s: float) -> None:
        """Give a dropped tour back to the line."""
        self._line.put_back(job, now_s)
        self._count()

"""Picking: released work waits for a picker, who takes a cart, walks a tour, drops off.

One line of waiting work serves the whole floor, or each zone has its own. Lines may be picked
wrong; the reservation of a wrongly picked line holds until the packing check has seen it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from sim.clock.lines import Job, LineCount
from sim.clock.process import Wake
from sim.log.facts import Fact
from sim.orders.book import PICK_OMITTED, PICK_SOUND, PICK_WRONG_QUANTITY
from sim.policies.batching import BatchingRule, Cart
from sim.policies.sequence import KeptInOrder, Key, waiting_line
from sim.stages.close_look import CloseLook
from sim.stages.full_batches import FullBatches
from sim.stages.house import House
from sim.stages.narrow_aisles import NarrowAisles
from sim.stages.order import Line, PickTask
from sim.stages.tours import Tour, TourWork

PICK_STARTED, PICKED, LINE_PICKED = int(Fact.PICK_STARTED), int(Fact.PICKED), int(Fact.LINE_PICKED)
PART_PICKED, ZONES_JOINED = int(Fact.PART_PICKED), int(Fact.ZONES_JOINED)
TOUR_STARTED, TOUR_ENDED = int(Fact.TOUR_STARTED), int(Fact.TOUR_ENDED)


class PickLine(LineCount):
    """Work waiting for a picker of a zone (or of the whole floor), and the tours made of it.

    Parameters
    ----------
    number
        Its number among the lines that people serve.
    batching, cart
        The rule that says what shares a cart, and what a cart holds.
    key
        Who goes first; None: as they come.
    work
        What a tour comes to.
    look
        Notes of a task what the batching rule looks at; None: it looks at nothing of the floor.
    in_parts
        Whether a shipment may be picked in more than one go.
    close_look
        What pickers find at the places, where that can be other than the books say.
    narrow
        The aisles, where only one picker at a time has room in them.
    """

    def __init__(
        self,
        number: int,
        batching: BatchingRule,
        cart: Cart,
        key: Key | None,
        work: TourWork,
        *,
        look: Callable[[PickTask], None] | None,
        in_parts: bool,
        close_look: CloseLook | None,
        narrow: NarrowAisles | None,
    ) -> None:
        super().__init__()
        self.number = number
        self.full_batches: FullBatches | None = None
        self._batching = batching
        self._cart = cart
        self._work = work
        self._look = look
        self._in_parts = in_parts
        self._close_look = close_look
        self._narrow = narrow
        self._line: deque[PickTask] | KeptInOrder[PickTask] = waiting_line(
            None if key is None else lambda task: key(task.shipment.order, work.expected_s(task))
        )
        self._dropped: deque[Job] = deque()
        self.house: House

    def enter(self, house: House) -> None:
        """Take its place in the house."""
        self.house = house
        if self._close_look is not None:
            self._close_look.house = house

    def join(self, task: PickTask) -> Wake:
        """Queue a shipment or a zone's part of one; the event returned happens once picked."""
        env = self.house.env
        if self._look is not None:
            self._look(task)
        task.joined_s = env.now
        task.picked = picked = Wake(env)
        self._line.append(task)
        self.changes(1, env.now)
        if self.full_batches is not None:
            self.full_batches.joined(task)
        self.house.staff.wake(self.number)
        return picked

    def put_back(self, job: Job, now_s: float) -> None:
        """Keep a tour dropped at a shift's end for the next picker."""
        job.joined_s = now_s
        self._dropped.append(job)
        self.changes(1, now_s)

    @property
    def dropped(self) -> int:
        """Tours that were dropped and wait for the next picker."""
        return len(self._dropped)

    def next_job(self, now_s: float) -> Job:
        """Make the next tour."""
        if self._dropped:
            job = self._dropped.popleft()
            self.changes(-1, now_s)
            self.waits_s += now_s - job.joined_s
            return job
        return self._next_tour(now_s)

    def _next_tour(self, now_s: float) -> Job:
        house = self.house
        batch = self._take_batch(now_s)
        tour = Tour(house.tours, batch, now_s)
        house.tours += 1
        self._log_the_start(tour)
        if self._close_look is not None:
            self._close_look.before(tour)
        job: Job
        if self._narrow is None:
            self._work.plan(house, tour)
            job = Job(house.env, tour.work_s, TOUR_STARTED, tour.number)
        else:
            job = self._narrow.job(house, tour, self._work.steps(tour))
        job.callbacks.append(_TourEnd(self, tour))
        job.value_of_fact = float(tour.lines)
        return job

    def _take_batch(self, now_s: float) -> list[PickTask]:
        line = self._line
        chosen = self._batching(line, self._cart)
        batch = [line[place] for place in chosen]
        for task in batch:
            self.waits_s += now_s - task.joined_s
        if self.full_batches is not None:
            for task in batch:
                self.full_batches.left(task)
        if chosen[-1] == len(chosen) - 1:
            for _ in chosen:
                line.popleft()
        else:
            for place in reversed(chosen):
                del line[place]
        self.changes(-len(batch), now_s)
        return batch

    def _log_the_start(self, tour: Tour) -> None:
        """Note where each shipment's picking starts; of parts at once the first one starts it."""
        add = self.house.log.add
        for task in tour.tasks:
            shipment = task.shipment
            if shipment.parts_open:
                if shipment.started_s >= 0.0:
                    continue
                shipment.started_s = tour.started_s
            add((tour.started_s, PICK_STARTED, shipment.number, tour.number, 0.0))

    def ended(self, tour: Tour, pace: float) -> None:
        """Drop off: note every line, and let the shipments go on.

        Parameters
        ----------
        pace
            Seconds that a standard second took in the hands it went through.
        """
        house = self.house
        add, now, number = house.log.add, house.env.now, tour.number
        add((now, TOUR_ENDED, number, len(tour.tasks), tour.walk_m))
        if self._close_look is not None:
            self._close_look.after(tour)
        walk_s = tour.walk_m / self._work.walk_speed_m_per_s * pace
        take, close_look = house.stock.take, self._close_look
        for task in tour.tasks:
            for line in task.to_pick:
                units, error = line.units, line.pick_error
                if error == PICK_SOUND:
                    line.taken = taken = units
                    take(line.sku, units, units)
                else:
                    line.taken = taken = _taken(house, line)
                    take(line.sku, min(taken, units), taken)
                if close_look is not None:
                    close_look.taken(line)
                add((now, LINE_PICKED, line.number, taken, error))
            if self._in_parts:
                self._drop_off_a_part(task, tour, walk_s)
            else:
                add((now, PICKED, task.shipment.number, number, walk_s))
            if task.picked is not None:
                task.picked.now()

    def _drop_off_a_part(self, task: PickTask, tour: Tour, walk_s: float) -> None:
        """Note whether this was the last of a shipment, or what it was the last of."""
        add, now, shipment = self.house.log.add, self.house.env.now, task.shipment
        if shipment.parts_open:
            shipment.parts_open -= 1
            if shipment.parts_open:
                return
            later_s = tour.started_s - shipment.started_s
            shipment.started_s = -1.0
            add((now, ZONES_JOINED, shipment.number, shipment.parts, later_s))
        more = shipment.rest or shipment.zones_to_come or not shipment.lines
        fact = PART_PICKED if more else PICKED
        add((now, fact, shipment.number, tour.number, walk_s))
        sorting = self._work.sorting(self.house, tour)
        if sorting is not None:
            shipment.sortings = [*shipment.sortings, sorting]


def _taken(house: House, line: Line) -> int:
    """Return the units that leave the shelf when a line is picked wrong."""
    if line.pick_error == PICK_OMITTED:
        return 0
    if line.pick_error == PICK_WRONG_QUANTITY:
        if line.units > 1:
            return line.units - 1
        return 2 if house.has_spare(line.sku) else 0
    return line.units


class _TourEnd:
    """Callback at the end of a tour."""

    __slots__ = ("line", "tour")

    def __init__(self, line: PickLine, tour: Tour) -> None:
        self.line = line
        self.tour = tour

    def __call__(self, job: Job) -> None:
        self.line.ended(self.tour, job.pace)

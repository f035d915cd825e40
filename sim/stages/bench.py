"""Packing benches, where there are only so many: a packer needs a free one.

Parcels wait in one line for packer and bench together. Work dropped at a shift's end stays on its
bench, and whoever comes next takes it up before anything new.
"""

from __future__ import annotations

from sim.clock.lines import Job, JobLine
from sim.log.facts import Fact
from sim.stages.house import PACKERS, House

BENCHES_FULL = int(Fact.BENCHES_FULL)


class BenchLine:
    """The packers' line before a limited number of benches.

    Attributes
    ----------
    for_a_bench
        Parcels that wait for a bench and a packer.
    """

    def __init__(self, benches: int) -> None:
        self._benches = benches
        self.taken = 0
        self.for_a_bench = JobLine()
        self._on_benches: JobLine
        self.house: House

    def open(self, house: House) -> None:
        """Stand between the packers and the line that they would serve otherwise."""
        self.house = house
        self._on_benches = house.staff.lines[PACKERS]
        house.staff.sources[PACKERS] = self

    def pack(self, work_s: float, fact: int, shipment: int, priority: int = 0) -> Job:
        """Ask for a packer at a bench; the event returned happens when the work is done."""
        env, line = self.house.env, self.for_a_bench
        if self.taken >= self._benches:
            self.house.log.add((env.now, BENCHES_FULL, shipment, -1, 0.0))
        tickets = self._on_benches  # whose other work may meet a parcel that was dropped
        tickets.tickets += 1
        job = _BenchJob(self, work_s, fact, shipment, priority, tickets.tickets)
        line.join(job, env.now)
        self.house.staff.wake(PACKERS)
        return job

    @property
    def waiting(self) -> int:
        """Number of jobs that a packer may take up now."""
        free = self._benches - self.taken
        return self._on_benches.waiting + min(free, self.for_a_bench.waiting)

    def next_job(self, now_s: float) -> Job:
        """Take what lies on a bench already, else bring the next parcel to one."""
        if self._on_benches.waiting:
            return self._on_benches.next_job(now_s)
        self.taken += 1
        return self.for_a_bench.next_job(now_s)

    def put_back(self, job: Job, now_s: float) -> None:
        """Leave a dropped parcel on its bench."""
        self._on_benches.put_back(job, now_s)


class _BenchJob(Job):
    """Packing at a bench: the bench is free before the packer looks for the next parcel."""

    def __init__(
        self,
        line: BenchLine,
        work_s: float,
        fact: int,
        shipment: int,
        priority: int,
        ticket: int,
    ) -> None:
        super().__init__(line.house.env, work_s, fact, shipment, priority, ticket)
        self._line = line

    def begin(self, delay_s: float) -> None:
        """Start the clock of work that nobody can interrupt."""
        self.callbacks.insert(0, self._leaves)
        super().begin(delay_s)
        self.callbacks.append(self._wakes)

    def succeed(self, value: object = None) -> _BenchJob:
        """End work that might have been dropped or handed over."""
        self._leaves(self)
        self.callbacks.append(self._wakes)
        super().succeed(value)
        return self

    def _leaves(self, _: object) -> None:
        self._line.taken -= 1

    def _wakes(self, _: object) -> None:
        """Let somebody else to the bench where its packer goes home or does other work."""
        self._line.house.staff.wake(PACKERS)

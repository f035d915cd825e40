"""What the log says about people: who came and went, what they worked on, how long lines were."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.slices import Handler, Slice, in_order
from sim.log.facts import ROLE_NAMES, Fact
from sim.orders.book import Demand

QUEUE_STEP_S = 1800.0
CLERKS, PICKERS, PACKERS, DISPATCHERS, RECEIVERS, RETURNS_CLERKS, REPLENISHERS, SPECIALISTS = range(
    len(ROLE_NAMES)
)
QUEUE_FACTS = {
    int(Fact.ENTRY_STARTED): (CLERKS, -1),
    int(Fact.RELEASED): (PICKERS, 1),
    int(Fact.REWORK): (PICKERS, 1),
    int(Fact.REJOINED): (PICKERS, 1),
    int(Fact.PICK_STARTED): (PICKERS, -1),
    int(Fact.PICKED): (PACKERS, 1),
    int(Fact.PACK_STARTED): (PACKERS, -1),
    int(Fact.PACKED): (DISPATCHERS, 1),
    int(Fact.LABEL_STARTED): (DISPATCHERS, -1),
    int(Fact.RETURN_RECEIVED): (RETURNS_CLERKS, 1),
    int(Fact.INSPECT_STARTED): (RETURNS_CLERKS, -1),
    int(Fact.TOP_UP_ASKED): (REPLENISHERS, 1),
    int(Fact.TOP_UP_STARTED): (REPLENISHERS, -1),
    int(Fact.TOP_UP_CALLED_OFF): (REPLENISHERS, -1),
    int(Fact.TO_STATIONS): (PACKERS, -1),
    int(Fact.STATIONS_PASSED): (PACKERS, 1),
    int(Fact.AT_STATION): (SPECIALISTS, 1),
    int(Fact.STATION_STARTED): (SPECIALISTS, -1),
    int(Fact.STATION_INTERRUPTED): (SPECIALISTS, 1),
    int(Fact.STATION_FULL): (SPECIALISTS, -1),
    int(Fact.STATION_LEFT): (SPECIALISTS, -1),
}
DUTY_FACTS = tuple(range(int(Fact.ON_DUTY), int(Fact.BREAK_ENDED) + 1))


class PeopleTables:
    """People, tours and waiting lines.

    Attributes
    ----------
    duty
        Rows of coming and going in the order of happening: ``time_s fact person role value``.
    spans
        Rows of work in the order of its ends: ``person role end_s length_s``; the role is that of
        the work.
    absences
        Rows of missed shifts in the order of their beginning: ``person role start_s length_s``.
    tours
        Per tour: ``started_s ended_s lines orders walk_m blocked_s``.
    queue_changes
        By how much each role's line grew in each half-hour. Shape (roles, half-hours).
    """

    def __init__(self, demand: Demand) -> None:
        self._placed_s = demand.placed_s
        self._handed_in: dict[int, float] = {}
        self.duty = Rows(time_s="f8", fact="u1", person="i4", role="i1", value="f8")
        self.spans = Rows(person="i4", role="i1", end_s="f8", length_s="f8")
        self.absences = Rows(person="i4", role="i1", start_s="f8", length_s="f8")
        self.tours = Numbered(
            0,
            started_s=("f8", NAN),
            ended_s=("f8", NAN),
            lines=("i4", 0),
            orders=("i4", 0),
            walk_m=("f8", 0.0),
            blocked_s=("f8", 0.0),
        )
        self.queue_changes = np.zeros((len(ROLE_NAMES), 0), dtype=np.int32)

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.HANDED_IN): self._hand_in,
            int(Fact.ENTRY_STARTED): self._entry_started,
            int(Fact.WORKED): self._worked,
            int(Fact.ABSENT): self._absent,
            int(Fact.TOUR_STARTED): self._tour_started,
            int(Fact.TOUR_ENDED): self._tour_ended,
            int(Fact.AISLE_BLOCKED): lambda s: self.tours.add("blocked_s", s.subject, s.value),
        }

    def fold(self, slices: dict[int, Slice]) -> None:
        """Fold coming and going, and the lengths of the waiting lines."""
        for fact, (role, change) in QUEUE_FACTS.items():
            if fact in slices:
                self._count(role, slices[fact].time_s, change)
        duty = in_order(slices, DUTY_FACTS)
        if duty is not None:
            self.duty.append(
                len(duty.fact),
                time_s=duty.time_s,
                fact=duty.fact,
                person=duty.subject,
                role=duty.other,
                value=duty.value,
            )

    def _count(self, role: int, time_s: npt.NDArray[np.float64], change: int) -> None:
        steps = (time_s * (1.0 / QUEUE_STEP_S)).astype(np.int64)
        low, high = int(steps.min()), int(steps.max())
        known = self.queue_changes.shape[1]
        if high >= known:
            more = max(high + 1 - known, known // 16 + 48)
            self.queue_changes = np.pad(self.queue_changes, ((0, 0), (0, more)))
        counts = np.bincount(steps - low).astype(np.int32)
        self.queue_changes[role, low : high + 1] += np.int32(change) * counts

    def _hand_in(self, facts: Slice) -> None:
        self._handed_in.update(zip(facts.subject.tolist(), facts.time_s.tolist(), strict=True))

    def _entry_started(self, facts: Slice) -> None:
        joined_s = self._placed_s[facts.subject]
        if self._handed_in:
            for k, order in enumerate(facts.subject.tolist()):
                joined_s[k] = self._handed_in.pop(order, joined_s[k])
        self._count(CLERKS, joined_s, 1)

    def _worked(self, facts: Slice) -> None:
        self.spans.append(
            len(facts.subject),
            person=facts.subject,
            role=facts.other,
            end_s=facts.time_s,
            length_s=facts.value,
        )

    def _absent(self, facts: Slice) -> None:
        self.absences.append(
            len(facts.subject),
            person=facts.subject,
            role=facts.other,
            start_s=facts.time_s,
            length_s=facts.value,
        )

    def _tour_started(self, facts: Slice) -> None:
        self.tours.reach(int(facts.subject.max()))
        self.tours.set("started_s", facts.subject, facts.time_s)
        self.tours.set("lines", facts.subject, facts.value)

    def _tour_ended(self, facts: Slice) -> None:
        self.tours.reach(int(facts.subject.max()))
        self.tours.set("ended_s", facts.subject, facts.time_s)
        self.tours.set("orders", facts.subject, facts.other)
        self.tours.set("walk_m", facts.subject, facts.value)

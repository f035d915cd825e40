"""What the log says about trucks: how far each shipment was when the truck promised to it left.

The own shipment of an order is held to the truck promised at the click, a backordered rest to the
last promise made for it. Of every shipment only its last step up to that moment is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.order_tables import NO_PROMISE
from sim.kpis.slices import KINDS, Handler, Slice
from sim.log.event_log import Chunk
from sim.log.facts import OVERSALE, Fact, ShortAnswer, SplitKind
from sim.orders.book import Demand

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Row = tuple[int, int, float]
Happened = Callable[[int, int, float], None]

BESIDE_A_REST = (ShortAnswer.WAITS, ShortAnswer.FOLLOWS, ShortAnswer.HOLDS)
"""Answers to lines that may wait elsewhere than in the rest of their order."""

OWN = -1
"""Stands for an order's own shipment: it is held to the truck promised at the click."""

STEPS = (
    Fact.ENTERED,
    Fact.PAID,
    Fact.ALLOCATED,
    Fact.RELEASED,
    Fact.PICK_STARTED,
    Fact.PART_PICKED,
    Fact.REJOINED,
    Fact.PICKED,
    Fact.CONSOLIDATED,
    Fact.STATIONS_PASSED,
    Fact.PACK_STARTED,
    Fact.REWORK,
    Fact.PACKED,
    Fact.LABELLED,
)
IS_STEP = np.isin(np.arange(KINDS), STEPS)


class TruckTables:
    """Trucks, and the shipments promised to them.

    Parameters
    ----------
    demand
        What was asked for.
    orders
        The table of the orders, filled before each fold: their trucks promised at the click.

    Attributes
    ----------
    steps
        Per shipment: ``step``, the last of :data:`STEPS` (0: none) that happened not later than its
        promised truck.
    rests
        Per further shipment, from 0 on: ``promised_s``, the last promise to a backordered rest.
    trucks
        Rows of trucks that left: ``time_s service parcels left_behind``.
    told
        Rows: ``shipment fact time_s`` of MARKED_SHIPPED and TRACKING_SENT.
    """

    def __init__(self, demand: Demand, orders: Numbered) -> None:
        self._demand = demand
        self._of_orders = orders
        self._rest_of: dict[int, int] = {}
        self._newest_rest_of: dict[int, int] = {}
        self._leg_of: dict[int, int] = {}
        self._told_s: dict[int, dict[int, float]] = {}
        self.steps = Numbered(demand.orders, step=("u1", 0))
        self.rests = Numbered(0, promised_s=("f8", NAN))
        self.trucks = Rows(time_s="f8", service="i1", parcels="i4", left_behind="i4")
        self.told = Rows(shipment="i4", fact="u1", time_s="f8")

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(t.nbytes for t in (self.steps, self.rests, self.trucks, self.told))

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with some kinds of facts."""
        return {
            int(Fact.TRUCK_LEFT): self._truck_left,
            int(Fact.MARKED_SHIPPED): lambda s: self._tell(Fact.MARKED_SHIPPED, s),
            int(Fact.TRACKING_SENT): lambda s: self._tell(Fact.TRACKING_SENT, s),
        }

    def fold(self, chunk: Chunk, slices: dict[int, Slice]) -> None:
        """Fold the promises to rests, then how far every shipment got."""
        if int(Fact.SPLIT) in slices:
            self.steps.reach(int(slices[int(Fact.SPLIT)].subject.max()))
        for _, happened, row in sorted(self._of_rests(slices), key=itemgetter(0)):
            happened(*row)
        at = np.flatnonzero(IS_STEP[chunk.fact])
        subject = chunk.subject[at]
        in_time = chunk.time_s[at] <= self.promised_to(subject)
        self.steps["step"][subject[in_time]] = chunk.fact[at[in_time]]

    def promised_to(self, shipment: npt.NDArray[np.int32]) -> Floats:
        """Return the truck promised to each shipment, s; NaN without one."""
        orders = self._demand.orders
        own = shipment < orders
        promised_s = np.full(len(shipment), NAN)
        promised_s[own] = self._of_orders["promised_s"][shipment[own]]
        promised_s[promised_s == NO_PROMISE] = NAN
        if not own.all():
            further = shipment[~own] - orders
            known = further < self.rests.size
            rest_s = np.full(len(further), NAN)
            rest_s[known] = self.rests["promised_s"][further[known]]
            promised_s[~own] = rest_s
        return promised_s

    def _of_rests(self, slices: dict[int, Slice]) -> Iterator[tuple[int, Happened, Row]]:
        """Yield what a chunk says about rests: its place, what to do, (subject, order, value)."""
        kinds: tuple[tuple[Fact, Happened, tuple[int, ...]], ...] = (
            (Fact.SPLIT, self._split, (SplitKind.BACKORDER,)),
            (Fact.SHORT, self._short_beside_a_rest, BESIDE_A_REST),
            (Fact.BACKORDER_PROMISED, self._promise, ()),
        )
        for fact, happened, values in kinds:
            facts = slices.get(int(fact))
            if facts is None or (fact != Fact.SPLIT and not self._has_rests(slices)):
                continue
            value = facts.value % OVERSALE if fact == Fact.SHORT else facts.value
            rows = np.flatnonzero(np.isin(value, values)) if values else slice(None)
            subject = facts.subject[rows]
            order = facts.other[rows] if fact == Fact.SPLIT else self._order_of_line(subject)
            columns = (facts.position[rows], subject, order, value[rows])
            for place, *row in zip(*(column.tolist() for column in columns), strict=True):
                yield place, happened, (row[0], row[1], row[2])

    def _has_rests(self, slices: dict[int, Slice]) -> bool:
        return bool(self._rest_of or self._leg_of) or int(Fact.SPLIT) in slices

    def _order_of_line(self, line: npt.NDArray[np.int32]) -> Integers:
        return np.searchsorted(self._demand.first_line, line, side="right") - 1

    def _split(self, shipment: int, order: int, _: float) -> None:
        self.rests.reach(shipment - self._demand.orders)
        self._newest_rest_of[order] = shipment
        self._rest_of.setdefault(order, shipment)

    def _short_beside_a_rest(self, line: int, order: int, answer: float) -> None:
        """Note the leg of a line: the newest one if it follows, else the one in which it was.

        A line that holds up what is there was in none of the rests.
        """
        rest = self._rest_of.get(order, OWN)
        if answer == ShortAnswer.FOLLOWS:
            self._leg_of[line] = self._newest_rest_of[order]
            if rest == self._leg_of[line]:  # the other lines wait in the order's own shipment
                del self._rest_of[order]
        else:
            in_rest = line in self._told_s.get(rest, ())
            self._leg_of.setdefault(line, rest if in_rest else OWN)

    def _promise(self, line: int, order: int, truck_s: float) -> None:
        """Hold a rest to the latest of its lines' promises; of each line the last one counts."""
        leg = self._leg_of.get(line, self._rest_of.get(order, OWN))
        if leg != OWN:
            told_s = self._told_s.setdefault(leg, {})
            told_s[line] = truck_s
            self.rests["promised_s"][leg - self._demand.orders] = max(told_s.values())

    def _truck_left(self, facts: Slice) -> None:
        self.trucks.append(
            len(facts.subject),
            time_s=facts.time_s,
            service=facts.subject,
            parcels=facts.other,
            left_behind=facts.value,
        )

    def _tell(self, fact: Fact, facts: Slice) -> None:
        self.told.append(
            len(facts.subject), shipment=facts.subject, fact=int(fact), time_s=facts.time_s
        )

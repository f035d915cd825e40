"""What the log says about trucks: how far each shipment was when the truck promised to it left.

The own shipment of an order is held to the truck promised at the click, a backordered rest to the
last promise made for it. Of every shipment only its last step up to that moment is kept.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.order_tables import NO_PROMISE
from sim.kpis.slices import KINDS, Handler, Slice
from sim.log.event_log import Chunk
from sim.log.facts import Fact, SplitKind
from sim.orders.book import Demand

Floats = npt.NDArray[np.float64]

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
            self._split(slices[int(Fact.SPLIT)])
        if self._rest_of and int(Fact.BACKORDER_PROMISED) in slices:
            self._promise(slices[int(Fact.BACKORDER_PROMISED)])
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

    def _split(self, facts: Slice) -> None:
        self.steps.reach(int(facts.subject.max()))
        rest = facts.value == int(SplitKind.BACKORDER)
        if rest.any():
            self.rests.reach(int(facts.subject[rest].max()) - self._demand.orders)
            self._rest_of.update(
                zip(facts.other[rest].tolist(), facts.subject[rest].tolist(), strict=True)
            )

    def _promise(self, facts: Slice) -> None:
        """Hold a rest to the latest of its lines' promises; of each line the last one counts."""
        order = np.searchsorted(self._demand.first_line, facts.subject, side="right") - 1
        promised_s = self.rests["promised_s"]
        told = zip(order.tolist(), facts.subject.tolist(), facts.value.tolist(), strict=True)
        for number, line, truck_s in told:
            if number in self._rest_of:
                told_s = self._told_s.setdefault(number, {})
                told_s[line] = truck_s
                promised_s[self._rest_of[number] - self._demand.orders] = max(told_s.values())

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

"""What the log says about shipments: clock times from the stock to the door, boxes, carriers."""

from __future__ import annotations

import numpy as np

from sim.kpis.columns import NAN, Column, Numbered, Rows
from sim.kpis.faults import Faults
from sim.kpis.slices import Handler, Slice
from sim.log.facts import Fact, SplitKind

DROPSHIP_LEG, REPLACEMENT_LEG, BACKORDER_LEG, REWORKED_LEG, VOID_LEG = 1, 2, 4, 8, 16
LEG_OF_SPLIT = {
    int(SplitKind.BACKORDER): BACKORDER_LEG,
    int(SplitKind.DROPSHIP): DROPSHIP_LEG,
    int(SplitKind.REPLACEMENT): REPLACEMENT_LEG,
    int(SplitKind.EXCHANGE): REPLACEMENT_LEG,  # owed for a return, as a replacement is
}


class ShipmentTables:
    """Shipments, and what links them to orders.

    Attributes
    ----------
    shipments
        Per shipment: ``allocated_s released_s packed_s handed_over_s delivered_s`` (NaN: never),
        sums over all passes ``pick_started_s picked_s walk_s pack_started_s`` (0: never),
        ``billed_g service box void_ml flags``. ``handed_over_s`` of a dropship leg is the time
        when it left the supplier.
    legs
        Rows of the further shipments: ``shipment order kind``.
    reworks, put_aside, extra_boxes
        Rows: shipments sent back by the packing check, those whose packer saw what was typed wrong
        (a clerk's seconds), boxes beyond a shipment's first.
    passes
        Rows of shipments that were not picked in one go: ``shipment fact seconds``; the seconds are
        the clock time of PART_PICKED and REJOINED, and what ZONES_JOINED, CONSOLIDATED and
        STATIONS_PASSED hold.
    """

    def __init__(self, orders: int, faults: Faults) -> None:
        self._faults = faults
        self.shipments = Numbered(
            orders,
            allocated_s=("f8", NAN),
            released_s=("f8", NAN),
            pick_started_s=("f8", 0.0),
            picked_s=("f8", 0.0),
            walk_s=("f8", 0.0),
            pack_started_s=("f8", 0.0),
            packed_s=("f8", NAN),
            handed_over_s=("f8", NAN),
            delivered_s=("f8", NAN),
            billed_g=("f4", 0.0),
            void_ml=("f4", 0.0),
            service=("i1", -1),
            box=("i1", -1),
            flags=("u1", 0),
        )
        self.legs = Rows(shipment="i4", order="i4", kind="u1")
        self.reworks = Rows(shipment="i4", time_s="f8")
        self.passes = Rows(shipment="i4", fact="u1", seconds="f8")
        self.put_aside = Rows(shipment="i4", lines="i4", seconds="f8")
        self.extra_boxes = Rows(shipment="i4", box="i1", void_ml="f8")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        table = self.shipments
        return {
            int(Fact.SPLIT): self._split,
            int(Fact.ALLOCATED): lambda s: table.set("allocated_s", s.subject, s.time_s),
            int(Fact.RELEASED): lambda s: table.set("released_s", s.subject, s.time_s),
            int(Fact.PICK_STARTED): lambda s: table.add("pick_started_s", s.subject, s.time_s),
            int(Fact.PICKED): self._picked,
            int(Fact.PART_PICKED): self._part_picked,
            int(Fact.REJOINED): lambda s: self._pass(Fact.REJOINED, s, s.time_s),
            int(Fact.ZONES_JOINED): lambda s: self._pass(Fact.ZONES_JOINED, s, s.value),
            int(Fact.CONSOLIDATED): lambda s: self._pass(Fact.CONSOLIDATED, s, s.value),
            int(Fact.STATIONS_PASSED): lambda s: self._pass(Fact.STATIONS_PASSED, s, s.value),
            int(Fact.VOID): self._void,
            int(Fact.PACK_STARTED): lambda s: table.add("pack_started_s", s.subject, s.time_s),
            int(Fact.PACKED): self._packed,
            int(Fact.REWORK): self._rework,
            int(Fact.PUT_ASIDE): lambda s: self.put_aside.append(
                len(s.subject), shipment=s.subject, lines=s.other, seconds=s.value
            ),
            int(Fact.HANDED_OVER): self._hand_over,
            int(Fact.SENT_BY_SUPPLIER): self._sent_by_supplier,
            int(Fact.DELIVERED): self._deliver,
            int(Fact.EXTRA_BOX): self._extra_box,
        }

    def _split(self, facts: Slice) -> None:
        kind = np.array([LEG_OF_SPLIT.get(int(k), 0) for k in facts.value], dtype=np.uint8)
        self.legs.append(len(kind), shipment=facts.subject, order=facts.other, kind=kind)
        self.shipments.reach(int(facts.subject.max()))
        self.shipments["flags"][facts.subject] |= kind

    def _picked(self, facts: Slice) -> None:
        self.shipments.add("picked_s", facts.subject, facts.time_s)
        self.shipments.add("walk_s", facts.subject, facts.value)

    def _part_picked(self, facts: Slice) -> None:
        self._pass(Fact.PART_PICKED, facts, facts.time_s)
        self.shipments.add("walk_s", facts.subject, facts.value)

    def _pass(self, fact: Fact, facts: Slice, seconds: Column) -> None:
        self.passes.append(
            len(facts.subject), shipment=facts.subject, fact=int(fact), seconds=seconds
        )

    def _void(self, facts: Slice) -> None:
        self.shipments["flags"][facts.subject] |= VOID_LEG

    def _packed(self, facts: Slice) -> None:
        self.shipments.set("packed_s", facts.subject, facts.time_s)
        self.shipments.set("box", facts.subject, facts.other)
        self.shipments.set("void_ml", facts.subject, facts.value)

    def _rework(self, facts: Slice) -> None:
        self.reworks.append(len(facts.subject), shipment=facts.subject, time_s=facts.time_s)
        self.shipments["flags"][facts.subject] |= REWORKED_LEG

    def _hand_over(self, facts: Slice) -> None:
        already = ~np.isnan(self.shipments["handed_over_s"][facts.subject])
        self._faults.only_once("handed over shipment", facts.subject, already)
        self.shipments.set("handed_over_s", facts.subject, facts.time_s)
        self.shipments.set("service", facts.subject, facts.other)
        self.shipments.set("billed_g", facts.subject, facts.value)

    def _sent_by_supplier(self, facts: Slice) -> None:
        already = ~np.isnan(self.shipments["handed_over_s"][facts.subject])
        self._faults.only_once("sent by the supplier shipment", facts.subject, already)
        self.shipments.set("handed_over_s", facts.subject, facts.time_s)
        self.shipments["flags"][facts.subject] |= DROPSHIP_LEG

    def _deliver(self, facts: Slice) -> None:
        already = ~np.isnan(self.shipments["delivered_s"][facts.subject])
        self._faults.only_once("delivered shipment", facts.subject, already)
        self.shipments.set("delivered_s", facts.subject, facts.time_s)

    def _extra_box(self, facts: Slice) -> None:
        self.extra_boxes.append(
            len(facts.subject), shipment=facts.subject, box=facts.other, void_ml=facts.value
        )

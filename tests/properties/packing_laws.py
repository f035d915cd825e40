"""The laws of the packing benches, checked straight from the raw log.

Boxes and labels that can run out are counted on their own; a larger box may take the place of a
smaller one, never the other way round, and no more parcels are worked on than there are benches.
"""

from __future__ import annotations

from collections import defaultdict

from sim.log.facts import BoxDoubt, Fact
from tests.sim.engine.playing import Record, Row

F = Fact

AFTER_PACKING_FACT: dict[Fact | None, tuple[Fact, ...]] = {
    F.BENCHES_FULL: (F.PACK_STARTED,),
    F.PUT_ASIDE: (F.REWORK, F.BOX_OUT, F.BOX_DOUBTED, F.EXTRA_BOX, F.PACKED, F.VOID),
    F.PACK_STARTED: (F.PUT_ASIDE, F.REWORK, F.BOX_OUT, F.BOX_DOUBTED, F.EXTRA_BOX, F.PACKED),
    F.BOX_OUT: (F.BOX_OUT, F.BOX_DOUBTED, F.EXTRA_BOX, F.PACKED, F.LABEL_STARTED),
    F.BOX_DOUBTED: (F.EXTRA_BOX, F.PACKED),
    F.EXTRA_BOX: (F.EXTRA_BOX, F.PACKED),
    F.PACKED: (F.BOX_OUT, F.LABEL_STARTED),
}


def check_packing(record: Record) -> None:
    """Check the laws of boxes, labels and benches over a whole log."""
    laws = _PackingLaws(record)
    now_s = 0.0
    read = (*AFTER_PACKING_FACT, F.REWORK, F.VOID, F.LABEL_STARTED, F.MATERIAL_RECEIVED)
    for row in record.rows(*read):  # type: ignore[arg-type]  # no None among them
        if row.time_s > now_s:
            laws.moment_ends()
            now_s = row.time_s
        laws.take(row)
    laws.moment_ends()
    if record.played.open_lives == 0:
        assert not laws.waits_for
        assert laws.at_benches == 0


class _PackingLaws:
    def __init__(self, record: Record) -> None:
        self.packing = record.setting.scenario.packing
        self.boxes = sorted(self.packing.boxes.values(), key=lambda box: box.volume_ml)
        kinds = [*(box.stock for box in self.boxes), self.packing.labels]
        self.there = {k: stock.units for k, stock in enumerate(kinds) if stock is not None}
        self.deliveries: set[tuple[int, float]] = set()
        self.waits_for: dict[int, int] = {}
        self.parcels: dict[int, int] = defaultdict(int)
        self.at_benches = 0
        self.aside: set[int] = set()

    def moment_ends(self) -> None:
        """No more is worked on than there are benches, and nothing is used that is not there."""
        benches = self.packing.benches
        # a parcel that waits for its box has left the bench, which the log does not say
        if benches is not None and not self.there:
            assert self.at_benches <= benches, f"{self.at_benches} parcels at {benches} benches"
        assert all(units >= 0 for units in self.there.values()), self.there

    def take(self, row: Row) -> None:
        """Check one fact."""
        fact, shipment = row.fact, row.subject
        if fact == F.MATERIAL_RECEIVED:
            assert (row.subject, row.value) not in self.deliveries
            assert row.other > 0
            self.deliveries.add((row.subject, row.value))
            self.there[row.subject] += row.other
        elif fact == F.BENCHES_FULL:
            assert self.packing.benches is not None
        elif fact == F.PACK_STARTED:
            self.at_benches += 1
        elif fact == F.PUT_ASIDE:
            self._leaves_the_bench(shipment)
            self.aside.add(shipment)
        elif fact == F.REWORK:
            self._leaves_the_bench(shipment)
        elif fact == F.VOID:
            self.aside.discard(shipment)
        elif fact == F.BOX_OUT:
            self._out(row)
        elif fact == F.BOX_DOUBTED:
            assert self.packing.box_rule != "volume"
            assert row.value in tuple(BoxDoubt)
        elif fact == F.LABEL_STARTED:
            assert shipment not in self.waits_for, "labelled while it waits for its label"
            self._use(len(self.boxes), self.parcels[shipment])
        else:
            self._box(row)

    def _box(self, row: Row) -> None:
        assert row.subject not in self.waits_for, "packed while it waits for its box"
        assert 0.0 <= row.value <= self.boxes[row.other].volume_ml
        self.parcels[row.subject] += 1
        self._use(row.other, 1)
        if row.fact == F.PACKED:
            self._leaves_the_bench(row.subject)

    def _leaves_the_bench(self, shipment: int) -> None:
        """What was put aside has left it before."""
        self.at_benches -= shipment not in self.aside
        self.aside.discard(shipment)

    def _out(self, row: Row) -> None:
        assert row.other in self.there, "out of what never runs out"
        if row.value < 0.0:
            assert row.subject not in self.waits_for
            self.waits_for[row.subject] = row.other
            return
        assert self.waits_for.pop(row.subject, row.other) == row.other
        assert row.value >= row.other, "a smaller box takes the place of a larger"

    def _use(self, kind: int, units: int) -> None:
        if kind in self.there:
            self.there[kind] -= units

"""What the log says about packing: boxes that were out or doubted, benches that were all taken."""

from __future__ import annotations

from sim.kpis.columns import Rows
from sim.kpis.slices import Handler, Slice
from sim.log.facts import Fact


class PackingTables:
    """The packing benches.

    Attributes
    ----------
    box_outs
        Rows: ``shipment time_s wanted got``; ``got`` -1 where the shipment began to wait.
    box_doubts
        Rows: ``shipment doubt``.
    benches_full
        Rows: ``shipment``, once each time it joined the line while every bench was taken.
    """

    def __init__(self) -> None:
        self.box_outs = Rows(shipment="i4", time_s="f8", wanted="i2", got="i2")
        self.box_doubts = Rows(shipment="i4", doubt="u1")
        self.benches_full = Rows(shipment="i4")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.BOX_OUT): self._box_out,
            int(Fact.BOX_DOUBTED): lambda s: self.box_doubts.append(
                len(s.subject), shipment=s.subject, doubt=s.value
            ),
            int(Fact.BENCHES_FULL): lambda s: self.benches_full.append(
                len(s.subject), shipment=s.subject
            ),
        }

    def _box_out(self, facts: Slice) -> None:
        self.box_outs.append(
            len(facts.subject),
            shipment=facts.subject,
            time_s=facts.time_s,
            wanted=facts.other,
            got=facts.value,
        )

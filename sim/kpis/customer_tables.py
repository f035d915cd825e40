"""What the log says about customers: who dropped out and why, who was won back."""

from __future__ import annotations

from sim.kpis.columns import Rows
from sim.kpis.slices import Handler
from sim.log.facts import Fact


class CustomerTables:
    """Customers.

    Attributes
    ----------
    dropped_out
        Rows: ``order`` after which a ``customer`` was gone, and DropOutCause.
    won_back
        Rows: ``order`` whose contact brought a ``customer`` back.
    """

    def __init__(self) -> None:
        self.dropped_out = Rows(order="i4", customer="i4", time_s="f8", cause="u1")
        self.won_back = Rows(order="i4", customer="i4", time_s="f8")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.DROPPED_OUT): lambda s: self.dropped_out.append(
                len(s.subject), order=s.subject, customer=s.other, time_s=s.time_s, cause=s.value
            ),
            int(Fact.WON_BACK): lambda s: self.won_back.append(
                len(s.subject), order=s.subject, customer=s.other, time_s=s.time_s
            ),
        }

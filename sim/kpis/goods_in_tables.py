"""What the log says about goods on their way to the pickers: deliveries, receipts, top-ups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.slices import Handler, Slice, Window
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]


class GoodsInTables:
    """Deliveries and pick faces.

    Attributes
    ----------
    deliveries
        Per delivery that came step by step: ``arrived_s docked_s put_away_s`` (NaN: not yet).
    receipts_in_window
        Deliveries put on the shelf inside the window, however they came.
    top_ups
        Rows of what is done for pick faces: ``fact time_s``; TOP_UP_ASKED only for emergencies.
    face_waits
        Rows of lines that found their face too empty: ``time_s waited_s``.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self.deliveries = Numbered(
            0, arrived_s=("f8", NAN), docked_s=("f8", NAN), put_away_s=("f8", NAN)
        )
        self.receipts_in_window = 0
        self.top_ups = Rows(fact="u1", time_s="f8")
        self.face_waits = Rows(time_s="f8", waited_s="f8")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.TRUCK_ARRIVED): lambda s: self._of_delivery("arrived_s", s),
            int(Fact.DOCKED): lambda s: self._of_delivery("docked_s", s),
            int(Fact.PUT_AWAY): lambda s: self._of_delivery("put_away_s", s),
            int(Fact.RECEIVED): self._received,
            int(Fact.TOP_UP_ASKED): self._top_up_asked,
            int(Fact.TOP_UP_LIFTED): lambda s: self._top_up(Fact.TOP_UP_LIFTED, s.time_s),
            int(Fact.TOPPED_UP): lambda s: self._top_up(Fact.TOPPED_UP, s.time_s),
            int(Fact.WAITED_FOR_TOP_UP): self._waited,
        }

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.deliveries.nbytes + self.top_ups.nbytes + self.face_waits.nbytes

    def _of_delivery(self, field: str, facts: Slice) -> None:
        self.deliveries.reach(int(facts.subject.max()))
        self.deliveries.set(field, facts.subject, facts.time_s)

    def _received(self, facts: Slice) -> None:
        self.receipts_in_window += int(np.count_nonzero(self._window.holds(facts.time_s)))

    def _top_up_asked(self, facts: Slice) -> None:
        self._top_up(Fact.TOP_UP_ASKED, facts.time_s[facts.value == 1.0])

    def _top_up(self, fact: Fact, time_s: Floats) -> None:
        self.top_ups.append(len(time_s), fact=int(fact), time_s=time_s)

    def _waited(self, facts: Slice) -> None:
        self.face_waits.append(len(facts.value), time_s=facts.time_s, waited_s=facts.value)

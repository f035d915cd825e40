"""Pick faces in a house without orders: a test claims, waits and puts back as pickers would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.engine.setting import prepare
from sim.engine.wiring import build_house
from sim.log.event_log import Chunk, EventLog, join
from sim.log.facts import Fact
from sim.policies.face_levels import FaceLevels
from sim.scenario.schema import ROLES
from sim.stages.house import House
from sim.stages.pick_faces import PickFaces
from tests.sim.engine.playing import EVERY_DAY, scenario_of
from tests.sim.stages.by_hand import PLAIN, book_by_hand, merged

TOP_UP_S, UNIT_S = 100.0, 10.0


class FloorByHand:
    """Faces of given levels and stock; a top-up takes 100 s and 10 s for each unit.

    Parameters
    ----------
    on_hand
        Units of each SKU at the start.
    levels
        Minimum and maximum of every face.
    replenishers
        How many there are, around the clock.
    rules
        Further keys of the scenario's section.
    """

    def __init__(
        self,
        on_hand: Sequence[int],
        levels: tuple[int, int] = (2, 6),
        replenishers: int = 1,
        **rules: Any,
    ) -> None:
        shift = {"days": EVERY_DAY, "start": "00:00", "end": "24:00", **dict.fromkeys(ROLES, 1)}
        shift["replenishers"] = replenishers
        section = {"used": True, "top_up_s": TOP_UP_S, "top_up_s_per_unit": UNIT_S, **rules}
        sections = {
            "pick_faces": section,
            "staff": {"always": shift},
            "stock": {"unlimited": False},
        }
        setting = prepare(scenario_of(**merged(PLAIN, sections)), {})
        self._chunks: list[Chunk] = []
        self._log = EventLog([self._chunks.append])
        book = book_by_hand(setting, [(0.0, [(0, 1)])])
        self.house: House = build_house(setting, book, self._log)
        self.on_hand = list(on_hand)
        self.faces = PickFaces(
            setting.scenario.pick_faces, [FaceLevels(*levels)] * len(on_hand), on_hand
        )
        self.house.pick_faces = self.faces
        self.faces.enter(self.house)
        while self.house.env.peek() == 0.0:  # everybody comes
            self.house.env.step()

    def go_on_until(self, time_s: float) -> None:
        """Let the clock run; see that all is as it must be."""
        self.house.env.run(until=time_s)
        assert list(self.faces.faults(self.on_hand, all_done=False)) == []

    def told(self, *facts: Fact) -> list[tuple[float, Fact, int, int]]:
        """Return time, kind, SKU and units of some facts; of a start, the units on the cart."""
        self._log.flush()
        log = join(self._chunks)
        rows = zip(*(column.tolist() for column in log), strict=True)
        return [
            (time_s, Fact(fact), sku, int(value) if fact == Fact.TOP_UP_STARTED else other)
            for time_s, fact, sku, other, value in rows
            if fact in facts
        ]

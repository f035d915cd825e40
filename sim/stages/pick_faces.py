"""Pick faces and reserve: where the units of a SKU lie, and how they come within reach.

A tour claims its units on the faces when it starts. A face whose unclaimed units fall to the
minimum is topped up from the reserve by a replenisher. A line that found its face too empty waits
until its units are there and claimed for it, in the order of asking. Units that are reserved are
on hand, so they lie on the face, in the reserve or on a cart between the two: every such line is
served in the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import simpy

from sim.clock.lines import Job
from sim.clock.process import Wake
from sim.log.facts import Fact
from sim.policies.face_levels import FaceLevels, units_to_bring
from sim.scenario.schema.pick_faces import PickFacesSection
from sim.stages.top_ups import TopUpLine

if TYPE_CHECKING:
    from sim.stages.house import House

REPLENISHERS = 6  # house.py stands above this file
TOP_UP_ASKED, TOP_UP_LIFTED = int(Fact.TOP_UP_ASKED), int(Fact.TOP_UP_LIFTED)
TOP_UP_STARTED, TOPPED_UP = int(Fact.TOP_UP_STARTED), int(Fact.TOPPED_UP)
TOP_UP_CALLED_OFF, WAITED = int(Fact.TOP_UP_CALLED_OFF), int(Fact.WAITED_FOR_TOP_UP)
IN_TURN, EMERGENCY, ON_ITS_WAY = range(3)


class AtTheFace(Wake):
    """A line that waits until its units are on the face and claimed for it."""

    def __init__(self, env: simpy.Environment, units: int) -> None:
        super().__init__(env)
        self.units = units
        self.since_s = env.now


class PickFaces:
    """Faces and reserve by SKU as plain lists.

    Parameters
    ----------
    rules
        The scenario's section.
    levels
        Levels of each face.
    on_hand
        Units at the start: the faces are full, the rest is the reserve.

    Attributes
    ----------
    face
        Units on the face that nobody has claimed.
    claimed
        Units on the face that tours under way will take.
    reserve, on_cart
        Units in the reserve, and between it and the face.
    line
        Faces that wait for a replenisher.
    """

    def __init__(
        self, rules: PickFacesSection, levels: Sequence[FaceLevels], on_hand: Sequence[int]
    ) -> None:
        self.face = [min(units, level.most) for units, level in zip(on_hand, levels, strict=True)]
        self.reserve = [units - there for units, there in zip(on_hand, self.face, strict=True)]
        self.claimed = [0] * len(levels)
        self.on_cart = [0] * len(levels)
        self.line = TopUpLine(self._begin)
        self.house: House
        self._rules = rules
        self._levels = levels
        self._least = [level.least for level in levels]
        self._top_ups: dict[int, int] = {}
        self._waiting: dict[int, deque[AtTheFace]] = {}
        self._waited_for = [0] * len(levels)

    def enter(self, house: House) -> None:
        """Take their place in the house, and the line its place before the replenishers."""
        self.house = house
        house.staff.sources[REPLENISHERS] = self.line

    # what pickers do

    def claim(self, sku: int, units: int) -> bool:
        """Claim units for a tour that starts now; False: the face holds too few."""
        left = self.face[sku] - units
        if left < 0:
            return False
        self.face[sku] = left
        self.claimed[sku] += units
        if left <= self._least[sku]:
            self._look_at(sku)
        return True

    def top_up_for(self, house: House, sku: int, units: int) -> Wake:
        """Have units brought; the event happens when they are there and claimed."""
        waits = AtTheFace(house.env, units)
        self._waiting.setdefault(sku, deque()).append(waits)
        self._waited_for[sku] += units
        self._serve(sku)
        return waits

    def settle(self, sku: int, claimed: int, taken: int) -> None:
        """End a claim: so many units were really taken."""
        self.claimed[sku] -= claimed
        if taken != claimed:
            self.face[sku] += claimed - taken
            self._serve(sku)

    def unclaim(self, house: House, sku: int, units: int) -> None:
        """Give up a claim: the line is not picked after all."""
        self.claimed[sku] -= units
        self.put_back(house, sku, units)

    def put_back(self, _: House, sku: int, units: int) -> None:
        """Put units back on the face."""
        self.face[sku] += units
        self._serve(sku)

    def has_spare(self, sku: int) -> bool:
        """Tell whether an unclaimed unit lies on the face."""
        return self.face[sku] > 0

    # what comes from outside, and from the reserve

    def received(self, sku: int, units: int) -> None:
        """Put away what was delivered or sent back: on the face where it has room, else behind."""
        wanted = self._levels[sku].most + self._waited_for[sku]
        to_face = min(units, max(0, wanted - self.face[sku] - self.on_cart[sku]))
        self.face[sku] += to_face
        self.reserve[sku] += units - to_face
        self._serve(sku)

    def _units_to_bring(self, sku: int) -> int:
        return units_to_bring(
            self.face[sku], self._waited_for[sku], self.reserve[sku], self._levels[sku]
        )

    def _serve(self, sku: int) -> None:
        """Claim what lies there for those who wait, oldest first; see to the next top-up."""
        queue = self._waiting.get(sku)
        while queue and self.face[sku] >= queue[0].units:
            waits = queue.popleft()
            self.face[sku] -= waits.units
            self.claimed[sku] += waits.units
            self._waited_for[sku] -= waits.units
            now = self.house.env.now
            self.house.log.add((now, WAITED, sku, waits.units, now - waits.since_s))
            waits.now()
        self._look_at(sku)

    def _look_at(self, sku: int) -> None:
        """Ask for a top-up, let it go first or call it off, as the face now is."""
        top_up, units = self._top_ups.get(sku), self._units_to_bring(sku)
        if top_up == ON_ITS_WAY or (top_up is None and not units):
            return
        add, now = self.house.log.add, self.house.env.now
        urgent = self._rules.emergency_top_up and self._waited_for[sku] > 0
        if top_up is None:
            self._top_ups[sku] = EMERGENCY if urgent else IN_TURN
            add((now, TOP_UP_ASKED, sku, units, float(urgent)))
            self.line.join(sku, now, urgent=urgent)
            self.house.staff.wake(REPLENISHERS)
        elif not units:
            del self._top_ups[sku]
            add((now, TOP_UP_CALLED_OFF, sku, -1, 0.0))
            self.line.call_off(sku, now)
        elif urgent and top_up == IN_TURN:
            self._top_ups[sku] = EMERGENCY
            add((now, TOP_UP_LIFTED, sku, -1, 0.0))
            self.line.lift(sku)

    def _begin(self, sku: int) -> Job:
        """Take the units of a top-up out of the reserve."""
        units = self._units_to_bring(sku)
        self._top_ups[sku] = ON_ITS_WAY
        self.reserve[sku] -= units
        self.on_cart[sku] += units
        work_s = self._rules.top_up_s + self._rules.top_up_s_per_unit * units
        job = Job(self.house.env, work_s, TOP_UP_STARTED, sku)
        job.value_of_fact = float(units)
        job.callbacks.append(_Brought(self, sku, units))
        return job

    def brought(self, sku: int, units: int) -> None:
        """Put the units of a top-up on the face."""
        del self._top_ups[sku]
        self.on_cart[sku] -= units
        self.face[sku] += units
        self.house.log.add((self.house.env.now, TOPPED_UP, sku, units, 0.0))
        self._serve(sku)

    # what must be true

    def faults(self, on_hand: Sequence[int], *, all_done: bool) -> Iterator[tuple[int, str]]:
        """Yield SKU and fault of every face that is not as it must be.

        Parameters
        ----------
        on_hand
            Units of each SKU by the books.
        all_done
            No order is open any more: nothing may be claimed or waited for.
        """
        columns = (self.face, self.claimed, self.reserve, self.on_cart, on_hand)
        for sku, (face, claimed, reserve, on_cart, there) in enumerate(zip(*columns, strict=True)):
            if (
                min(face, claimed, reserve, on_cart) < 0
                or face + claimed + reserve + on_cart != there
            ):
                yield (
                    sku,
                    (
                        f"{face} on the face, {claimed} claimed, {reserve} in the reserve, "
                        f"{on_cart} on a cart, {there} on hand"
                    ),
                )
            waits, top_up = self._waited_for[sku], self._top_ups.get(sku)
            if top_up is None and (waits or self._units_to_bring(sku)):
                yield (
                    sku,
                    f"{waits} units waited for, {face} on the face, and no top-up is asked for",
                )
            if top_up in (IN_TURN, EMERGENCY) and not self._units_to_bring(sku):
                yield sku, "a top-up is asked for that brings nothing"
            if all_done and (claimed or waits):
                yield sku, f"{claimed} units claimed and {waits} waited for after the last order"


class _Brought:
    """Callback at the end of a top-up."""

    __slots__ = ("faces", "sku", "units")

    def __init__(self, faces: PickFaces, sku: int, units: int) -> None:
        self.faces = faces
        self.sku = sku
        self.units = units

    def __call__(self, _: simpy.Event) -> None:
        self.faces.brought(self.sku, self.units)

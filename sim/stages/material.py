"""Boxes and labels that can run out: what is there, what is ordered, who waits.

A box that is out is replaced by the next larger one that is there; where none is, the shipment
waits for a delivery. Who waits is served in the order of coming, and nobody new takes what they
wait for.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.process import LeanProcess, Wake
from sim.log.facts import BoxDoubt, Fact
from sim.policies.boxes import Chosen, Contents
from sim.scenario.schema.packing import MaterialStock, PackingSection
from sim.stages.box_choice import BoxChoice
from sim.stages.house import House

BOX_OUT, MATERIAL_RECEIVED = int(Fact.BOX_OUT), int(Fact.MATERIAL_RECEIVED)
OVERSIZE = int(BoxDoubt.OVERSIZE)
DAY_S = 86_400.0


class _Supply:
    """One kind of box, or the labels: what is there, and what is on its way."""

    __slots__ = ("deliveries", "number", "on_hand", "on_order", "rule")

    def __init__(self, number: int, rule: MaterialStock) -> None:
        self.number = number
        self.rule = rule
        self.on_hand = rule.units
        self.on_order = 0
        self.deliveries = 0


class _Wish:
    """What a shipment needs, and what it got; labels have no ``contents`` and nothing instead."""

    __slots__ = ("chosen", "contents", "got", "ready", "wanted")

    def __init__(self, wanted: Counter[int], chosen: Chosen, contents: Contents | None) -> None:
        self.wanted = wanted
        self.chosen = chosen
        self.contents = contents
        self.got = wanted
        self.ready: Wake


class Material:
    """The stock of boxes and labels; those without a stock never run out.

    Parameters
    ----------
    packing
        Boxes and labels.
    choice
        The box rule, for boxes in the place of others.
    """

    def __init__(self, packing: PackingSection, choice: BoxChoice) -> None:
        self._choice = choice
        boxes = packing.boxes_by_volume
        self._labels = len(boxes)
        rules = [*(box.stock for box in boxes), packing.labels]
        self._supplies = {
            number: _Supply(number, rule) for number, rule in enumerate(rules) if rule is not None
        }
        self._queue: list[_Wish] = []
        self._waited_for: Counter[int] = Counter()

    @property
    def can_run_out(self) -> bool:
        """Whether there is anything to run out of."""
        return bool(self._supplies)

    def least_on_hand(self) -> int:
        """Return the least that is there of any kind."""
        return min((supply.on_hand for supply in self._supplies.values()), default=0)

    def boxes(
        self, house: House, shipment: int, contents: Contents, chosen: Chosen
    ) -> Generator[simpy.Event, Any, Chosen]:
        """Take the boxes chosen, or others in their place, or wait for them."""
        wish = _Wish(Counter(box for box, _ in chosen.parcels), chosen, contents)
        yield from self._take(house, shipment, wish)
        return wish.chosen

    def labels(
        self, house: House, shipment: int, chosen: Chosen
    ) -> Generator[simpy.Event, Any, None]:
        """Take a label for each parcel, or wait for it."""
        wish = _Wish(Counter({self._labels: len(chosen.parcels)}), chosen, None)
        yield from self._take(house, shipment, wish)

    def _take(self, house: House, shipment: int, wish: _Wish) -> Generator[simpy.Event, Any, None]:
        add, env = house.log.add, house.env
        out = next((k for k, count in wish.wanted.items() if count > self._free(k)), -1)
        if not self._grant(wish):
            add((env.now, BOX_OUT, shipment, out, -1.0))
            wish.ready = Wake(env)
            self._queue.append(wish)
            self._waited_for.update(wish.wanted)
            self._buy_what_is_low(house)
            yield wish.ready
        if out >= 0:
            instead = max(wish.got - wish.wanted, default=out)
            add((env.now, BOX_OUT, shipment, out, float(instead)))
        self._buy_what_is_low(house)

    def _free(self, number: int) -> float:
        """Return what is there and not waited for by those who came before."""
        supply = self._supplies.get(number)
        return math.inf if supply is None else supply.on_hand - self._waited_for[number]

    def _grant(self, wish: _Wish) -> bool:
        """Give a shipment what it wants, or something instead, if it is there."""
        if any(count > self._free(number) for number, count in wish.wanted.items()):
            instead = self._instead(wish)
            if instead is None:
                return False
            wish.chosen = instead
            wish.got = Counter(box for box, _ in instead.parcels)
        for number, count in wish.got.items():
            if number in self._supplies:
                self._supplies[number].on_hand -= count
        return True

    def _instead(self, wish: _Wish) -> Chosen | None:
        """Return larger boxes that are there and hold the goods; None if there are none."""
        if wish.contents is None:
            return None
        boxes = [box for box in range(self._labels) if self._free(box) >= 1]
        while boxes:
            chosen = self._choice.choose_among(boxes, wish.contents)
            if not _as_large(chosen, wish.chosen) or chosen.doubt == OVERSIZE != wish.chosen.doubt:
                return None
            needed = Counter(box for box, _ in chosen.parcels)
            lacking = [box for box, count in needed.items() if count > self._free(box)]
            if not lacking:
                return chosen
            boxes = [box for box in boxes if box not in lacking]
        return None

    def _buy_what_is_low(self, house: House) -> None:
        """Order whole lots until what is there and comes, less what is waited for, is enough."""
        for number, supply in self._supplies.items():
            rule = supply.rule
            position = supply.on_hand + supply.on_order - self._waited_for[number]
            if position > rule.reorder_point:
                continue
            lots = (rule.reorder_point - position) // rule.reorder_units + 1
            supply.on_order += lots * rule.reorder_units
            LeanProcess(self._arrives(house, supply, lots * rule.reorder_units))

    def _arrives(
        self, house: House, supply: _Supply, units: int
    ) -> Generator[simpy.Event, Any, None]:
        """A delivery comes to the benches; who waited goes on."""
        delivery = supply.deliveries
        supply.deliveries += 1
        law = supply.rule.lead_time_days
        days = house.redraw(law, "packing/material", supply.number, delivery)
        yield house.env.timeout(days * DAY_S)
        house.log.add((house.env.now, MATERIAL_RECEIVED, supply.number, units, float(delivery)))
        supply.on_order -= units
        supply.on_hand += units
        self._serve()

    def _serve(self) -> None:
        """Look at everybody who waits; nobody takes what those before them wait for."""
        queue, self._queue = self._queue, []
        self._waited_for.clear()
        served = []
        for wish in queue:
            if self._grant(wish):
                served.append(wish)
            else:
                self._waited_for.update(wish.wanted)
                self._queue.append(wish)
        for wish in served:
            wish.ready.now()


def _as_large(chosen: Chosen, wanted: Chosen) -> bool:
    """Tell whether there are no more boxes than wanted, and each at least as large."""
    boxes = sorted((box for box, _ in chosen.parcels), reverse=True)
    others = sorted((box for box, _ in wanted.parcels), reverse=True)
    return len(boxes) <= len(others) and all(a >= b for a, b in zip(boxes, others, strict=False))

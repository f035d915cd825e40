"""The cart of the returns desk: sound goods wait on it for the round that takes them to the shelf.

A full cart goes at once, any other with the round of the day.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.scenario.schema import clock_s
from sim.scenario.schema.after_sales import ReturnsSection

if TYPE_CHECKING:
    from sim.stages.house import House

ON_CART, RESTOCKED = int(Fact.ON_CART), int(Fact.RESTOCKED)
DAY_S = 86_400.0


class OnCart(NamedTuple):
    """Units of a line that wait for the round."""

    line: int
    sku: int
    units: int


class ReturnsCart:
    """Units that are sound and not on the shelf yet.

    Attributes
    ----------
    waiting
        What lies on the cart that is being filled.
    """

    def __init__(self, returns: ReturnsSection, role: int) -> None:
        self.waiting: list[OnCart] = []
        self._full_units = returns.restock_cart_units
        self._round_at_s = clock_s(returns.restock_round_at)
        self._restock_s = returns.restock_s
        self._role = role
        self._units = 0
        self._carts = 0

    def put_on(self, house: House, line: int, sku: int, units: int) -> None:
        """Put sound units on the cart; they keep the run open until they are on the shelf."""
        house.life_begins()
        house.log.add((house.env.now, ON_CART, line, units, 0.0))
        self.waiting.append(OnCart(line, sku, units))
        self._units += units
        if self._units >= self._full_units:
            self._go(house)
        elif len(self.waiting) == 1:
            LeanProcess(self._round_of_the_day(house, self._carts))

    def _round_of_the_day(self, house: House, cart: int) -> Generator[simpy.Event, Any, None]:
        """Let a cart go at the hour of the round, unless it was full before."""
        now, at_s = house.env.now, self._round_at_s
        yield house.env.timeout(math.ceil((now - at_s) / DAY_S) * DAY_S + at_s - now)
        if cart == self._carts:
            self._go(house)

    def _go(self, house: House) -> None:
        load, self.waiting = self.waiting, []
        self._units = 0
        self._carts += 1
        LeanProcess(self._put_away(house, load))

    def _put_away(self, house: House, load: Sequence[OnCart]) -> Generator[simpy.Event, Any, None]:
        """One piece of work for a returns clerk; all of it is there when it ends."""
        yield house.staff.do(self._role, len(load) * self._restock_s, 0, load[0].line)
        for line, sku, units in load:
            house.log.add((house.env.now, RESTOCKED, line, units, 0.0))
            house.stock.restock(house, sku, units)
            house.life_ends()

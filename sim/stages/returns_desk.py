"""The returns desk: says yes or no, inspects what comes, and finds a place for it.

Sound goods go back on the shelf, at once or with the cart; the others are refurbished or scrapped.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim.log.facts import Fact, Refusal, ReturnReason
from sim.scenario.schema import ROLES
from sim.scenario.schema.after_sales import ReturnsSection
from sim.stages.order import Line
from sim.stages.returns_cart import ReturnsCart
from sim.warehouse.items import Catalogue

if TYPE_CHECKING:
    from sim.stages.house import House

AUTHORISE_STARTED, AUTHORISED = int(Fact.AUTHORISE_STARTED), int(Fact.RETURN_AUTHORISED)
REFUSED, INSPECT_STARTED = int(Fact.RETURN_REFUSED), int(Fact.INSPECT_STARTED)
RESTOCKED, SCRAPPED, SOLD_OFF = int(Fact.RESTOCKED), int(Fact.SCRAPPED), int(Fact.SOLD_OFF)
REFURBISH_STARTED, REFURBISHED = int(Fact.REFURBISH_STARTED), int(Fact.REFURBISHED)
RETURNS_CLERKS = ROLES.index("returns_clerks")
DAY_S = 86_400.0

CUSTOMERS_OWN = frozenset(
    int(reason)
    for reason in (
        ReturnReason.FIT,
        ReturnReason.NOT_AS_EXPECTED,
        ReturnReason.CHANGED_MIND,
        ReturnReason.LATE,
    )
)
"""Reasons why sound goods come back; the others are the house's own doing and never refused."""


class ReturnsDesk:
    """Rules of the returns desk, ready for use.

    Attributes
    ----------
    may_say_no
        Whether a request is looked at by anybody, or can come too late.
    cart
        Where sound goods wait for their round; None where each goes to its shelf at once.
    """

    def __init__(self, returns: ReturnsSection, catalogue: Catalogue) -> None:
        self._rules = returns
        self._window_s = None if returns.window_days is None else returns.window_days * DAY_S
        self._by_clerk = returns.authorisation == "clerk"
        self.may_say_no = self._by_clerk or self._window_s is not None
        self._authorised_by = ROLES.index(returns.authorised_by)
        self.cart = ReturnsCart(returns, RETURNS_CLERKS) if returns.restock == "cart" else None
        self._restock_s = 0.0 if self.cart else returns.restock_s
        self._category = catalogue.category
        self._kin: dict[int, Sequence[int]] = {}
        self._cost_cents = catalogue.cost_cents

    def kin(self, sku: int) -> Sequence[int]:
        """Return the SKUs of the same category, ascending."""
        category = int(self._category[sku])
        if category not in self._kin:
            self._kin[category] = np.flatnonzero(self._category == category).tolist()
        return self._kin[category]

    def says_yes(
        self, house: House, line: Line, reason: int, units: int, lag_s: float
    ) -> Generator[simpy.Event, Any, bool]:
        """Refuse what is asked for too late; let a clerk decide on the rest if so ruled."""
        own, number, luck = reason in CUSTOMERS_OWN, line.number, house.book.luck
        if own and self._window_s is not None and lag_s > self._window_s:
            return _says_no(house, number, units, Refusal.TOO_LATE)
        if not self._by_clerk:
            return True
        work_s = float(luck.authorise_s[number])
        yield house.staff.do(self._authorised_by, work_s, AUTHORISE_STARTED, number)
        if own and luck.refused[number]:
            return _says_no(house, number, units, Refusal.NOT_AUTHORISED)
        house.log.add((house.env.now, AUTHORISED, number, units, 0.0))
        return True

    def inspect(
        self, house: House, line: Line, reason: int, units: int
    ) -> Generator[simpy.Event, Any, bool]:
        """Open, look, decide; return True if the goods are to be refurbished."""
        luck, number = house.book.luck, line.number
        sound = is_as_new(house, line, reason)
        work_s = float(luck.inspect_s[number]) + (self._restock_s if sound else 0.0)
        yield house.staff.do(RETURNS_CLERKS, work_s, INSPECT_STARTED, number)
        if sound:
            self._to_the_shelf(house, line, units)
        elif luck.refurbished[number]:
            return True
        else:
            value = float(self._cost_cents[line.sku]) * self._rules.scrap_value_share
            house.log.add((house.env.now, SCRAPPED, number, units, float(units * round(value))))
        return False

    def refurbish(self, house: House, line: Line, units: int) -> Generator[simpy.Event, Any, None]:
        """Make the goods good again, then put them on the shelf or sell them off."""
        luck, number, rules = house.book.luck, line.number, self._rules
        new_again = rules.refurbished_to == "shelf"
        yield house.env.timeout(float(luck.refurbish_wait_s[number]))
        work_s = float(luck.refurbish_s[number]) + (self._restock_s if new_again else 0.0)
        yield house.staff.do(RETURNS_CLERKS, work_s, REFURBISH_STARTED, number)
        material = units * round(rules.refurbish_material_eur * 100.0)
        house.log.add((house.env.now, REFURBISHED, number, units, float(material)))
        if new_again:
            self._to_the_shelf(house, line, units)
        else:
            cents = units * round(line.price_cents * rules.second_hand_share)
            house.log.add((house.env.now, SOLD_OFF, number, units, float(cents)))

    def _to_the_shelf(self, house: House, line: Line, units: int) -> None:
        if self.cart is not None:
            self.cart.put_on(house, line.number, line.sku, units)
            return
        house.log.add((house.env.now, RESTOCKED, line.number, units, 0.0))
        house.stock.restock(house, line.sku, units)


def is_as_new(house: House, line: Line, reason: int) -> bool:
    """Tell whether what comes back can be sold as new."""
    return bool(house.book.luck.restockable[line.number]) and reason != ReturnReason.DAMAGED


def _says_no(house: House, line: int, units: int, why: Refusal) -> bool:
    house.log.add((house.env.now, REFUSED, line, units, float(why)))
    return False

"""Substitutes: another SKU takes the place of one that is not there."""

from __future__ import annotations

from collections.abc import Callable

from sim.log.facts import Fact, ShortAnswer
from sim.policies.substitution import NONE_THERE
from sim.stages.house import House
from sim.stages.order import Line, Order

SHORT, SUBSTITUTED = int(Fact.SHORT), int(Fact.SUBSTITUTED)


def put_in_place(
    house: House, order: Order, line: Line, is_there: Callable[[int], bool], mark: int = 0
) -> bool:
    """Let the nearest SKU that is there take a line's place; return False if there is none.

    ``mark`` is OVERSALE where the click had shown the line as in stock.
    The customer pays the lower of both prices. A SKU that the order asks for already is none.
    """
    nearest = house.stockouts.nearest
    if nearest is None:
        return False
    asked_for = {other.sku for other in order.lines}
    sku = nearest.find(line.sku, lambda sku: sku not in asked_for and is_there(sku))
    if sku == NONE_THERE:
        return False
    add, now = house.log.add, house.env.now
    add((now, SHORT, line.number, line.units, float(ShortAnswer.SUBSTITUTE + mark)))
    line.sku = sku
    line.price_cents = min(line.price_cents, int(house.catalogue.price_cents[sku]))
    order.short = True
    add((now, SUBSTITUTED, line.number, sku, float(line.price_cents)))
    return True


def offer(house: House, order: Order, line: Line, mark: int) -> bool:
    """Offer a substitute for a line that cannot be reserved; reserve it if it is taken."""
    if not house.book.luck.takes_substitute[line.number]:
        return False
    stock, units = house.stock, line.units

    def is_there(sku: int) -> bool:
        return stock.available(sku) >= units and not waits_for(house, sku)

    if not put_in_place(house, order, line, is_there, mark):
        return False
    refused = stock.reserve(house, [line])
    assert not refused, "a substitute that is not there"
    return True


def waits_for(house: House, sku: int) -> bool:
    """Tell whether lines wait for a SKU whom nobody may overtake."""
    return house.stockouts.no_overtaking and house.stock.queues.units[sku] > 0

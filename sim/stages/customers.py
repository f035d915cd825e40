"""Customers: how the last order went decides whether the next one is placed.

A customer's loyalty is the chance that their next due order is placed. It is 1 after a good order
and is lowered by each bad experience of the last one.
"""

from __future__ import annotations

from sim.stages.house import House
from sim.stages.order import Order


def remember(house: House, order: Order) -> None:
    """Set a customer's loyalty by how the order went."""
    if order.customer < 0:
        return
    if not (order.late or order.wrong or order.short or order.refused):
        house.loyalty.pop(order.customer, None)
        return
    effects = house.scenario.customers.experience
    loyalty = 1.0
    if order.late:
        loyalty *= 1.0 - effects.late
    if order.wrong:
        loyalty *= 1.0 - effects.wrong_item
    if order.short:
        loyalty *= 1.0 - effects.stockout
    if order.refused:
        loyalty *= 1.0 - effects.turned_away
    _set(house, order.customer, loyalty)


def hears_no(house: House, order: Order) -> None:
    """A customer whose order the house could not meet."""
    if order.customer < 0:
        return
    effect = house.scenario.customers.experience.turned_away
    _set(house, order.customer, 1.0 - effect)


def is_followed_up(house: House, customer: int) -> None:
    """A contact after delivery wins back a share of what was lost."""
    loyalty = house.loyalty.get(customer)
    if loyalty is not None:
        recovered = house.scenario.customers.experience.followed_up_recovers
        _set(house, customer, loyalty + (1.0 - loyalty) * recovered)


def waited_for_money(house: House, order: Order) -> None:
    """A refund that came late."""
    if order.customer >= 0:
        effect = house.scenario.customers.experience.slow_refund
        _set(house, order.customer, house.loyalty.get(order.customer, 1.0) * (1.0 - effect))


def _set(house: House, customer: int, loyalty: float) -> None:
    if loyalty < 1.0:
        house.loyalty[customer] = loyalty
    else:
        house.loyalty.pop(customer, None)

"""Customers: how the last order went decides whether the next one is placed.

A customer's loyalty is the chance that their next due order is placed. It is 1 after a good order
and is lowered by each bad experience of the last one. Where customers may drop out, a bad
experience can also be the last one.
"""

from __future__ import annotations

from sim.log.facts import DropOutCause, Fact, LostCause
from sim.orders.book import OrderBook
from sim.scenario.schema.customers import CustomersSection, ExperienceSection
from sim.stages.house import House
from sim.stages.order import Order

PLACED, LOST = int(Fact.PLACED), int(Fact.LOST)
DROPPED_OUT, WON_BACK = int(Fact.DROPPED_OUT), int(Fact.WON_BACK)
DAY_S = 86_400.0


def remember(house: House, order: Order) -> None:
    """Set a customer's loyalty by how the order went."""
    if order.customer < 0:
        return
    experience = house.scenario.customers.experience
    if not (order.late or order.wrong or order.short or order.refused):
        if experience.carried_over_share == 0.0:
            house.loyalty.pop(order.customer, None)
        else:
            _set(house, order.customer, _carried(house, order.customer, 1.0))
        return
    late_s = house.env.now - order.promised_door_s
    loyalty = left_after(experience, order, late_s)
    _set(house, order.customer, _carried(house, order.customer, loyalty))
    if house.ties is not None:
        house.ties.judge(house, order, 1.0 - left_after(house.ties.effects, order, late_s))


def left_after(effects: ExperienceSection, order: Order, late_s: float) -> float:
    """Return the share that is left after how an order went: the product over what went badly."""
    left = 1.0
    if order.late:
        very_late = late_s >= effects.very_late_days * DAY_S and effects.very_late is not None
        left *= 1.0 - (effects.very_late or 0.0 if very_late else effects.late)
    if order.wrong:
        left *= 1.0 - effects.wrong_item
    if order.short:
        left *= 1.0 - effects.stockout
    if order.refused:
        left *= 1.0 - effects.turned_away
    return left


def hears_no(house: House, order: Order) -> None:
    """A customer whose order the house could not meet."""
    if order.customer < 0:
        return
    effect = house.scenario.customers.experience.turned_away
    _set(house, order.customer, _carried(house, order.customer, 1.0 - effect))
    if house.ties is not None:
        house.ties.judge(house, order, house.ties.effects.turned_away)


def is_followed_up(house: House, number: int, customer: int) -> None:
    """A contact after delivery wins back a share of what was lost."""
    recovered = house.scenario.customers.experience.followed_up_recovers
    loyalty = house.loyalty.get(customer)
    if loyalty is not None:
        _set(house, customer, loyalty + (1.0 - loyalty) * recovered)
    if house.ties is not None:
        house.ties.contact(house, number, customer, recovered)


def waited_for_money(house: House, order: Order) -> None:
    """A refund that came late."""
    if order.customer >= 0:
        effect = house.scenario.customers.experience.slow_refund
        _set(house, order.customer, house.loyalty.get(order.customer, 1.0) * (1.0 - effect))
        if house.ties is not None:
            house.ties.waited_for_money(house, order)


def _carried(house: House, customer: int, loyalty: float) -> float:
    """Return the loyalty after an order, with what still counts of the time before it."""
    share = house.scenario.customers.experience.carried_over_share
    if share == 0.0:
        return loyalty
    return loyalty * (1.0 - share * (1.0 - house.loyalty.get(customer, 1.0)))


def _set(house: House, customer: int, loyalty: float) -> None:
    if loyalty < 1.0:
        house.loyalty[customer] = loyalty
    else:
        house.loyalty.pop(customer, None)


class Ties:
    """Who has dropped out, and which contacts have gone out that may lead to an order.

    Attributes
    ----------
    effects
        By experience, the share of customers who drop out for it.
    """

    def __init__(self, customers: CustomersSection, book: OrderBook) -> None:
        self.effects = drop_out_effects(customers)
        self._book = book
        self._may_leave = customers.law == "bg_nbd"
        self._effect_of_order: dict[int, float] = {}
        self._left: dict[int, tuple[float, float]] = {}
        self._ended: set[int] = set()
        self._contacted: set[int] = set()

    def lets_come(self, house: House, order: Order) -> bool:
        """Place a due order, or note why it is not placed."""
        now, number, customer = house.env.now, order.number, order.customer
        demand = house.book.demand
        led_by = -1 if demand.led_by is None else int(demand.led_by[number])
        cause: LostCause | None = None
        if led_by >= 0 and led_by not in self._contacted:
            cause = LostCause.NO_CONTACT
        elif customer in self._left:
            cause = LostCause.DROPPED_OUT
        elif customer in self._ended:
            cause = LostCause.LEFT
        elif house.loyalty.get(customer, 1.0) <= house.book.luck.loyalty_u[number]:
            cause = LostCause.EXPERIENCE
        if cause is None:
            house.log.add((now, PLACED, number, order.channel, 0.0))
        else:
            house.log.add((now, LOST, number, customer, float(cause)))
        if demand.last_of_customer is not None and demand.last_of_customer[number]:
            if customer not in self._left:
                own = float(DropOutCause.OWN)
                house.log.add((now, DROPPED_OUT, number, customer, own))
            self._ended.add(customer)
        return cause is None

    def judge(self, house: House, order: Order, effect: float) -> None:
        """Let a customer drop out for an experience, with the chance that it has."""
        if not self._may_leave:
            return
        self._effect_of_order[order.number] = effect
        self._leaves_if(house, order, effect)

    def waited_for_money(self, house: House, order: Order) -> None:
        """A slow refund on top of how the order went; a second one of the order adds nothing."""
        if self._may_leave:
            kept = 1.0 - self._effect_of_order.get(order.number, 0.0)
            self._leaves_if(house, order, 1.0 - kept * (1.0 - self.effects.slow_refund))

    def _leaves_if(self, house: House, order: Order, effect: float) -> None:
        customer, uniform = order.customer, float(house.book.luck.drop_out_u[order.number])
        if uniform < effect and customer not in self._left and customer not in self._ended:
            self._left[customer] = (effect, uniform)
            cause = float(DropOutCause.EXPERIENCE)
            house.log.add((house.env.now, DROPPED_OUT, order.number, customer, cause))

    def contact(self, house: House, number: int, customer: int, recovered: float) -> None:
        """Note a contact; it wins back the share of those who left for an experience."""
        if self._book.demand.led_by is not None:
            self._contacted.add(number)
        if customer not in self._left or customer in self._ended:
            return
        effect, uniform = self._left[customer]
        effect *= 1.0 - recovered
        if uniform < effect:
            self._left[customer] = (effect, uniform)
        else:
            del self._left[customer]
            house.log.add((house.env.now, WON_BACK, number, customer, 0.0))


def drop_out_effects(customers: CustomersSection) -> ExperienceSection:
    """Return the experiences with the share of customers who drop out for each."""
    own = {name: share for name, share in customers.drop_out if share is not None}
    if "late" in own:
        own.setdefault("very_late", own["late"])
    return customers.experience.model_copy(update=own)


def ties(customers: CustomersSection, book: OrderBook) -> Ties | None:
    """Return what is kept of customers beside their loyalty; None where it plays no part."""
    if customers.law == "steady" and book.demand.led_by is None:
        return None
    return Ties(customers, book)

"""After the door: the customer's verdict, the follow-up, and the start of every return."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact, ReturnReason, WrongCause
from sim.stages.customers import is_followed_up, remember
from sim.stages.house import House
from sim.stages.order import COMES_BACK, Line, Order
from sim.stages.returns import return_life

FOLLOWED_UP = int(Fact.FOLLOWED_UP)
DAY_S = 86_400.0
MAILING_S = 3600.0

REASON_OF_CAUSE = {
    int(WrongCause.WRONG_ITEM): int(ReturnReason.WRONG_ITEM),
    int(WrongCause.WRONG_QUANTITY): int(ReturnReason.WRONG_QUANTITY),
    int(WrongCause.OMITTED): int(ReturnReason.OMITTED),
    int(WrongCause.DAMAGED_AT_PICK): int(ReturnReason.DAMAGED),
    int(WrongCause.DAMAGED_IN_TRANSIT): int(ReturnReason.DAMAGED),
    int(WrongCause.ENTRY): int(ReturnReason.ENTRY_ERROR),
    int(WrongCause.SUPPLIER): int(ReturnReason.WRONG_ITEM),
}


def after_delivery(house: House, order: Order) -> None:
    """Let the customer judge, start the returns, put the order on the follow-up desk."""
    remember(house, order)
    late = order.late
    for line in order.lines:
        if line.arrived_wrong:
            _claim(house, order, line)
        elif line.comes_back and (late or line.comes_back == COMES_BACK):
            _send_back(house, order, line)
    order.lines = []  # the goods are with the customer: a return keeps its own line
    if house.book.luck.followed_up[order.number]:
        house.follow_up.add(house, order)


class FollowUpDesk:
    """Delivered orders in the order of their contact: all wait equally long, so a row is enough.

    The messages go out with a mailing every full hour.
    """

    def __init__(self, after_days: float) -> None:
        self._after_s = after_days * DAY_S
        self._due: deque[tuple[float, int, int]] = deque()

    def add(self, house: House, order: Order) -> None:
        """Note an order for its contact."""
        house.life_begins()
        self._due.append((house.env.now + self._after_s, order.number, order.customer))
        if len(self._due) == 1:
            LeanProcess(self._contact(house))

    def _contact(self, house: House) -> Generator[simpy.Event, Any, None]:
        """Contact everybody who is due with each mailing, until nobody is left."""
        env, due = house.env, self._due
        while due:
            yield env.timeout(math.ceil(due[0][0] / MAILING_S) * MAILING_S - env.now)
            while due and due[0][0] <= env.now:
                _, number, customer = due.popleft()
                house.log.add((env.now, FOLLOWED_UP, number, -1, 0.0))
                is_followed_up(house, number, customer)
                house.life_ends()


def _claim(house: House, order: Order, line: Line) -> None:
    luck = house.book.luck
    if luck.claims[line.number]:
        reason = REASON_OF_CAUSE[line.arrived_wrong]
        lag_s = float(luck.claim_lag_s[line.number])
        house.life_begins()
        LeanProcess(return_life(house, order, line, reason, lag_s))


def _send_back(house: House, order: Order, line: Line) -> None:
    luck = house.book.luck
    if line.comes_back == COMES_BACK:
        reason = int(luck.return_reason[line.number]) + int(ReturnReason.FIT)
    else:
        reason = int(ReturnReason.LATE)
    house.life_begins()
    lag_s = float(luck.return_lag_s[line.number])
    LeanProcess(return_life(house, order, line, reason, lag_s))
